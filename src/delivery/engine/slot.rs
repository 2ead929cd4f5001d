//! A delivery in the engine's hands.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::delivery::{Job, Next, Outgoing};

/// A delivery in the engine's hands.
pub(super) struct Slot {
    /// What it is.
    pub(super) job: Arc<Job>,
    /// Which endpoint it goes to.
    pub(super) lane: u32,
    /// How far it is.
    pub(super) stage: Stage,
}

/// How far a delivery in hand is.
pub(super) enum Stage {
    /// It is being written down that it goes out.
    Entering,
    /// The attempt is being made.
    Sending(Box<Sent>),
    /// What came of it is being written down.
    Settling {
        /// What follows.
        next: Next,
        /// When the attempt ended: from then on it is waited.
        ended: Instant,
        /// What is still to be said of it.
        open: u32,
    },
}

/// An attempt that is being made.
pub(super) struct Sent {
    pub(super) outgoing: Outgoing,
    /// When it went out.
    pub(super) at: Timestamp,
    /// How long after its intended time it went out, where it had one.
    pub(super) late: Option<Duration>,
}
