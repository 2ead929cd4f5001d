use std::thread;
use std::time::{Duration, Instant};

use crate::store::samples::{Shelf, sample};
use crate::store::{Filter, Listed, Writer};

use super::{MOST, Tail};

fn rows(lines: &[Listed]) -> Vec<i64> {
    lines.iter().map(|line| line.place.row).collect()
}

const NONE: [i64; 0] = [];

/// What the tail gives without waiting.
fn now(tail: &mut Tail) -> Vec<i64> {
    let lines = tail.next(&Filter::default(), Some(Instant::now()));
    rows(&lines.expect("it is read"))
}

#[test]
fn each_line_is_given_once() {
    let shelf = Shelf::new();
    shelf.record(sample());
    let mut tail = Tail::after(&shelf.path(), None).expect("it opens");
    assert_eq!(now(&mut tail), NONE);
    shelf.record(sample());
    shelf.record(sample());
    assert_eq!(now(&mut tail), [2, 3]);
    assert_eq!(now(&mut tail), NONE);
    shelf.record(sample());
    assert_eq!(now(&mut tail), [4]);
    assert_eq!(tail.row(), 4);
}

#[test]
fn it_begins_behind_a_row_or_the_last_lines() {
    let shelf = Shelf::new();
    (0..4).for_each(|_| {
        shelf.record(sample());
    });
    for (row, expected) in [(0, &[1, 2, 3, 4][..]), (3, &[4]), (4, &[]), (99, &[])] {
        let mut tail = Tail::after(&shelf.path(), Some(row)).expect("it opens");
        assert_eq!(now(&mut tail), expected, "{row}");
    }
    let (mut tail, lines) = Tail::behind(&shelf.path(), &Filter::default(), 3).expect("it opens");
    assert_eq!(rows(&lines), [2, 3, 4]);
    assert_eq!(now(&mut tail), NONE);
    shelf.record(sample());
    assert_eq!(now(&mut tail), [5]);
}

#[test]
fn many_lines_come_in_parts() {
    let shelf = Shelf::new();
    // And one more behind them.
    shelf.record_all((0..MOST).map(|_| sample()));
    let mut tail = Tail::after(&shelf.path(), Some(0)).expect("it opens");
    let last = i64::try_from(MOST).expect("it is small");
    assert_eq!(now(&mut tail), (1..=last).collect::<Vec<_>>());
    assert_eq!(now(&mut tail), [last + 1]);
    assert_eq!(now(&mut tail), NONE);
}

#[test]
fn it_waits_for_a_store_and_for_a_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("deep").join("store.db");
    let mut tail = Tail::after(&path, None).expect("it opens");
    assert!(!tail.has_store());
    let other = thread::spawn(move || {
        let writer = Writer::open(&path).expect("a store");
        writer.record(Box::new(sample())).expect("it is recorded");
    });
    let lines = tail.next(&Filter::default(), None).expect("it is read");
    assert_eq!(rows(&lines), [1]);
    assert!(tail.has_store());
    other.join().expect("it ends");
}

#[test]
fn the_time_is_up() {
    let shelf = Shelf::new();
    let mut tail = Tail::after(&shelf.path(), None).expect("it opens");
    let until = Instant::now() + Duration::from_millis(120);
    let lines = tail
        .next(&Filter::default(), Some(until))
        .expect("it is read");
    assert_eq!(rows(&lines), NONE);
    assert!(Instant::now() >= until);
}

#[test]
fn what_was_looked_at_is_told() {
    let shelf = Shelf::new();
    shelf.record(sample());
    let mut tail = Tail::after(&shelf.path(), None).expect("it opens");
    (0..3).for_each(|_| {
        shelf.record(sample());
    });
    assert_eq!(now(&mut tail), [2, 3, 4]);
    shelf.record(sample());
    for (most, expected) in [(2, &[3, 4][..]), (9, &[2, 3, 4])] {
        let (count, lines) = tail.seen(most).expect("it is read");
        assert_eq!((count, rows(&lines)), (3, expected.to_vec()));
    }
}
