//! Kills: at any time, and at the places where a crash would hurt most.

use std::path::Path;

use rustix::process::Signal;
use tempfile::TempDir;

use super::load::{Load, Sent, mixed};
use super::store::Book;
use super::{CONNECTIONS, any, cycles, has_strace, listen};
use crate::support::{Wh, crash_points, needs};

/// What shells say of a process that was killed, and of one that aborted.
const KILLED: i32 = 128 + 9;
const ABORTED: i32 = 128 + 6;

#[test]
fn a_kill_at_any_time_loses_nothing() {
    if !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    for _ in 0..cycles(60, 1_000) {
        let listener = listen(&store).start_for_people();
        let load = Load::start(listener.addr(), CONNECTIONS, mixed);
        load.wait_accepted(any(1..300));
        listener.signal(Signal::KILL);
        let sent = load.end();
        assert_eq!(listener.wait().code, KILLED);
        assert_eq!(book.lost(sent), 0);
    }
    book.check_all();
    assert!(book.accepted() > cycles(60, 100_000), "{}", book.accepted());
}

#[test]
fn who_shares_a_store_with_one_that_is_killed_goes_on() {
    if !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    let stays = listen(&store).start_for_people();
    let load = Load::start(stays.addr(), CONNECTIONS, mixed);
    let mut theirs = Vec::new();
    for cycle in 1..=cycles(10, 100) {
        let dies = listen(&store).start_for_people();
        let their_load = Load::start(dies.addr(), CONNECTIONS, mixed);
        their_load.wait_accepted(any(1..100));
        dies.signal(Signal::KILL);
        theirs.extend(their_load.end());
        assert_eq!(dies.wait().code, KILLED);
        load.wait_accepted(cycle * 100);
    }
    let mut sent = load.end();
    assert!(sent.iter().all(Sent::is_accepted));
    assert_eq!(stays.stop().code, 0);
    sent.extend(theirs);
    book.check(sent);
}

/// Loads a listener until it dies by itself, several times on one store; it must die so.
fn dies(listener: impl Fn(&Path, usize) -> Wh, code: i32) {
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    // The store is there, and holds something.
    let first = listen(&store).start_for_people();
    let load = Load::start(first.addr(), CONNECTIONS, mixed);
    load.wait_accepted(100);
    let sent = load.end();
    assert_eq!(first.stop().code, 0);
    book.check(sent);
    for _ in 0..cycles(3, 50) {
        let listener = listener(&store, any(1..60)).start_for_people();
        let load = Load::start(listener.addr(), CONNECTIONS, mixed);
        load.wait_accepted(usize::MAX);
        assert_eq!(listener.wait().code, code);
        book.check(load.end());
    }
    book.check_all();
}

#[test]
fn a_crash_at_any_point_of_a_delivery_loses_nothing() {
    let (Some(program), true) = (crash_points(), needs("sqlite3")) else {
        return;
    };
    for point in [
        "after_body",
        "before_begin",
        "after_commit",
        "before_answer",
    ] {
        let listener = |store: &Path, passes| {
            let points = format!("{point}={passes}*off->panic");
            listen(store).program(&program).env("FAILPOINTS", points)
        };
        dies(listener, ABORTED);
    }
}

#[test]
fn a_kill_in_the_middle_of_a_checkpoint_loses_nothing() {
    if !has_strace() || !needs("sqlite3") {
        return;
    }
    // Only a checkpoint writes to the file itself.
    let listener = |store: &Path, writes: usize| {
        let inject = format!("inject=pwrite64:signal=SIGKILL:when={writes}");
        let only = [
            "-P",
            store.to_str().unwrap(),
            "-e",
            "trace=pwrite64",
            "-e",
            &inject,
        ];
        listen(store).under(
            "strace",
            &[&["-D", "-f", "-o", "/dev/null"], &only[..]].concat(),
        )
    };
    dies(listener, KILLED);
}
