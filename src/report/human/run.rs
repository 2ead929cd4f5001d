//! What was told of a run already, and what needs no telling.

use std::collections::{BTreeSet, HashSet};

use crate::delivery::{Attempt, FailureKind, Outgoing};
use crate::report::{Detail, Prospect};

/// The kinds of errors that are told of where not every attempt is.
const MOST_KINDS: usize = 8;

/// What is remembered of a run while it is told of.
#[derive(Debug, Default)]
pub(super) struct Run {
    prospect: Prospect,
    /// The hints that were given.
    hinted: HashSet<String>,
    /// The kinds of errors that were told of, by status or failure.
    errors: BTreeSet<Result<u16, FailureKind>>,
    /// The statuses that were told as not expected.
    unmet: BTreeSet<u16>,
}

impl Run {
    /// A run of which nothing is told yet.
    pub(super) fn new(prospect: Prospect) -> Self {
        Self {
            prospect,
            ..Self::default()
        }
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
}
