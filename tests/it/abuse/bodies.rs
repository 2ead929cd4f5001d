//! Bodies: too long, lied about, compressed, many at once.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{most_memory, open, rest, status};
use crate::support::{Listener, raw};

const MIB: usize = 1024 * 1024;

/// The longest body that is taken.
const LONGEST: usize = 25 * MIB;

fn post(target: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {target} HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[track_caller]
fn assert_refused(listener: &mut Listener, target: &str, refused: &str) {
    let delivery = listener.next();
    assert_eq!(delivery["target"], target);
    assert_eq!(delivery["refused"], refused);
    assert_eq!(
        (&delivery["verdict"], &delivery["body_b64"]),
        (&Value::Null, &"".into())
    );
}

#[test]
fn a_body_too_long_is_413_and_recorded_without_its_bytes_or_a_verdict() {
    let mut listener = Listener::start(["--secret=x"]);
    let too_long = "the body is longer than 26214400 bytes";
    let by_length = format!(
        "POST /length HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
        LONGEST + 1
    );
    assert_eq!(status(rest(&open(&listener, by_length))), 413);
    assert_refused(&mut listener, "/length", too_long);

    let mut stream = open(
        &listener,
        "POST /chunks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    let chunk = [b"100000\r\n", &*vec![b'x'; MIB], b"\r\n"].concat();
    // The answer may come before all is sent.
    let _ = (0..26).try_for_each(|_| stream.write_all(&chunk));
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(status(answer), 413);
    assert_refused(&mut listener, "/chunks", too_long);
}

#[test]
fn a_body_as_long_as_allowed_is_taken() {
    let mut listener = Listener::start([""; 0]);
    let body = vec![b'x'; LONGEST];
    assert_eq!(status(raw(listener.addr(), post("/", &body))), 200);
    let delivery = listener.next();
    assert!(
        STANDARD
            .decode(delivery["body_b64"].as_str().unwrap())
            .unwrap()
            == body
    );
}

#[test]
fn a_length_that_is_a_lie_cuts_the_body_or_refuses_it() {
    let mut listener = Listener::start([""; 0]);
    let short = rest(&open(
        &listener,
        "POST /short HTTP/1.1\r\nContent-Length: 1\r\n\r\nabc\r\n\r\n",
    ));
    let answers: Vec<_> = short
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    assert_eq!(answers, ["200", "400"], "what is left over is no request");
    assert_eq!(listener.next()["body_b64"], STANDARD.encode("a"));
    assert_eq!(listener.next()["type"], "trouble");

    let long = open(
        &listener,
        "POST /long HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
    );
    long.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(status(rest(&long)), 400);
    assert_refused(&mut listener, "/long", "the body is broken or incomplete");
}

/// A gzip file that unpacks to this many times 258 bytes: one byte, and then copies of the copy
/// before (RFC 1951 §3.2.6, fixed codes).
fn bomb(copies: usize) -> Vec<u8> {
    let mut bytes = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".to_vec();
    let (mut held, mut count) = (0_u32, 0);
    let mut put = |bits: u32, length: u32| {
        held |= bits << count;
        count += length;
        while count >= 8 {
            bytes.push(held.to_le_bytes()[0]);
            held >>= 8;
            count -= 8;
        }
    };
    // The last block, with fixed codes; the byte 0 as a literal, its code from the highest bit on.
    put(0b011, 3);
    put(0b0000_1100, 8);
    for _ in 0..copies {
        // A match of 258 bytes (code 285, highest bit first), one byte back.
        put(0b1010_0011, 8);
        put(0, 5);
    }
    put(0, 7 + 8);
    bytes.extend([0; 8]);
    bytes
}

#[test]
fn a_compressed_body_is_never_unpacked() {
    let mut listener = Listener::start([""; 0]);
    // Unpacked it would be 512 MiB.
    let bomb = bomb(2_080_000);
    let head = "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: ";
    let head = format!("{head}{}\r\n\r\n", bomb.len());
    let answer = raw(listener.addr(), [head.as_bytes(), &bomb].concat());
    assert_eq!(status(answer), 200);
    let delivery = listener.next();
    assert!(
        STANDARD
            .decode(delivery["body_b64"].as_str().unwrap())
            .unwrap()
            == bomb
    );
    if let Some(memory) = most_memory(listener.pid()) {
        assert!(memory < 64 * 1024, "{memory} KiB");
    }
}

#[test]
fn a_name_as_long_as_a_body_is_no_name_and_costs_nothing() {
    let mut listener = Listener::start(["-P", "wlcro"]);
    let name = "x".repeat(8 * MIB);
    let body = format!("{{\"id\":\"{name}\",\"type\":\"{name}\"}}");
    assert_eq!(
        status(raw(listener.addr(), post("/", body.as_bytes()))),
        200
    );
    let delivery = listener.next();
    assert_eq!(
        (&delivery["event"], &delivery["webhook_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(delivery["body_b64"], STANDARD.encode(&body));
}

#[test]
fn ids_as_long_as_a_head_are_not_kept_as_they_are() {
    let mut listener = Listener::start([""; 0]);
    let before = most_memory(listener.pid());
    for number in 0..400 {
        let id = format!("{number}{}", "i".repeat(60_000));
        let request = format!("POST / HTTP/1.1\r\nX-Webhook-ID: {id}\r\n\r\n");
        assert_eq!(status(raw(listener.addr(), &request)), 200);
        assert_eq!(listener.next()["duplicate_of"], Value::Null);
        if number == 0 {
            raw(listener.addr(), request);
            assert_eq!(listener.next()["duplicate_of"], 1);
        }
    }
    if let (Some(before), Some(after)) = (before, most_memory(listener.pid())) {
        assert!(after - before < 24_000, "{before} KiB, then {after} KiB");
    }
}
