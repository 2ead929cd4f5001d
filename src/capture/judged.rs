//! What was found out of a request before it is answered.

use crate::server::Refusal;
use crate::signature::Verdict;
use crate::store::{Fault, Judgement, VerdictKind};

use super::Party;

/// A request, with whose it is and what was found.
pub(super) struct Judged<'p> {
    pub(super) party: &'p Party,
    pub(super) finding: Finding,
}

/// A request that was verified, whose body was not taken, or that went astray.
pub(super) enum Finding {
    Verified(Verdict),
    Refused(Refusal),
    /// No route has its path; these are the paths there are.
    Astray(Vec<String>),
}

/// What is said of a request that went astray.
const ASTRAY: &str = "no route has this path";

impl Judged<'_> {
    pub(super) fn judgement(&self) -> Option<Judgement> {
        let verdict = self.verdict()?;
        Some(Judgement {
            kind: VerdictKind::of_name(verdict.kind())?,
            reason: verdict.reason(),
        })
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        let (kind, message) = match &self.finding {
            Finding::Verified(_) => return None,
            Finding::Refused(refusal) => (refusal.name(), refusal.to_string()),
            Finding::Astray(_) => ("no-route", ASTRAY.to_owned()),
        };
        Some(Fault {
            kind: kind.to_owned(),
            message,
        })
    }

    pub(super) fn verdict(&self) -> Option<&Verdict> {
        match &self.finding {
            Finding::Verified(verdict) => Some(verdict),
            Finding::Refused(_) | Finding::Astray(_) => None,
        }
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        match &self.finding {
            Finding::Refused(refusal) => Some(*refusal),
            Finding::Verified(_) | Finding::Astray(_) => None,
        }
    }

    /// The paths there are, of a request that went astray.
    pub(super) fn paths(&self) -> Vec<String> {
        match &self.finding {
            Finding::Astray(paths) => paths.clone(),
            Finding::Verified(_) | Finding::Refused(_) => Vec::new(),
        }
    }

    /// Which of several secrets matched, from 1.
    pub(super) fn secret(&self) -> Option<usize> {
        self.party.secret(self.verdict()?)
    }
}
