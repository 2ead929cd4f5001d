//! Sends for a command: has an engine run, tells of what it does, and knows how that ended.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::delivery::{
    Ended, Engine, EngineError, Job, Journal, Limits, Next, Route, Source, Terms, Update, Watch,
};
use crate::provider::Provider;
use crate::report::Reporter;
use crate::retry::BreakerUnit;
use crate::store::{Endpoint, EndpointSettings, Reader, Waiting, Writer};

use super::args::{Expected, called, typed};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::load::Patience;
use super::runtime::Signals;

/// Opens the journal of deliveries that are tried again; `None`: the store is `none`.
pub(crate) fn queue(context: &Context, terms: &Terms) -> Result<Journal, Error> {
    match context.store()? {
        Some(path) => queue_at(&path, terms),
        None => Ok(Journal::nowhere()),
    }
}

/// The same in the store at a path.
pub(crate) fn queue_at(path: &Path, terms: &Terms) -> Result<Journal, Error> {
    let writer = Writer::open(path)?;
    let terms = serde_json::to_string(terms)
        .map_err(|error| Error::unexpected(format!("the terms cannot be kept: {error}")))?;
    let run = writer.begin_run(&terms)?;
    let reader = reader(path)?;
    Ok(Journal::Queue {
        writer,
        reader,
        run,
    })
}

/// The store that was opened for writing just now.
fn reader(path: &Path) -> Result<Reader, Error> {
    Reader::open(path)?.ok_or_else(|| Error::unexpected("the store has gone"))
}

/// Opens the journal of deliveries of one attempt each; `names` whether each is given its number
/// before it goes out.
pub(crate) fn log(context: &Context, names: bool) -> Result<Journal, Error> {
    let Some(path) = context.store()? else {
        return Ok(Journal::nowhere());
    };
    let writer = Writer::open(&path)?;
    let writer = Arc::new(writer);
    Ok(Journal::Log { writer, names })
}

/// What is kept of the endpoint that these terms name, or of the bare URL; `None`: nothing.
pub(crate) fn endpoint(
    reader: &Reader,
    provider: &str,
    url: &str,
    terms: &Terms,
) -> Result<Option<Endpoint>, Error> {
    let is_bare = |settings: &EndpointSettings| {
        settings.name.is_none() && settings.provider == provider && settings.url == url
    };
    let is_meant = |known: &Endpoint| {
        let number = terms.endpoint;
        number.map_or_else(|| is_bare(&known.settings), |number| known.number == number)
    };
    Ok(reader.endpoints()?.into_iter().find(is_meant))
}

/// Who watches over an endpoint, where failures in a row disable it; one that is disabled already
/// is an error.
pub(crate) fn watch(
    journal: &Journal,
    provider: &Provider,
    url: &str,
    terms: &Terms,
) -> Result<Option<Watch>, Error> {
    let breaker = provider.delivery.breaker.as_ref();
    let unit = breaker.map_or(BreakerUnit::Attempt, |rule| rule.unit);
    let rule = terms.disable_after.or(breaker.map(|rule| rule.failures));
    let watched = |endpoint: Option<&Endpoint>, limit| Watch {
        endpoint: endpoint.map(|endpoint| endpoint.number),
        called: endpoint.map_or_else(|| url.to_owned(), typed),
        limit,
        unit,
    };
    let Journal::Queue { writer, reader, .. } = journal else {
        return Ok(rule.map(|limit| watched(None, limit)));
    };
    let known = endpoint(reader, &provider.id, url, terms)?;
    if let Some(known) = known.as_ref().filter(|known| !known.active) {
        return Err(disabled(known));
    }
    let own = known
        .as_ref()
        .and_then(|known| known.settings.disable_after);
    let Some(limit) = terms.disable_after.or(own).or(rule) else {
        return Ok(None);
    };
    let endpoint = match known {
        Some(known) => known,
        None => writer.bare_endpoint(&provider.id, url)?,
    };
    Ok(Some(watched(Some(&endpoint), limit)))
}

/// The error for an endpoint that is given no deliveries.
pub(crate) fn disabled(endpoint: &Endpoint) -> Error {
    let name = called(endpoint);
    let why = endpoint.disabled_because.as_deref().unwrap_or("by hand");
    Error::input(format!("the endpoint `{name}` is disabled: {why}"))
        .hint(format!("wh endpoint enable {}", typed(endpoint)))
}

/// What is expected of the last answer to each delivery, and what came.
struct Expectation<'e> {
    expected: Option<&'e Expected>,
    /// Deliveries that came to their end.
    ended: u64,
    /// Those of them that ended as expected.
    met: u64,
}

