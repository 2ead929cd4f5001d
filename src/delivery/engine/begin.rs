//! What begins: what is due, then what is new, as far as there is room and as the order has it.

use std::sync::Arc;

use fail::fail_point;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::delivery::journal::Written;
use crate::delivery::{Job, Journal, Update};

use super::flight::fly;
use super::pending::Slip;
use super::slot::{Sent, Slot, Stage};
use super::work::{Engine, EngineError, Source};

impl Engine<'_> {
    /// Begins what is due, then what is new, as far as there is room.
    pub(super) fn begin_what_can(&mut self, source: &mut dyn Source) -> Result<(), EngineError> {
        while self.has_room() {
            if let Some(slip) = self.pending.pop_due(Instant::now()) {
                self.begin_again(slip)?;
                continue;
            }
            let Some(job) = self.next_job(source)? else {
                break;
            };
            let lane = self.lanes.of(&job.route);
            if self.lanes.get(lane).is_some_and(|lane| lane.is_disabled) {
                self.drained = true;
                break;
            }
            if self.limits.ordered && !self.lanes.enter(lane) {
                self.peeked = Some(job);
                break;
            }
            self.begin(job, lane)?;
        }
        Ok(())
    }

    /// The next new delivery, if its time has come.
    fn next_job(&mut self, source: &mut dyn Source) -> Result<Option<Job>, EngineError> {
        self.not_before = None;
        let job = match self.peeked.take() {
            Some(job) => Some(job),
            None if self.drained => None,
            None => source.next().transpose()?,
        };
        let Some(job) = job else {
            self.drained = true;
            return Ok(None);
        };
        if job
            .intended
            .is_some_and(|intended| intended > Instant::now())
        {
            self.not_before = job.intended;
            self.peeked = Some(job);
            return Ok(None);
        }
        Ok(Some(job))
    }

    fn begin(&mut self, mut job: Job, lane: u32) -> Result<(), EngineError> {
        let slot = self.slot();
        let entered = self.journal.enter(slot, &mut job, &self.ear)?;
        self.hold(slot, job, lane);
        match entered {
            Written::Already => self.send(slot),
            Written::Later => Ok(()),
        }
    }

    /// Begins the next attempt of a delivery whose time has come.
    fn begin_again(&mut self, slip: Slip) -> Result<(), EngineError> {
        let Some(lane) = self.lanes.get(slip.lane) else {
            return Ok(());
        };
        let route = Arc::clone(&lane.route);
        let Some(job) = self.journal.take(slip.delivery, &route)? else {
            self.leave(slip.lane);
            return Ok(());
        };
        let slot = self.slot();
        if let Some(at) = self.unknown.remove(&slip.delivery) {
            self.hold(slot, job, slip.lane);
            return self.unknown(slot, at);
        }
        let set_out = self.journal.set_out(slot, &job, &self.ear);
        self.hold(slot, job, slip.lane);
        match set_out {
            Written::Already => self.send(slot),
            Written::Later => Ok(()),
        }
    }

    /// The number of another slot.
    fn slot(&mut self) -> u64 {
        self.fresh += 1;
        self.fresh
    }

    /// Takes a delivery in hand.
    fn hold(&mut self, slot: u64, job: Job, lane: u32) {
        self.active += 1;
        let (job, stage) = (Arc::new(job), Stage::Entering);
        self.slots.insert(slot, Slot { job, lane, stage });
    }

    /// Lets a delivery go whose attempt was not made.
    pub(super) fn let_go(&mut self, slot: u64) {
        if let Some(slot) = self.slots.remove(&slot) {
            self.active -= 1;
            self.leave(slot.lane);
        }
    }

    /// A lane is free for the next delivery.
    pub(super) fn leave(&mut self, lane: u32) {
        if self.limits.ordered
            && let Some(slip) = self.lanes.leave(lane)
        {
            self.pending.push(slip);
        }
    }

    /// Makes the attempt of a slot.
    pub(super) fn send(&mut self, number: u64) -> Result<(), EngineError> {
        let Some(slot) = self.slots.get_mut(&number) else {
            return Ok(());
        };
        if self.stopping {
            self.journal.stay(&slot.job);
            self.stayed += 1;
            self.let_go(number);
            return Ok(());
        }
        fail_point!("before_attempt");
        let (job, at) = (Arc::clone(&slot.job), Timestamp::now());
        let outgoing = job.route.outgoing(&job);
        (self.tell)(Update::Sending(&outgoing))?;
        let late = job.intended.map(|intended| intended.elapsed());
        slot.stage = Stage::Sending(Box::new(Sent { outgoing, at, late }));
        let is_recorded = !matches!(self.journal, Journal::Nowhere { .. });
        self.flights
            .spawn(async move { (number, fly(&job, at, is_recorded).await) });
        Ok(())
    }
}
