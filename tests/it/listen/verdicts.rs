//! Every verdict of every provider: the line, the status, the words of the answer.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{PROVIDERS, answer, listen, post, signed, verdict};
use crate::support::masked_json;

/// A delivery and what is found out about it.
struct Row {
    headers: &'static [&'static str],
    kind: &'static str,
    /// In the reason `…` stands for a length of time.
    reason: Option<&'static str>,
}

const fn row(
    headers: &'static [&'static str],
    kind: &'static str,
    reason: Option<&'static str>,
) -> Row {
    Row {
        headers,
        kind,
        reason,
    }
}

const MISMATCH: Option<&str> = Some("the signature does not match");
const UNSIGNED: Option<&str> = Some("no `X-Webhook-Signature` header");
const TWO: Option<&str> = Some("two signature headers");
const BARE: Option<&str> = Some("the signature is not of the form `{sig}` in lower-case hex");
const PREFIXED: Option<&str> =
    Some("the signature is not of the form `sha256={sig}` in lower-case hex");

/// Sixty-four digits that are nobody's signature.
const WRONG: &str =
    "X-Webhook-Signature: 00000000000000000000000000000000000000000000000000000000000000ff";
const WRONG_PREFIXED: &str =
    "X-Webhook-Signature: sha256=00000000000000000000000000000000000000000000000000000000000000ff";
const UPPER: &str =
    "X-Webhook-Signature: 00000000000000000000000000000000000000000000000000000000000000FF";
const UPPER_PREFIX: &str =
    "X-Webhook-Signature: SHA256=00000000000000000000000000000000000000000000000000000000000000ff";

const CEPRO: &[Row] = &[
    row(&["X-Webhook-Signature: {sig}"], "valid", None),
    row(&["x-WEBHOOK-signature:   {sig}\t"], "valid", None),
    row(
        &["X-Webhook-Signature: {sig}", "X-Webhook-Timestamp: {old}"],
        "valid",
        Some("the unsigned timestamp is … old"),
    ),
    row(
        &["X-Webhook-Timestamp: {ahead}", "X-Webhook-Signature: {sig}"],
        "valid",
        Some("the unsigned timestamp is … ahead"),
    ),
    row(
        &["X-Webhook-Timestamp: once", "X-Webhook-Signature: {sig}"],
        "valid",
        None,
    ),
    row(&[WRONG], "invalid", MISMATCH),
    row(&[UPPER], "invalid", BARE),
    row(&["X-Webhook-Signature: sha256={sig}"], "invalid", BARE),
    row(&["X-Webhook-Signature: {sig}0"], "invalid", BARE),
    row(&["X-Webhook-Signature: 00ff"], "invalid", MISMATCH),
    row(&["X-Webhook-Signature:"], "invalid", BARE),
    row(&[], "unsigned", UNSIGNED),
    row(&["X-Hub-Signature: {sig}"], "unsigned", UNSIGNED),
    row(
        &["X-Webhook-Signature: {sig}", "X-Webhook-Signature: {sig}"],
        "ambiguous",
        TWO,
    ),
    row(
        &[WRONG, "X-Other: 1", "x-webhook-signature: {sig}"],
        "ambiguous",
        TWO,
    ),
];

