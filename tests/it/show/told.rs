//! What people and programs are told.

use std::io::BufRead as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{post, received, show};

#[test]
fn people_see_attempts_request_and_answer() {
    let body = r#"{"event":"invoice.paid","total":2500.00}"#;
    let request = post(&["X-Webhook-ID: evt_1"], body);
    let home = received(&[&request, &request]);
    let text = String::from_utf8(show(&home, &["1"]).capture().stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "#1  received  ? unchecked  invoice.paid");
    assert_eq!(
        lines[2..5],
        [
            "  webhook id evt_1",
            "  provider   cepro",
            "  endpoint   /hooks"
        ]
    );
    assert!(lines[6].starts_with("N  TIME "), "{text}");
    assert!(lines[7].contains("? unchecked  1/4  200 "), "{text}");
    assert!(lines[8].contains("duplicate; no secret given"), "{text}");
    assert_eq!(lines[10], "attempt 2:");
    assert!(lines[11].starts_with("request  20"), "{text}");
    assert!(lines[11].contains(", from 127.0.0.1:"), "{text}");
    assert_eq!(
        lines[12..21],
        [
            "  POST /hooks?a=1 HTTP/1.1",
            "  Host: h",
            "  X-Webhook-ID: evt_1",
            "  Content-Length: 40",
            "",
            "  {",
            "    \"event\": \"invoice.paid\",",
            "    \"total\": 2500.00",
            "  }",
        ]
    );
    assert!(lines[22].starts_with("answer  200 in "), "{text}");
    assert_eq!(lines.len(), 23);
    let first = show(&home, &["1", "--attempt=1"]).capture();
    let first = String::from_utf8(first.stdout).unwrap();
    assert!(first.contains("\nattempt 1:\n"), "{first}");
    let brief = show(&home, &["1", "-q"]).capture();
    assert!(!String::from_utf8(brief.stdout).unwrap().contains("2500"));
}

#[test]
fn programs_get_one_object_with_every_attempt() {
    let body = b"\0\xff{}";
    let request = post(&["X-Webhook-ID: evt_1", "Cookie: a"], body);
    let home = received(&[&request, &request]);
    let output = show(&home, &["1", "--json"]).capture();
    assert_eq!(output.stdout.lines().count(), 1);
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (key, value) in [
        ("type", json!("delivery")),
        ("schema", json!(1)),
        ("number", json!(1)),
        ("webhook_id", json!("evt_1")),
        ("direction", json!("received")),
        ("endpoint", json!("/hooks")),
        ("redacted", json!(true)),
    ] {
        assert_eq!(object[key], value, "{key}");
    }
    let attempts = object["attempts"].as_array().unwrap();
    let nth: Vec<_> = attempts.iter().map(|attempt| &attempt["nth"]).collect();
    assert_eq!(nth, [&json!(1), &json!(2)]);
    for attempt in attempts {
        let kept = STANDARD.decode(attempt["body_b64"].as_str().unwrap());
        assert_eq!(kept.unwrap(), body);
        assert_eq!(attempt["headers"][2], json!(["Cookie", {"redacted": true}]));
        assert_eq!(attempt["target"], "/hooks?a=1");
        assert_eq!(attempt["response"], json!(null));
    }
    let whole = show(&home, &["1", "--json", "--no-redact"]).capture();
    let whole: Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(whole["attempts"][0]["headers"][2], json!(["Cookie", "a"]));
    assert_eq!(whole["redacted"], false);
}
