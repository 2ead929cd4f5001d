//! What is reported, and by whom.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::capture::{Delivery, Health, TargetNews};
use crate::delivery::{Attempt, Ended, Next, Outgoing, Update};
use crate::message::Message;
use crate::server::Trouble;

use super::{CommandEnd, Diagnosis, Expectation};

/// Renders what happens. An error is the stream's own; a broken pipe among them is a quiet end.
pub(crate) trait Reporter: Send {
    /// `listen` takes requests from now on.
    fn ready(&mut self, ready: &Ready) -> io::Result<()>;
    /// A delivery came in; why it did not verify, where that was looked for.
    fn received(&mut self, delivery: &Delivery, diagnosis: Option<&Diagnosis>) -> io::Result<()>;
    /// The client that the delivery with this number came from was kept waiting, and has left after
    /// so long.
    fn left(&mut self, number: i64, after: Duration) -> io::Result<()>;
    /// Writes out what is told so far: the end of a batch of deliveries.
    fn flush(&mut self) -> io::Result<()>;
    /// The store takes deliveries no longer, or again.
    fn health(&mut self, health: &Health) -> io::Result<()>;
    /// A target of forwards can be reached no longer, or again.
    fn target(&mut self, news: &TargetNews) -> io::Result<()>;
    /// Something went wrong that made no delivery.
    fn trouble(&mut self, trouble: &Trouble) -> io::Result<()>;
    /// What was expected of `listen`, and how the command ended that ran beside it.
    fn expected(
        &mut self,
        expectations: &[Expectation],
        command: Option<&CommandEnd>,
    ) -> io::Result<()>;
    /// `listen` has stopped.
    fn stopped(&mut self, tally: &Tally) -> io::Result<()>;
    /// An engine is about to begin; without this, each attempt is told and their number is unknown.
    fn begin(&mut self, prospect: &Prospect) -> io::Result<()>;
    /// The engine does something.
    fn update(&mut self, update: &Update<'_>) -> io::Result<()> {
        match update {
            Update::Sending(outgoing) => self.sending(outgoing),
            Update::Attempted {
                outgoing,
                attempt,
                next,
            } => self.attempted(outgoing, attempt, next),
            Update::Disabled {
                url,
                provider,
                called,
                failures,
            } => self.disabled((provider, url), *called, *failures),
            Update::Elsewhere { number } => self.elsewhere(*number),
        }
    }
    /// An attempt is about to be made.
    fn sending(&mut self, outgoing: &Outgoing) -> io::Result<()>;
    /// An attempt was made.
    fn attempted(&mut self, outgoing: &Outgoing, attempt: &Attempt, next: &Next) -> io::Result<()>;
    /// The answer is another one than was expected.
    fn unmet(&mut self, expected: &str, status: u16) -> io::Result<()>;
    /// An endpoint, by its provider and URL, is given nothing any more: after so many failures in a
    /// row, or because somebody else has disabled or removed it. `called` is its name in the store.
    fn disabled(
        &mut self,
        endpoint: (&str, &str),
        called: Option<&str>,
        failures: Option<u32>,
    ) -> io::Result<()>;
    /// A delivery is left to another process that is sending it.
    fn elsewhere(&mut self, number: i64) -> io::Result<()>;
    /// All attempts were made, or no more are.
    fn sent(&mut self, ended: &Ended) -> io::Result<()>;
    /// An attempt would be made.
    fn dry_run(&mut self, dry_run: &DryRun<'_>) -> io::Result<()>;
}

/// The certificate that `listen` shows.
pub(crate) struct Certificate {
    /// The file it is in, for clients that are to trust it.
    pub(crate) path: PathBuf,
    /// Its SHA-256 fingerprint.
    pub(crate) fingerprint: String,
}

/// Where `listen` listens.
pub(crate) struct Ready {
    /// The URL to send to.
    pub(crate) url: String,
    /// The certificate, where TLS is spoken.
    pub(crate) tls: Option<Certificate>,
    /// The ids of the providers whose deliveries come in.
    pub(crate) providers: Vec<String>,
    /// The routes: each path, and the provider's id or `auto`.
    pub(crate) routes: Vec<(String, String)>,
    /// Whether nothing can be verified, because no secret is given.
    pub(crate) unchecked: bool,
    /// Whether everything is answered 200.
    pub(crate) accepts_invalid: bool,
    /// The script of answers, where there is one.
    pub(crate) script: Option<ScriptTold>,
    /// Where deliveries go on to.
    pub(crate) forwards: Vec<Forwards>,
}

/// The script of answers.
pub(crate) struct ScriptTold {
    /// As it was read, with the seed of its chance.
    pub(crate) text: String,
    /// The seed, where it was drawn and not given.
    pub(crate) drawn: Option<u64>,
}

/// A target of forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Forwards {
    /// The events that it takes, as they were written; `None`: all.
    pub(crate) events: Option<String>,
    /// Its URL, without user and password.
    pub(crate) url: String,
}

impl Ready {
    /// Whether every delivery is of one provider, wherever it comes in.
    pub(crate) fn is_one(&self) -> bool {
        self.providers.len() == 1 && self.routes.is_empty()
    }
}

/// What is known of a run before it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prospect {
    /// How many deliveries there are; `None`: nobody knows.
    pub(crate) deliveries: Option<u64>,
    /// How long it goes on, where time ends it.
    pub(crate) duration: Option<Duration>,
    /// How much is told to people.
    pub(crate) detail: Detail,
}

/// How much is told to people of a run; programs are told everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Each attempt.
    #[default]
    Each,
    /// The first error of each kind, and what it all came to: there are thousands.
    Summary,
}

impl Prospect {
    /// So many deliveries, each told.
    pub(crate) fn of(deliveries: usize) -> Self {
        Self {
            deliveries: u64::try_from(deliveries).ok(),
            ..Self::default()
        }
    }
}

/// A request that does not go out.
pub(crate) struct DryRun<'d> {
    /// What would be reported of it.
    pub(crate) outgoing: &'d Outgoing,
    /// The request line.
    pub(crate) request_line: String,
    /// The request, with the header lines as they would stand on the wire.
    pub(crate) message: Message,
    /// The bytes that were signed.
    pub(crate) signed: Option<&'d [u8]>,
    /// A curl line that sends the same.
    pub(crate) curl: String,
}

/// What `listen` saw, by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// All that was told of.
    pub(crate) received: u64,
    /// Those that the event filter took out, beside the others.
    pub(crate) hidden: u64,
    /// Those that were valid.
    pub(crate) valid: u64,
    /// Those that were verified and not valid, or refused.
    pub(crate) refused: u64,
    /// Those that repeated another.
    pub(crate) duplicates: u64,
    /// Requests that were still running when the drain's time was up.
    pub(crate) dropped: usize,
    /// Connections that were turned away, because there were too many.
    pub(crate) turned_away: u64,
    /// What came of what was expected; `None`: nothing was.
    pub(crate) expected: Option<Expected>,
}

/// Expectations, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// All of them.
    pub(crate) all: usize,
    /// Those that are met.
    pub(crate) met: usize,
}
