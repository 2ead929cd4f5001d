//! The JSON lines of `send`, and what the flags for people do.

use serde_json::{Value, json};

use super::{SECRET, fixed, send};
use crate::support::{Output, Receiver, Reply, masked, masked_json, wh};

/// What differs from run to run in the line of an attempt.
const VARIES: [&str; 3] = ["/id", "/at", "/response_ms"];

fn json_lines(output: &Output) -> Vec<Value> {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn each_attempt_is_a_line_and_a_summary_comes_last() {
    let refusal = Reply::new(404)
        .header("Set-Cookie", "canary=1")
        .header("X-A", "b")
        .body("no");
    let receiver = Receiver::start([refusal]);
    let url = format!("{}/hooks?a=b", receiver.url());
    let words = ["e.v", "--url", &url, "--json", "--attempt", "2"];
    let output = send(&fixed("wlcro", &words)).capture();
    assert_eq!(output.code, 5);
    let [attempt, summary] = &json_lines(&output)[..] else {
        panic!("{output:?}");
    };
    let expected = json!({
        "type": "attempt",
        "schema": 1,
        "number": 1,
        "id": null,
        "webhook_id": "7",
        "direction": "sent",
        "provider": "wlcro",
        "event": "e.v",
        "url": url,
        "at": null,
        "attempt": 2,
        "of": 11,
        "status": 404,
        "response_ms": null,
        "nth": 2,
        "outcome": "failed",
        "retry": null,
        "stopped": null,
        "error": null,
        "response": {
            "headers": [
                ["set-cookie", {"redacted": true}],
                ["x-a", "b"],
                ["content-length", "2"],
            ],
            "body_b64": "bm8=",
            "truncated": false,
        },
    });
    assert_eq!(masked_json(attempt.clone(), &VARIES), expected);
    assert!(attempt["response_ms"].is_u64());
    let at = attempt["at"].as_str().unwrap();
    assert!(at.parse::<jiff::Timestamp>().is_ok(), "{at}");
    assert_eq!(at.len(), "2026-03-08T14:30:00.000Z".len(), "{at}");
    let times = ["/latency_ms", "/elapsed_ms"];
    let expected = json!({
        "type": "summary",
        "schema": 1,
        "attempts": 1,
        "succeeded": 0,
        "failed": 1,
        "delivered": 0,
        "failed_deliveries": 1,
        "stopped": 0,
        "disabled": 0,
        "unfinished": 0,
        "elsewhere": 0,
        "retried": 1,
        "unknown": 0,
        "statuses": {"404": 1},
        "errors": {},
        "latency_ms": null,
        "latency_from_due_ms": null,
        "elapsed_ms": null,
        "interrupted": false,
    });
    assert_eq!(masked_json(summary.clone(), &times), expected);
    for name in ["p50", "p95", "p99", "max"] {
        assert!(summary["latency_ms"][name].is_f64(), "{summary}");
    }
}

#[test]
fn a_success_says_so() {
    let receiver = Receiver::start([204]);
    let words = ["job.completed", "--with-legacy", "--json"];
    let output = send(&[&words[..], &["--url", &receiver.url()]].concat()).capture();
    assert_eq!(output.code, 0);
    let lines = json_lines(&output);
    let keys: Vec<_> = lines
        .iter()
        .map(|line| (&line["type"], &line["event"], &line["outcome"]))
        .collect();
    let none = Value::Null;
    assert_eq!(
        keys,
        [
            (
                &json!("attempt"),
                &json!("job.completed"),
                &json!("success")
            ),
            (
                &json!("attempt"),
                &json!("job_completed"),
                &json!("success")
            ),
            (&json!("summary"), &none, &none),
        ]
    );
    assert_ne!(lines[0]["id"], lines[1]["id"]);
    assert_eq!(
        (&lines[2]["succeeded"], &lines[2]["failed"]),
        (&json!(2), &json!(0))
    );
}

#[test]
fn a_long_answer_is_kept_to_its_first_64_kib() {
    let receiver = Receiver::start([Reply::new(200).body(vec![b'a'; 64 * 1024 + 1])]);
    let output = send(&["job.completed", "--json", "--url", &receiver.url()]).capture();
    let response = &json_lines(&output)[0]["response"];
    assert_eq!(response["truncated"], true);
    // Base64 takes 4 letters for 3 bytes.
    assert_eq!(response["body_b64"].as_str().unwrap().len(), 87_384);
}

#[test]
fn the_secret_comes_out_nowhere() {
    let receiver = Receiver::start([Reply::new(401).body("no")]);
    let url = receiver.url();
    for provider in ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"] {
        for words in [
            &["-v"][..],
            &["--json"],
            &["--dry-run"],
            &["--dry-run", "--json"],
            &["-v", "--tamper", "signature"],
            &["--dry-run", "--tamper", "secret"],
            &[
                "--dry-run",
                "-H",
                "Authorization: canary",
                "-H",
                "cookie: canary",
            ],
        ] {
            let call = ["-P", provider, "e", "--data", "{}", "--url", &url];
            let output = send(&[&call[..], words].concat())
                .env("WH_SECRET", "canary")
                .capture();
            let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!text.is_empty(), "{provider} {words:?}");
            assert!(!text.contains("canary"), "{provider} {words:?}\n{text}");
        }
    }
}

