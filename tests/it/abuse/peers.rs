//! Peers that are slow, silent, many, or never listen.

use std::io::{ErrorKind, Read as _, Write as _};
use std::iter;

use rustix::process::Signal;
use serde_json::Value;

use super::{GOOD, connect, open, rest, status};
use crate::support::{Listener, raw, sh};

#[test]
fn half_requests_keep_nobody_waiting() {
    let mut listener = Listener::start([""; 0]);
    let heads = (0..50).map(|_| open(&listener, "POST / HTTP/1.1\r\nContent-Le"));
    let bodies = (0..50).map(|_| open(&listener, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"));
    let silent = (0..50).map(|_| connect(listener.addr()));
    let mut slow: Vec<_> = heads.chain(bodies).chain(silent).collect();
    for stream in &mut slow[..100] {
        // A byte from one of them, and a request from somebody else.
        stream.write_all(b"n").unwrap();
        assert_eq!(status(raw(listener.addr(), GOOD)), 200);
        assert_eq!(listener.next()["target"], "/good");
    }
}

#[test]
fn idle_connections_do_not_hold_the_end_up() {
    let listener = Listener::start([""; 0]);
    let fresh: Vec<_> = (0..50).map(|_| connect(listener.addr())).collect();
    let used: Vec<_> = (0..50).map(|_| open(&listener, GOOD)).collect();
    for mut stream in &used {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(status(answer), 200);
    }
    listener.signal(Signal::TERM);
    for stream in fresh.into_iter().chain(used) {
        rest(&stream);
    }
    let output = listener.wait();
    let summary = output
        .stdout
        .split(|byte| *byte == b'\n')
        .rev()
        .nth(1)
        .unwrap();
    let summary: Value = serde_json::from_slice(summary).unwrap();
    assert_eq!(
        (output.code, &summary["received"], &summary["dropped"]),
        (0, &50.into(), &0.into())
    );
}

#[test]
fn more_clients_than_files_are_turned_away_and_service_returns() {
    let mut listener = sh("ulimit -n 64; exec \"$WH\" listen --port 0 --json").start();
    let crowd: Vec<_> = (0..500).map(|_| connect(listener.addr())).collect();
    let trouble = listener.next();
    assert_eq!(trouble["type"], "trouble");
    let message = trouble["message"].as_str().unwrap();
    assert!(
        message.ends_with("connections turned away with 503: too many at once"),
        "{message}"
    );
    let turned_away = crowd
        .iter()
        .skip(32)
        .filter(|stream| status(rest(stream)) == 503);
    assert_eq!(turned_away.count(), 468);
    drop(crowd);
    // It takes note of those that left one by one.
    let mut answers = (0..10_000).map(|_| raw(listener.addr(), GOOD));
    assert!(answers.any(|answer| answer.starts_with(b"HTTP/1.1 200")));
    let good = iter::repeat_with(|| listener.next()).find(|line| line["type"] != "trouble");
    assert_eq!(good.unwrap()["target"], "/good");
    let output = listener.stop();
    let last = output.stdout.trim_ascii_end().rsplit(|byte| *byte == b'\n');
    let summary: Value = serde_json::from_slice(last.take(1).next().unwrap()).unwrap();
    assert!(summary["turned_away"].as_u64() >= Some(468), "{summary}");
    assert_eq!(output.code, 0);
}

#[test]
fn a_client_that_never_reads_its_answers_stops_nobody_else() {
    let mut listener = Listener::start(["-e", "nothing"]);
    let mut deaf = connect(listener.addr());
    deaf.set_nonblocking(true).unwrap();
    let request = b"GET /deaf HTTP/1.1\r\n\r\n";
    // The listener stops reading when its answers are not taken; then this side cannot write either.
    let (mut sent, mut blocked) = (0, 0);
    while blocked < 100 {
        let from = sent % request.len();
        match deaf.write(&request.repeat(1000)[from..]) {
            Ok(length) => {
                (sent, blocked) = (sent + length, 0);
                assert!(sent < 256 * 1024 * 1024, "the listener reads without end");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                assert_eq!(status(raw(listener.addr(), GOOD)), 200);
                blocked += 1;
            }
        }
    }
    drop(deaf);
    listener.signal(Signal::TERM);
    assert_eq!(listener.next()["type"], "summary");
    assert_eq!(listener.wait().code, 0);
}

#[test]
fn clients_that_leave_at_once_leave_nothing_behind() {
    let mut listener = Listener::start([""; 0]);
    for _ in 0..200 {
        drop(connect(listener.addr()));
    }
    assert_eq!(status(raw(listener.addr(), GOOD)), 200);
    assert_eq!(listener.next()["number"], 1);
    let output = listener.stop();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
}
