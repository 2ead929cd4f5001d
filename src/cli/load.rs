//! Many deliveries, each made when its turn comes.

use std::cell::Cell;
use std::collections::HashMap;

use crate::delivery::{
    Attempt, Disorder, DisorderRules, FailureKind, Job, Limits, Pace, Source, Turn, bits_of,
};
use crate::provider::{ComposeError, Wish};
use crate::server::open_files;

use super::args::LoadArgs;
use super::context::Context;
use super::error::Error;
use super::plan::Plan;

/// The attempts without a connection after which a load is given up, where none had one before.
const PATIENCE: u64 = 100;

/// The files that a process has open beside its connections.
const SPARE_FILES: usize = 32;

/// How long attempts are made at a receiver that nobody has reached.
#[derive(Debug)]
pub(crate) struct Patience {
    /// Attempts that found no receiver; `None`: one was found.
    missed: Cell<Option<u64>>,
}

impl Patience {
    /// All of it.
    pub(crate) fn new() -> Self {
        Self {
            missed: Cell::new(Some(0)),
        }
    }

    /// Takes in how an attempt ended.
    pub(crate) fn hear(&self, attempt: &Attempt) {
        let Some(missed) = self.missed.get() else {
            return;
        };
        let missed = match attempt.outcome.as_ref().err().map(|failure| failure.kind) {
            Some(FailureKind::Dns | FailureKind::Refused | FailureKind::Tls) => Some(missed + 1),
            // Not the receiver's fault.
            Some(FailureKind::Files | FailureKind::Unknown) => Some(missed),
            _ => None,
        };
        self.missed.set(missed);
    }

    /// After how many attempts it was lost, where it was.
    pub(crate) fn lost_after(&self) -> Option<u64> {
        self.missed.get().filter(|missed| *missed >= PATIENCE)
    }
}

/// The number that a load is made from; one that is not given is told, where it decides on the order.
pub(crate) fn seed(context: &mut Context, args: &LoadArgs) -> Result<u64, Error> {
    if let Some(seed) = args.seed() {
        return Ok(seed);
    }
    let seed = fastrand::u64(..);
    if args.duplicate() > 0.0 || args.shuffle() > 1 {
        context.note(format!("--seed {seed} makes the same disorder again"))?;
    }
    Ok(seed)
}

/// Refuses more connections than this process may have.
pub(crate) fn enough_files(limits: &Limits) -> Result<(), Error> {
    let asked = limits.concurrency;
    let Some(files) = open_files().and_then(|files| usize::try_from(files).ok()) else {
        return Ok(());
    };
    let room = files.saturating_sub(SPARE_FILES);
    if asked <= room {
        return Ok(());
    }
    Err(Error::input(format!(
        "{asked} attempts at the same time need more open files than the {files} that are allowed here"
    ))
    .hint(format!("-c {room}, or `ulimit -n {}`", asked + SPARE_FILES)))
}

/// The deliveries of a load.
pub(crate) struct Load<'l> {
    plan: &'l Plan,
    wish: Wish<'l>,
    seed: u64,
    order: Disorder,
    pace: Pace,
    /// The deliveries that go out twice, after the first time.
    kept: HashMap<u64, Job>,
    patience: &'l Patience,
    /// The deliveries that are to be begun, duplicates not counted.
    count: u64,
    /// How many were due when the time was over, and had not begun.
    missed: u64,
    /// Why there are no more, where that is not as it should be.
    failed: Option<Error>,
}

impl<'l> Load<'l> {
    /// The load that the flags ask for.
    pub(crate) fn new(
        args: &LoadArgs,
        seed: u64,
        plan: &'l Plan,
        wish: Wish<'l>,
        patience: &'l Patience,
    ) -> Self {
        let rules = DisorderRules {
            duplicates: args.duplicate(),
            window: args.shuffle(),
            seed,
        };
        Self {
            plan,
            wish,
            seed,
            order: Disorder::new(args.count(), rules),
            pace: Pace::new(args.rate(), args.duration()),
            kept: HashMap::new(),
            patience,
            count: args.count(),
            missed: 0,
            failed: None,
        }
    }

    /// The next delivery, whenever it is to go out.
    pub(crate) fn delivery(&mut self) -> Option<Result<Job, Error>> {
        let ticket = self.order.next()?;
        if ticket.is_twofold
            && let Some(job) = self.kept.remove(&ticket.nth)
        {
            return Some(Ok(job));
        }
        let job = self.plan.one_of(&self.wish, bits_of(self.seed, ticket.nth));
        Some(job.map(|job| {
            if !ticket.is_twofold {
                return job;
            }
            let job = Job {
                is_new: false,
                ..job
            };
            self.kept.insert(ticket.nth, job.clone());
            job
        }))
    }

    /// Says how many a slow receiver left no time for: they are in none of the figures.
    pub(crate) fn tell_missed(&self, context: &mut Context) -> Result<(), Error> {
        match self.missed {
            0 => Ok(()),
            missed => context.note(format!(
                "{missed} more were due and not begun: answers came too slowly, -c N lets more be under way"
            )),
        }
    }

    /// Whether all could be made.
    pub(crate) fn end(self) -> Result<(), Error> {
        self.failed.map_or(Ok(()), Err)
    }
}

impl Source for Load<'_> {
    fn next(&mut self) -> Option<Result<Job, ComposeError>> {
        if self.patience.lost_after().is_some() {
            return None;
        }
        let intended = match self.pace.turn() {
            Turn::Now => None,
            Turn::At(at) => Some(at),
            Turn::Over => {
                self.missed = self.pace.missed(self.count);
                return None;
            }
        };
        match self.delivery()? {
            Ok(job) => Some(Ok(Job { intended, ..job })),
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }
}
