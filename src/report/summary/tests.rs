use std::time::Duration;

use crate::delivery::{Ended, FailureKind, Tally, Times};
use crate::report::{Detail, Prospect};

use super::lines;

fn ended(tally: Tally) -> Ended {
    Ended {
        tally,
        unfinished: 0,
        interrupted: false,
    }
}

fn told(ended: &Ended, prospect: Prospect) -> Vec<String> {
    lines(ended, &prospect, Some(Duration::from_secs(4)), None)
}

/// Times of so many milliseconds.
fn times(millis: &[f64]) -> Times {
    let mut times = Times::new();
    for millis in millis {
        times.record(Duration::from_secs_f64(millis / 1000.0));
    }
    times
}

#[test]
fn one_attempt_speaks_for_itself() {
    let tally = Tally {
        attempts: 1,
        delivered: 1,
        latency: times(&[3.0]),
        ..Tally::new()
    };
    assert!(told(&ended(tally.clone()), Prospect::of(1)).is_empty());
    assert!(told(&ended(tally.clone()), Prospect::default()).is_empty());
    let unfinished = Ended {
        unfinished: 1,
        ..ended(Tally {
            delivered: 0,
            ..tally
        })
    };
    assert_eq!(
        told(&unfinished, Prospect::of(1))[0],
        "1 delivery: 1 unfinished"
    );
}

#[test]
fn deliveries_then_attempts_then_answers_then_times() {
    let tally = Tally {
        attempts: 9,
        retried: 6,
        delivered: 2,
        failed: 1,
        answered: 7,
        statuses: [(500, 5), (200, 2)].into(),
        failures: [(FailureKind::Refused, 2)].into(),
        latency: times(&[0.42, 1.0, 12.0]),
        ..Tally::new()
    };
    let expected = [
        "3 deliveries: 2 delivered, 1 failed",
        "9 attempts, 6 retried",
        "answers: 200 ×2, 500 ×5, refused ×2",
        "response times: p50 1ms, p95 12ms, p99 12ms, max 12ms",
    ];
    assert_eq!(told(&ended(tally), Prospect::of(3)), expected);
}

#[test]
fn what_did_not_come_to_its_end_is_told() {
    let tally = Tally {
        attempts: 4,
        delivered: 1,
        stopped: 1,
        held: 2,
        elsewhere: 1,
        unknown: 1,
        ..Tally::new()
    };
    let ended = Ended {
        unfinished: 1200,
        interrupted: true,
        ..ended(tally)
    };
    let expected = [
        "interrupted: 1,202 of 5,000 deliveries: 1 delivered, 1 stopped by the receiver, \
         1,198 unfinished, 2 held back from a disabled endpoint, 1 left to another wh",
        "4 attempts, 1 more with an unknown outcome",
    ];
    assert_eq!(told(&ended, Prospect::of(5000)), expected);
}

#[test]
fn a_load_has_its_rate_and_both_kinds_of_times() {
    let tally = Tally {
        attempts: 2000,
        delivered: 2000,
        latency: times(&[1.0]),
        from_intended: Some(times(&[250.0])),
        ..Tally::new()
    };
    let prospect = Prospect {
        detail: Detail::Summary,
        ..Prospect::of(2000)
    };
    let expected = [
        "2,000 deliveries: 2,000 delivered",
        "2,000 attempts in 4s, 500 a second",
        "response times: p50 1ms, p95 1ms, p99 1ms, max 1ms",
        "from the time it was due: p50 250ms, p95 250ms, p99 250ms, max 250ms",
    ];
    assert_eq!(told(&ended(tally), prospect), expected);
}

#[test]
fn many_times_have_a_histogram() {
    let millis: Vec<f64> = (0..40)
        .map(|nth| if nth < 30 { 0.3 } else { 4.0 })
        .collect();
    let expected = [
        "  ≤  0.5ms  ████████████████████████████████████████ 30",
        "  ≤    1ms  0",
        "  ≤    2ms  0",
        "  ≤    5ms  ██████████████ 10",
    ];
    assert_eq!(super::histogram(&times(&millis), None), expected);
    let narrow = super::histogram(&times(&millis), Some(40));
    assert_eq!(narrow[0], "  ≤  0.5ms  ██████████████████ 30");
    assert!(narrow.iter().all(|row| row.chars().count() <= 40));
    // Fewer say nothing, and nothing is asked of a screen that has no room.
    assert!(super::histogram(&times(&millis[..19]), None).is_empty());
    assert_eq!(
        super::histogram(&times(&millis), Some(3))[0],
        "  ≤  0.5ms  30"
    );
}

#[test]
fn times_that_lie_far_apart_have_few_rows_and_lose_none() {
    let millis: Vec<f64> = (0..20).map(|nth| 0.1 * 2_f64.powi(nth)).collect();
    let rows = super::histogram(&times(&millis), None);
    let ends: Vec<_> = rows
        .iter()
        .filter_map(|row| row.split("  ").nth(1))
        .collect();
    assert_eq!(ends.len(), 7, "{rows:#?}");
    let counted = |row: &String| row.rsplit(' ').next()?.parse::<u64>().ok();
    assert_eq!(
        rows.iter().filter_map(counted).sum::<u64>(),
        20,
        "{rows:#?}"
    );
}
