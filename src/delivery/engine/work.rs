//! The loop.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::sync::Arc;

use fail::fail_point;
use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::delivery::journal::{Ear, Record, Said};
use crate::delivery::wire::lines;
use crate::delivery::{Attempt, FailureKind, Job, Journal, Next, Retry, Route, Tally, Update};
use crate::message::Headers;
use crate::provider::ComposeError;
use crate::retry::BreakerUnit;
use crate::store::{Counted, Enqueued, StoreError, Waiting, WriteError};

use super::lanes::Lanes;
use super::next::{next, queued};
use super::pending::{Pending, Slip};
use super::slot::{Sent, Slot, Stage};
use super::unknown::row as same_again;

/// What is taken at once of what the journal says.
const HANDFUL: usize = 256;

/// The attempts whose record may be waited for, beside those that are made.
const SETTLING: usize = 512;

/// How much is done at once, and in which order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The attempts that are made at the same time.
    pub(crate) concurrency: usize,
    /// Whether the deliveries to one endpoint go one after another, retries included.
    pub(crate) ordered: bool,
}

/// Where new deliveries come from.
pub(crate) trait Source {
    /// The next one; `None`: there are no more.
    fn next(&mut self) -> Option<Result<Job, ComposeError>>;
}

/// Deliveries that are made ready before.
impl Source for std::vec::IntoIter<Job> {
    fn next(&mut self) -> Option<Result<Job, ComposeError>> {
        Iterator::next(self).map(Ok)
    }
}

/// Why an engine had to end.
#[derive(Debug, Error)]
pub(crate) enum EngineError {
    /// A message cannot be made.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The store takes nothing.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody hears what is told.
    #[error(transparent)]
    Tell(#[from] io::Error),
}

/// How an engine ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// What the deliveries came to.
    pub(crate) tally: Tally,
    /// Those that are not finished: they wait in the queue, where there is one.
    pub(crate) unfinished: usize,
    /// Whether it was interrupted.
    pub(crate) interrupted: bool,
}

/// Hears of everything as it happens.
type Tell<'t> = &'t mut dyn FnMut(Update<'_>) -> io::Result<()>;

/// Sends deliveries.
pub(crate) struct Engine<'t> {
    pub(super) journal: Journal,
    limits: Limits,
    pub(super) tell: Tell<'t>,
    pub(super) tally: Tally,
    pub(super) slots: HashMap<u64, Slot>,
    /// The slot of the next delivery.
    fresh: u64,
    /// Those of the slots whose attempt is being made, or about to be.
    pub(super) active: usize,
    pub(super) flights: JoinSet<(u64, Attempt)>,
    ear: Ear,
    pub(super) said: UnboundedReceiver<(u64, Said)>,
    pending: Pending,
    lanes: Lanes,
    /// A delivery whose turn has not come.
    peeked: Option<Job>,
    /// Whether the source has no more.
    pub(super) drained: bool,
    /// Whether nothing more goes out.
    pub(super) stopping: bool,
    /// The deliveries whose last attempt has an unknown end, and when it went out.
    unknown: HashMap<i64, Timestamp>,
}

impl<'t> Engine<'t> {
    /// An engine that has nothing to do yet.
    pub(crate) fn new(journal: Journal, limits: Limits, tell: Tell<'t>) -> Self {
        let (ear, said) = unbounded_channel();
        Self {
            journal,
            limits,
            tell,
            tally: Tally::new(),
            slots: HashMap::new(),
            fresh: 0,
            active: 0,
            flights: JoinSet::new(),
            ear,
            said,
            pending: Pending::default(),
            lanes: Lanes::default(),
            peeked: None,
            drained: false,
            stopping: false,
            unknown: HashMap::new(),
        }
    }

    /// Takes up a row of the queue; the order of the calls is the order of the deliveries.
    pub(crate) fn take_up(&mut self, waiting: &Waiting, route: &Arc<Route>) {
        let lane = self.lanes.of(route);
        // By the wall, but never longer than it was to be.
        let left = waiting.next.due.duration_since(Timestamp::now());
        let left = left.try_into().unwrap_or_default();
        if let Some(at) = waiting.begun {
            self.unknown.insert(waiting.delivery, at);
        }
        let slip = Slip {
            due: Instant::now() + waiting.next.wait.min(left),
            delivery: waiting.delivery,
            lane,
        };
        if self.limits.ordered && !self.lanes.enter(lane) {
            self.lanes.queue(slip);
        } else {
            self.pending.push(slip);
        }
    }

