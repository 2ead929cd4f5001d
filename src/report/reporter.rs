//! What is reported, and by whom.

use std::io;

use crate::capture::{Delivery, Health};
use crate::delivery::Attempt;
use crate::message::Message;
use crate::server::Trouble;

/// Renders what happens. An error is the stream's own; a broken pipe among them is a quiet end.
pub(crate) trait Reporter: Send {
    /// `listen` takes requests from now on.
    fn ready(&mut self, ready: &Ready) -> io::Result<()>;
    /// A delivery came in.
    fn received(&mut self, delivery: &Delivery) -> io::Result<()>;
    /// Writes out what is told so far: the end of a batch of deliveries.
    fn flush(&mut self) -> io::Result<()>;
    /// The store takes deliveries no longer, or again.
    fn health(&mut self, health: &Health) -> io::Result<()>;
    /// Something went wrong that made no delivery.
    fn trouble(&mut self, trouble: &Trouble) -> io::Result<()>;
    /// `listen` has stopped.
    fn stopped(&mut self, tally: &Tally) -> io::Result<()>;
    /// An attempt is about to be made.
    fn sending(&mut self, outgoing: &Outgoing) -> io::Result<()>;
    /// An attempt was made.
    fn attempted(&mut self, outgoing: &Outgoing, attempt: &Attempt) -> io::Result<()>;
    /// The answer is another one than was expected.
    fn unmet(&mut self, expected: &str, status: u16) -> io::Result<()>;
    /// All attempts were made.
    fn sent(&mut self) -> io::Result<()>;
    /// An attempt would be made.
    fn dry_run(&mut self, dry_run: &DryRun<'_>) -> io::Result<()>;
}

/// Where `listen` listens.
pub(crate) struct Ready {
    /// The URL to send to.
    pub(crate) url: String,
    /// The provider's id.
    pub(crate) provider: String,
    /// Whether nothing can be verified, because no secret is given.
    pub(crate) unchecked: bool,
    /// Whether everything is answered 200.
    pub(crate) accepts_invalid: bool,
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
}

/// An attempt that `send` makes.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    /// The number of the delivery; `None` until it is recorded, and where it is not.
    pub(crate) number: Option<i64>,
    /// Our own id of the delivery.
    pub(crate) id: uuid::Uuid,
    /// The provider's id.
    pub(crate) provider: String,
    /// The event.
    pub(crate) event: String,
    /// The webhook id, where the platform has one.
    pub(crate) webhook_id: Option<String>,
    /// Where it goes, without credentials.
    pub(crate) url: String,
    /// The number of the attempt, from 1.
    pub(crate) attempt: u32,
    /// How many attempts the provider makes at most.
    pub(crate) of: u32,
    /// How it is signed: `signed`, `unsigned`, or what was tampered with.
    pub(crate) signing: String,
    /// How long the provider waits for an answer.
    pub(crate) timeout: std::time::Duration,
    /// The statuses that count as success.
    pub(crate) success: crate::retry::StatusSet,
}

impl Outgoing {
    /// Whether the receiver took it, by the provider's rule.
    pub(crate) fn succeeded(&self, attempt: &Attempt) -> bool {
        attempt
            .status()
            .is_some_and(|status| self.success.contains(status))
    }
}
