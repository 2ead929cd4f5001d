//! What is told of a delivery on its way out.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::retry::{StatusSet, StopReason};

use super::Attempt;

/// One attempt of a delivery, before and after it is made.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    /// The number of the delivery; `None` until it is recorded, and where it is not.
    pub(crate) number: Option<i64>,
    /// Our own id of the delivery.
    pub(crate) id: Uuid,
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
    /// Which attempt of its schedule it is, from 1: a replay begins anew while the numbers go on.
    pub(crate) nth: u32,
    /// How many attempts its schedule has.
    pub(crate) of: u32,
    /// How it is signed: `signed`, `unsigned`, or what was tampered with.
    pub(crate) signing: String,
    /// How long the provider waits for an answer.
    pub(crate) timeout: Duration,
    /// The statuses that count as success.
    pub(crate) success: StatusSet,
}

/// What follows an attempt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Next {
    /// Nothing: the receiver took it.
    Delivered,
    /// Another attempt.
    Retry(Retry),
    /// Nothing: the schedule is at its end.
    Failed,
    /// Nothing: the receiver asked for no more.
    Stopped(StopReason),
}

/// The attempt that follows a failed one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Retry {
    /// Which retry of the schedule it is, from 1.
    pub(crate) nth: u32,
    /// How many the schedule has.
    pub(crate) of: u32,
    /// How long the platform would wait.
    pub(crate) after: Duration,
    /// Whether the receiver asked for that long by `Retry-After`.
    pub(crate) asked: bool,
    /// Whether no document says how long that is.
    pub(crate) assumed: bool,
    /// How many times faster time runs here.
    pub(crate) speed: f64,
    /// How long it is waited here.
    pub(crate) wait: Duration,
    /// When it is due.
    pub(crate) due: Timestamp,
}

/// What an engine tells of its work.
#[derive(Debug)]
pub(crate) enum Update<'u> {
    /// An attempt is about to be made.
    Sending(&'u Outgoing),
    /// An attempt was made.
    Attempted {
        /// Of what.
        outgoing: &'u Outgoing,
        /// What came of it.
        attempt: &'u Attempt,
        /// What follows.
        next: &'u Next,
    },
    /// An endpoint is given no deliveries any more; what waits for it stays in the queue.
    Disabled {
        /// Where it is, without credentials.
        url: &'u str,
        /// The provider's id.
        provider: &'u str,
        /// What a person calls it in the store; `None`: it is not kept there.
        called: Option<&'u str>,
        /// The failures in a row that it took; `None`: somebody else has disabled or removed it.
        failures: Option<u32>,
    },
    /// Another process is sending this delivery; it is left to it.
    Elsewhere {
        /// The number of the delivery.
        number: i64,
    },
}

impl Outgoing {
    /// Whether the receiver took it, by the provider's rule.
    pub(crate) fn succeeded(&self, attempt: &Attempt) -> bool {
        attempt
            .status()
            .is_some_and(|status| self.success.contains(status))
    }
}