    /// Sends what was taken up and what the source has, until all is finished or `stop` comes.
    pub(crate) async fn run(
        mut self,
        source: &mut dyn Source,
        stop: impl Future<Output = ()>,
    ) -> Result<Ended, EngineError> {
        tokio::pin!(stop);
        let mut said = Vec::with_capacity(HANDFUL);
        loop {
            self.begin_what_can(source)?;
            if self.is_done() {
                return Ok(self.ended(false));
            }
            let due = self.next_due();
            tokio::select! {
                biased;
                () = &mut stop => return self.interrupted().await,
                _ = self.said.recv_many(&mut said, HANDFUL) => {
                    for (slot, said) in said.drain(..) {
                        self.hear(slot, said)?;
                    }
                }
                Some(landed) = self.flights.join_next() => {
                    let mut landed = Some(landed);
                    while let Some(Ok((slot, attempt))) = landed {
                        self.landed(slot, attempt)?;
                        landed = self.flights.try_join_next();
                    }
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            }
        }
    }

    fn is_done(&self) -> bool {
        self.slots.is_empty() && self.drained && self.peeked.is_none() && self.pending.len() == 0
    }

    /// Whether another attempt may be made.
    fn has_room(&self) -> bool {
        self.active < self.limits.concurrency
            && self.slots.len() - self.active < SETTLING.max(self.limits.concurrency)
    }

    /// When there is something to begin that cannot begin now for its time alone.
    fn next_due(&self) -> Option<Instant> {
        if !self.has_room() {
            return None;
        }
        let intended = self.peeked.as_ref().and_then(|job| job.intended);
        let intended = intended.filter(|intended| *intended > Instant::now());
        intended.into_iter().chain(self.pending.next_due()).min()
    }

    /// Begins what is due, then what is new, as far as there is room.
    fn begin_what_can(&mut self, source: &mut dyn Source) -> Result<(), EngineError> {
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
            self.peeked = Some(job);
            return Ok(None);
        }
        Ok(Some(job))
    }

    fn begin(&mut self, mut job: Job, lane: u32) -> Result<(), EngineError> {
        let slot = self.slot();
        let entered = self.journal.enter(slot, &mut job, &self.ear);
        self.hold(slot, job, lane);
        match entered {
            Some(()) => self.send(slot),
            None => Ok(()),
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
            Some(()) => self.send(slot),
            None => Ok(()),
        }
    }

    fn slot(&mut self) -> u64 {
        self.fresh += 1;
        self.fresh
    }

    fn hold(&mut self, slot: u64, job: Job, lane: u32) {
        self.active += 1;
        let stage = Stage::Entering;
        self.slots.insert(slot, Slot { job, lane, stage });
    }

    /// Lets a delivery go whose attempt was not made.
    fn let_go(&mut self, slot: u64) {
        if let Some(slot) = self.slots.remove(&slot) {
            self.active -= 1;
            self.leave(slot.lane);
        }
    }

    /// A lane is free for the next delivery.
    fn leave(&mut self, lane: u32) {
        if self.limits.ordered
            && let Some(slip) = self.lanes.leave(lane)
        {
            self.pending.push(slip);
        }
    }

    /// Makes the attempt of a slot.
    fn send(&mut self, number: u64) -> Result<(), EngineError> {
        let Some(slot) = self.slots.get_mut(&number) else {
            return Ok(());
        };
        if self.stopping {
            self.journal.stay(&slot.job);
            self.let_go(number);
            return Ok(());
        }
        fail_point!("before_attempt");
        let (route, now) = (Arc::clone(&slot.job.route), Timestamp::now());
        let message = route.compose(&slot.job, now)?.message;
        let ready = route.client.ready(&route.url, &message);
        let lines = match self.journal {
            Journal::Nowhere { .. } => Headers::new(),
            _ => lines(&ready, &route.url, &message),
        };
        let outgoing = route.outgoing(&slot.job);
        (self.tell)(Update::Sending(&outgoing))?;
        let late = slot.job.intended.map(|intended| intended.elapsed());
        slot.stage = Stage::Sending(Box::new(Sent {
            outgoing,
            message,
            lines,
            at: now,
            late,
        }));
        let client = route.client.clone();
        self.flights
            .spawn(async move { (number, client.send(ready).await) });
        Ok(())
    }

