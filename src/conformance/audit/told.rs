//! What is said of an attempt when it has come.

use crate::conformance::length::length;

use super::delivery::SeenDelivery;
use super::plan::Step;
use super::record::Terms;
use super::timing::{in_words, is_within};

/// The last attempt of a delivery in a few words: which it is, whether it waited as it should, what
/// its status does not say of the answer, and when the next one is due.
pub(super) fn told(terms: &Terms, delivery: &SeenDelivery) -> String {
    let made = delivery.made();
    let of = terms.provider.delivery.retry.attempts();
    let attempt = format!("delivery {} attempt {made}/{of}", delivery.nth);
    let next = match delivery.due(terms) {
        Some(wait) => format!("next after {}", length(terms.pace.scaled(wait))),
        None => "none after it".to_owned(),
    };
    let answered = delivery
        .attempts
        .last()
        .and_then(|last| answered(&last.step));
    let parts = [Some(attempt), waited(terms, delivery), answered, Some(next)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What the status does not say of an answer.
fn answered(step: &Step) -> Option<String> {
    match step {
        Step::Hang => Some("hangs".to_owned()),
        Step::Later(_, after) => Some(format!("Retry-After: {}", after.as_secs())),
        Step::StopHeader(_, header) => Some(header.to_string()),
        Step::Fail(_) | Step::Redirect(_) | Step::StopStatus(_) | Step::Succeed(_) => None,
    }
}

/// What the last attempt has waited; `None` where it had not to, or nobody knows.
fn waited(terms: &Terms, delivery: &SeenDelivery) -> Option<String> {
    let gap = delivery.gaps(terms.timeout()).last()?;
    let delay = terms.provider.delivery.retry.delay_after(gap.failures);
    let delay = delay.filter(|_| gap.before.step.is_retried())?;
    let wait = gap.before.step.wait(delay);
    let waited = gap.waited?;
    let mark = if is_within(terms, waited, wait) {
        "✓"
    } else {
        "✗"
    };
    Some(format!("waited {} {mark}", in_words(terms, waited.0, wait)))
}
