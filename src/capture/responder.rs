//! Who chooses the answer to a delivery that is accepted.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::message::{Headers, Message};
use crate::provider::Provider;
use crate::server::Manner;
use crate::signature::Verdict;
use crate::store::Answered;

/// What is known of a delivery when its answer is chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// Our own id of this request; [`Responder::left`] names it.
    pub(crate) id: Uuid,
    /// Whose it is.
    pub(crate) provider: &'a Provider,
    /// The request.
    pub(crate) message: &'a Message,
    /// Its target without the secrets that may stand in it.
    pub(crate) shown_target: &'a str,
    /// The event.
    pub(crate) event: Option<&'a str>,
    /// The sender's id of the delivery.
    pub(crate) webhook_id: Option<&'a str>,
    /// The number that the sender gave the attempt.
    pub(crate) attempt: Option<u32>,
    /// What verification found.
    pub(crate) verdict: &'a Verdict,
    /// When its head had been read.
    pub(crate) received_at: Timestamp,
}

/// How a delivery is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// By its verdict.
    Own,
    /// As a script says.
    Scripted(Scripted),
    /// By the program that it is forwarded to.
    Forward,
}

/// An answer that is chosen beforehand, by a script or an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scripted {
    /// What makes it, with what of that it is in a few words: `1/3: 500x2`.
    pub(crate) by: Answered,
    /// The status; of no account where none goes out.
    pub(crate) status: u16,
    /// The header lines.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// How long it is held back.
    pub(crate) after: Duration,
    /// How it goes out.
    pub(crate) manner: Manner,
}

impl Scripted {
    /// An empty answer of 200, made by this.
    pub(crate) fn by(by: Answered) -> Self {
        Self {
            by,
            status: 200,
            headers: Headers::new(),
            body: Bytes::new(),
            after: Duration::ZERO,
            manner: Manner::Whole,
        }
    }
}

/// Chooses answers. One value serves all connections at once.
pub(crate) trait Responder: Send + Sync + 'static {
    /// Chooses the answer to one delivery; each call is one request.
    fn choose(&self, asked: &Asked<'_>) -> Choice;

    /// A request could not be recorded, so it got this status in the place of what was chosen.
    fn unrecorded(&self, id: Uuid, status: u16) {
        let _ = (id, status);
    }

    /// The client of a request that was to hang has left after so long, or its time was up.
    fn left(&self, id: Uuid, after: Duration) {
        let _ = (id, after);
    }
}

/// Has everything forwarded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByForward;

impl Responder for ByForward {
    fn choose(&self, _: &Asked<'_>) -> Choice {
        Choice::Forward
    }
}

/// Answers everything by its verdict.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByVerdict;

impl Responder for ByVerdict {
    fn choose(&self, _: &Asked<'_>) -> Choice {
        Choice::Own
    }
}
