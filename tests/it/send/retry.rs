//! `wh send --retry`: the platform's schedule against receivers that fail.

use std::fs;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

use super::{SECRET, send};
use crate::support::{Answer, Receiver, Reply, Request, Wh, needs, wh};

/// A call of `wh send --retry` to a receiver, with a store that stays.
fn retry(home: &TempDir, receiver: &Receiver, words: &[&str]) -> Wh {
    let url = receiver.url();
    let words = [words, &["--retry", "--url", &url]].concat();
    send(&words).home(home.path())
}

/// The lines of `--json`, by their type.
fn lines(stdout: &[u8], kind: &str) -> Vec<Value> {
    let lines = stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice::<Value>(line).unwrap())
        .filter(|line| line["type"] == kind)
        .collect()
}

/// What one field of JSON lines says.
fn all(lines: &[Value], field: &str) -> Vec<Value> {
    lines.iter().map(|line| line[field].clone()).collect()
}

/// The log of a home, oldest first.
fn log(home: &TempDir) -> Vec<Value> {
    let output = wh(["log", "--json"]).home(home.path()).capture();
    let mut lines = lines(&output.stdout, "attempt");
    lines.reverse();
    lines
}

fn headers<'r>(requests: &'r [Request], name: &str) -> Vec<Option<&'r str>> {
    requests
        .iter()
        .map(|request| request.header(name))
        .collect()
}

#[test]
fn what_fails_twice_is_delivered_at_the_third_attempt() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500, 503, 200]);
    let words = ["estimate.created", "--speed", "1000x", "--json"];
    let output = retry(&home, &receiver, &words).capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let requests = receiver.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(
        headers(&requests, "x-webhook-attempt"),
        [Some("1"), Some("2"), Some("3")]
    );
    let id = requests[0].header("x-webhook-id");
    assert_eq!(headers(&requests, "x-webhook-id"), [id; 3]);
    assert!(
        requests
            .iter()
            .all(|request| request.body == requests[0].body)
    );
    let told = lines(&output.stdout, "attempt");
    assert_eq!(all(&told, "outcome"), ["retrying", "retrying", "success"]);
    let waits: Vec<_> = told
        .iter()
        .map(|line| line["retry"]["after_ms"].clone())
        .collect();
    assert_eq!(waits, [10_000.into(), 60_000.into(), Value::Null]);
    let recorded = log(&home);
    assert_eq!(
        all(&recorded, "outcome"),
        ["retrying", "retrying", "success"]
    );
    assert_eq!(all(&recorded, "attempt"), [1, 2, 3]);
    assert_eq!(all(&recorded, "id"), all(&told, "id"));
}

#[test]
fn waits_are_never_shorter_than_the_schedule() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500, 200]);
    // 10 s at 50x.
    let words = ["estimate.created", "--speed", "50x", "--json"];
    let output = retry(&home, &receiver, &words).capture();
    assert_eq!(output.code, 0);
    let told = lines(&output.stdout, "attempt");
    // From one beginning to the next, as the sender saw them; to the millisecond.
    let between = began(&told[1]).duration_since(began(&told[0]));
    assert!(between >= SignedDuration::from_millis(199), "{between}");
}

#[test]
fn a_schedule_that_ends_in_failure_is_5_and_without_any_answer_6() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500]);
    let words = ["estimate.created", "--speed", "100000x"];
    assert_eq!(retry(&home, &receiver, &words).capture().code, 5);
    assert_eq!(receiver.requests().len(), 4);
    assert_eq!(
        all(&log(&home), "outcome"),
        ["retrying", "retrying", "retrying", "failed"]
    );
    let home = TempDir::new().unwrap();
    let nowhere = ["--url", "http://127.0.0.1:1", "--retry"];
    let output = send(&[&words[..], &nowhere].concat())
        .home(home.path())
        .capture();
    assert_eq!(output.code, 6);
    let recorded = log(&home);
    assert_eq!(all(&recorded, "attempt"), [1, 2, 3, 4]);
    assert!(
        recorded
            .iter()
            .all(|line| line["error"]["kind"] == "refused")
    );
}

