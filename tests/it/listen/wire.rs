//! The request as it was on the wire, in the line of `--json` and back through `wh verify`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{PROVIDERS, SECRET, answer, listen, post, signed};
use crate::support::wh;

#[test]
fn header_lines_keep_case_order_repetition_and_bytes() {
    let mut listener = listen("cepro", &["--json"]).env("WH_SECRET", "").start();
    let request = b"pOsT //a/../b?%zz HTTP/1.1\r\nx-b: 1\r\nHOST: h\r\nX-B:2\r\nX-a:   \r\n\
        x-B: \t3 4 \r\nX-Latin: caf\xe9\r\nX-Utf: caf\xc3\xa9\r\ncontent-LENGTH: 1\r\n\r\n!";
    answer(&listener, request);
    let line = listener.next();
    assert_eq!(line["method"], "pOsT");
    assert_eq!(line["target"], "//a/../b?%zz");
    assert_eq!(line["headers_exact"], true);
    let expected = json!([
        ["x-b", "1"],
        ["HOST", "h"],
        ["X-B", "2"],
        ["X-a", ""],
        ["x-B", "3 4"],
        ["X-Latin", {"b64": "Y2Fm6Q=="}],
        ["X-Utf", "café"],
        ["content-LENGTH", "1"],
    ]);
    assert_eq!(line["headers"], expected);
    assert_eq!(line["body_b64"], "IQ==");
}

#[test]
fn every_method_is_a_delivery() {
    let mut listener = listen("cepro", &["--json"]).start();
    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"] {
        let request = format!("{method} /x HTTP/1.0\r\n\r\n");
        let text = answer(&listener, request);
        assert!(text.starts_with("HTTP/1.0 401 "), "{text}");
        let line = listener.next();
        assert_eq!(
            (&line["method"], &line["http"]),
            (&method.into(), &"HTTP/1.0".into())
        );
    }
}

#[test]
fn several_requests_share_a_connection() {
    let mut listener = listen("cepro", &["--json"]).start();
    let one = post("cepro", "/1", signed("cepro"), "one");
    let two = post("cepro", "/2", signed("cepro"), "two");
    answer(&listener, [one, two].concat());
    for target in ["/1", "/2"] {
        let line = listener.next();
        assert_eq!(
            (&line["target"], &line["verdict"]["ok"]),
            (&target.into(), &true.into())
        );
    }
}

/// Bodies that JSON itself could not carry.
const BODIES: [&[u8]; 5] = [
    b"",
    b"{\r\n\"a\": 2500.00}\n",
    b"\xff\xfe\0",
    b"\x1b[2J",
    b"a=b&c",
];

#[test]
fn the_line_is_what_verify_reads() {
    for provider in PROVIDERS {
        let mut listener = listen(provider, &["--json", "--no-redact"]).start();
        for body in BODIES {
            answer(&listener, post(provider, "/", signed(provider), body));
            let line = listener.next();
            assert_eq!(line["body_b64"], STANDARD.encode(body));
            verifies(provider, &line, "valid", 0);

            let mut other = line.clone();
            other["body_b64"] = json!(STANDARD.encode([body, b"!"].concat()));
            if provider != "cepro-inbound" {
                verifies(provider, &other, "invalid", 4);
            }
        }
    }
}

#[test]
fn a_redacted_line_cannot_be_verified_and_says_so() {
    let mut listener = listen("cepro-inbound", &["--json"]).start();
    answer(
        &listener,
        post("cepro-inbound", "/", signed("cepro-inbound"), "{}"),
    );
    verifies("cepro-inbound", &listener.next(), "unchecked", 4);
}

#[track_caller]
fn verifies(provider: &str, line: &Value, kind: &str, code: i32) {
    let call = ["verify", "-P", provider, "--delivery", "-", "--json"];
    let output = wh(call)
        .env("WH_SECRET", SECRET)
        .stdin(line.to_string())
        .capture();
    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (verdict["kind"].as_str(), output.code),
        (Some(kind), code),
        "{verdict}"
    );
}
