//! Peers that send a byte now and then, or none, while others send requests: no request fails.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{GOOD, connect, status};
use crate::support::{Listener, is_long, raw};

/// Senders of good requests; with the slow peers they stay below the connections that may be open.
const SENDERS: usize = 4;

/// Slow peers that send their next byte while a sender sends two requests.
const BYTES: usize = 8;

/// What a slow peer has sent when it begins to be slow; the rest comes byte by byte.
const BEGUN: [&str; 4] = [
    "",
    "POST /slow HTTP/1.1\r\nX-Slow: ",
    "POST /slow HTTP/1.1\r\nContent-Length: 99999\r\n\r\n",
    "POST /slow HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n",
];

/// A peer that has begun what it will not end.
fn begin(addr: &str, kind: usize) -> TcpStream {
    let mut stream = connect(addr);
    // Where the listener has ended the one before, this one may come too early.
    let _ = stream.write_all(BEGUN[kind % BEGUN.len()].as_bytes());
    stream
}

/// Sends good requests, some on a connection of their own and some on one that stays open; says so of
/// each pair.
fn send(addr: &str, count: usize, sent: &mpsc::Sender<()>) {
    let mut kept = connect(addr);
    for _ in 0..count {
        assert_eq!(status(raw(addr, GOOD)), 200);
        kept.write_all(GOOD.as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\nok\n") {
            let mut byte = [0];
            kept.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
        }
        assert_eq!(status(answer), 200);
        sent.send(()).unwrap();
    }
}

#[test]
fn no_request_fails_beside_peers_that_are_slow() {
    let (peers, requests) = if is_long() { (1000, 1000) } else { (100, 25) };
    // The peers are open files of this process.
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    let listener = Listener::start(["-e", "nothing"]);
    let addr = listener.addr();
    let mut slow: Vec<_> = (0..peers).map(|kind| begin(addr, kind)).collect();
    let (tell, sent) = mpsc::channel();
    thread::scope(|scope| {
        for tell in vec![tell; SENDERS] {
            scope.spawn(move || send(addr, requests, &tell));
        }
        for (turn, ()) in sent.iter().enumerate() {
            // The silent ones stay silent; who was cut off for being slow comes back.
            for kind in (turn * BYTES..).take(BYTES) {
                let stream = &mut slow[kind % peers];
                let is_silent = BEGUN[kind % BEGUN.len()].is_empty();
                if !is_silent && stream.write_all(b"x").is_err() {
                    *stream = begin(addr, kind);
                }
            }
        }
    });
    drop(slow);
    let output = listener.stop();
    let last = output.stdout.trim_ascii_end().rsplit(|byte| *byte == b'\n');
    let summary: serde_json::Value = serde_json::from_slice(last.take(1).next().unwrap()).unwrap();
    assert!(summary["hidden"].as_u64() >= Some((2 * SENDERS * requests) as u64));
    assert_eq!((output.code, &summary["turned_away"]), (0, &0.into()));
}
