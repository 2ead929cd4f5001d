//! `--dry-run`: all of it, for people and as JSON.

use serde_json::{Value, json};

use super::{BODY, SECRET, fixed, send};
use crate::support::{DATA, Receiver, folder, wh};

#[test]
fn it_shows_the_request_the_signed_bytes_and_a_curl_line() {
    let words = fixed("wlcro", &["e", "--dry-run", "--url", "1/hooks"]);
    let signature = "sha256=348cd0994ae741c1bab5e163a91a0caeacd544bee823a2071848ce5390b08560";
    send(&words)
        .stdout(format!(
            "POST /hooks HTTP/1.1\nContent-Type: application/json\n\
             X-Webhook-Timestamp: 1769596200\nX-Webhook-Signature: {signature}\nAccept: */*\n\
             User-Agent: wh/0.1.0\nHost: localhost:1\nContent-Length: 48\n\n{BODY}\n\n\
             signed bytes (59), on one line:\n1769596200.{BODY}\n\n\
             the same by curl:\n\
             curl -sS -X 'POST' -H 'Content-Type: application/json' \
             -H 'X-Webhook-Timestamp: 1769596200' -H 'X-Webhook-Signature: {signature}' \
             --data-binary '{BODY}' --globoff --url 'http://localhost:1/hooks'\n"
        ))
        .run();
}

#[test]
fn without_a_signature_there_are_no_signed_bytes() {
    for (provider, words) in [("cepro", &["--no-signature"][..]), ("cepro-inbound", &[])] {
        let call = [
            "-P",
            provider,
            "e",
            "--data",
            "{}",
            "--url",
            "1",
            "--dry-run",
        ];
        let output = send(&[&call[..], words].concat()).capture();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("signed bytes"), "{text}");
        assert!(text.contains("\n\n{}\n\nthe same by curl:\n"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn hostile_bytes_are_shown_as_escapes() {
    for (body, shown) in [
        ("\x1b[2J\u{202e}", "\n\n\\x1b[2J\\u{202e}\n\n"),
        ("a\r\nb", "\n\na\\r\nb\n\n"),
        ("", "\n\n\n\n"),
    ] {
        send(&["e", "--force", "--data", body, "--url", "1", "--dry-run"])
            .stdout_has(shown)
            .run();
    }
    send(&["e", "--data", "-", "--url", "1", "--dry-run"])
        .stdin(b"\xff\x00")
        .stdout_has("\n\n(2 B that are not text) ff 00\n\n")
        .stdout_has("\nsigned bytes (2), on one line:\n\\xff\\x00\n\n")
        .run();
}

#[test]
fn as_json_it_is_one_object() {
    let words = [
        "e",
        "--dry-run",
        "--json",
        "--url",
        "1",
        "-H",
        "Cookie: canary",
    ];
    let output = send(&fixed("cepro", &words)).capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let signature = "d76795a9a7204922cbdc26aea3dfb03bfdab5994587ec978343ad8dd90d10972";
    let b64 = "eyJldmVudCI6ImpvYi5jb21wbGV0ZWQiLCJpZCI6NywidG90YWwiOjI1MDAuMDB9";
    let expected = json!({
        "type": "request",
        "schema": 1,
        "url": "http://localhost:1/",
        "provider": "cepro",
        "event": "e",
        "webhook_id": "d-1",
        "request": {
            "method": "POST",
            "target": "/",
            "headers": [
                ["Content-Type", "application/json"],
                ["X-Webhook-Id", "d-1"],
                ["X-Webhook-Timestamp", "1769596200"],
                ["X-Webhook-Event", "e"],
                ["X-Webhook-Attempt", "1"],
                ["X-Webhook-Signature", signature],
                ["Cookie", {"redacted": true}],
                ["Accept", "*/*"],
                ["User-Agent", "wh/0.1.0"],
                ["Host", "localhost:1"],
                ["Content-Length", "48"],
            ],
            "body_b64": b64,
        },
        "signed_b64": b64,
        "curl": format!(
            "curl -sS -X 'POST' -H 'Content-Type: application/json' -H 'X-Webhook-ID: d-1' \
             -H 'X-Webhook-Timestamp: 1769596200' -H 'X-Webhook-Event: e' \
             -H 'X-Webhook-Attempt: 1' -H 'X-Webhook-Signature: {signature}' \
             -H 'Cookie: (redacted)' --data-binary '{BODY}' --globoff --url 'http://localhost:1/'"
        ),
    });
    assert_eq!(line, expected);
}

#[test]
fn each_delivery_is_shown_and_none_is_sent() {
    let receiver = Receiver::start([200]).unused();
    let words = ["estimate.created", "--with-legacy", "--dry-run", "--json"];
    let output = send(&[&words[..], &["--url", &receiver.url()]].concat()).capture();
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let events: Vec<Value> = lines
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].take())
        .collect();
    assert_eq!(events, ["estimate.created", "estimate_created"]);
}

#[test]
fn https_needs_no_setting_up_where_nothing_is_sent() {
    wh([
        "send",
        "job.completed",
        "--dry-run",
        "--url",
        "https://example.com/a",
    ])
    .env("WH_SECRET", SECRET)
    .env("SSL_CERT_FILE", "/nowhere")
    .stdout_has("POST /a HTTP/1.1\n")
    .stdout_has("\nHost: example.com\n")
    .run();
}

#[test]
fn nothing_is_queued_either() {
    let home = folder([("secret", SECRET)]);
    let words = "send job.completed --retry --dry-run --url 1 --secret-file secret";
    wh(words.split(' '))
        .dir(home.path())
        .home(home.path())
        .stdout_has("POST / HTTP/1.1\n")
        .run();
    assert!(!home.path().join(DATA).exists());
}