const WLCRO: &[Row] = &[
    row(
        &["X-Webhook-Timestamp: {now}", "X-Webhook-Signature: {sig}"],
        "valid",
        None,
    ),
    row(
        &["X-Webhook-Signature: {sig}", "X-Webhook-Timestamp: {now}"],
        "valid",
        None,
    ),
    row(
        &["X-Webhook-Timestamp: {now}", WRONG_PREFIXED],
        "invalid",
        MISMATCH,
    ),
    row(&["X-Webhook-Timestamp: {now}", WRONG], "invalid", PREFIXED),
    row(
        &["X-Webhook-Timestamp: {now}", UPPER_PREFIX],
        "invalid",
        PREFIXED,
    ),
    row(
        &["X-Webhook-Timestamp: {old}", "X-Webhook-Signature: {sig}"],
        "stale",
        Some("signature valid, … old, tolerance 5m"),
    ),
    row(
        &["X-Webhook-Timestamp: {ahead}", "X-Webhook-Signature: {sig}"],
        "stale",
        Some("signature valid, … in the future, tolerance 5m"),
    ),
    row(
        &["X-Webhook-Timestamp: {old}", WRONG_PREFIXED],
        "invalid",
        MISMATCH,
    ),
    row(
        &["X-Webhook-Signature: {sig}"],
        "invalid",
        Some("the timestamp is missing"),
    ),
    row(
        &[
            "X-Webhook-Timestamp: 2026-01-28T10:30:00Z",
            "X-Webhook-Signature: {sig}",
        ],
        "invalid",
        Some("the timestamp is not Unix seconds"),
    ),
    row(&["X-Webhook-Timestamp: {now}"], "unsigned", UNSIGNED),
    row(
        &[
            "X-Webhook-Timestamp: {now}",
            "X-Webhook-Timestamp: {now}",
            "X-Webhook-Signature: {sig}",
        ],
        "ambiguous",
        Some("two timestamps"),
    ),
    row(
        &[
            "X-Webhook-Timestamp: {now}",
            "X-Webhook-Signature: {sig}",
            "X-Webhook-Signature: {sig}",
        ],
        "ambiguous",
        TWO,
    ),
];

const TENANT: &[Row] = &[
    row(&["X-Webhook-Signature: {sig}"], "valid", None),
    row(
        &["X-Webhook-Signature: {sig}", "X-Webhook-Timestamp: {old}"],
        "valid",
        None,
    ),
    row(&[WRONG], "invalid", MISMATCH),
    row(&[WRONG_PREFIXED], "invalid", BARE),
    row(&[], "unsigned", UNSIGNED),
    row(&[WRONG, WRONG], "ambiguous", TWO),
];

const ORGJOBS: &[Row] = &[
    row(&["X-Webhook-Signature: {sig}"], "valid", None),
    row(&[WRONG_PREFIXED], "invalid", MISMATCH),
    row(&[WRONG], "invalid", PREFIXED),
    row(&["X-Webhook-Signature: sha256="], "invalid", PREFIXED),
    row(&[], "unsigned", UNSIGNED),
    row(&[WRONG_PREFIXED, WRONG_PREFIXED], "ambiguous", TWO),
];

const INBOUND: &[Row] = &[
    row(&["Authorization: {sig}"], "valid", None),
    row(
        &["Authorization: Bearer other"],
        "invalid",
        Some("the token does not match"),
    ),
    row(
        &["Authorization: Bearer "],
        "invalid",
        Some("the signature is not of the form `Bearer {secret}`"),
    ),
    row(
        &["Authorization: Basic d2hzZWNfdGVzdA=="],
        "invalid",
        Some("the signature is not of the form `Bearer {secret}`"),
    ),
    row(&[], "unsigned", Some("no `Authorization` header")),
    row(
        &["Authorization: {sig}", "Authorization: {sig}"],
        "ambiguous",
        TWO,
    ),
];

/// Whether a text is the expected one, where `…` stands for a length of time.
fn fits(text: &str, expected: &str) -> bool {
    match expected.split_once('…') {
        None => text == expected,
        Some((before, after)) => text
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|rest| rest.starts_with("1h") || rest.starts_with("59m")),
    }
}

