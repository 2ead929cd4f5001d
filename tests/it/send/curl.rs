//! The curl line of a dry run, run by a shell and the real curl.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{BODY, assert_valid, lines, send};
use crate::support::{Receiver, needs};

/// Dry-runs with these words, runs the line in a shell, and asserts that what comes is what a real
/// send would have sent: the message's lines, in order, and the body.
#[track_caller]
fn curl_sends(url: &str, receiver: &Receiver, words: &[&str], body: &[u8]) {
    let words = [words, &["--data", "-", "--dry-run", "--json", "--url", url]].concat();
    let output = send(&words).stdin(body).capture();
    assert_eq!(output.code, 0, "{output:?}");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();

    let before = receiver.requests().len();
    let dir = TempDir::new().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ran = Command::new("sh")
        .args(["-c", line["curl"].as_str().unwrap()])
        .env_clear()
        .envs([("PATH", path), ("HOME", dir.path().into())])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    assert_eq!((&*ran.stdout, &*ran.stderr), (&b""[..], &b""[..]));
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);

    let requests = receiver.requests();
    assert_eq!(requests.len(), before + 1);
    let request = requests.last().unwrap();
    assert!(request.body == body, "{line}");
    assert_valid("cepro", request);
    let target = line["request"]["target"].as_str().unwrap();
    let start = format!("POST {target} HTTP/1.1\r\n");
    assert!(request.head.starts_with(start.as_bytes()), "{line}");
    let came: Vec<_> = lines(request).into_iter().map(lower).collect();
    for header in line["request"]["headers"].as_array().unwrap() {
        let [name, value] = [0, 1].map(|nth| header[nth].as_str().unwrap());
        let own = ["Accept", "User-Agent", "Host"].contains(&name);
        let expected = lower(&format!("{name}: {value}"));
        assert!(own || came.contains(&expected), "{expected:?}, {came:?}");
    }
}

/// A header line with its name in lower case.
fn lower(line: &str) -> String {
    let (name, value) = line.split_once(':').unwrap();
    format!("{}:{}", name.to_ascii_lowercase(), value.trim())
}

#[test]
fn bodies_arrive_as_they_are() {
    if !needs("curl") {
        return;
    }
    let receiver = Receiver::start([204]);
    for body in [
        BODY.as_bytes(),
        b"",
        b"\n",
        b"a\r\nb\n\n",
        b"@/etc/hostname",
        b"'; touch file; '",
        b"$HOME `touch file` \\n %s %% ! # * ~",
        b"-d --data",
        "ä€𝄞 ".as_bytes(),
        b"\0\x01\xff\xfe",
        b"\x1b[2J",
        b"\t",
    ] {
        curl_sends(&receiver.url(), &receiver, &["e"], body);
    }
}

#[test]
fn urls_and_header_lines_arrive_as_they_are() {
    if !needs("curl") {
        return;
    }
    let receiver = Receiver::start([204]);
    let root = receiver.url();
    for path in [
        "/",
        "/a'b",
        "/[1-3]{a,b}?c=[1]&d='$HOME'",
        "/-o/file?-x=1#part",
    ] {
        curl_sends(&format!("{root}{path}"), &receiver, &["e"], b"{}");
    }
    for header in [
        "X-A: it's $HOME `id` \"x\" \\ %s",
        "X-A: @file",
        "X-A: <file",
        "X-A:",
        "x-webhook-event: other",
        "Content-Type: text/plain; charset=utf-8",
        "Accept: a/b",
    ] {
        curl_sends(&root, &receiver, &["e", "-H", header], b"{}");
    }
}
