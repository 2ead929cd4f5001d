//! What was told of a run already, what needs no telling, and what moves on the screen meanwhile.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::delivery::{Attempt, FailureKind, Next, Outgoing};
use crate::report::{Detail, Prospect};
use crate::term::{Bar, Goal, Line, Moment, Progress};

use super::sent::{counted, number};

/// The kinds of errors that are told of where not every attempt is.
const MOST_KINDS: usize = 8;

/// The longest wait that is counted down.
const LONGEST_WAIT: Duration = Duration::from_secs(99 * 60 * 60);

/// What is remembered of a run while it is told of.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) prospect: Prospect,
    /// When it began; `None`: nobody said that it does.
    began: Option<Instant>,
    /// What moves on the screen; `None`: nothing does.
    pub(super) progress: Option<Progress>,
    /// The deliveries that have begun.
    begun: u64,
    /// Those of them that are finished.
    done: u64,
    /// Those of them that failed or were stopped.
    failed: u64,
    /// The deliveries that have a line on the screen, and where they go.
    shown: HashMap<u128, String>,
    /// The URLs that get nothing any more.
    disabled: HashSet<String>,
    /// The hints that were given.
    hinted: HashSet<String>,
    /// The kinds of errors that were told of, by status or failure.
    errors: BTreeSet<Result<u16, FailureKind>>,
    /// The statuses that were told as not expected.
    unmet: BTreeSet<u16>,
}

impl Run {
    /// A run of which nothing is told yet.
    pub(super) fn new(prospect: Prospect, progress: Option<Progress>) -> Self {
        let run = Self {
            prospect,
            began: Some(Instant::now()),
            progress,
            ..Self::default()
        };
        run.draw_bar();
        run
    }

    /// Takes what moves off the screen; how long the run was.
    pub(super) fn end(&mut self) -> Option<Duration> {
        self.progress = None;
        self.began.map(|began| began.elapsed())
    }

    /// Whether each attempt is told.
    pub(super) fn tells_each(&self) -> bool {
        self.prospect.detail == Detail::Each
    }

    /// Whether this attempt is told: it may be the first error of its kind.
    pub(super) fn tells(&mut self, outgoing: &Outgoing, attempt: &Attempt) -> bool {
        if self.tells_each() {
            return true;
        }
        if outgoing.succeeded(attempt) || self.errors.len() == MOST_KINDS {
            return false;
        }
        let outcome = attempt.outcome.as_ref();
        let kind = outcome
            .map(|response| response.status)
            .map_err(|failure| failure.kind);
        self.errors.insert(kind)
    }

    /// Whether it is told that a status is not what was expected.
    pub(super) fn tells_unmet(&mut self, status: u16) -> bool {
        self.tells_each() || self.unmet.insert(status)
    }

    /// Whether a hint is given: each once.
    pub(super) fn hints(&mut self, hint: &str) -> bool {
        let is_new = !self.hinted.contains(hint);
        if is_new {
            self.hinted.insert(hint.to_owned());
        }
        is_new
    }

    /// An attempt goes out.
    pub(super) fn goes_out(&mut self, outgoing: &Outgoing) {
        self.begun += u64::from(outgoing.nth == 1);
        let tail = format!("{} under way", counted(outgoing));
        self.draw_line(outgoing, tail, Moment::Since(Instant::now()));
        if self.begun == 2 {
            self.draw_bar();
        }
    }

    /// An attempt has come to its end.
    pub(super) fn came_back(&mut self, outgoing: &Outgoing, next: &Next) {
        if let Next::Retry(retry) = next {
            if self.disabled.contains(&outgoing.url) {
                self.wipe(outgoing.id.as_u128());
                return;
            }
            let speed = match retry.speed {
                1.0 => String::new(),
                speed => format!(" at {speed}x"),
            };
            let wait = retry.wait.min(LONGEST_WAIT);
            let coming = Outgoing {
                attempt: outgoing.attempt.saturating_add(1),
                nth: outgoing.nth.saturating_add(1),
                ..outgoing.clone()
            };
            let tail = format!("{}{speed} in", counted(&coming));
            self.draw_line(outgoing, tail, Moment::Until(Instant::now() + wait));
            return;
        }
        self.done += 1;
        self.failed += u64::from(*next != Next::Delivered);
        self.wipe(outgoing.id.as_u128());
        self.draw_bar();
    }

    /// Nothing goes to a URL any more: what waits there is not counted down.
    pub(super) fn gives_up(&mut self, url: &str) {
        let waits = |(key, place): (&u128, &String)| (place == url).then_some(*key);
        let keys: Vec<_> = self.shown.iter().filter_map(waits).collect();
        for key in keys {
            self.wipe(key);
        }
        self.disabled.insert(url.to_owned());
    }

    fn wipe(&mut self, key: u128) {
        self.shown.remove(&key);
        if let Some(progress) = &self.progress {
            progress.end(key);
        }
    }

    fn draw_line(&mut self, outgoing: &Outgoing, tail: String, moment: Moment) {
        if let Some(progress) = self.progress.as_ref().filter(|_| self.tells_each()) {
            let head = format!("{} {}", number(outgoing), outgoing.event);
            let line = Line { head, tail, moment };
            let key = outgoing.id.as_u128();
            progress.line(key, line);
            self.shown
                .entry(key)
                .or_insert_with(|| outgoing.url.clone());
        }
    }

    /// Draws how far all is, where there is more than one delivery.
    fn draw_bar(&self) {
        let Some(progress) = &self.progress else {
            return;
        };
        let goal = match (self.prospect.duration, self.prospect.deliveries) {
            (Some(duration), _) => Goal::Time(duration),
            (None, Some(deliveries)) => Goal::Count(deliveries),
            (None, None) => Goal::Open,
        };
        let is_alone = match goal {
            Goal::Time(_) => false,
            Goal::Count(deliveries) => deliveries < 2,
            Goal::Open => self.begun < 2,
        };
        if !is_alone {
            progress.bar(Bar {
                done: self.done,
                goal,
                rate: !self.tells_each(),
                note: match self.failed {
                    0 => String::new(),
                    failed => format!("{failed} failed"),
                },
            });
        }
    }
}

#[cfg(test)]
mod tests;
