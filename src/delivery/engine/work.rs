//! The loop.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use crate::delivery::journal::{Ear, Said};
use crate::delivery::{Job, Journal, Route, Tally, Update};
use crate::provider::ComposeError;
use crate::store::{StoreError, Waiting, WriteError};

use super::flight::Flown;
use super::lanes::Lanes;
use super::pending::{Pending, Slip};
use super::slot::Slot;

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

/// An attempt that has come back, with its slot.
type Landed = Result<(u64, Result<Flown, ComposeError>), JoinError>;

/// Sends deliveries.
pub(crate) struct Engine<'t> {
    pub(super) journal: Journal,
    pub(super) limits: Limits,
    pub(super) tell: Tell<'t>,
    pub(super) tally: Tally,
    pub(super) slots: HashMap<u64, Slot>,
    /// The slot of the next delivery.
    pub(super) fresh: u64,
    /// Those of the slots whose attempt is being made, or about to be.
    pub(super) active: usize,
    pub(super) flights: JoinSet<(u64, Result<Flown, ComposeError>)>,
    pub(super) ear: Ear,
    pub(super) said: UnboundedReceiver<(u64, Said)>,
    pub(super) pending: Pending,
    pub(super) lanes: Lanes,
    /// A delivery whose turn has not come.
    pub(super) peeked: Option<Job>,
    /// Until when, where it is its time that has not come.
    pub(super) not_before: Option<Instant>,
    /// Whether the source has no more.
    pub(super) drained: bool,
    /// Whether nothing more goes out.
    pub(super) stopping: bool,
    /// The deliveries that were about to go out then.
    pub(super) stayed: usize,
    /// The deliveries whose last attempt has an unknown end, and when it went out.
    pub(super) unknown: HashMap<i64, Timestamp>,
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
            not_before: None,
            drained: false,
            stopping: false,
            stayed: 0,
            unknown: HashMap::new(),
        }
    }

    /// Takes up the rows that the journal's run holds, in the order in which they were queued; `route`
    /// knows the way of each, or that it stays in the queue.
    pub(crate) fn take_up(
        &mut self,
        mut route: impl FnMut(&Waiting) -> Option<Arc<Route>>,
    ) -> Result<(), EngineError> {
        let Journal::Queue { reader, run, .. } = &self.journal else {
            return Ok(());
        };
        let (now, wall) = (Instant::now(), Timestamp::now());
        reader.held(run, |waiting| {
            let Some(route) = route(&waiting) else { return };
            let lane = self.lanes.of(&route);
            if let Some(at) = waiting.begun {
                self.unknown.insert(waiting.delivery, at);
            }
            // By the wall, but never longer than it was to be.
            let left = waiting.next.due.duration_since(wall);
            let left = left.try_into().unwrap_or_default();
            let slip = Slip {
                due: now + waiting.next.wait.min(left),
                delivery: waiting.delivery,
                lane,
            };
            if self.limits.ordered && !self.lanes.enter(lane) {
                self.lanes.queue(slip);
            } else {
                self.pending.push(slip);
            }
        })?;
        Ok(())
    }

    /// Sends what was taken up and what the source has, until all is finished or `stop` comes.
    ///
    /// Dropping the future waits for nothing, the disk included: what is on its way there ends with
    /// the process.
    pub(crate) async fn run(
        self,
        source: &mut dyn Source,
        stop: impl Future<Output = ()>,
    ) -> Result<Ended, EngineError> {
        let mut engine = ManuallyDrop::new(self);
        let ended = engine.work(source, stop).await;
        drop(ManuallyDrop::into_inner(engine));
        ended
    }

    async fn work(
        &mut self,
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
                Some(landed) = self.flights.join_next() => self.land(Some(landed))?,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            }
        }
    }

    /// Takes in an attempt that has come back, and all others that have by now.
    pub(super) fn land(&mut self, landed: Option<Landed>) -> Result<(), EngineError> {
        let mut next = landed.or_else(|| self.flights.try_join_next());
        while let Some(landed) = next {
            let (slot, flown) = landed.map_err(io::Error::other)?;
            self.landed(slot, flown?)?;
            next = self.flights.try_join_next();
        }
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.slots.is_empty() && self.drained && self.peeked.is_none() && self.pending.len() == 0
    }

    /// Whether another attempt may be made.
    pub(super) fn has_room(&self) -> bool {
        self.active < self.limits.concurrency
            && self.slots.len() - self.active < SETTLING.max(self.limits.concurrency)
    }

    /// When there is something to begin that cannot begin now for its time alone.
    fn next_due(&self) -> Option<Instant> {
        if !self.has_room() {
            return None;
        }
        // It may have come since it was looked at: then this is due at once.
        let times = [self.not_before, self.pending.next_due()];
        times.into_iter().flatten().min()
    }

    pub(super) fn ended(&mut self, interrupted: bool) -> Ended {
        let held = usize::try_from(self.tally.held).unwrap_or(usize::MAX);
        Ended {
            unfinished: self.pending.len() + self.lanes.waiting() + held + self.stayed,
            tally: std::mem::replace(&mut self.tally, Tally::new()),
            interrupted,
        }
    }
}
