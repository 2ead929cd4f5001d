//! The longest bodies, many at once, again and again: refused or taken, within the memory.

use std::io::{self, Read as _, Write as _};
use std::thread;

use super::{Unread, connect, most_memory, status};
use crate::support::is_long;

/// The longest body that is taken.
const LONGEST: usize = 25 * 1024 * 1024;

/// What `wh listen` may take whatever comes.
const MOST_MEMORY_KIB: u64 = 256 * 1024;

/// The longest body, its length stated.
fn whole() -> Vec<u8> {
    let head = format!("POST / HTTP/1.1\r\nContent-Length: {LONGEST}\r\n\r\n");
    [head.as_bytes(), &vec![b'x'; LONGEST]].concat()
}

/// The longest body in chunks of 1 MiB.
fn chunked() -> Vec<u8> {
    let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = [b"100000\r\n", &*vec![b'x'; 0x10_0000], b"\r\n"].concat();
    [head.as_bytes(), &chunk.repeat(25), b"0\r\n\r\n"].concat()
}

/// The status of the answer; one that is refused hears it before it has sent all.
fn send(addr: &str, request: &[u8]) -> u16 {
    let mut stream = connect(addr);
    let _ = stream.write_all(request);
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    status(answer)
}

#[test]
fn many_of_the_longest_bodies_at_once_stay_within_the_memory() {
    let mut listener = Unread::start();
    let mut output = listener.output.take().unwrap();
    thread::spawn(move || io::copy(&mut output, &mut io::sink()));
    // Four fit at any time; where several find no room at once, fewer are left.
    let (at_once, least) = if is_long() { (64, 1) } else { (8, 2) };
    for request in [whole(), chunked(), whole()] {
        let answers: Vec<u16> = thread::scope(|scope| {
            let senders: Vec<_> = (0..at_once)
                .map(|_| scope.spawn(|| send(&listener.addr, &request)))
                .collect();
            let answers = senders.into_iter().map(|sender| sender.join().unwrap());
            answers.collect()
        });
        let count = |wanted: u16| answers.iter().filter(|status| **status == wanted).count();
        assert!(
            count(200) >= least && count(200) + count(503) == at_once,
            "{answers:?}"
        );
    }
    if let Some(memory) = most_memory(listener.child.id()) {
        assert!(memory < MOST_MEMORY_KIB, "{memory} KiB");
    }
}
