//! `wh listen`: what is found out about what comes in, what is told of it, and how it is answered.

mod audit;
mod bearer;
mod child;
mod duplicates;
mod ends;
mod expect;
mod filters;
mod forward;
mod handshakes;
mod people;
mod providers;
mod ready;
mod register;
mod respond;
mod routes;
mod secrets;
mod tls;
mod verdicts;
mod wire;

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value;
use wh::message::Headers;
use wh::provider::builtin;
use wh::signature::{Facts, Key, Secret, sign};

use crate::support::{Listener, Wh, raw, wh};

/// The secret of every listener here, unless a test says otherwise.
const SECRET: &str = "whsec_test";

const PROVIDERS: [&str; 5] = ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"];

/// A call of `wh listen` for a provider, on a free port, with the secret.
fn listen(provider: &str, words: &[&str]) -> Wh {
    wh([&["listen", "--port", "0", "-P", provider], words].concat()).env("WH_SECRET", SECRET)
}

/// The value of the header in which this provider's signature stands.
fn signature(provider: &str, secret: &str, timestamp: &str, body: &[u8]) -> String {
    let scheme = builtin(provider).unwrap().schemes.remove(0);
    let key = Key::new(&scheme, &Secret::new(secret)).unwrap();
    let facts = Facts {
        timestamp,
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    String::from_utf8(sign(&scheme, &key, &facts, body).unwrap().value).unwrap()
}

/// The bytes of a POST.
///
/// In the header lines `{now}`, `{old}` and `{ahead}` are Unix times, an hour apart, and `{sig}` is
/// the right signature of the body, with the value of the first `X-Webhook-Timestamp` line.
fn post(provider: &str, target: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let (now, body) = (Timestamp::now().as_second(), body.as_ref());
    let hours = [("{now}", 0), ("{old}", -1), ("{ahead}", 1)];
    let timed = |line: &&str| {
        hours.iter().fold((*line).to_owned(), |line, (name, hour)| {
            line.replace(name, &(now + hour * 3600).to_string())
        })
    };
    let lines: Vec<String> = headers.iter().map(timed).collect();
    let timestamp = lines
        .iter()
        .find_map(|line| line.strip_prefix("X-Webhook-Timestamp: "));
    let signature = signature(provider, SECRET, timestamp.unwrap_or_default(), body);
    let mut request = format!("POST {target} HTTP/1.1\r\nHost: h\r\n");
    for line in &lines {
        request += &line.replace("{sig}", &signature);
        request += "\r\n";
    }
    let _ = write!(request, "Content-Length: {}\r\n\r\n", body.len());
    [request.as_bytes(), body].concat()
}

/// The line that carries the right signature.
fn signed(provider: &str) -> &'static [&'static str] {
    match provider {
        "cepro-inbound" => &["Authorization: {sig}"],
        "wlcro" => &["X-Webhook-Timestamp: {now}", "X-Webhook-Signature: {sig}"],
        _ => &["X-Webhook-Signature: {sig}"],
    }
}

/// What a listener answers: all of it, with the date left out.
fn answer(listener: &Listener, request: impl AsRef<[u8]>) -> String {
    let answer = String::from_utf8(raw(listener.addr(), request)).unwrap();
    let lines = answer.split_inclusive("\r\n");
    lines.filter(|line| !line.starts_with("date: ")).collect()
}

/// What is said of the verdict of a delivery, its explanation apart; that is there where it fails.
fn verdict(line: &Value) -> Value {
    let mut verdict = line["verdict"].clone();
    let explanation = verdict
        .as_object_mut()
        .and_then(|verdict| verdict.remove("explanation"));
    let fails = verdict["ok"] == false && verdict["kind"] != "unchecked";
    assert_eq!(explanation.is_some(), fails, "{line}");
    verdict
}

/// What is written for people, the explanations apart: a line below each reason, and those below it
/// that say what to do.
fn unexplained(text: &str) -> String {
    const FAILS: [&str; 4] = ["✗ invalid", "✗ unsigned", "✗ stale", "✗ ambiguous"];
    let labels = ["fix: ", "seen: ", "check: ", "hint: "];
    let is_remark = |line: &str| {
        let line = line.trim_start();
        labels.iter().any(|label| line.starts_with(label))
    };
    let mut kept = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        kept += line;
        if FAILS.iter().any(|fails| line.contains(fails)) {
            kept += lines.next().unwrap();
            assert!(lines.next().is_some(), "{text}");
            while lines.next_if(|line| is_remark(line)).is_some() {}
        }
    }
    kept
}

/// The status of an answer.
fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// The lines of stdout after the ready line, as JSON; the last is the summary.
fn told(stdout: &[u8]) -> Vec<Value> {
    let lines = str::from_utf8(stdout).unwrap().lines().skip(1);
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
