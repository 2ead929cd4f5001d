//! Receivers that one slow client, or half a request, keeps from everybody else.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use super::{SECRET, lines};
use crate::support::{Output, wh};

/// What a receiver does with requests that break off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// It goes on with the next.
    Passes,
    /// It ends.
    Ends,
}

/// A receiver that reads one request after the other on one thread, and takes them all.
fn one_at_a_time(broken: Broken) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let is_whole = answer(stream.unwrap());
            if !is_whole && broken == Broken::Ends {
                return;
            }
        }
    });
    addr
}

/// Reads a request and answers it; whether it came whole.
fn answer(mut stream: TcpStream) -> bool {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (_, stated) = head.split_once("content-length: ").unwrap();
            let length: usize = stated.lines().next().unwrap().parse().unwrap();
            if body.len() >= length {
                break;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return false,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
    stream
        .write_all(b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n")
        .is_ok()
}

fn checked(addr: SocketAddr, rules: &str) -> Output {
    let (url, only) = (format!("http://{addr}/"), format!("--only={rules}"));
    wh(["check", &url, &only, "--json"])
        .env("WH_SECRET", SECRET)
        .capture()
}

/// The verdicts of the rules that were looked at, by id.
fn verdicts(output: &Output) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let rules = lines(output)
        .into_iter()
        .filter(|line| line["type"] == "rule");
    let rules = rules.map(|line| (text(&line["id"]), text(&line["verdict"])));
    rules.filter(|(id, _)| id.starts_with("in-time-")).collect()
}

#[test]
fn who_reads_one_request_at_a_time_is_held_up_by_a_slow_one() {
    let addr = one_at_a_time(Broken::Passes);
    let output = checked(
        addr,
        "in-time-slow-client,in-time-half-request,in-time-burst",
    );
    assert_eq!(output.code, 8);
    let verdicts = verdicts(&output);
    let of = |rule: &str| {
        let found = verdicts.iter().find(|(id, _)| id == rule);
        found.map(|(_, verdict)| verdict.clone())
    };
    assert_eq!(
        of("in-time-slow-client").as_deref(),
        Some("fail"),
        "{verdicts:?}"
    );
    assert_eq!(
        of("in-time-half-request").as_deref(),
        Some("pass"),
        "{verdicts:?}"
    );
    assert_eq!(of("in-time-burst").as_deref(), Some("pass"), "{verdicts:?}");
}

#[test]
fn who_ends_over_half_a_request_is_told_so() {
    let addr = one_at_a_time(Broken::Ends);
    let output = checked(addr, "in-time-half-request,robust-empty-body");
    assert_eq!(output.code, 8);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("It ended over this"), "{text}");
    assert!(
        text.contains("the receiver is gone since `in-time-half-request`"),
        "{text}"
    );
}

#[test]
fn where_nobody_listens_no_rule_is_looked_at() {
    let addr = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let output = checked(addr, "in-time,accepts");
    assert_eq!(output.code, 6, "{output:?}");
    assert!(
        verdicts(&output)
            .iter()
            .all(|(_, verdict)| verdict == "skip")
    );
}
