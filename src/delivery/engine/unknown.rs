//! Attempts of which nobody knows what came of them: an engine was interrupted, or its process ended.
//!
//! Such an attempt is written down as what it is, and made once more under the same number: the
//! receiver may have had it, and knows it by the webhook id.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::{Attempt, Failure, FailureKind, Job, Journal, Next, Retry, Update};
use crate::store;

use super::flight::request;
use super::slot::Stage;
use super::work::{Ended, Engine, EngineError};

impl Engine<'_> {
    /// Writes down that the attempt of a slot went out at a time, with an unknown end.
    pub(super) fn unknown(&mut self, number: u64, at: Timestamp) -> Result<(), EngineError> {
        let Some(slot) = self.slots.get(&number) else {
            return Ok(());
        };
        let request = request(&slot.job, at)?;
        let outgoing = slot.job.route.outgoing(&slot.job);
        self.active -= 1;
        let attempt = Attempt {
            at,
            elapsed: Duration::ZERO,
            outcome: Err(Failure {
                kind: FailureKind::Unknown,
                detail: String::new(),
            }),
        };
        let next = match self.journal {
            Journal::Queue { .. } => Next::Retry(at_once(&slot.job)),
            _ => Next::Failed,
        };
        self.tally.unknown += 1;
        (self.tell)(Update::Attempted {
            outgoing: &outgoing,
            attempt: &attempt,
            next: &next,
        })?;
        self.settle(number, (&outgoing, request), &attempt, next)
    }

    /// Stops: nothing new goes out, what is on its way is given up and written down as unknown, and
    /// the queue keeps what is not finished.
    pub(super) async fn interrupted(&mut self) -> Result<Ended, EngineError> {
        // What has come back by now is known.
        self.land(None)?;
        self.flights.abort_all();
        self.drained = true;
        let sending: Vec<u64> = self.slots.keys().copied().collect();
        for number in sending {
            let stage = self.slots.get(&number).map(|slot| &slot.stage);
            if let Some(Stage::Sending(sent)) = stage {
                self.unknown(number, sent.at)?;
            }
        }
        self.stopping = true;
        while !self.slots.is_empty() {
            let Some((number, said)) = self.said.recv().await else {
                break;
            };
            self.hear(number, said)?;
        }
        Ok(self.ended(true))
    }
}

/// The same attempt once more, at once.
fn at_once(job: &Job) -> Retry {
    Retry {
        nth: job.made,
        of: job.route.schedule.attempts().saturating_sub(1),
        after: Duration::ZERO,
        asked: false,
        assumed: false,
        speed: job.route.terms.speed,
        wait: Duration::ZERO,
        due: Timestamp::now(),
    }
}

/// The row of the same attempt once more.
pub(super) fn same_again(job: &Job, retry: &Retry) -> store::Next {
    store::Next {
        attempt: job.attempt,
        made: job.made,
        due: retry.due,
        wait: Duration::ZERO,
    }
}
