//! Why a delivery did not verify: for whoever listens, never for who sends.

use std::cell::LazyCell;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::provider::Clues;
use crate::signature::Verdict;
use crate::signature::explain::Explanation;

use super::{Delivery, Parties};

/// Explains deliveries after they are answered, in a share of the time: whoever sends wrong signatures
/// without end is not to keep a listener busy.
pub(crate) struct Explainer {
    parties: Parties,
    clues: LazyCell<Clues, Leads>,
    share: Share,
}

/// What finds clues when they are first needed.
type Leads = Box<dyn FnOnce() -> Clues + Send>;

/// Why a delivery is not explained.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum Unexplained {
    /// Others are waiting, or took the time.
    #[error("not explained: too many fail at once")]
    Busy,
    /// It would keep the others waiting.
    #[error("not explained here: the body is longer than 1 MiB")]
    Long,
}

/// The longest body that is explained, in bytes: it takes less than 50 ms.
const LONGEST: usize = 1024 * 1024;

/// The deliveries that may wait to be told of while another is explained.
const MOST_WAITING: usize = 64;

impl Explainer {
    /// An explainer of what these parties send; `leads` finds the clues at the first failure.
    pub(crate) fn new(parties: Parties, leads: impl FnOnce() -> Clues + Send + 'static) -> Self {
        Self {
            parties,
            clues: LazyCell::new(Box::new(leads)),
            share: Share::new(Instant::now()),
        }
    }

    /// Why a delivery did not verify, while so many others wait to be told of; `None` where nothing was
    /// found to be wrong with its signature.
    pub(crate) fn explain(
        &mut self,
        delivery: &Delivery,
        waiting: usize,
    ) -> Option<Result<Explanation, Unexplained>> {
        let verdict = delivery.verdict.as_ref();
        let verdict = verdict.filter(|verdict| verdict.is_failure())?;
        if let Some(settled) = self.settled(delivery, verdict) {
            return Some(Ok(settled));
        }
        let begun = Instant::now();
        if delivery.exchange.request.body.len() > LONGEST {
            return Some(Err(Unexplained::Long));
        }
        if waiting > MOST_WAITING || !self.share.is_left(begun) {
            return Some(Err(Unexplained::Busy));
        }
        let explanation = self.search(delivery)?;
        self.share.take(begun, Instant::now());
        Some(Ok(explanation))
    }

    /// What needs no search, and so no time.
    fn settled(&self, delivery: &Delivery, verdict: &Verdict) -> Option<Explanation> {
        let (request, attempt) = (&delivery.exchange.request, &delivery.attempt);
        let senders = self.parties.senders(request.path(), &attempt.provider);
        let mut senders = senders.into_iter();
        senders.find_map(|party| party.settled(request, verdict, attempt.at))
    }

    /// The first explanation that names a cause, else the first. Where the delivery fits none of several
    /// parties, any may have sent it.
    fn search(&self, delivery: &Delivery) -> Option<Explanation> {
        let request = &delivery.exchange.request;
        let provider = &delivery.attempt.provider;
        let senders = self.parties.senders(request.path(), provider);
        let mut explained = senders
            .into_iter()
            .map(|party| party.explain(request, delivery.attempt.at, &self.clues));
        let first = explained.next()?;
        let is_found = |explanation: &Explanation| matches!(explanation, Explanation::Found(_));
        if is_found(&first) {
            return Some(first);
        }
        Some(explained.find(is_found).unwrap_or(first))
    }
}

/// A share of the time.
#[derive(Debug)]
struct Share {
    /// The work that was not rested from at [`at`](Self::at).
    owed: Duration,
    at: Instant,
}

/// How long may be worked without a rest.
const BURST: Duration = Duration::from_millis(500);

/// How many times longer it rests than it works.
const REST: u32 = 4;

impl Share {
    /// Nothing is owed yet.
    fn new(now: Instant) -> Self {
        Self {
            owed: Duration::ZERO,
            at: now,
        }
    }

    /// Whether there is time left for work.
    fn is_left(&self, now: Instant) -> bool {
        self.owed(now) < BURST
    }

    fn owed(&self, now: Instant) -> Duration {
        let rested = now.saturating_duration_since(self.at) / REST;
        self.owed.saturating_sub(rested)
    }

    /// Enters work.
    fn take(&mut self, begun: Instant, ended: Instant) {
        self.owed = self.owed(begun) + ended.saturating_duration_since(begun);
        self.at = ended;
    }
}

#[cfg(test)]
mod tests;
