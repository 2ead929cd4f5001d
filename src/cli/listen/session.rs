//! A listener at work: until what ends it comes, and what it came to then.

use std::cell::Cell;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::audit::{Watch, write};
use super::child::{Running, Surroundings, as_variable};
use super::course::{By, Ending};
use super::explaining::Explaining;
use super::forwarding::Forwarding;
use super::goal::Aims;
use super::observer::Observer;
use super::outcome::Outcome;
use super::place::PlaceArgs;
use super::printer::{Printed, Printer};
use crate::capture::{ListenerOptions, serve};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::runtime::Signals;
use crate::report::{Ready, Reporter};
use crate::server::Shutdown;
use crate::signature::Secret;

/// Updates that may wait for the reporter.
const WAITING: usize = 1024;

/// A listener that is about to begin.
pub(super) struct Session {
    pub(super) place: PlaceArgs,
    pub(super) forwarding: Forwarding,
    pub(super) options: ListenerOptions,
    /// Who explains what does not verify.
    pub(super) explaining: Explaining,
    pub(super) ready: Ready,
    pub(super) aims: Aims,
    /// Who judges the sender.
    pub(super) watch: Option<Watch>,
    /// Where deliveries are kept.
    pub(super) store: Option<PathBuf>,
    pub(super) secrets: Vec<Secret>,
    pub(super) token_headers: Vec<String>,
}

impl Session {
    /// Listens until the run is over, and tells what it came to.
    pub(super) async fn run(
        mut self,
        mut reporter: Box<dyn Reporter>,
        context: &mut Context,
    ) -> Result<Exit, Error> {
        let mut signals = Signals::catch()?;
        let mut place = self.place.open(context).await?;
        self.forwarding.guard(&mut place, context).await?;
        self.options.forwarder = self.forwarding.forwarder.take();
        self.ready.forwards = std::mem::take(&mut self.forwarding.told);
        self.ready.url.clone_from(&place.url);
        self.ready.tls = place.shown.take();
        reporter.ready(&self.ready)?;
        let (observer, standing) = Observer::new(std::mem::take(&mut self.aims.expectations));
        let mut command = self.start(context)?;
        let (trigger, shutdown) = Shutdown::new();
        let trigger = Arc::new(trigger);
        let (updates, taken) = mpsc::channel(WAITING);
        let audience = (observer, self.explaining);
        let printer = Printer::start(reporter, taken, Arc::clone(&trigger), audience);
        let serving = serve(place.entrance, self.options, updates, shutdown);
        let ended = Cell::new(None);
        let served = async {
            let drained = serving.await;
            printer.end(drained).await
        };
        let stop = async {
            let mut caught = async || signals.caught().await;
            let course = self.aims.course;
            let seen = Watch::all_seen(self.watch.as_ref(), context);
            let ending = course
                .run(&standing, &mut caught, command.as_mut(), seen)
                .await;
            if ending.by == By::Impatience {
                return;
            }
            self.watch.iter().for_each(Watch::end);
            ended.set(Some(ending));
            if ending.by == By::Itself && !standing.borrow().broken {
                // What is met may wait for the answer that is held back, as its client does.
                trigger.close();
            } else {
                trigger.stop();
            }
            if ending.by != By::Signal {
                // The first signal asks for no more than haste.
                caught().await;
                trigger.stop();
            }
            caught().await;
        };
        tokio::select! {
            told = served => {
                let end = End {
                    ending: ended.get(),
                    aims: self.aims,
                    watch: self.watch,
                    token_headers: self.token_headers,
                };
                end.tell(told?, context)
            }
            () = stop => Ok(Exit::Interrupted),
        }
    }

    /// Starts the command, where there is one.
    fn start(&self, context: &mut Context) -> Result<Option<Running>, Error> {
        if self.aims.command.is_empty() {
            return Ok(None);
        }
        let secret = match self.secrets.as_slice() {
            [secret] if as_variable(secret).is_some() => Some(secret),
            [_] => {
                context.note("the command gets no WH_SECRET: no variable can hold this secret")?;
                None
            }
            [] => {
                context.note("the command gets no WH_SECRET; --print-secret makes one")?;
                None
            }
            _ => {
                context.note("the command gets no WH_SECRET: several secrets are given")?;
                None
            }
        };
        let surroundings = Surroundings {
            url: &self.ready.url,
            store: self.store.as_deref(),
            secret,
        };
        let is_typed_at = context.streams.ttys().stdin;
        Running::start(&self.aims.command, &surroundings, is_typed_at).map(Some)
    }
}

/// The end of a run.
struct End {
    ending: Option<Ending>,
    aims: Aims,
    watch: Option<Watch>,
    token_headers: Vec<String>,
}

impl End {
    /// Tells what the run came to, and writes it down where that is asked for.
    fn tell(self, printed: Printed, context: &Context) -> Result<Exit, Error> {
        let Printed {
            mut reporter,
            mut tally,
            observer,
            told,
            ..
        } = printed;
        let took = observer.elapsed();
        let timeout = self.aims.course.timeout;
        let outcome = Outcome {
            findings: self.watch.map(Watch::findings),
            expectations: observer.expectations.told(took),
            command: self
                .ending
                .and_then(|ending| Outcome::command_of(ending, timeout)),
            took,
        };
        tally.expected = outcome.counted();
        let told = if told.is_ok() || observer.expects() {
            let command = outcome.command.as_ref();
            let expected = reporter.expected(&outcome.expectations, command);
            told.and(expected.and_then(|()| reporter.stopped(&tally)))
        } else {
            told
        };
        let told = match &outcome.findings {
            Some(findings) => told.and_then(|()| {
                let is_aside = !self.aims.command.is_empty();
                write(findings, context, is_aside)
            }),
            None => told,
        };
        if let Some(file) = self.aims.junit {
            outcome.write(file, &self.aims.command, &self.token_headers)?;
        }
        match told {
            // Whoever reads no further still learns from the code what came of it.
            Err(lost) if lost.kind() == ErrorKind::BrokenPipe => Ok(outcome.exit()),
            told => told.map(|()| outcome.exit()).map_err(Error::from),
        }
    }
}
