//! Several providers on one port.

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::capture::Party;
use crate::capture::judged::{Finding, Judged};
use crate::message::Message;
use crate::provider::Fit;
use crate::signature::{Invalid, Unchecked, Verdict};

/// Providers whose deliveries come in at the same place.
#[derive(Clone)]
pub(crate) struct Several {
    parties: Vec<Party>,
    /// Whose a delivery is that fits none of them.
    stranger: Party,
    /// Whether a secret is given, so that nothing is accepted unverified.
    verifies: bool,
}

impl Several {
    /// These providers; of those that fit a delivery equally well, an earlier one comes first. One
    /// alone takes everything, as if it were not looked at.
    ///
    /// `verifies` says whether there is any secret: then who has no key refuses what it is sent.
    pub(crate) fn new(parties: Vec<Party>, verifies: bool) -> Self {
        Self {
            parties,
            stranger: Party::stranger(),
            verifies,
        }
    }

    /// Whose a message is, and what verification finds.
    ///
    /// Every provider that the message fits verifies it: who finds a signature right, it is. Without
    /// that it is the one that fits best, with the verdict of that one. A message is never accepted
    /// because it fits.
    pub(super) fn judge(&self, message: &Message, now: Timestamp) -> Judged<'_> {
        let mut found: Option<(&Party, Verdict)> = None;
        for party in self.fitting(message) {
            let verdict = self.verdict(party, message, now);
            let is_better = |(_, known): &(&Party, Verdict)| proof(known) < proof(&verdict);
            if found.as_ref().is_none_or(is_better) {
                found = Some((party, verdict));
            }
            if found.as_ref().is_some_and(|(_, known)| known.is_valid()) {
                break;
            }
        }
        let (party, verdict) = found.unwrap_or_else(|| (&self.stranger, self.of_nobody()));
        Judged {
            party,
            finding: Finding::Verified(verdict),
        }
    }

    /// Whose a message is, by the look of it.
    pub(super) fn likeliest(&self, message: &Message) -> &Party {
        self.fitting(message)
            .into_iter()
            .next()
            .unwrap_or(&self.stranger)
    }

    /// Every party.
    pub(super) fn every(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter()
    }

    /// The parties that a message fits, from the best fit on.
    fn fitting(&self, message: &Message) -> Vec<&Party> {
        if let [party] = self.parties.as_slice() {
            return vec![party];
        }
        let fit = |party| Some((Party::fit(party, message)?, party));
        let mut fitting: Vec<(Fit, &Party)> = self.parties.iter().filter_map(fit).collect();
        fitting.sort_by_key(|(fit, _)| Reverse(*fit));
        fitting.into_iter().map(|(_, party)| party).collect()
    }

    fn verdict(&self, party: &Party, message: &Message, now: Timestamp) -> Verdict {
        if self.verifies && party.is_keyless() {
            return Verdict::Invalid(Invalid::NoKey);
        }
        party.verify(message, now)
    }

    fn of_nobody(&self) -> Verdict {
        if self.verifies {
            Verdict::Unsigned { header: None }
        } else {
            Verdict::Unchecked(Unchecked::NoSecret)
        }
    }
}

/// How sure a verdict makes that a message is of the provider: a signature that is right says so,
/// though the message be old.
fn proof(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Valid(_) => 2,
        Verdict::Stale { .. } => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
