//! What a check found.

use std::time::Duration;

use crate::conformance::{Rule, Ruling};
use crate::delivery::{Attempt, Failure};
use crate::message::Message;

use super::catalogue::Group;

/// What was found out of one rule.
#[derive(Clone, Debug)]
pub(crate) struct CheckFinding {
    /// The rule.
    pub(crate) rule: Rule,
    /// Which group it is of.
    pub(crate) group: Group,
    /// What became of it.
    pub(crate) ruling: Ruling,
    /// What was sent, in words.
    pub(crate) sent: String,
    /// What came back, in words; where nothing was sent, why.
    pub(crate) came: String,
    /// What is known beyond that, each in a sentence: why a right delivery was refused.
    pub(crate) notes: Vec<String>,
    /// Whether the notes say what to change, so that the rule's own fix would be another guess.
    pub(crate) is_diagnosed: bool,
    /// The exchanges by which it was judged so, where it does not hold.
    pub(crate) evidence: Vec<Evidence>,
    /// What it took.
    pub(crate) took: Duration,
}

/// An exchange that shows that a rule does not hold.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// What it is, in a few words.
    pub(crate) label: String,
    /// The request.
    pub(crate) request: Message,
    /// What came of it; `None`: nobody waited.
    pub(crate) attempt: Option<Attempt>,
}

/// What was found out in all.
#[derive(Clone, Debug)]
pub(crate) struct CheckReport {
    /// Whose rules they are: the provider's id.
    pub(crate) provider: String,
    /// Where the receiver is, without user and password.
    pub(crate) url: String,
    /// Each rule, in the order of the catalogue.
    pub(crate) rules: Vec<CheckFinding>,
    /// How many requests went out.
    pub(crate) requests: usize,
    /// How many of them were answered.
    pub(crate) answered: usize,
    /// How long it took.
    pub(crate) took: Duration,
    /// Why the first request of all was left without an answer; then nothing more is asked.
    pub(crate) silence: Option<Failure>,
    /// For how many rules a quick check had no time.
    pub(crate) late: usize,
    /// Where that was not waited for as long as the platform waits: what came, in words.
    pub(crate) hurried: Option<String>,
    /// Why side effects could not be counted that should have been; then what they would have shown is
    /// not proved.
    pub(crate) uncounted: Option<String>,
    /// Whether it was ended before every rule was looked at.
    pub(crate) cut: bool,
}

impl CheckReport {
    /// How many rules came to this.
    pub(crate) fn count(&self, ruling: Ruling) -> usize {
        let rules = self.rules.iter();
        rules.filter(|finding| finding.ruling == ruling).count()
    }
}
