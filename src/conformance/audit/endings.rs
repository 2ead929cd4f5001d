//! What is followed by another attempt, and what is not.

use std::time::Duration;

use crate::message::quoted;
use crate::retry::Schedule;

use super::delivery::SeenDelivery;
use super::evidence::{ATTEMPTS, DELIVERIES, Evidence, Judged, place};
use super::plan::{Step, stop_status};
use super::record::Record;

/// Every failure is followed by the next attempt, as long as the schedule has one.
pub(super) fn retries(record: &Record, now: Duration) -> Judged {
    let terms = &record.terms;
    if !terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let attempts = terms.provider.delivery.retry.attempts();
    let expected = format!("up to {attempts} attempts");
    let mut evidence = Evidence::new(expected, assumes_their_number(record));
    for delivery in &record.deliveries {
        for gap in delivery.gaps(terms.timeout()) {
            if gap.before.step.is_retried() && gap.failures < attempts {
                evidence.holds();
            }
        }
        if delivery.missing_from(terms).is_some_and(|from| now >= from) {
            let after = match delivery.attempts.last().map(|last| &last.step) {
                Some(Step::Hang) => "a timeout",
                Some(Step::Redirect(_)) => "a redirect",
                _ => "a failure",
            };
            let what = format!("it never came, after {after}");
            evidence.fails(&place(delivery, delivery.made() + 1), &what);
        }
    }
    evidence.judged(ATTEMPTS)
}

fn assumes_their_number(record: &Record) -> bool {
    let provider = &record.terms.provider;
    match provider.delivery.retry {
        Schedule::Exponential { .. } => provider.assumes("delivery.retry.max"),
        Schedule::None | Schedule::List(_) => provider.assumes("delivery.retry"),
    }
}

/// Nothing comes after the last attempt of the schedule.
pub(super) fn last(record: &Record, now: Duration) -> Judged {
    let attempts = record.terms.provider.delivery.retry.attempts();
    let expected = match attempts {
        1 => "1 attempt, and no other".to_owned(),
        many => format!("{many} attempts, and no other"),
    };
    let evidence = Evidence::new(expected, assumes_their_number(record));
    let is_last = |number: u32, step: &Step| number == attempts && step.is_retried();
    ends(record, now, evidence, is_last)
}

/// Nothing comes after success.
pub(super) fn success(record: &Record, now: Duration) -> Judged {
    if !record.terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let evidence = Evidence::new("nothing after success", false);
    ends(record, now, evidence, |_, step| {
        matches!(step, Step::Succeed(_))
    })
}

/// Nothing comes after a status that ends a delivery.
pub(super) fn stop_by_status(record: &Record, now: Duration) -> Judged {
    let rules = &record.terms.provider.delivery.rules;
    let Some(status) = stop_status(rules) else {
        return Judged::not_applicable("no status ends a delivery");
    };
    if !record.terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let assumed = record.terms.provider.assumes("delivery.stop.status");
    let evidence = Evidence::new(format!("nothing after {status}"), assumed);
    ends(record, now, evidence, |_, step| {
        matches!(step, Step::StopStatus(_))
    })
}

/// Nothing comes after a header line that ends a delivery.
pub(super) fn stop_by_header(record: &Record, now: Duration) -> Judged {
    let headers = &record.terms.provider.delivery.rules.stop.headers;
    if headers.is_empty() {
        return Judged::not_applicable("no header line ends a delivery");
    }
    if !record.terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let told: Vec<_> = headers.iter().map(|header| format!("`{header}`")).collect();
    let assumed = record.terms.provider.assumes("delivery.stop.header");
    let evidence = Evidence::new(format!("nothing after {}", told.join(" or ")), assumed);
    ends(record, now, evidence, |_, step| {
        matches!(step, Step::StopHeader(..))
    })
}

/// Judges that nothing follows the first attempt of a delivery that is an end, by number and step.
fn ends(
    record: &Record,
    now: Duration,
    mut evidence: Evidence,
    is_end: impl Fn(u32, &Step) -> bool,
) -> Judged {
    for delivery in &record.deliveries {
        let mut numbered = delivery.numbered();
        let Some((end, _)) = numbered.find(|(number, attempt)| is_end(*number, &attempt.step))
        else {
            continue;
        };
        if numbered.next().is_some() {
            evidence.fails(&place(delivery, end + 1), "it came");
        } else if is_silent(record, delivery, now) {
            evidence.holds();
        }
    }
    evidence.judged(DELIVERIES)
}

/// Whether it was long enough that nothing came.
fn is_silent(record: &Record, delivery: &SeenDelivery, now: Duration) -> bool {
    let from = delivery.silent_from(&record.terms);
    from.is_some_and(|from| now >= from)
}

/// A redirect is a failure: nobody goes where it leads.
pub(super) fn redirects(record: &Record, now: Duration) -> Judged {
    /// Who follows does so at once.
    const SOON: Duration = Duration::from_secs(1);
    let mut evidence = Evidence::new("a redirect is a failure, and not followed", false);
    for delivery in &record.deliveries {
        for (number, attempt) in delivery.numbered() {
            let Step::Redirect(status) = attempt.step else {
                continue;
            };
            if let Some(method) = &attempt.followed {
                let what = format!("it followed the {status}, with {}", quoted(method));
                evidence.fails(&place(delivery, number), &what);
            } else if number < delivery.made() || now >= attempt.at.saturating_add(SOON) {
                evidence.holds_by(status.to_string());
            }
        }
    }
    evidence.judged(["redirect", "redirects"])
}