#[test]
fn the_note_on_secret_is_left_out_when_quiet() {
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    let words = ["send", "job.completed", "--url", &url, "--secret", SECRET];
    let stdout = format!(
        "TIME  --> cepro job.completed  [#1]  ✓ signed  attempt 1/4\n\
         TIME  <-- 200 POST {url}/ TOOK  [#1]\n"
    );
    let note = "note: --secret shows in the process list: --secret-file, --secret-env and \
                WH_SECRET do not\n";
    for (flags, stderr) in [(&[][..], note), (&["--quiet"], "")] {
        let output = wh([&words[..], flags].concat()).capture();
        assert_eq!(masked(&output.stdout), stdout);
        assert_eq!(String::from_utf8(output.stderr).unwrap(), stderr);
        assert_eq!(output.code, 0);
    }
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let receiver = Receiver::start([500]);
    let words = ["job.completed", "--url", &receiver.url()];
    let plain = send(&words).capture();
    let coloured = send(&[&words[..], &["--color", "always"]].concat()).capture();
    let text = String::from_utf8(coloured.stdout).unwrap();
    assert!(text.contains("\x1b["), "{text}");
    let mut bare = String::new();
    for (nth, part) in text.split("\x1b[").enumerate() {
        let rest = part.split_once('m').filter(|_| nth > 0);
        bare.push_str(rest.map_or(part, |(_, rest)| rest));
    }
    assert_eq!(masked(bare.as_bytes()), masked(&plain.stdout));
}

#[test]
fn the_events_are_listed_as_wh_events_does() {
    for provider in ["cepro", "wlcro", "tenant", "orgjobs", "cepro-inbound"] {
        for more in [&[][..], &["--json"]] {
            let listed = send(&[&["--list", "-P", provider], more].concat()).capture();
            let events = wh([&["events", "-P", provider], more].concat()).capture();
            assert_eq!((listed.code, events.code), (0, 0));
            assert_eq!(listed.stdout, events.stdout, "{provider} {more:?}");
            assert_eq!(listed.stderr, events.stderr, "{provider} {more:?}");
        }
    }
    send(&["--list", "job.completed"])
        .stderr_has("error: the argument '--list' cannot be used with '[EVENT]'\n")
        .exit(2)
        .run();
}

#[test]
fn an_event_that_is_not_in_the_catalogue_must_be_forced() {
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    for (event, hints) in [
        (
            "estimat.created",
            "hint: did you mean `estimate.created`?\n",
        ),
        ("zzz", ""),
    ] {
        send(&[event, "--url", &url])
            .stderr(format!(
                "error: `cepro` has no event `{event}`\n{hints}\
                 hint: `wh events` lists them; `wh send {event} --force` sends any name\n"
            ))
            .exit(7)
            .run();
    }
    assert_eq!(receiver.requests().len(), 0);
    send(&["zzz", "--force", "--url", &url])
        .stdout_has("  --> cepro zzz  [#1]  ✓ signed  attempt 1/4\n")
        .run();
    let body = String::from_utf8(receiver.requests().remove(0).body).unwrap();
    assert!(body.starts_with("{\n  \"event\": \"zzz\",\n  \"timestamp\": \""));
    assert!(body.ends_with("\",\n  \"data\": {}\n}"), "{body}");
}

#[test]
fn without_event_or_url_nothing_is_sent() {
    send(&["--url", "1"])
        .stderr("error: name the event to send\nhint: `wh events` lists what there is; with --data the body may name it\n")
        .exit(2)
        .run();
    send(&["job.completed"])
        .stderr("error: no URL to send to\nhint: --url http://localhost:3000/hooks, or WH_URL\n")
        .exit(2)
        .run();
}