impl Expectation<'_> {
    /// Takes in what an engine tells; says what is not as expected.
    fn hear(&mut self, update: &Update<'_>, reporter: &mut dyn Reporter) -> std::io::Result<()> {
        let Update::Attempted {
            outgoing,
            attempt,
            next,
        } = update
        else {
            return Ok(());
        };
        if matches!(next, Next::Retry(_)) {
            return Ok(());
        }
        self.ended += 1;
        let succeeded = outgoing.succeeded(attempt);
        let Some(status) = attempt.status() else {
            return Ok(());
        };
        let is_met = match self.expected {
            None => succeeded,
            Some(Expected::Refused) => !succeeded,
            Some(Expected::Status(set)) => set.contains(status),
        };
        self.met += u64::from(is_met);
        match self.expected.filter(|_| !is_met) {
            Some(expected) => reporter.unmet(&expected.to_string(), status),
            None => Ok(()),
        }
    }

    fn exit(&self, ended: &Ended) -> Exit {
        let is_all = self.met == self.ended && ended.unfinished == 0;
        match (is_all, ended.tally.answered, self.expected) {
            _ if ended.interrupted => Exit::Interrupted,
            (true, _, _) => Exit::Done,
            (false, 0, _) => Exit::NoAnswer,
            (false, _, Some(_)) => Exit::Unmet,
            (false, _, None) => Exit::Refused,
        }
    }
}

/// What a command sends, and how that is judged.
pub(crate) struct Errand<'e> {
    pub(crate) journal: Journal,
    pub(crate) limits: Limits,
    pub(crate) expected: Option<&'e Expected>,
    /// How long attempts are made at nobody; `None`: without an end.
    pub(crate) patience: Option<&'e Patience>,
}

impl Errand<'_> {
    /// Sends what the run has in the queue; `route` knows the way of each, or that it stays there.
    pub(crate) async fn run_queued(
        self,
        context: &mut Context,
        reporter: &mut dyn Reporter,
        route: impl FnMut(&Waiting) -> Option<Arc<Route>>,
    ) -> Result<Exit, Error> {
        let mut none = Vec::<Job>::new().into_iter();
        self.run(context, reporter, &mut none, |engine| engine.take_up(route))
            .await
    }

    /// Sends what `take_up` hands to the engine and what the source has; a first signal ends that in
    /// order, a second one at once.
    pub(crate) async fn run(
        self,
        context: &mut Context,
        reporter: &mut dyn Reporter,
        source: &mut dyn Source,
        take_up: impl FnOnce(&mut Engine<'_>) -> Result<(), EngineError>,
    ) -> Result<Exit, Error> {
        let mut signals = Signals::catch()?;
        let keeps = matches!(self.journal, Journal::Queue { .. });
        let earlier = match &self.journal {
            Journal::Queue { reader, .. } => reader.unfinished()?,
            _ => 0,
        };
        let mut expectation = Expectation {
            expected: self.expected,
            ended: 0,
            met: 0,
        };
        let patience = self.patience;
        let mut tell = |update: Update<'_>| {
            if let (Some(patience), Update::Attempted { attempt, .. }) = (patience, &update) {
                patience.hear(attempt);
            }
            reporter.update(&update)?;
            expectation.hear(&update, reporter)
        };
        let mut engine = Engine::new(self.journal, self.limits, &mut tell);
        take_up(&mut engine)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = {
            let running = engine.run(source, async {
                // The sender lives as long as the engine runs.
                let _ = stopped.await;
            });
            tokio::pin!(running);
            tokio::select! {
                ended = &mut running => ended?,
                () = signals.next() => {
                    let _ = stop.send(());
                    tokio::select! {
                        ended = &mut running => ended?,
                        () = signals.next() => return Ok(Exit::Interrupted),
                    }
                }
            }
        };
        reporter.sent(&ended)?;
        if let Some(count) = patience.and_then(Patience::lost_after) {
            context.note(format!(
                "given up after {count} attempts of which none found a receiver"
            ))?;
        }
        let left = if keeps { ended.unfinished } else { 0 };
        if let Some(left) = unfinished(left, earlier) {
            context.hint(format!("{left}: wh replay --resume"))?;
        }
        Ok(expectation.exit(&ended))
    }
}

/// What is left to do, in words: of this run, and of those before.
fn unfinished(left: usize, earlier: u64) -> Option<String> {
    match (left, earlier) {
        (0, 0) => None,
        (0, earlier) => Some(format!("{earlier} unfinished from earlier")),
        (left, 0) => Some(format!("{left} unfinished")),
        (left, earlier) => Some(format!("{left} unfinished, {earlier} from earlier")),
    }
}
