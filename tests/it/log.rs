//! `wh log`: what it lists, how it goes on, and what it waits for.

mod follow;
mod list;
mod wait;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Receiver, Wh, wh};

/// A call of `wh log` with these words, for the store of this home.
fn log(home: &TempDir, words: &[&str]) -> Wh {
    wh([&["log"], words].concat()).home(home.path())
}

/// Sends an event to a receiver that answers with this status, and records it.
fn send(home: &TempDir, event: &str, status: u16) {
    let receiver = Receiver::start([status]);
    let url = receiver.url();
    let args = ["send", event, "--no-signature", "--quiet", "--url", &url];
    let code = if status == 200 { 0 } else { 5 };
    assert_eq!(wh(args).home(home.path()).capture().code, code);
}

/// A home whose store holds these events, with the statuses that they were answered with.
fn recorded(sent: &[(&str, u16)]) -> TempDir {
    let home = TempDir::new().unwrap();
    for (event, status) in sent {
        send(&home, event, *status);
    }
    home
}

/// JSON lines.
fn told(stdout: &[u8]) -> Vec<Value> {
    let lines = stdout.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// Output for people with one space between words, and what differs from run to run made equal.
fn words(output: &[u8]) -> String {
    let text = str::from_utf8(output).unwrap();
    let line = |line: &str| {
        let words = line.split_whitespace().map(masked);
        words.collect::<Vec<_>>().join(" ") + "\n"
    };
    text.lines().map(line).collect()
}

fn masked(word: &str) -> &str {
    let shape: String = word
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let (length, comma) = match word.strip_suffix(',') {
        Some(length) => (length, true),
        None => (word, false),
    };
    match shape.as_str() {
        "00:00:00" => "TIME",
        _ if word.starts_with("http://127.0.0.1:") => "URL",
        _ if length.ends_with('s')
            && length.starts_with(|c: char| c == '<' || c.is_ascii_digit()) =>
        {
            if comma {
                "TOOK,"
            } else {
                "TOOK"
            }
        }
        _ => word,
    }
}
