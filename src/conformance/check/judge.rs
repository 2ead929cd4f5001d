//! What is made of the answers.

use std::time::Duration;

use crate::conformance::Ruling;
use crate::delivery::Attempt;
use crate::provider::Provider;

use super::shot::{Shot, Wants};

/// What came of the requests of a rule.
pub(super) struct Seen<'s> {
    /// Whose rules they are.
    pub(super) provider: &'s Provider,
    /// Each request, in the order in which they went out, and what came of it; `None`: nobody waited.
    pub(super) shots: Vec<(Shot, Option<Attempt>)>,
    /// How many side effects there were more than before; `None`: they are not counted.
    pub(super) effects: Option<i64>,
    /// How many there should be.
    pub(super) wanted_effects: Option<i64>,
}

/// A judgement.
pub(super) struct Judged {
    pub(super) ruling: Ruling,
    /// What came back, in words.
    pub(super) came: String,
    /// Which of the shots show that it does not hold, by their place.
    pub(super) culprits: Vec<usize>,
}

/// Each answer is as its request wants it.
pub(super) fn as_wanted(seen: &Seen<'_>) -> Judged {
    let culprits: Vec<usize> = (0..seen.shots.len())
        .filter(|nth| !seen.is_as_wanted(*nth))
        .collect();
    let ruling = if culprits.is_empty() {
        Ruling::Pass
    } else {
        Ruling::Fail
    };
    let shown = culprits.first().copied().unwrap_or_default();
    let came = seen
        .shots
        .get(shown)
        .map(|(_, attempt)| told(attempt.as_ref()));
    Judged {
        ruling,
        came: came.unwrap_or_default(),
        culprits,
    }
}

impl Seen<'_> {
    /// Whether the answer to one of the requests is as it wants it.
    pub(super) fn is_as_wanted(&self, nth: usize) -> bool {
        let (shot, attempt) = &self.shots[nth];
        let status = attempt.as_ref().and_then(Attempt::status);
        let success = |status: &u16| self.provider.delivery.rules.success.contains(*status);
        match shot.wants {
            Wants::Nothing => true,
            Wants::Accepted => status.as_ref().is_some_and(success),
            Wants::Refused => status.is_some_and(|status| !success(&status) && status < 500),
            Wants::Unbroken => status.is_some_and(|status| status < 500),
        }
    }
}

/// An answer in words: its status, or why there is none.
pub(super) fn told(attempt: Option<&Attempt>) -> String {
    match attempt.map(|attempt| &attempt.outcome) {
        None => "nobody waited".to_owned(),
        Some(Ok(response)) => response.status.to_string(),
        Some(Err(failure)) => failure.to_string(),
    }
}

/// The longest of these times.
pub(super) fn longest(times: impl Iterator<Item = Duration>) -> Duration {
    times.max().unwrap_or_default()
}
