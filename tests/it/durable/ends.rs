//! Stops under load, and a want of files.

use std::net::TcpStream;

use rustix::process::Signal;
use tempfile::TempDir;

use super::load::{Load, Sent, mixed};
use super::store::{Book, query};
use super::{CONNECTIONS, any, cycles, listen};
use crate::support::{crash_points, needs};

#[test]
fn a_stop_under_load_answers_what_it_has_read() {
    if !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    for _ in 0..cycles(10, 100) {
        let listener = listen(&store).start_for_people();
        let load = Load::start(listener.addr(), CONNECTIONS, mixed);
        load.wait_accepted(any(1..300));
        listener.signal(Signal::TERM);
        let sent = load.end();
        assert_eq!(listener.wait().code, 0);
        let refused = sent.iter().filter(|sent| !sent.is_accepted());
        assert!(refused.clone().all(|sent| sent.answer.is_none()));
        book.check(sent);
        // What is recorded was read, so its sender has heard of it.
        let rows = query(&store, "SELECT count(*) FROM attempts");
        assert_eq!(rows.trim(), book.accepted().to_string());
    }
    book.check_all();
}

#[test]
fn a_second_signal_under_load_ends_it_at_once() {
    if !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    for _ in 0..cycles(3, 30) {
        let listener = listen(&store).start_for_people();
        // Something that would take the drain's whole time.
        let _idle = half_a_request(listener.addr());
        let load = Load::start(listener.addr(), CONNECTIONS, mixed);
        load.wait_accepted(any(1..300));
        listener.signal(Signal::TERM);
        listener.signal(Signal::INT);
        let sent = load.end();
        assert_eq!(listener.wait().code, 130);
        book.check(sent);
    }
}

#[test]
fn a_second_signal_waits_for_no_disk() {
    let Some(program) = crash_points() else {
        return;
    };
    let home = TempDir::new().unwrap();
    let listener = listen(&home.path().join("wh.db")).program(program);
    let listener = listener
        .env("FAILPOINTS", "before_begin=pause")
        .start_for_people();
    let load = Load::start(listener.addr(), CONNECTIONS, mixed);
    let _idle = half_a_request(listener.addr());
    listener.signal(Signal::TERM);
    listener.signal(Signal::INT);
    assert_eq!(listener.wait().code, 130);
    assert!(load.end().iter().all(|sent| sent.answer.is_none()));
}

fn half_a_request(addr: &str) -> TcpStream {
    use std::io::{Read as _, Write as _};
    let mut stream = TcpStream::connect(addr).unwrap();
    let head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.read_exact(&mut [0; 25]).unwrap();
    stream
}

#[test]
fn a_want_of_files_loses_nothing() {
    if !needs("prlimit") || !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let store = home.path().join("wh.db");
    let mut book = Book::of(&store);
    let listener = listen(&store)
        .under("prlimit", &["--nofile=64"])
        .start_for_people();
    let crowd = Load::start_stubborn(listener.addr(), 200, mixed);
    crowd.wait_accepted(1_000);
    crowd.wait_refused(200);
    let mut sent = crowd.end();
    let load = Load::start(listener.addr(), CONNECTIONS, mixed);
    load.wait_accepted(100);
    sent.extend(load.end());
    listener.signal(Signal::KILL);
    listener.wait();
    assert!(
        sent.iter()
            .filter(|sent| !sent.is_accepted())
            .all(turned_away)
    );
    book.check(sent);
    book.check_all();
}

/// Whether it was told to come again, or found nobody.
fn turned_away(sent: &Sent) -> bool {
    sent.answer
        .as_ref()
        .is_none_or(|answer| answer.status == 503)
}
