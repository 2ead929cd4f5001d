//! What a listener waits for and looks out for, held against what comes in.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::report::{Demand, Expectation, Named, Near};
use crate::store::{Answered, Candidate, Filter};

/// Something that is waited for, or that must not come.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// What is asked for.
    pub(super) demand: Demand,
    /// What has to pass.
    pub(super) filter: Filter,
    /// The filter's terms, as they are told.
    pub(super) terms: Vec<String>,
    /// How many of them were asked for: the first ones.
    pub(super) written: usize,
    /// How many have to pass; none of what must not come.
    pub(super) wanted: u64,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether something is still waited for.
    pub(super) open: bool,
    /// Whether something came that must not.
    pub(super) broken: bool,
}

/// All goals of a run, and what has come so far.
#[derive(Debug, Default)]
pub(super) struct Expectations {
    goals: Vec<Progress>,
    identities: Identities,
    /// How many deliveries came, by event.
    came: HashMap<Option<String>, u64>,
}

/// A goal, and what has come of it.
#[derive(Debug)]
struct Progress {
    goal: Goal,
    /// What passed: which delivery, and which of its attempts where the filter tells them apart.
    seen: HashSet<(i64, u32)>,
    matched: Vec<Named>,
    nearest: VecDeque<Near>,
    /// When it was decided.
    decided: Option<Duration>,
}

/// Which deliveries are the same, also where nothing is kept and each request has a number of its own.
#[derive(Debug, Default)]
struct Identities {
    by_webhook_id: HashMap<[u8; 16], i64>,
    all: HashSet<i64>,
}

/// The deliveries that are told by name.
const TOLD: usize = 20;

/// The near misses that are told: the last ones.
const NEAREST: usize = 3;

/// The events that are told apart when nothing is near.
const EVENTS: usize = 10;

/// The events that are counted apart: a sender may make up names without end.
const MOST_EVENTS: usize = 1000;

impl Expectations {
    pub(super) fn new(goals: Vec<Goal>) -> Self {
        let progress = |goal| Progress {
            goal,
            seen: HashSet::new(),
            matched: Vec::new(),
            nearest: VecDeque::new(),
            decided: None,
        };
        Self {
            goals: goals.into_iter().map(progress).collect(),
            ..Self::default()
        }
    }

    /// Whether nothing is expected.
    pub(super) fn is_empty(&self) -> bool {
        self.goals.is_empty()
    }

    /// Takes note of an attempt that came so long after the ready line, and of why it did not verify,
    /// where that is known. A handshake is no delivery: it counts only where it must not come.
    pub(super) fn observe(
        &mut self,
        candidate: &Candidate<'_>,
        why: Option<&str>,
        after: Duration,
    ) {
        if self.is_empty() {
            return;
        }
        let (delivery, is_first) = self.identities.of(candidate);
        let answered = candidate.attempt.answered.as_ref();
        let is_delivery = !matches!(answered, Some(Answered::Handshake(_)));
        let event = &candidate.attempt.event;
        if is_first
            && is_delivery
            && (self.came.len() < MOST_EVENTS || self.came.contains_key(event))
        {
            *self.came.entry(event.clone()).or_default() += 1;
        }
        let goals = self.goals.iter_mut();
        for goal in goals.filter(|goal| is_delivery || goal.is_forbidden()) {
            if goal.goal.filter.matches(candidate) {
                goal.pass(candidate, delivery, after);
            } else {
                goal.miss(candidate, why);
            }
        }
    }

    pub(super) fn standing(&self) -> Standing {
        Standing {
            open: self.goals.iter().any(Progress::is_open),
            broken: self.goals.iter().any(Progress::is_broken),
        }
    }

    /// What became of each goal, in the order in which they were given; what is not decided by now
    /// took as long as the run.
    pub(super) fn told(&self, run: Duration) -> Vec<Expectation> {
        self.goals
            .iter()
            .map(|goal| goal.told(&self.came, run))
            .collect()
    }
}

impl Progress {
    fn count(&self) -> u64 {
        self.seen.len() as u64
    }

    fn is_forbidden(&self) -> bool {
        matches!(self.goal.demand, Demand::Forbid(_))
    }

    fn is_broken(&self) -> bool {
        self.is_forbidden() && !self.seen.is_empty()
    }

    fn is_open(&self) -> bool {
        !self.is_forbidden() && self.count() < self.goal.wanted
    }

    /// Remembers what does not pass, where it is near.
    fn miss(&mut self, candidate: &Candidate<'_>, why: Option<&str>) {
        let misses = self.goal.filter.misses(candidate);
        if let [miss] = misses.as_slice()
            && self.is_open()
            // With no other term that holds, the event says nothing that a list of events does not.
            && (self.goal.written > 1 || miss.key != "event")
        {
            self.remember(Near {
                named: named(candidate),
                term: self.goal.terms.get(miss.nth).cloned().unwrap_or_default(),
                key: miss.key,
                there: miss.there.clone(),
                why: why.filter(|_| miss.key == "verdict").map(str::to_owned),
            });
        }
    }

    /// Keeps the last near misses, one of each delivery.
    fn remember(&mut self, near: Near) {
        let number = near.named.number;
        self.nearest.retain(|before| before.named.number != number);
        if self.nearest.len() == NEAREST {
            self.nearest.pop_front();
        }
        self.nearest.push_back(near);
    }

    fn pass(&mut self, candidate: &Candidate<'_>, delivery: i64, after: Duration) {
        let attempt = if self.goal.filter.names_attempts() {
            candidate.number()
        } else {
            0
        };
        if !self.seen.insert((delivery, attempt)) {
            return;
        }
        if self.matched.len() < TOLD {
            self.matched.push(named(candidate));
        }
        if self.decided.is_none() && !self.is_open() {
            self.decided = Some(after);
        }
    }

    fn told(&self, came: &HashMap<Option<String>, u64>, run: Duration) -> Expectation {
        let met = !self.is_open() && !self.is_broken();
        let is_unmet = self.is_open();
        let nearest: Vec<_> = self.nearest.iter().filter(|_| is_unmet).cloned().collect();
        let mut came: Vec<_> = came
            .iter()
            .filter(|_| is_unmet && nearest.is_empty())
            .map(|(event, times)| (event.clone(), *times))
            .collect();
        came.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
        came.truncate(EVENTS);
        Expectation {
            demand: self.goal.demand.clone(),
            wanted: self.goal.wanted,
            seen: self.count(),
            met,
            matched: self.matched.clone(),
            nearest,
            came,
            took: self.decided.unwrap_or(run),
        }
    }
}

impl Identities {
    /// Which delivery an attempt is of, as the number under which it came first, and whether it is the
    /// first of it.
    fn of(&mut self, candidate: &Candidate<'_>) -> (i64, bool) {
        let number = candidate.duplicate_of.unwrap_or(candidate.delivery);
        let attempt = candidate.attempt;
        let number = match &attempt.webhook_id {
            Some(id) => {
                let key = key(&[&attempt.provider, &attempt.endpoint, id]);
                *self.by_webhook_id.entry(key).or_insert(number)
            }
            None => number,
        };
        (number, self.all.insert(number))
    }
}

/// What stands for some names: a sender may make its own as long as a head.
fn key(names: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name);
        hash.update([0]);
    }
    let hash = hash.finalize();
    std::array::from_fn(|at| hash[at])
}

fn named(candidate: &Candidate<'_>) -> Named {
    Named {
        number: candidate.delivery,
        id: candidate.id,
        event: candidate.attempt.event.clone(),
    }
}

#[cfg(test)]
mod tests;
