//! A disk that fails at the n-th call: nothing is accepted that is not kept, and service goes on.

use std::ops::RangeInclusive;
use std::path::Path;

use rustix::process::Signal;
use tempfile::TempDir;

use super::load::{self, Load, mixed};
use super::store::{Book, assert_sound, query};
use super::{has_strace, listen};
use crate::support::{Wh, is_long, needs};

/// A listener one of whose system calls fails.
fn failing(store: &Path, fault: &str) -> Wh {
    let inject = format!("inject={fault}");
    listen(store).under("strace", &["-D", "-f", "-o", "/dev/null", "-e", &inject])
}

/// The faults of a range, not all of them on each change.
fn faults(numbers: RangeInclusive<usize>, step: usize) -> impl Iterator<Item = usize> {
    numbers.step_by(if is_long() { 1 } else { step })
}

/// Loads a listener whose n-th call of the thread that writes fails; all that it accepts is kept, and
/// it goes on.
fn loses_nothing(fault: &str, numbers: impl Iterator<Item = usize>, refusal: u16) {
    if !has_strace() || !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    let mut refused = 0;
    // A store that is there is opened without a write.
    listen(&store).start_for_people().stop();
    for number in numbers {
        let listener = failing(&store, &format!("{fault}:when={number}")).start_for_people();
        let load = Load::start(listener.addr(), 4, mixed);
        load.wait_accepted(300);
        let mut sent = load.end();
        sent.push(load::send(listener.addr(), mixed));
        assert_eq!(sent.last().unwrap().status(), 200, "{number}");
        listener.signal(Signal::KILL);
        listener.wait();
        let wrong = sent.iter().filter(|sent| !sent.is_accepted());
        refused += wrong
            .inspect(|sent| assert_eq!(sent.status(), refusal))
            .count();
        book.check(sent);
    }
    book.check_all();
    assert!(refused > 0, "no fault was met");
}

#[test]
fn a_sync_that_fails_accepts_nothing() {
    loses_nothing("fsync,fdatasync:error=EIO", faults(1..=50, 5), 503);
}

#[test]
fn a_write_without_room_accepts_nothing() {
    // The first of each thread would keep the listener from its start.
    loses_nothing("pwrite64:error=ENOSPC", faults(9..=200, 19), 507);
}

#[test]
fn a_disk_that_never_syncs_accepts_nothing() {
    if !has_strace() || !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    listen(&store).start_for_people().stop();
    let listener = failing(&store, "fsync,fdatasync:error=EIO:when=1+").start_for_people();
    let load = Load::start(listener.addr(), 4, mixed);
    load.wait_refused(50);
    let sent = load.end();
    assert!(sent.iter().all(|sent| sent.status() == 503));
    listener.stop();
}

#[test]
fn a_store_that_could_not_be_made_is_made_the_next_time() {
    if !has_strace() || !needs("sqlite3") {
        return;
    }
    // The others are of the folder, which SQLite tries and leaves at that.
    for number in [1, 3, 4, 5, 7] {
        let home = TempDir::new().unwrap();
        let store = home.path().join("wh.db");
        let fault = format!("fsync,fdatasync:error=EIO:when={number}");
        failing(&store, &fault)
            .stderr_has("error: the store `")
            .exit(7)
            .run();
        let listener = listen(&store).start_for_people();
        let sent = load::send(listener.addr(), mixed);
        assert_eq!(sent.status(), 200);
        listener.stop();
        Book::of(&store).check(vec![sent]);
        assert_eq!(query(&store, "PRAGMA journal_mode"), "wal\n");
    }
}

#[test]
fn a_start_without_room_is_told() {
    if !has_strace() || !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    listen(&store).start_for_people().stop();
    let told = format!(
        "error: the store `{}` cannot be written: the disk is full\n",
        store.display()
    );
    for number in 1..=8 {
        let listener = failing(&store, &format!("pwrite64:error=ENOSPC:when={number}"));
        listener.stderr_has(&*told).exit(7).run();
    }
    assert_sound(&store);
}
