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

/// A request that was verified, or whose body was not taken.
pub(super) enum Finding {
    Verified(Verdict),
    Refused(Refusal),
}

impl Judged<'_> {
    pub(super) fn judgement(&self) -> Option<Judgement> {
        let verdict = self.verdict()?;
        Some(Judgement {
            kind: VerdictKind::of_name(verdict.kind())?,
            reason: verdict.reason(),
        })
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        let refusal = self.refusal()?;
        Some(Fault {
            kind: refusal.name().to_owned(),
            message: refusal.to_string(),
        })
    }

    pub(super) fn verdict(&self) -> Option<&Verdict> {
        match &self.finding {
            Finding::Verified(verdict) => Some(verdict),
            Finding::Refused(_) => None,
        }
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        match &self.finding {
            Finding::Verified(_) => None,
            Finding::Refused(refusal) => Some(*refusal),
        }
    }

    /// Which of several secrets matched, from 1.
    pub(super) fn secret(&self) -> Option<usize> {
        self.party.secret(self.verdict()?)
    }
}
