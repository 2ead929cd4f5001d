//! Ways for a receiver to be wrong in one thing: in what comes again, and in time.

use std::time::Duration;

use super::faults::Row;
use super::model::Answer::{Again, Late, Status};

/// Longer than the platform waits.
const TOO_LATE: Duration = Duration::from_millis(10_500);

/// Until a slow request beside it is done.
const HELD_UP: Duration = Duration::from_millis(1_600);

/// What a receiver does wrong, and the rule, of a platform that has ids and repeats.
pub(super) const OF_REPEATS_AND_TIME: &[Row] = &[
    ("idempotent-twice", "refuses a repeat", |seen| {
        let is_second = seen.receiver.provider.attempt_of(seen.message) == Some(2);
        let is_last = seen.past.taken.last() == seen.key.as_ref();
        (is_second && is_last).then_some(Status(409))
    }),
    ("idempotent-twice", "does a repeat again", |seen| {
        let is_second = seen.receiver.provider.attempt_of(seen.message) == Some(2);
        let is_last = seen.past.taken.last() == seen.key.as_ref();
        (is_second && is_last).then_some(Again)
    }),
    ("idempotent-at-once", "looks before it writes", |seen| {
        let is_under_way = seen.past.under_way.contains(&seen.key);
        (seen.is_repeat() && is_under_way).then_some(Again)
    }),
    ("idempotent-at-once", "is locked by itself", |seen| {
        let is_under_way = seen.past.under_way.contains(&seen.key);
        (seen.is_repeat() && is_under_way).then_some(Status(503))
    }),
    (
        "idempotent-after-refusal",
        "keeps ids before verifying",
        |seen| {
            let was_refused = |key| seen.past.refused.contains(key);
            let is_used_up = seen.key.as_ref().is_some_and(was_refused);
            (seen.right == 200 && is_used_up).then_some(Status(409))
        },
    ),
    ("idempotent-later", "keeps the last id only", |seen| {
        let is_last = seen.past.taken.last() == seen.key.as_ref();
        (seen.is_repeat() && !is_last && seen.past.under_way.is_empty()).then_some(Again)
    }),
    ("in-time-answer", "tidies up after a repeat", |seen| {
        let is_ordinary = seen.right == 200 && !seen.is_repeat();
        (seen.past.is_after_repeat && is_ordinary).then_some(Late(TOO_LATE))
    }),
    ("in-time-p95", "tires of many in a row", |seen| {
        (40..44)
            .contains(&seen.past.in_a_row)
            .then_some(Late(TOO_LATE))
    }),
    ("in-time-burst", "has 30 workers", |seen| {
        (seen.past.under_way.len() >= 30).then_some(Status(503))
    }),
    (
        "in-time-slow-client",
        "serves one after the other",
        |seen| (seen.past.coming > 0).then_some(Late(HELD_UP)),
    ),
    ("in-time-half-request", "keeps what broke off", |seen| {
        seen.past.is_after_half.then_some(Status(500))
    }),
];
