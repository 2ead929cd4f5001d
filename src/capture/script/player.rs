//! A script that is played.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fastrand::Rng;

use super::model::{Per, Script};
use super::prepare::{BodyError, Prepared};
use super::turns::{Turns, key};
use crate::capture::{Asked, Choice, Responder};

/// Answers as a script says.
pub(crate) struct Player {
    per: Per,
    /// What each entry does.
    entries: Vec<Prepared>,
    /// Whose turn it is when, at least one.
    steps: Vec<Step>,
    state: Mutex<State>,
}

/// One or several turns.
struct Step {
    /// How many turns there are up to its end.
    ends: u64,
    /// The entries that are drawn at each of its turns, with their chances; the first that comes up
    /// makes the answer.
    draws: Vec<(usize, f64)>,
    /// The entry that makes it otherwise; `None`: the verdict.
    entry: Option<usize>,
}

/// What changes with each request.
struct State {
    /// By delivery.
    turns: Turns,
    /// Of all together.
    requests: u64,
    /// What each entry is drawn by.
    chance: Vec<Rng>,
}

impl Player {
    /// Reads the files of a script, which are relative to a folder.
    pub(crate) fn new(script: &Script, folder: &Path) -> Result<Self, BodyError> {
        let of = script.entries.len();
        let prepared = (1..).zip(&script.entries);
        let entries = prepared
            .map(|(nth, entry)| Prepared::of(entry, (nth, of), folder))
            .collect::<Result<_, _>>()?;
        let mut seeds = Rng::with_seed(script.seed.unwrap_or_default());
        let chance = script.entries.iter().map(|entry| {
            // Each has a sequence of its own, whatever the others are.
            let shared = seeds.fork();
            let own = entry.chance.and_then(|chance| chance.seed);
            own.map_or(shared, Rng::with_seed)
        });
        let state = State {
            turns: Turns::default(),
            requests: 0,
            chance: chance.collect(),
        };
        Ok(Self {
            per: script.per,
            entries,
            steps: steps(script),
            state: Mutex::new(state),
        })
    }

    /// The entry that answers.
    fn turn(&self, asked: &Asked<'_>) -> Option<usize> {
        // What needs no lock is done before it is taken.
        let key = (self.per == Per::Delivery && self.steps.len() > 1).then(|| key(asked));
        let mut state = self.lock();
        let had = match key {
            Some(key) => state.turns.take(key),
            None => state.count(),
        };
        let nth = self.steps.partition_point(|step| step.ends <= had);
        let step = self.steps.get(nth).or(self.steps.last())?;
        let drawn = step
            .draws
            .iter()
            .find(|(entry, chance)| state.chance[*entry].f64() < *chance);
        drawn.map(|(entry, _)| *entry).or(step.entry)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count(&mut self) -> u64 {
        self.requests = self.requests.saturating_add(1);
        self.requests - 1
    }
}

impl Responder for Player {
    fn choose(&self, asked: &Asked<'_>) -> Choice {
        match self.turn(asked) {
            Some(entry) => self.entries[entry].choice(asked.id),
            None => Choice::Own,
        }
    }
}

/// The turns of a script. What is drawn is drawn before the entry that follows, and at the end before
/// the verdict.
fn steps(script: &Script) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut draws = Vec::new();
    let mut ends = 0_u64;
    for (nth, entry) in script.entries.iter().enumerate() {
        if let Some(chance) = entry.chance {
            draws.push((nth, chance.of));
            continue;
        }
        ends = ends.saturating_add(u64::from(entry.times));
        steps.push(Step {
            ends,
            draws: std::mem::take(&mut draws),
            entry: Some(nth),
        });
    }
    if !draws.is_empty() {
        steps.push(Step {
            ends: ends.saturating_add(1),
            draws,
            entry: None,
        });
    }
    steps
}