#[track_caller]
fn assert_rows(provider: &str, rows: &[Row]) {
    let mut listener = listen(provider, &["--json"]).start();
    for Row {
        headers,
        kind,
        reason,
    } in rows
    {
        let answer = answer(&listener, post(provider, "/hooks", headers, "{\"a\":1}"));
        let line = listener.next();
        let told = &line["verdict"]["reason"];
        let is_told = match reason {
            None => told.is_null(),
            Some(reason) => told.as_str().is_some_and(|told| fits(told, reason)),
        };
        assert!(is_told, "{provider} {headers:?}: {told}");
        let expected = json!({"ok": *kind == "valid", "kind": kind, "reason": told});
        assert_eq!(verdict(&line), expected, "{provider} {headers:?}");

        let (code, text) = match *kind {
            "valid" => ("200 OK", "ok\n".to_owned()),
            _ => (
                "401 Unauthorized",
                format!("{kind}: {}\n", told.as_str().unwrap()),
            ),
        };
        let mut expected =
            format!("HTTP/1.1 {code}\r\ncontent-type: text/plain; charset=utf-8\r\n");
        if provider == "cepro-inbound" && *kind != "valid" {
            expected += "www-authenticate: Bearer\r\n";
        }
        let _ = write!(expected, "content-length: {}\r\n\r\n{text}", text.len());
        assert_eq!(answer, expected, "{provider} {headers:?}");
        let status = if *kind == "valid" { 200 } else { 401 };
        assert_eq!(line["response"]["status"], status);
    }
    let output = listener.stop();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let last = super::told(&output.stdout).pop().unwrap();
    let valid = rows.iter().filter(|row| row.kind == "valid").count();
    let expected = json!({
        "type": "summary", "schema": 1, "received": rows.len(), "valid": valid,
        "refused": rows.len() - valid, "hidden": 0, "duplicates": 0, "dropped": 0,
        "turned_away": 0,
    });
    assert_eq!(last, expected);
}

#[test]
fn cepro() {
    assert_rows("cepro", CEPRO);
}

#[test]
fn wlcro() {
    assert_rows("wlcro", WLCRO);
}

#[test]
fn tenant() {
    assert_rows("tenant", TENANT);
}

#[test]
fn orgjobs() {
    assert_rows("orgjobs", ORGJOBS);
}

#[test]
fn cepro_inbound() {
    assert_rows("cepro-inbound", INBOUND);
}

#[test]
fn a_token_in_the_query_is_refused_or_remarked() {
    let mut listener = listen("cepro-inbound", &["--json"]).start();
    let none: &[&str] = &[];
    let right = &["Authorization: {sig}"][..];
    for (target, headers, status, kind, reason) in [
        (
            "/?secret=whsec_test",
            none,
            401,
            "invalid",
            "the secret is in the query string only",
        ),
        (
            "/?x=1&y=whsec%5Ftest",
            none,
            401,
            "invalid",
            "the secret is in the query string only",
        ),
        (
            "/?TOKEN=other",
            none,
            401,
            "invalid",
            "the secret is in the query string only",
        ),
        (
            "/?x=other",
            none,
            401,
            "unsigned",
            "no `Authorization` header",
        ),
        (
            "/?secret=whsec_test",
            right,
            200,
            "valid",
            "a secret stands in the query string too",
        ),
        (
            "/?x=whsec_test",
            right,
            200,
            "valid",
            "a secret stands in the query string too",
        ),
    ] {
        let answer = answer(&listener, post("cepro-inbound", target, headers, ""));
        assert_eq!(super::status(&answer), status, "{target}");
        let is_refused = status == 401;
        assert_eq!(answer.contains("www-authenticate: Bearer\r\n"), is_refused);
        assert_eq!(
            answer.ends_with(&format!("\r\n\r\n{kind}: {reason}\n")),
            is_refused
        );
        let expected = json!({"ok": !is_refused, "kind": kind, "reason": reason});
        assert_eq!(verdict(&listener.next()), expected, "{target}");
    }
}

#[test]
fn without_a_secret_nothing_is_checked() {
    for provider in PROVIDERS {
        let mut listener = listen(provider, &["--json"]).env("WH_SECRET", "").start();
        for headers in [signed(provider), &[], &["X-Webhook-Signature: no"]] {
            let answer = answer(&listener, post(provider, "/", headers, "{}"));
            assert!(answer.ends_with("\r\n\r\nok\n"), "{answer}");
            let line = listener.next();
            let expected = json!({"ok": false, "kind": "unchecked", "reason": "no secret given"});
            assert_eq!(line["verdict"], expected);
            assert_eq!(line["response"]["status"], 200);
        }
        let output = listener.stop();
        assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
        let last = super::told(&output.stdout).pop().unwrap();
        assert_eq!((&last["valid"], &last["refused"]), (&json!(0), &json!(0)));
    }
}

