//! No answer: why, in words and in JSON, and what to look at.

use std::fs;
use std::net::TcpListener;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{SECRET, send};
use crate::support::{Answer, Receiver, masked, wh};

/// A failure in every form: its kind, its words, and the hint.
struct Failure<'f> {
    kind: &'f str,
    words: &'f str,
    hint: &'f str,
}

/// Sends to a URL twice, and asserts what both reporters say. `words` come before the event.
#[track_caller]
fn fails(url: &str, words: &[&str], failure: &Failure<'_>) {
    let Failure {
        kind,
        words: said,
        hint,
    } = failure;
    let words = [words, &["e.v", "--data", "{}", "--url", url]].concat();
    let output = send(&words).capture();
    let stdout = masked(&output.stdout);
    let (request, answer) = stdout.split_once('\n').unwrap();
    assert!(
        request.contains(" e.v  [#1]  ✓ signed  attempt 1/"),
        "{request}"
    );
    assert_eq!(answer, format!("TIME  <-- {said} POST {url} TOOK  [#1]\n"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), *hint);
    assert_eq!(output.code, 6);

    let output = send(&[&words[..], &["--json"]].concat()).capture();
    let line = output.stdout.split(|byte| *byte == b'\n').next().unwrap();
    let line: Value = serde_json::from_slice(line).unwrap();
    assert_eq!(line["error"], json!({"kind": kind, "message": said}));
    assert_eq!(
        (&line["status"], &line["response"], &line["outcome"]),
        (&Value::Null, &Value::Null, &json!("failed"))
    );
    assert_eq!((output.code, &*output.stderr), (6, &b""[..]));
}

const DROPPED: &str = "hint: the receiver, or a proxy before it, dropped the connection: its own log says why; or is it https?\n";

#[test]
fn nothing_listens() {
    // Nothing is ever bound to the port of `tcpmux`.
    let refused = |hint| Failure {
        kind: "refused",
        words: "connection refused",
        hint,
    };
    fails(
        "http://127.0.0.1:1/",
        &[],
        &refused("hint: is your server running on 127.0.0.1:1?\n"),
    );
    fails(
        "http://localhost:1/hooks",
        &[],
        &refused(
            "hint: is your server running on localhost:1? (`localhost` is tried as ::1 and as 127.0.0.1)\n",
        ),
    );
}

#[test]
fn the_name_has_no_address() {
    let failure = Failure {
        kind: "dns",
        words: "the name has no address",
        hint: "hint: check the host of the URL\n",
    };
    // A label may have 63 letters: no server is asked for this one.
    let url = format!("http://{}.invalid/", "a".repeat(64));
    fails(&url, &[], &failure);
}

#[test]
fn the_connection_is_reset() {
    let receiver = Receiver::start([Answer::Reset]);
    let failure = Failure {
        kind: "reset",
        words: "connection reset",
        hint: DROPPED,
    };
    fails(&format!("{}/", receiver.url()), &[], &failure);
    assert_eq!(receiver.requests().len(), 2, "nothing is sent twice");
}

#[test]
fn the_connection_is_closed_too_early() {
    let failure = Failure {
        kind: "closed-early",
        words: "connection closed before the answer was complete",
        hint: DROPPED,
    };
    for answer in [
        Answer::Close,
        Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Le".into()),
        Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".into()),
        Answer::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab".into()),
    ] {
        let receiver = Receiver::start([answer]);
        fails(&format!("{}/", receiver.url()), &[], &failure);
        assert_eq!(receiver.requests().len(), 2, "nothing is sent twice");
    }
}

#[test]
fn what_comes_is_no_http() {
    let receiver = Receiver::start([Answer::Raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".into())]);
    let failure = Failure {
        kind: "other",
        words: "no answer: invalid HTTP version parsed",
        hint: "",
    };
    fails(&format!("{}/", receiver.url()), &[], &failure);
}

/// A provider that waits 300 ms for an answer.
const HASTY: &str = "[provider]\nid = \"hasty\"\n\
    [signature]\nalgorithm = \"hmac-sha256\"\nsigns = \"{body}\"\nencoding = \"hex\"\n\
    header = \"X-Signature\"\nvalue = \"{sig}\"\n\
    [delivery]\ntimeout = \"300ms\"\n[any_event]\nopen = true\nsample = '{}'\n";

#[test]
fn the_time_is_up() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("hasty.toml");
    fs::write(&file, HASTY).unwrap();
    let words = ["--provider-file", file.to_str().unwrap()];
    let failure = Failure {
        kind: "timeout",
        words: "no answer in time",
        hint: "hint: hasty waits 300ms: answer first, do the work afterwards\n",
    };
    let silent = Receiver::start([Answer::Hang]);
    fails(&format!("{}/", silent.url()), &words, &failure);
    // Connected by the kernel, accepted by nobody.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = deaf.local_addr().unwrap();
    fails(&format!("http://{addr}/"), &words, &failure);
}

#[test]
fn a_signal_ends_the_wait() {
    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let receiver = Receiver::start([Answer::Hang]);
        let call = wh(["send", "job.completed", "--url", &receiver.url()])
            .env("WH_SECRET", SECRET)
            .spawn();
        receiver.wait_for(1);
        call.signal(signal);
        let output = call.wait();
        assert_eq!((output.code, &*output.stderr), (130, &b""[..]));
        let url = receiver.url();
        assert_eq!(
            masked(&output.stdout),
            format!(
                "TIME  --> cepro job.completed  [#1]  ✓ signed  attempt 1/4\n\
                 TIME  <-- the outcome is unknown POST {url}/  [#1]\n"
            )
        );
    }
}
