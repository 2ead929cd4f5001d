//! What comes of an attempt: told, written down with what follows, counted.

use std::sync::Arc;

use fail::fail_point;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::delivery::journal::{Record, Said, Written};
use crate::delivery::{Attempt, Next, Outgoing, Retry, Route, Update, Watch};
use crate::retry::BreakerUnit;
use crate::store::{Counted, Enqueued};

use super::flight::{Flown, Request};
use super::next::{next, queued};
use super::pending::Slip;
use super::slot::Stage;
use super::unknown::same_again;
use super::work::{Engine, EngineError};

impl Engine<'_> {
    /// An attempt was made: it is told, and written down with what follows.
    pub(super) fn landed(&mut self, number: u64, flown: Flown) -> Result<(), EngineError> {
        let Flown { request, attempt } = flown;
        let Some(slot) = self.slots.get_mut(&number) else {
            return Ok(());
        };
        let Stage::Sending(sent) = std::mem::replace(&mut slot.stage, Stage::Entering) else {
            return Ok(());
        };
        fail_point!("after_attempt");
        self.active -= 1;
        let now = Timestamp::now();
        let next = next(&slot.job, &attempt, now, fastrand::f64());
        self.tally
            .count(&attempt, &next, sent.outgoing.nth, sent.late);
        (self.tell)(Update::Attempted {
            outgoing: &sent.outgoing,
            attempt: &attempt,
            next: &next,
        })?;
        self.settle(number, (&sent.outgoing, request), &attempt, next)
    }

    /// Has an attempt written down, with what follows.
    pub(super) fn settle(
        &mut self,
        number: u64,
        (outgoing, request): (&Outgoing, Request),
        attempt: &Attempt,
        next: Next,
    ) -> Result<(), EngineError> {
        let Some(slot) = self.slots.get_mut(&number) else {
            return Ok(());
        };
        let follow = match &next {
            Next::Retry(retry) if attempt.is_unknown() => Some(same_again(&slot.job, retry)),
            Next::Retry(retry) => Some(queued(&slot.job, retry)),
            _ => None,
        };
        let record = Record {
            outgoing,
            lines: request.lines,
            message: request.message,
            attempt,
            next: &next,
            is_new: slot.job.is_new && slot.job.number.is_none(),
        };
        let counts = counts(&slot.job.route, attempt, &next);
        let (lane, route) = (slot.lane, Arc::clone(&slot.job.route));
        let settled = self
            .journal
            .settle(number, &slot.job, record, follow, &self.ear);
        let count = |failed, watch: &Watch| {
            let (endpoint, limit) = (watch.endpoint, watch.limit);
            let place = (number, lane);
            self.journal
                .count(place, endpoint, failed, limit, &self.ear)
        };
        let counted = counts.zip(route.watch.as_ref());
        let is_kept = counted.is_some_and(|(failed, watch)| count(failed, watch));
        let open = u32::from(settled == Written::Later) + u32::from(is_kept);
        slot.stage = Stage::Settling {
            next,
            ended: Instant::now(),
            open,
        };
        if let Some((failed, watch)) = counted.filter(|_| !is_kept) {
            self.count_here(lane, failed, watch.limit)?;
        }
        if open == 0 {
            self.settled(number);
        }
        Ok(())
    }

    /// Counts a failure or a success where no store does.
    fn count_here(&mut self, lane: u32, failed: bool, limit: u32) -> Result<(), EngineError> {
        let Some(state) = self.lanes.get(lane) else {
            return Ok(());
        };
        state.failures = if failed { state.failures + 1 } else { 0 };
        let counted = Counted {
            failures: state.failures,
            active: state.failures < limit,
        };
        self.counted(lane, counted)
    }

    /// What the journal says of a slot.
    pub(super) fn hear(&mut self, number: u64, said: Said) -> Result<(), EngineError> {
        match said {
            Said::Entered(entered) => match entered? {
                Enqueued::Here(opened) => {
                    if let Some(slot) = self.slots.get_mut(&number) {
                        let job = Arc::make_mut(&mut slot.job);
                        (job.number, job.id) = (Some(opened.number), opened.id);
                    }
                    self.send(number)
                }
                Enqueued::Elsewhere(opened) => {
                    self.tally.elsewhere += 1;
                    self.let_go(number);
                    let number = opened.number;
                    Ok((self.tell)(Update::Elsewhere { number })?)
                }
            },
            Said::SetOut(ours) => {
                if ours? {
                    return self.send(number);
                }
                self.let_go(number);
                Ok(())
            }
            Said::Settled(place) => {
                place?;
                self.one_less(number);
                Ok(())
            }
            Said::Counted(lane, counted) => {
                self.counted(lane, counted?)?;
                self.one_less(number);
                Ok(())
            }
        }
    }

    /// One thing less is to be said of a slot; at the last one it is done.
    fn one_less(&mut self, number: u64) {
        let Some(slot) = self.slots.get_mut(&number) else {
            return;
        };
        if let Stage::Settling { open, .. } = &mut slot.stage {
            *open -= 1;
            if *open == 0 {
                self.settled(number);
            }
        }
    }

    /// An attempt is written down: its delivery waits for the next one, or is finished.
    pub(super) fn settled(&mut self, number: u64) {
        fail_point!("after_record");
        let Some(slot) = self.slots.remove(&number) else {
            return;
        };
        let Stage::Settling { next, ended, .. } = slot.stage else {
            return;
        };
        let disabled = self
            .lanes
            .get(slot.lane)
            .is_some_and(|lane| lane.is_disabled);
        match (next, slot.job.number) {
            (Next::Retry(_), _) if disabled => {
                self.tally.held += 1;
                self.leave(slot.lane);
            }
            (Next::Retry(Retry { wait, .. }), Some(delivery)) => self.pending.push(Slip {
                due: ended + wait,
                delivery,
                lane: slot.lane,
            }),
            _ => self.leave(slot.lane),
        }
    }

    /// An endpoint's failures were counted: at the last one it is given up, and where somebody else
    /// has disabled or removed it.
    fn counted(&mut self, lane: u32, counted: Counted) -> Result<(), EngineError> {
        let Some(state) = self.lanes.get(lane) else {
            return Ok(());
        };
        if counted.active || state.is_disabled {
            return Ok(());
        }
        let route = Arc::clone(&state.route);
        for lane in self.lanes.counted_with(lane) {
            let held = self.lanes.disable(lane) + self.pending.drop_lane(lane);
            self.tally.held += held as u64;
        }
        let watch = route.watch.as_ref();
        let kept = watch.filter(|watch| watch.endpoint.is_some());
        (self.tell)(Update::Disabled {
            url: &route.shown,
            provider: &route.provider.id,
            called: kept.map(|watch| watch.called.as_str()),
            failures: Some(counted.failures)
                .filter(|failures| watch.is_some_and(|watch| *failures >= watch.limit)),
        })?;
        Ok(())
    }
}

/// What an attempt counts as for the breaker: a failure, a success, or nothing.
fn counts(route: &Route, attempt: &Attempt, next: &Next) -> Option<bool> {
    let unit = route.watch.as_ref().filter(|_| !attempt.is_unknown())?.unit;
    match next {
        Next::Delivered => Some(false),
        Next::Retry(_) if unit == BreakerUnit::Delivery => None,
        _ => Some(true),
    }
}
