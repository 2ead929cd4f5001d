//! What a filter means of one attempt.

use uuid::Uuid;
use wildmatch::WildMatch;

use super::Filter;
use super::leaf;
use super::model::{Name, Term, Test};
use crate::message::Message;
use crate::store::Attempt;

/// An attempt that a filter is asked about: what the store knows of it, in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    /// The number of the delivery.
    pub(crate) delivery: i64,
    /// Our id of the delivery.
    pub(crate) id: Uuid,
    /// Which of the delivery's attempts it is, from 1.
    pub(crate) nth: u32,
    /// The delivery that it repeats.
    pub(crate) duplicate_of: Option<i64>,
    /// What the log says of it.
    pub(crate) attempt: &'a Attempt,
    /// The request.
    pub(crate) request: &'a Message,
    /// Its target as it is kept: without the secrets that may stand in it.
    pub(crate) target: &'a str,
}

impl Candidate<'_> {
    /// The number that the sender gave the attempt, else its place among the delivery's attempts.
    pub(crate) fn number(&self) -> u32 {
        self.attempt.number.unwrap_or(self.nth)
    }
}

impl Filter {
    /// Whether an attempt passes.
    pub(crate) fn matches(&self, candidate: &Candidate<'_>) -> bool {
        self.terms.iter().all(|term| term.takes(candidate))
    }
}

impl Term {
    /// Whether an attempt passes this term.
    pub(super) fn takes(&self, candidate: &Candidate<'_>) -> bool {
        self.test.holds(candidate) != self.negated
    }
}

impl Test {
    fn holds(&self, candidate: &Candidate<'_>) -> bool {
        let Candidate {
            attempt,
            request,
            target,
            ..
        } = candidate;
        match self {
            Self::Event(globs) => attempt
                .event
                .as_deref()
                .is_some_and(|name| any(globs, name)),
            Self::Provider(globs) => any(globs, &attempt.provider),
            Self::Status(wanted) => wanted.iter().any(|one| one.has(attempt.status)),
            Self::Outcome(wanted) => wanted.contains(&attempt.outcome),
            Self::Verdict(wanted) => {
                wanted.contains(&attempt.verdict.as_ref().map(|verdict| verdict.kind))
            }
            Self::Direction(wanted) => wanted.contains(&attempt.direction),
            Self::Id(names) => names.iter().any(|name| name.means(candidate)),
            Self::Path(globs) => any(globs, leaf::path(target)),
            Self::Header(tests) => tests
                .iter()
                .any(|test| leaf::has_header(&request.headers, &test.name, test.value.as_ref())),
            Self::Body(texts) => texts.iter().any(|text| text.is_in(&request.body)),
            Self::Json(tests) => tests
                .iter()
                .any(|test| leaf::has_scalar(&request.body, &test.pointer, test.value.as_deref())),
            Self::Since(at) => attempt.at >= *at,
            Self::Until(at) => attempt.at < *at,
            Self::Larger(size) => attempt.size > *size,
            Self::Smaller(size) => attempt.size < *size,
            Self::Slower(took) => attempt.took > *took,
            Self::Faster(took) => attempt.took < *took,
            Self::Attempt(numbers) => numbers.contains(&candidate.number()),
            Self::Duplicate(wanted) => candidate.duplicate_of.is_some() == *wanted,
        }
    }
}

impl Name {
    fn means(&self, candidate: &Candidate<'_>) -> bool {
        let webhook_id = candidate.attempt.webhook_id.as_deref();
        match self {
            Self::Number(number) => candidate.delivery == *number,
            Self::Digits(number, text) => candidate.delivery == *number || webhook_id == Some(text),
            Self::Prefix(prefix) => prefix.begins(candidate.id, webhook_id),
        }
    }
}

fn any(globs: &[WildMatch], text: &str) -> bool {
    globs.iter().any(|glob| glob.matches(text))
}
