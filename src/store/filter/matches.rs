//! What a filter means of one attempt.

use wildmatch::WildMatch;

use super::Filter;
use super::leaf;
use super::model::{Name, Term, Test};
use crate::store::Recorded;

impl Filter {
    /// Whether an attempt passes.
    pub(crate) fn matches(&self, recorded: &Recorded) -> bool {
        self.terms.iter().all(|term| term.takes(recorded))
    }
}

impl Term {
    fn takes(&self, recorded: &Recorded) -> bool {
        self.test.holds(recorded) != self.negated
    }
}

impl Test {
    fn holds(&self, recorded: &Recorded) -> bool {
        let attempt = &recorded.attempt;
        let request = &recorded.exchange.request;
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
            Self::Id(names) => names.iter().any(|name| name.means(recorded)),
            Self::Path(globs) => any(globs, leaf::path(&request.target)),
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
            Self::Attempt(numbers) => {
                numbers.contains(&attempt.number.unwrap_or(recorded.place.nth))
            }
            Self::Duplicate(wanted) => recorded.place.duplicate_of.is_some() == *wanted,
        }
    }
}

impl Name {
    fn means(&self, recorded: &Recorded) -> bool {
        let webhook_id = recorded.attempt.webhook_id.as_deref();
        match self {
            Self::Number(number) => recorded.place.delivery == *number,
            Self::Digits(number, text) => {
                recorded.place.delivery == *number || webhook_id == Some(text)
            }
            Self::Prefix(prefix) => prefix.begins(recorded.place.id, webhook_id),
        }
    }
}

fn any(globs: &[WildMatch], text: &str) -> bool {
    globs.iter().any(|glob| glob.matches(text))
}
