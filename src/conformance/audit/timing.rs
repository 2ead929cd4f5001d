//! When attempts come, and how long one takes.

use std::time::Duration;

use crate::conformance::Ruling;
use crate::conformance::length::length;

use super::delivery::Gap;
use super::evidence::{Evidence, Judged, place};
use super::pace::around;
use super::plan::{Step, later};
use super::record::{Record, Terms};

/// Waits, one and several.
const WAITS: [&str; 2] = ["wait", "waits"];

/// The delays that are told of a schedule, from its start.
const TOLD: usize = 4;

/// Each wait as the schedule has it.
pub(super) fn waits(record: &Record, _: Duration) -> Judged {
    let terms = &record.terms;
    if !terms.is_retried() {
        return Judged::not_applicable("the platform never tries again");
    }
    let schedule = &terms.provider.delivery.retry;
    let is_assumed =
        (1..schedule.attempts()).any(|failures| terms.provider.assumes_delay(failures));
    let mut evidence = Evidence::new(schedule_in_words(terms), is_assumed);
    for delivery in &record.deliveries {
        for gap in delivery.gaps(terms.timeout()) {
            let delay = schedule.delay_after(gap.failures);
            let is_plain =
                gap.before.step.is_retried() && !matches!(gap.before.step, Step::Later(..));
            let (Some(delay), Some(waited), true) = (delay, gap.waited, is_plain) else {
                continue;
            };
            let told = in_words(terms, waited.0, delay);
            if is_within(terms, waited, delay) {
                evidence.holds_by(told);
            } else {
                let assumed = terms.provider.assumes_delay(gap.failures);
                evidence.fails_by(&place(delivery, gap.failures + 1), &told, assumed);
            }
        }
    }
    evidence.judged(WAITS)
}

/// Whether a wait is one that a delay may come to.
pub(super) fn is_within(terms: &Terms, waited: (Duration, Duration), delay: Duration) -> bool {
    let span = terms.pace.span(delay);
    waited.1 >= span.earliest && waited.0 <= span.latest
}

/// `10.1s of 10s`.
pub(super) fn in_words(terms: &Terms, waited: Duration, delay: Duration) -> String {
    format!("{} of {}", length(waited), length(terms.pace.scaled(delay)))
}

/// The delays of the platform: the first few, and the last.
fn schedule_in_words(terms: &Terms) -> String {
    let delays: Vec<_> = terms.provider.delivery.retry.delays().map(length).collect();
    let told = match delays.split_last() {
        Some((last, others)) if others.len() > TOLD => {
            format!("{}, … {last}", others[..TOLD].join(", "))
        }
        _ => delays.join(", "),
    };
    let jitter = match terms.pace.jitter_percent {
        0 => String::new(),
        percent => format!(" ± {percent} %"),
    };
    format!("{told}{jitter} after each failure{}", at_speed(terms))
}

/// That the waits are shorter than the platform's.
fn at_speed(terms: &Terms) -> String {
    if (terms.pace.speed - 1.0).abs() < f64::EPSILON {
        String::new()
    } else {
        format!(", at {}x", terms.pace.speed)
    }
}

/// Who closes the connection within this time has closed its own side of it behind the request, as
/// some clients do, and would go on to wait: on the wire that looks as if it had left.
const HALF_CLOSED: Duration = Duration::from_millis(100);

/// The client leaves when the platform's time for an answer is up.
pub(super) fn timeout(record: &Record, now: Duration) -> Judged {
    let terms = &record.terms;
    let timeout = terms.timeout();
    let expected = format!("it leaves after {}", length(timeout));
    let mut evidence = Evidence::new(expected, terms.provider.assumes("delivery.timeout"));
    let span = around(timeout);
    let mut is_half_closed = false;
    for delivery in &record.deliveries {
        for (number, attempt) in delivery.numbered() {
            let place = place(delivery, number);
            let is_last = number == delivery.made();
            match attempt.left {
                _ if attempt.step != Step::Hang => {}
                Some(after) if after < HALF_CLOSED => is_half_closed = true,
                Some(after) if span.earliest <= after && after <= span.latest => {
                    evidence.holds_by(format!("it left after {}", length(after)));
                }
                Some(after) => evidence.fails(&place, &format!("it left after {}", length(after))),
                None if is_last && now >= attempt.at.saturating_add(terms.hangs_from()) => {
                    let waited = now.saturating_sub(attempt.at);
                    evidence.fails(&place, &format!("it still waits after {}", length(waited)));
                }
                None => {}
            }
        }
    }
    match evidence.judged(["timeout", "timeouts"]) {
        judged if judged.ruling == Ruling::NotSeen && is_half_closed => Judged::not_seen(
            "it closed its side of the connection with the request: how long it waits cannot be told",
        ),
        judged => judged,
    }
}

/// The wait that the receiver asks for.
pub(super) fn retry_after(record: &Record, _: Duration) -> Judged {
    let terms = &record.terms;
    if terms.provider.delivery.rules.retry_after.is_none() {
        return Judged::not_applicable("the platform is not known to honour it");
    }
    let Some(asked) = later(&terms.provider) else {
        return Judged::not_applicable(
            "what the platform honours is no longer than its first wait",
        );
    };
    let expected = format!("{} where that is asked for", length(asked));
    let assumed = terms.provider.assumes("delivery.retry_after");
    let mut evidence = Evidence::new(expected, assumed);
    for delivery in &record.deliveries {
        for gap in delivery.gaps(terms.timeout()) {
            let Some((after, waited)) = asked_for(&gap) else {
                continue;
            };
            let told = in_words(terms, waited, after);
            if waited >= terms.pace.span(after).earliest {
                evidence.holds_by(told);
            } else {
                evidence.fails(&place(delivery, gap.failures + 1), &told);
            }
        }
    }
    evidence.judged(WAITS)
}

/// What was asked for before an attempt, and what was waited.
fn asked_for(gap: &Gap<'_>) -> Option<(Duration, Duration)> {
    match gap.before.step {
        Step::Later(_, after) => Some((after, gap.waited?.1)),
        _ => None,
    }
}