    /// An attempt was made: it is told, and written down with what follows.
    fn landed(&mut self, number: u64, attempt: Attempt) -> Result<(), EngineError> {
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
        self.settle(number, *sent, &attempt, next)
    }

    /// Has an attempt written down, with what follows.
    pub(super) fn settle(
        &mut self,
        number: u64,
        sent: Sent,
        attempt: &Attempt,
        next: Next,
    ) -> Result<(), EngineError> {
        let Some(slot) = self.slots.get_mut(&number) else {
            return Ok(());
        };
        let follow = match &next {
            Next::Retry(retry) if is_unknown(attempt) => Some(same_again(&slot.job, retry)),
            Next::Retry(retry) => Some(queued(&slot.job, retry)),
            _ => None,
        };
        let record = Record {
            outgoing: &sent.outgoing,
            lines: sent.lines,
            message: sent.message,
            attempt,
            next: &next,
            is_new: slot.job.is_new && slot.job.number.is_none(),
        };
        let counts = counts(&slot.job.route, attempt, &next);
        let (lane, route) = (slot.lane, Arc::clone(&slot.job.route));
        let settled = self
            .journal
            .settle(number, &slot.job, record, follow, &self.ear);
        let mut open = u32::from(settled.is_none());
        slot.stage = Stage::Settling {
            next,
            ended: Instant::now(),
            open,
        };
        if let (Some(failed), Some(watch)) = (counts, route.watch) {
            let place = (number, lane);
            let told = self
                .journal
                .count(place, watch.endpoint, failed, watch.limit, &self.ear);
            if told.is_some() {
                open += 1;
            } else {
                self.count_here(lane, failed, watch.limit)?;
            }
        }
        if let Some(slot) = self.slots.get_mut(&number)
            && let Stage::Settling { open: still, .. } = &mut slot.stage
        {
            *still = open;
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
                        slot.job.number = Some(opened.number);
                        slot.job.id = opened.id;
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
    fn settled(&mut self, number: u64) {
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

    /// An endpoint's failures were counted: at the last one it is given up.
    fn counted(&mut self, lane: u32, counted: Counted) -> Result<(), EngineError> {
        let Some(state) = self.lanes.get(lane) else {
            return Ok(());
        };
        if counted.active || state.is_disabled {
            return Ok(());
        }
        let route = Arc::clone(&state.route);
        let held = self.lanes.disable(lane) + self.pending.drop_lane(lane);
        self.tally.held += held as u64;
        (self.tell)(Update::Disabled {
            url: &route.shown,
            provider: &route.provider.id,
            failures: counted.failures,
        })?;
        Ok(())
    }

    pub(super) fn ended(self, interrupted: bool) -> Ended {
        let held = usize::try_from(self.tally.held).unwrap_or(usize::MAX);
        Ended {
            unfinished: self.pending.len() + self.lanes.waiting() + held,
            tally: self.tally,
            interrupted,
        }
    }
}

/// What an attempt counts as for the breaker: a failure, a success, or nothing.
fn counts(route: &Route, attempt: &Attempt, next: &Next) -> Option<bool> {
    let unit = route.watch.filter(|_| !is_unknown(attempt))?.unit;
    match next {
        Next::Delivered => Some(false),
        Next::Retry(_) if unit == BreakerUnit::Delivery => None,
        _ => Some(true),
    }
}

/// Whether nobody knows what came of an attempt.
fn is_unknown(attempt: &Attempt) -> bool {
    let failure = attempt.outcome.as_ref().err();
    failure.is_some_and(|failure| failure.kind == FailureKind::Unknown)
}
