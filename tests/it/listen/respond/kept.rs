//! What is recorded of a scripted answer.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Listener, answer, delivery, responding, status};
use crate::support::{DATA, needs, raw, wh};

/// A home whose store has one delivery, answered so many times by this script.
fn recorded(script: &str, times: usize) -> TempDir {
    let home = TempDir::new().unwrap();
    let listener: Listener = responding(script).home(home.path()).start();
    for _ in 0..times {
        raw(listener.addr(), delivery("a"));
    }
    assert_eq!(listener.stop().code, 0);
    home
}

fn shown(home: &TempDir, words: &[&str]) -> String {
    let output = wh([&["show", "1"], words].concat())
        .home(home.path())
        .capture();
    assert_eq!(output.code, 0);
    String::from_utf8(output.stdout).unwrap()
}

/// What `wh show --json` has of each attempt.
fn attempts(home: &TempDir) -> Vec<Value> {
    let shown: Value = serde_json::from_str(&shown(home, &["--json"])).unwrap();
    shown["attempts"].as_array().unwrap().clone()
}

#[test]
fn the_answer_is_kept_and_shown() {
    let home = recorded("503;retry-after=5;body=later,200", 2);
    let text = shown(&home, &["--attempt=1"]);
    let (_, answer) = text.split_once("\nanswer  503 in ").unwrap();
    let (_, lines) = answer.split_once('\n').unwrap();
    let expected = "  script 1/2: 503;retry-after=5;body=later\n  Retry-After: 5\n  Content-Type: text/plain; charset=utf-8\n\n  later\n";
    assert_eq!(lines, expected);
    assert!(
        text.contains("script 1/2: 503;retry-after=5;body=later\n"),
        "{text}"
    );
    assert_eq!(
        shown(&home, &["--attempt=1", "--answer", "--body"]),
        "later"
    );
    let attempts = attempts(&home);
    assert_eq!(
        (&attempts[0]["outcome"], &attempts[1]["outcome"]),
        (&json!("failed"), &json!("success"))
    );
}

#[test]
fn a_long_answer_is_kept_in_part() {
    let body = "0123456789".repeat(8 * 1024);
    let home = recorded(&format!("200;body={body}"), 1);
    let response = &attempts(&home)[0]["response"];
    assert_eq!(response["truncated"], true);
    assert_eq!(shown(&home, &["--answer", "--body"]), body[..64 * 1024]);
}

#[test]
fn a_fault_is_a_failed_attempt_that_says_what_was_done() {
    for (script, kind, message, status, kept) in [
        (
            "reset",
            "reset",
            "the connection is reset on purpose",
            json!(null),
            false,
        ),
        (
            "close",
            "close",
            "the connection is closed without an answer, on purpose",
            json!(null),
            false,
        ),
        (
            "garbage",
            "garbage",
            "bytes that are no HTTP, on purpose",
            json!(null),
            false,
        ),
        (
            "200;truncate;body=abcd",
            "truncate",
            "the answer is cut short on purpose",
            json!(200),
            true,
        ),
    ] {
        let home = recorded(script, 1);
        let attempt = &attempts(&home)[0];
        assert_eq!(
            attempt["error"],
            json!({"kind": kind, "message": message}),
            "{script}"
        );
        assert_eq!(attempt["status"], status, "{script}");
        assert_eq!(attempt["outcome"], "failed", "{script}");
        assert_eq!(attempt["response"].is_object(), kept, "{script}");
    }
    let home = recorded("200;truncate;body=abcd", 1);
    assert_eq!(shown(&home, &["--answer", "--body"]), "ab");
}

#[test]
fn what_cannot_be_recorded_is_refused_whatever_the_script_says() {
    if !needs("sqlite3") {
        return;
    }
    let home = TempDir::new().unwrap();
    let mut listener = responding("202").home(home.path()).start();
    let store = home.path().join(DATA).join("store.db");
    let spoiled = Command::new("sqlite3")
        .arg(store)
        .arg("ALTER TABLE attempts RENAME TO gone")
        .status();
    assert!(spoiled.unwrap().success());
    assert_eq!(status(&answer(&listener, delivery("a"))), 503);
    let line = loop {
        let line = listener.next();
        if line["type"] == "delivery" {
            break line;
        }
    };
    assert_eq!(line["response"]["status"], 503);
    assert_eq!(line.get("script"), None);
}
