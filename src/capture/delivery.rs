//! What `listen` tells of one request.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use crate::message::Message;
use crate::server::{Fidelity, Refusal, Trouble};
use crate::signature::Verdict;

/// One received attempt, with what was found out and what was answered.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The number on screen, from 1.
    pub(crate) number: u64,
    /// Our own id of the delivery.
    pub(crate) id: Uuid,
    /// When its head had come in.
    pub(crate) received_at: Timestamp,
    /// Who sent it.
    pub(crate) peer: std::net::SocketAddr,
    /// The version of HTTP it came by.
    pub(crate) http: &'static str,
    /// The request.
    pub(crate) message: Message,
    /// Path and query as they may be shown.
    pub(crate) shown_target: String,
    /// Whether the header lines are those of the wire.
    pub(crate) fidelity: Fidelity,
    /// The provider it was read as.
    pub(crate) provider: String,
    /// The event it carries.
    pub(crate) event: Option<String>,
    /// The sender's id of it.
    pub(crate) webhook_id: Option<String>,
    /// The attempt it says it is.
    pub(crate) attempt: Option<u32>,
    /// How many attempts the provider makes at most.
    pub(crate) of: u32,
    /// What verification found; `None` where the body was refused, so that there is nothing to verify.
    pub(crate) verdict: Option<Verdict>,
    /// Which of several secrets matched, from 1; `None` where there is only one.
    pub(crate) secret: Option<usize>,
    /// The number of the delivery that it repeats.
    pub(crate) duplicate_of: Option<u64>,
    /// Why its body was not taken.
    pub(crate) refused: Option<Refusal>,
    /// The status it was answered with.
    pub(crate) status: u16,
    /// From the end of the request to the answer.
    pub(crate) latency: Duration,
}

/// Something that happened while listening.
#[derive(Debug)]
pub(crate) enum Update {
    /// A delivery came in; its place among those that wait is free again when this is dropped.
    Delivery(Box<Delivery>, Option<OwnedSemaphorePermit>),
    /// A delivery was answered that the event filter takes out.
    Hidden,
    /// Something went wrong that made no delivery.
    Trouble(Trouble),
}
