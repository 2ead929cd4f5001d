//! What `listen` tells of one request.

use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use crate::server::{Refusal, Trouble};
use crate::signature::Verdict;
use crate::store::{Answered, Attempt, Candidate, Exchange};

use super::{Health, Patience, TargetNews};

/// One received attempt, with what was found out and what was answered.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The number of the delivery, from 1; `None` where it could not be recorded.
    pub(crate) number: Option<i64>,
    /// Our own id of the delivery.
    pub(crate) id: Uuid,
    /// Our own id of the request, by which its responder knows it.
    pub(crate) request: Uuid,
    /// Which of the delivery's attempts it is, from 1.
    pub(crate) nth: u32,
    /// What the log says of it.
    pub(crate) attempt: Attempt,
    /// The request.
    pub(crate) exchange: Exchange,
    /// Path and query as they may be shown.
    pub(crate) shown_target: String,
    /// What verification found; `None` where the body was refused, so that there is nothing to verify.
    pub(crate) verdict: Option<Verdict>,
    /// Which of several secrets matched, from 1; `None` where there is only one.
    pub(crate) secret: Option<usize>,
    /// The delivery that it repeats: its own, or another with the same key.
    pub(crate) duplicate_of: Option<i64>,
    /// Why its body was not taken.
    pub(crate) refused: Option<Refusal>,
    /// The paths of the routes, where none of them is its own.
    pub(crate) paths: Vec<String>,
    /// The status it was answered with; `None` where it got none.
    pub(crate) status: Option<u16>,
    /// From the end of the request to the answer.
    pub(crate) latency: Duration,
    /// How long a target's answer was waited for; `None` where it was not forwarded.
    pub(crate) patience: Option<Patience>,
    /// Whether it should have been forwarded, and no target takes the event.
    pub(crate) is_unforwarded: bool,
}

impl Delivery {
    /// What made the answer, where it was not the verdict; what could not be recorded is not answered
    /// by it.
    pub(crate) fn answered(&self) -> Option<&Answered> {
        let answered = self.attempt.answered.as_ref();
        answered.filter(|_| self.number.is_some())
    }

    /// Whether a script or an audit chose the answer.
    pub(crate) fn is_scripted(&self) -> bool {
        matches!(
            self.answered(),
            Some(Answered::Script(_) | Answered::Audit(_))
        )
    }

    /// Why nothing was verified, in words: its body was not taken, or no route has its path.
    pub(crate) fn refusal(&self) -> Option<String> {
        let is_refused = self.verdict.is_none();
        let fault = self.attempt.fault.as_ref().filter(|_| is_refused);
        self.refused
            .map(|refusal| refusal.to_string())
            .or_else(|| Some(fault?.message.clone()))
    }

    /// What should be known of it though it is accepted.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let verdict = self.verdict.as_ref();
        verdict.map(Verdict::warnings).unwrap_or_default()
    }
}

impl Delivery {
    /// What a filter is asked about; `None` where it could not be recorded, so that its sender has
    /// to bring it again.
    pub(crate) fn candidate(&self) -> Option<Candidate<'_>> {
        Some(Candidate {
            delivery: self.number?,
            id: self.id,
            nth: self.nth,
            duplicate_of: self.duplicate_of,
            attempt: &self.attempt,
            request: &self.exchange.request,
            target: &self.shown_target,
        })
    }
}

/// Something that happened while listening.
#[derive(Debug)]
pub(crate) enum Update {
    /// A delivery came in; its place among those that wait is free again when this is dropped.
    Delivery(Box<Delivery>, Option<OwnedSemaphorePermit>),
    /// As [`Delivery`](Self::Delivery), where the event filter takes it out: it is not shown.
    Hidden(Box<Delivery>, Option<OwnedSemaphorePermit>),
    /// A client that was kept waiting has left, or its time was up; not that a stop has let it go.
    Left {
        /// The number of its delivery.
        number: i64,
        /// How long it has waited.
        after: Duration,
    },
    /// The store takes deliveries no longer, or again.
    Store(Health),
    /// A target can be reached no longer, or again.
    Target(TargetNews),
    /// Something went wrong that made no delivery.
    Trouble(Trouble),
}
