//! Hostile text in the answers that `wh send` gets, and in what it is about to send.

use super::oracle::{Colour, assert_harmless};
use super::strings::{OURS, all, floods};
use crate::support::{Answer, Receiver, Wh, wh};

/// An answer with these header values and this body; none of it is checked, as no hostile server would.
fn answer(reason: &[u8], values: &[Vec<u8>], body: &[u8]) -> Answer {
    let mut bytes = [b"HTTP/1.1 500 ", reason, b"\r\n"].concat();
    for value in values {
        bytes.extend([b"X-Data: ", &**value, b"\r\n"].concat());
    }
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
    bytes.extend(body);
    Answer::Raw(bytes)
}

/// Every string as reason, header value and body of an answer of its own; the corpora's share answers.
fn answers() -> Vec<Answer> {
    let alone = OURS
        .iter()
        .map(|string| answer(string, &[string.to_vec()], string));
    let values: Vec<_> = all().into_iter().filter(|value| is_value(value)).collect();
    let shared = values
        .chunks(80)
        .map(|values| answer(b"", values, &values.join(&b'\n')));
    let floods = floods().into_iter().map(|flood| answer(b"", &[], &flood));
    alone.chain(shared).chain(floods).collect()
}

fn is_value(string: &[u8]) -> bool {
    let legal = |byte: &u8| *byte == b'\t' || *byte > 31 && *byte != 127;
    string.len() < 1000 && string.iter().all(legal)
}

fn send(url: &str, args: &[&str]) -> Wh {
    wh(["send", "estimate.created", "--secret=x", "--url", url]
        .iter()
        .chain(args))
}

#[track_caller]
fn shown(args: &[&str], colour: Colour) {
    let answers = answers();
    let count = answers.len();
    let receiver = Receiver::start(answers);
    for _ in 0..count {
        let output = send(&receiver.url(), args).capture();
        assert!([5, 6].contains(&output.code), "{output:?}");
        assert_harmless(&output.stdout, colour);
        assert_harmless(&output.stderr, colour);
    }
    assert_eq!(receiver.requests().len(), count);
}

#[test]
fn what_send_shows_of_answers_is_harmless() {
    shown(&["-v", "--color=always"], Colour::Always);
}

#[test]
fn what_send_writes_of_answers_for_programs_is_harmless() {
    shown(&["--json", "--color=never"], Colour::Never);
}

#[test]
fn what_is_no_answer_at_all_is_harmless() {
    let garbage: Vec<_> = OURS
        .iter()
        .map(|string| Answer::Raw(string.to_vec()))
        .collect();
    let count = garbage.len();
    let receiver = Receiver::start(garbage);
    for _ in 0..count {
        let output = send(&receiver.url(), &["-v"]).capture();
        assert_eq!(output.code, 6, "{output:?}");
        assert_harmless(&output.stdout, Colour::Never);
        assert_harmless(&output.stderr, Colour::Never);
    }
}

/// Answers that are longer than anybody reads, with how `wh send` ends and the words that say so.
const ENDLESS: &[(&str, &str, i32, &str)] = &[
    (
        "HTTP/1.1 200 OK\r\n",
        "X-Line: x\r\n",
        6,
        "no answer: message head is too large",
    ),
    (
        "HTTP/1.1 200 OK\r\nX-Line: ",
        "xxxxxxxx",
        6,
        "no answer: message head is too large",
    ),
    (
        "HTTP/1.1 200 ",
        "xxxxxxxx",
        6,
        "no answer: message head is too large",
    ),
    (
        "HTTP/1.1 500 \r\nTransfer-Encoding: chunked\r\n\r\n",
        "40\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
        5,
        "(the answer is longer; its first 64 KiB are kept)",
    ),
    (
        "HTTP/1.1 500 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        "X-Line: x\r\n",
        6,
        "no answer: chunk trailers count overflow",
    ),
    (
        "HTTP/1.1 500 \r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "xxxxxxxx",
        6,
        "no answer: chunk extensions over limit",
    ),
];

#[test]
fn an_answer_without_end_is_left() {
    for (start, more, code, told) in ENDLESS {
        let rest = more.repeat(16 * 1024 * 1024 / more.len());
        let answer = [start.as_bytes(), rest.as_bytes()].concat();
        let receiver = Receiver::start([Answer::Raw(answer)]);
        let output = send(&receiver.url(), &[]).capture();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.code, *code, "{shown}");
        assert!(shown.contains(told), "{shown}");
    }
}