#[test]
fn accept_invalid_answers_200_and_tells_the_verdict() {
    let mut listener = listen("cepro-inbound", &["--json", "--accept-invalid"]).start();
    for (headers, kind) in [
        (&["Authorization: {sig}"][..], "valid"),
        (&["Authorization: Bearer no"], "invalid"),
        (&[], "unsigned"),
        (&["Authorization: a", "Authorization: a"], "ambiguous"),
    ] {
        let answer = answer(&listener, post("cepro-inbound", "/", headers, ""));
        let expected = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n\
                        content-length: 3\r\n\r\nok\n";
        assert_eq!(answer, expected);
        assert_eq!(listener.next()["verdict"]["kind"], kind);
    }
}

#[test]
fn the_tolerance_may_be_set() {
    for (tolerance, headers, kind) in [
        ("2h", "X-Webhook-Timestamp: {old}", "valid"),
        ("2h", "X-Webhook-Timestamp: {ahead}", "valid"),
        ("59m", "X-Webhook-Timestamp: {old}", "stale"),
        ("off", "X-Webhook-Timestamp: {old}", "valid"),
        ("off", "X-Webhook-Timestamp: 1", "valid"),
    ] {
        let mut listener = listen("wlcro", &["--json", "--tolerance", tolerance]).start();
        let request = post("wlcro", "/", &[headers, "X-Webhook-Signature: {sig}"], "");
        answer(&listener, request);
        let verdict = listener.next()["verdict"].take();
        assert_eq!(verdict["kind"], kind, "{tolerance} {headers}");
    }
}

#[test]
fn a_delivery_is_one_line_with_all_that_is_known() {
    let mut listener = listen("cepro", &["--json"]).start();
    let body = br#"{"event":"job.completed","total":2500.00}"#;
    let headers = [
        "X-Webhook-ID: d-1",
        "X-Webhook-Attempt: 3",
        "X-Webhook-Signature: {sig}",
    ];
    answer(&listener, post("cepro", "/a/b?c=d%20e&&f", &headers, body));
    let line = listener.next();
    assert!(line["response"]["latency_ms"].is_number());
    let peer: std::net::SocketAddr = line["peer"].as_str().unwrap().parse().unwrap();
    assert!(peer.ip().is_loopback());
    let varies = ["/id", "/received_at", "/peer", "/response/latency_ms"];
    let expected = json!({
        "type": "delivery",
        "schema": 1,
        "number": 1,
        "id": null,
        "webhook_id": "d-1",
        "provider": "cepro",
        "event": "job.completed",
        "attempt": 3,
        "received_at": null,
        "peer": null,
        "http": "HTTP/1.1",
        "headers_exact": true,
        "method": "POST",
        "target": "/a/b?c=d%20e&&f",
        "headers": [
            ["Host", "h"],
            ["X-Webhook-ID", "d-1"],
            ["X-Webhook-Attempt", "3"],
            ["X-Webhook-Signature", super::signature("cepro", super::SECRET, "", body)],
            ["Content-Length", "41"],
        ],
        "body_b64": "eyJldmVudCI6ImpvYi5jb21wbGV0ZWQiLCJ0b3RhbCI6MjUwMC4wMH0=",
        "verdict": {"ok": true, "kind": "valid", "reason": null},
        "duplicate_of": null,
        "refused": null,
        "response": {"status": 200, "latency_ms": null},
    });
    assert_eq!(masked_json(line, &varies), expected);
}

#[test]
fn a_body_that_is_not_taken_is_told_all_the_same() {
    let mut listener = listen("cepro", &["--json"]).start();
    let request =
        "POST /big HTTP/1.1\r\nHost: h\r\nX-Webhook-ID: d-1\r\nContent-Length: 26214401\r\n\r\n";
    let refusal = "the body is longer than 26214400 bytes";
    let expected = format!(
        "HTTP/1.1 413 Payload Too Large\r\nconnection: close\r\n\
         content-type: text/plain; charset=utf-8\r\ncontent-length: 39\r\n\r\n{refusal}\n"
    );
    assert_eq!(answer(&listener, request), expected);
    let line = listener.next();
    assert_eq!(
        (&line["refused"], &line["verdict"], &line["body_b64"]),
        (&json!(refusal), &Value::Null, &json!(""))
    );
    assert_eq!(
        (&line["webhook_id"], &line["response"]["status"]),
        (&json!("d-1"), &json!(413))
    );
}
