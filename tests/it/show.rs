//! `wh show`: which delivery is meant, what is told of it, its bytes, and what differs.

mod bytes;
mod compared;
mod named;
mod told;

use tempfile::TempDir;

use crate::support::{Wh, raw, wh};

/// A home in whose store these requests were received, in this order.
#[track_caller]
fn received(requests: &[&[u8]]) -> TempDir {
    received_with(&[], requests)
}

/// As [`received`], by a listener with more arguments.
#[track_caller]
fn received_with(words: &[&str], requests: &[&[u8]]) -> TempDir {
    let home = TempDir::new().unwrap();
    let listen = [&["listen", "--port=0", "--json"], words].concat();
    let listener = wh(listen).home(home.path()).start();
    for request in requests {
        let answer = String::from_utf8(raw(listener.addr(), request)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    assert_eq!(listener.stop().code, 0);
    home
}

/// The bytes of a POST to `/hooks` with these header lines.
fn post(headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = format!("Content-Length: {}\r\n", body.len());
    let first = ["POST /hooks?a=1 HTTP/1.1", "Host: h"];
    let lines = [&first, headers, &[&length, ""]].concat();
    [lines.join("\r\n").as_bytes(), body].concat()
}

/// A call of `wh show` in this home.
fn show(home: &TempDir, words: &[&str]) -> Wh {
    wh([&["show"], words].concat()).home(home.path())
}