#[test]
fn one_platform_never_tries_again() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500]);
    let output = retry(&home, &receiver, &["-P", "orgjobs", "job.created"]).capture();
    assert_eq!((output.code, receiver.requests().len()), (5, 1));
}

#[test]
fn the_platform_that_signs_the_time_signs_each_attempt_afresh() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500, 200]);
    // More than a second between the two: its timestamps count seconds.
    let words = ["-P", "wlcro", "client.created", "--speed", "8x"];
    assert_eq!(retry(&home, &receiver, &words).capture().code, 0);
    let requests = receiver.requests();
    let stamps = headers(&requests, "x-webhook-timestamp");
    let signatures = headers(&requests, "x-webhook-signature");
    assert_ne!(stamps[0], stamps[1]);
    assert_ne!(signatures[0], signatures[1]);
    assert_eq!(requests[0].body, requests[1].body);
}

#[test]
fn retry_after_and_stops_are_the_providers_affair() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("acme.toml");
    let text = r#"
        provider = { id = "acme" }
        signature = { algorithm = "hmac-sha256", signs = "{body}", encoding = "hex", header = "X-Sig", value = "{sig}" }
        delivery = { retry = ["1s", "1s", "1s"], retry_after = "honour", retry_after_max = "2s", stop = { header = "X-No-Retry: 1" } }
        any_event = { open = true, sample = "{}" }
    "#;
    fs::write(&file, text).unwrap();
    let script = [
        Reply::new(429).header("Retry-After", "3600"),
        Reply::new(503).header("X-No-Retry", "1"),
    ];
    let receiver = Receiver::start(script);
    let file = file.to_str().unwrap();
    let words = ["--provider-file", file, "e.v", "--speed", "1000x", "--json"];
    let output = retry(&home, &receiver, &words).capture();
    let told = lines(&output.stdout, "attempt");
    assert_eq!(output.code, 5, "{output:?}");
    assert_eq!(
        (
            &told[0]["retry"]["after_ms"],
            &told[0]["retry"]["retry_after"]
        ),
        (&2000.into(), &true.into())
    );
    assert_eq!(told[1]["stopped"], "header X-No-Retry: 1");
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn twenty_failures_in_a_row_disable_the_endpoint() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500]);
    let url = format!("{}/", receiver.url());
    let words = ["-P", "wlcro", "client.created", "--speed", "1000000x"];
    assert_eq!(retry(&home, &receiver, &words).capture().code, 5);
    assert_eq!(receiver.requests().len(), 11);
    let output = retry(&home, &receiver, &words).capture();
    assert_eq!(output.code, 5);
    assert_eq!(receiver.requests().len(), 20);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&format!(
            "wlcro {url} is disabled after 20 failures in a row"
        )),
        "{said}"
    );
    let output = retry(&home, &receiver, &words).capture();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.code, 7);
    assert!(
        said.contains(&format!("hint: wh endpoint enable {url}")),
        "{said}"
    );
    wh(["endpoint", "enable", "-P", "wlcro", &url])
        .home(home.path())
        .stdout_has("enabled")
        .stderr_has("unfinished")
        .run();
    assert_eq!(retry(&home, &receiver, &words).capture().code, 5);
    assert_eq!(receiver.requests().len(), 31);
}

#[test]
fn a_success_between_failures_keeps_the_endpoint() {
    let home = TempDir::new().unwrap();
    let script: Vec<u16> = (0..24)
        .map(|nth| if nth == 9 { 200 } else { 500 })
        .collect();
    let receiver = Receiver::start(script);
    let words = ["-P", "wlcro", "client.created", "--speed", "1000000x"];
    for (code, requests) in [(0, 10), (5, 21)] {
        assert_eq!(retry(&home, &receiver, &words).capture().code, code);
        assert_eq!(receiver.requests().len(), requests);
    }
}

