use std::time::Duration;

use crate::store::samples::{Shelf, sample};
use crate::store::{Filter, Judgement, Listed, Outcome, Side, StoreError, Tally, VerdictKind};

fn rows(lines: &[Listed]) -> Vec<i64> {
    lines.iter().map(|line| line.place.row).collect()
}

/// The rows of a listing, and where the next one begins.
fn list(shelf: &Shelf, side: Side, limit: usize) -> (Vec<i64>, Option<Side>) {
    let (reader, filter) = (shelf.reader(), Filter::default());
    let mut listing = reader.list(&filter, side, limit);
    let parts: Result<Vec<_>, StoreError> = listing.by_ref().collect();
    let lines = parts.expect("it is read").concat();
    (rows(&lines), listing.finish().1)
}

#[test]
fn pages_meet_and_end() {
    let shelf = Shelf::new();
    (0..5).for_each(|_| {
        shelf.record(sample());
    });
    for (side, limit, expected, next) in [
        (Side::NEWEST, 2, &[5, 4][..], Some(Side::Before(4))),
        (Side::Before(4), 2, &[3, 2], Some(Side::Before(2))),
        (Side::Before(2), 2, &[1], None),
        (Side::Before(3), 2, &[2, 1], None),
        (Side::Before(1), 2, &[], None),
        (Side::After(0), 2, &[1, 2], Some(Side::After(2))),
        (Side::After(3), 2, &[4, 5], None),
        (Side::After(5), 2, &[], None),
        (Side::After(i64::MAX), 2, &[], None),
        (Side::Before(i64::MIN), 2, &[], None),
        (Side::NEWEST, usize::MAX, &[5, 4, 3, 2, 1], None),
    ] {
        let listed = list(&shelf, side, limit);
        assert_eq!(listed, (expected.to_vec(), next), "{side:?} {limit}");
    }
}

#[test]
fn a_long_listing_comes_in_parts() {
    let shelf = Shelf::new();
    let count = super::MOST + 1;
    // And one more behind them.
    shelf.record_all((1..count).map(|_| sample()));
    let last = i64::try_from(count).expect("it is small");
    let (rows, next) = list(&shelf, Side::NEWEST, count);
    assert_eq!(rows, (1..=last).rev().collect::<Vec<_>>());
    assert_eq!(next, None);
    let (rows, next) = list(&shelf, Side::After(0), super::MOST);
    assert_eq!(rows, (1..last).collect::<Vec<_>>());
    assert_eq!(next, Some(Side::After(last - 1)));
}

#[test]
fn what_was_listed_is_counted() {
    let shelf = Shelf::new();
    let verdict = |kind| Some(Judgement { kind, reason: None });
    for (ms, status, outcome, kind) in [
        (10, Some(200), Outcome::Success, VerdictKind::Valid),
        (20, Some(200), Outcome::Success, VerdictKind::Unchecked),
        (30, Some(500), Outcome::Retrying, VerdictKind::Valid),
        (40, Some(401), Outcome::Failed, VerdictKind::Stale),
        (9_000, None, Outcome::Failed, VerdictKind::Invalid),
    ] {
        let mut entry = sample();
        entry.attempt.took = Duration::from_millis(ms);
        (entry.attempt.status, entry.attempt.outcome) = (status, outcome);
        entry.attempt.verdict = verdict(kind);
        entry.attempt.webhook_id = Some("the same".to_owned());
        shelf.record(entry);
    }
    let (reader, filter) = (shelf.reader(), Filter::default());
    let mut listing = reader.list(&filter, Side::NEWEST, 50);
    listing.by_ref().for_each(|part| {
        part.expect("it is read");
    });
    let expected = Tally {
        attempts: 5,
        succeeded: 2,
        failed: 2,
        retrying: 1,
        duplicates: 2,
        unverified: 2,
        p50: Some(Duration::from_millis(20)),
        p95: Some(Duration::from_millis(40)),
    };
    assert_eq!(listing.finish().0, expected);
}
