//! Whoever reads the output stands still: the senders wait, memory stays as it is, and nothing is lost.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{Unread, most_memory, status};
use crate::support::raw;

/// The bytes of one body.
const BODY: usize = 1024 * 1024;

/// How many such bodies may wait to be written.
const WAITING: usize = 64;

/// How many are sent, and by how many senders at once.
const SENT: usize = 160;
const SENDERS: usize = 8;

/// Sends a body of its own to each of the paths; returns the status of the answer.
fn post(addr: &str, number: usize) -> u16 {
    let head = format!("POST /{number} HTTP/1.1\r\nContent-Length: {BODY}\r\n\r\n");
    status(raw(addr, head + &"x".repeat(BODY)))
}

#[test]
fn senders_wait_for_a_reader_that_stands_still_and_nothing_is_lost() {
    let mut listener = Unread::start();
    let (answered, answers) = mpsc::channel();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (answered, addr) = (answered.clone(), listener.addr.clone());
            let mut numbers = (sender..SENT).step_by(SENDERS);
            thread::spawn(move || numbers.try_for_each(|number| answered.send(post(&addr, number))))
        })
        .collect();
    let next = || answers.recv_timeout(Duration::from_secs(30)).unwrap();
    let first: Vec<u16> = (0..WAITING).map(|_| next()).collect();
    // What has no body finds room; by the time it is answered, the others would have been too.
    for _ in 0..10 {
        let answer = raw(
            &listener.addr,
            "POST /small HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        );
        assert_eq!(status(answer), 200);
    }
    assert!(
        answers.try_recv().is_err(),
        "more was answered than may wait"
    );

    let output = BufReader::with_capacity(BODY, listener.output.take().unwrap());
    let reader = thread::spawn(move || output.lines().map(Result::unwrap).collect::<Vec<_>>());
    let later: Vec<u16> = (WAITING..SENT).map(|_| next()).collect();
    assert!(first.iter().chain(&later).all(|status| *status == 200));
    for sender in senders {
        sender.join().unwrap().unwrap();
    }
    let memory = most_memory(listener.child.id());
    listener.terminate();
    assert_eq!(listener.wait(), Some(0));

    let lines = reader.join().unwrap();
    let heads: Vec<_> = lines
        .iter()
        .map(|line| line.split("\"body_b64\"").next())
        .collect();
    for number in 0..SENT {
        let target = format!("\"target\":\"/{number}\"");
        let found = heads
            .iter()
            .filter(|head| head.is_some_and(|head| head.contains(&target)));
        assert_eq!(found.count(), 1, "{target}");
    }
    let summary: Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    assert_eq!(summary["received"], SENT + 10);
    if let Some(memory) = memory {
        assert!(memory < 200 * 1024, "{memory} KiB");
    }
}

#[test]
fn a_second_signal_ends_a_listener_whose_output_nobody_reads() {
    let mut listener = Unread::start();
    // Longer than a pipe holds.
    assert_eq!(post(&listener.addr, 0), 200);
    // The first byte of the line is there, so the rest of it is being written.
    let mut output = listener.output.take().unwrap();
    output.read_exact(&mut [0]).unwrap();
    listener.terminate();
    // The first one was heard when nobody new is let in.
    let mut tries = (0..100_000).map(|_| TcpStream::connect(&listener.addr));
    assert!(tries.any(|tried| tried.is_err()));
    listener.terminate();
    assert_eq!(listener.wait(), Some(130));
}