#[test]
fn an_interrupted_sender_says_what_it_does_not_know_and_keeps_the_rest() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([Answer::Hang]);
    let sender = retry(&home, &receiver, &["estimate.created"]).spawn();
    receiver.wait_for(1);
    let output = sender.stop();
    assert_eq!(output.code, 130);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("hint: 1 unfinished: wh replay --resume"),
        "{said}"
    );
    let recorded = log(&home);
    assert_eq!(all(&recorded, "outcome"), ["retrying"]);
    assert_eq!(recorded[0]["error"]["kind"], "unknown");
}

#[test]
fn an_interrupted_single_attempt_is_in_the_log() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([Answer::Hang]);
    let sender = send(&["estimate.created", "--url", &receiver.url()])
        .home(home.path())
        .spawn();
    receiver.wait_for(1);
    assert_eq!(sender.stop().code, 130);
    let recorded = log(&home);
    assert_eq!(all(&recorded, "outcome"), ["failed"]);
    assert_eq!(recorded[0]["error"]["kind"], "unknown");
}

#[test]
fn without_a_store_it_is_tried_again_as_well() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([500, 200]);
    let words = ["estimate.created", "--speed", "1000x", "--store", "none"];
    assert_eq!(retry(&home, &receiver, &words).capture().code, 0);
    assert_eq!(receiver.requests().len(), 2);
    assert!(log(&home).is_empty());
}

#[test]
fn a_secret_is_kept_by_reference_only() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::start([Answer::Hang]);
    let secret = home.path().join("secret");
    fs::write(&secret, SECRET).unwrap();
    let file = ["--secret-file", secret.to_str().unwrap()];
    let sender = retry(
        &home,
        &receiver,
        &[&["estimate.created"], &file[..]].concat(),
    )
    .spawn();
    receiver.wait_for(1);
    assert_eq!(sender.stop().code, 130);
    let store = home.path().join(".local/share/wh/store.db");
    let bytes = |name: &str| fs::read(store.with_file_name(name)).unwrap_or_default();
    let kept = [bytes("store.db"), bytes("store.db-wal")].concat();
    let has = |text: &str| memchr::memmem::find(&kept, text.as_bytes()).is_some();
    assert!(has(secret.to_str().unwrap()));
    assert!(!has(SECRET));
}

/// When an attempt began, by the clock on the wall.
fn began(attempt: &Value) -> Timestamp {
    attempt["at"].as_str().unwrap().parse().unwrap()
}

/// The clock on the wall jumps while a retry is waited for.
#[track_caller]
fn jumps(by: &str) {
    if !needs("faketime") {
        return;
    }
    let home = TempDir::new().unwrap();
    let clock = home.path().join("clock");
    fs::write(&clock, "+0d").unwrap();
    let receiver = Receiver::start([500, 200]);
    let words = ["estimate.created", "--speed", "10x", "--json"];
    let sender = retry(&home, &receiver, &words)
        .under("faketime", &["-f", "+0d", "env", "-u", "FAKETIME"])
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .spawn();
    receiver.wait_for(1);
    let first = Instant::now();
    fs::write(&clock, by).unwrap();
    receiver.wait_for(2);
    // No burst: 10 s at 10x, less what the news of the first may have been late. No stall: the limit
    // of the test is far below an hour.
    assert!(first.elapsed() >= Duration::from_millis(300), "{by}");
    let output = sender.wait();
    assert_eq!(output.code, 0, "{output:?}");
    let told = lines(&output.stdout, "attempt");
    let between = began(&told[1]).duration_since(began(&told[0]));
    assert!(between.abs() > SignedDuration::from_mins(50), "it jumped");
}

#[test]
fn a_clock_that_jumps_neither_bursts_nor_stalls() {
    for by in ["+1h", "-1h", "+1d", "-1d"] {
        jumps(by);
    }
}
