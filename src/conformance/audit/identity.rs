//! What the attempts of one delivery have in common, and what tells them apart.

use std::time::Duration;

use jiff::SignedDuration;

use crate::conformance::length::length;
use crate::message::quoted;
use crate::signature::{Source, Verdict};

use super::delivery::{SeenAttempt, SeenDelivery};
use super::evidence::{ATTEMPTS, DELIVERIES, Evidence, Judged, place};
use super::record::Record;

/// By how much the times of two attempts may differ from the times at which they came: a second for
/// timestamps that have no less, and one for the way.
const DRIFT: Duration = Duration::from_secs(2);

/// The deliveries of which there is more than one attempt.
fn several(record: &Record) -> impl Iterator<Item = &SeenDelivery> {
    let deliveries = record.deliveries.iter();
    deliveries.filter(|delivery| delivery.attempts.len() > 1)
}

/// The same id on every attempt, and on no other delivery's.
pub(super) fn id(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    let Some(source) = &provider.id_rule.from else {
        return Judged::not_applicable("the platform has no id");
    };
    if !record.terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let expected = format!("one id for each delivery, in {source}");
    let mut evidence = Evidence::new(expected, provider.assumes("id.from"));
    for delivery in &record.deliveries {
        let mut ids = delivery
            .numbered()
            .filter_map(|(number, attempt)| Some((number, attempt.webhook_id.as_deref()?)));
        let Some((_, first)) = ids.next() else {
            continue;
        };
        if let Some(other) = earlier_with(record, delivery, first) {
            let what = format!("{}, as delivery {} before", quoted(first), other.nth);
            evidence.fails(&place(delivery, 1), &what);
        }
        match ids.find(|(_, id)| *id != first) {
            Some((number, id)) => {
                let what = format!("{}, and {} before", quoted(id), quoted(first));
                evidence.fails(&place(delivery, number), &what);
            }
            None if delivery.attempts.len() > 1 => evidence.holds(),
            None => {}
        }
    }
    evidence.judged(DELIVERIES)
}

/// The delivery before this one that began with the same id.
fn earlier_with<'r>(
    record: &'r Record,
    delivery: &SeenDelivery,
    id: &str,
) -> Option<&'r SeenDelivery> {
    let mut earlier = record.deliveries[..delivery.nth - 1].iter();
    earlier.find(|earlier| earlier.attempts[0].webhook_id.as_deref() == Some(id))
}

/// 1, 2, 3, …
pub(super) fn numbers(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    let Some(source) = &provider.attempt_from else {
        return Judged::not_applicable("the platform's attempts have no number");
    };
    let expected = format!("1, 2, 3, … in {source}");
    let mut evidence = Evidence::new(expected, provider.assumes("attempt.from"));
    for delivery in &record.deliveries {
        for (number, attempt) in delivery.numbered() {
            match (attempt.number, source) {
                (Some(found), _) if found == number => evidence.holds(),
                (Some(found), _) => evidence.fails(&place(delivery, number), &found.to_string()),
                // What is missing is another rule's affair.
                (None, Source::Header(name)) if attempt.headers.first(name).is_none() => {}
                (None, _) => evidence.fails(&place(delivery, number), "no number"),
            }
        }
    }
    evidence.judged(ATTEMPTS)
}

/// The same bytes on every attempt; the id may stand in them, and is another rule's affair.
pub(super) fn body(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    if !record.terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let timestamp = provider.timestamp.as_ref().map(|rule| &rule.from);
    if matches!(timestamp, Some(Source::Body(_))) {
        return Judged::not_applicable("the time of the attempt stands in the body");
    }
    let mut evidence = Evidence::new("the same bytes on all attempts", false);
    for delivery in several(record) {
        let first = delivery.attempts[0].likeness;
        match delivery
            .numbered()
            .find(|(_, attempt)| attempt.likeness != first)
        {
            Some((number, _)) => evidence.fails(&place(delivery, number), "another body"),
            None => evidence.holds(),
        }
    }
    evidence.judged(DELIVERIES)
}

/// The time of the attempt, not of the first one. Where it is signed it was signed afresh then.
pub(super) fn timestamp(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    let Some(rule) = &provider.timestamp else {
        return Judged::not_applicable("the platform has no timestamp");
    };
    let is_signed = provider.signing_scheme().signs_timestamp();
    let expected = if is_signed {
        format!("the time of each attempt in {}, signed afresh", rule.from)
    } else {
        format!("the time of each attempt in {}", rule.from)
    };
    // Where it is not signed no document states whose time it is, the attempt's or the delivery's.
    let mut evidence = Evidence::new(expected, !is_signed);
    let mut is_too_fast = false;
    for delivery in &record.deliveries {
        for (number, attempt) in delivery.numbered() {
            if let stale @ Verdict::Stale { .. } = &attempt.verdict {
                let what = stale.reason().unwrap_or_default();
                evidence.fails(&place(delivery, number), &what);
            }
        }
        for gap in delivery.gaps(provider.delivery.timeout) {
            match moved(gap.before, gap.after) {
                None => {}
                Some((passed, _)) if passed <= DRIFT => is_too_fast = true,
                Some((passed, moved)) if is_near(passed, moved) => evidence.holds(),
                Some((passed, moved)) => {
                    let what = match u64::try_from(moved.as_secs()) {
                        Ok(0) => format!("the same as {} before", length(passed)),
                        _ => format!("moved by {moved:#} in {}", length(passed)),
                    };
                    evidence.fails(&place(delivery, gap.failures + 1), &what);
                }
            }
        }
    }
    let judged = evidence.judged(ATTEMPTS);
    if judged.seen.is_empty() && is_too_fast {
        return Judged::not_seen("the attempts came too fast to tell: take a lower speed");
    }
    judged
}

/// The time between two attempts, by our clock and by their timestamps.
fn moved(before: &SeenAttempt, after: &SeenAttempt) -> Option<(Duration, SignedDuration)> {
    let moved = after.timestamp?.duration_since(before.timestamp?);
    Some((after.at.saturating_sub(before.at), moved))
}

fn is_near(passed: Duration, moved: SignedDuration) -> bool {
    let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
    moved.saturating_sub(passed).abs() <= SignedDuration::try_from(DRIFT).unwrap_or_default()
}
