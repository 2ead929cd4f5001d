//! Deliveries that are not finished: a row before a timer.
//!
//! A [`Run`](super::Run) is a process that sends; each row belongs to one and is worked by it alone. A
//! run that has ended without finishing its rows leaves them to whoever claims them.

mod read;
mod write;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::message::Headers;

use super::{Opened, Opening};

/// A delivery that is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Queued {
    /// The delivery: a new one, or one with a number.
    pub(crate) delivery: Target,
    /// The event.
    pub(crate) event: Option<String>,
    /// The header lines that are kept from attempt to attempt, beside those that are made anew.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// When and as what the next attempt goes out.
    pub(crate) next: Next,
    /// Whether it goes out as soon as the row is there, which is when it is due.
    pub(crate) begun: bool,
}

/// The delivery that is queued.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// It is entered with the row.
    New(Opening),
    /// It is there already.
    Known(i64),
}

/// The next attempt of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// Its number, as the sender counts.
    pub(crate) attempt: u32,
    /// The attempts that were made on this schedule before.
    pub(crate) made: u32,
    /// When it is due, by the clock on the wall; to the microsecond.
    pub(crate) due: Timestamp,
    /// How long that was from the failure before, so that a clock that was set back stalls nothing;
    /// to the microsecond.
    pub(crate) wait: Duration,
}

/// What became of a delivery that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enqueued {
    /// It is in the queue.
    Here(Opened),
    /// A process that is still running has it in its queue.
    Elsewhere(Opened),
}

/// What follows an attempt of a queued delivery, in the transaction that records the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// It is finished: its row goes.
    Finish,
    /// Another attempt.
    Retry(Next),
}

/// A row of the queue, without the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The number of the delivery.
    pub(crate) delivery: i64,
    /// The number of the run by whose terms it is sent.
    pub(crate) run: i64,
    /// The provider's id.
    pub(crate) provider: String,
    /// Where it goes, without credentials.
    pub(crate) endpoint: String,
    /// When and as what the next attempt goes out.
    pub(crate) next: Next,
    /// Whether that attempt was on its way when the run ended, so that nobody knows what came of it.
    pub(crate) begun: Option<Timestamp>,
}

/// All that an attempt of a queued delivery is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    /// Our id of the delivery.
    pub(crate) id: Uuid,
    /// The webhook id.
    pub(crate) webhook_id: Option<String>,
    /// The event.
    pub(crate) event: Option<String>,
    /// The header lines that are kept.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// The next attempt.
    pub(crate) next: Next,
}

#[cfg(test)]
mod tests;
