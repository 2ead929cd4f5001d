//! The lines for people, exactly.

use super::{SECRET, answer, listen, post, unexplained};
use crate::support::{Output, masked};

const BODY: &str = r#"{"event":"job.completed","total":2500.00}"#;
const SHOWN: &str = "              {\n                \"event\": \"job.completed\",\n\
                     \x20               \"total\": 2500.00\n              }\n";
const RIGHT: &str = "X-Webhook-Signature: {sig}";

/// What is written of these deliveries, with the times masked and without explanations.
fn lines(provider: &str, flags: &[&str], secret: &str, requests: &[Vec<u8>]) -> String {
    let listener = listen(provider, flags)
        .env("WH_SECRET", secret)
        .start_for_people();
    for request in requests {
        answer(&listener, request);
    }
    let Output { stdout, code, .. } = listener.stop();
    assert_eq!(code, 0);
    unexplained(&masked(&stdout))
}

#[test]
fn each_verdict_has_its_mark_and_its_reason() {
    let wrong = format!("X-Webhook-Signature: {}", "0".repeat(64));
    let cepro = |headers: &[&str]| post("cepro", "/hooks", headers, BODY);
    let line = |verdict: &str, number: u8| {
        format!("TIME  <-- {verdict} cepro job.completed  [#{number}]  41 B  POST /hooks\n")
    };
    let told = lines(
        "cepro",
        &[],
        SECRET,
        &[
            cepro(&[RIGHT]),
            cepro(&[&wrong]),
            cepro(&[RIGHT, RIGHT]),
            cepro(&[]),
        ],
    );
    let expected = [
        line("✓ valid    ", 1),
        format!("{SHOWN}TIME  --> 200 TOOK  [#1]\n"),
        line("✗ invalid  ", 2),
        "              the signature does not match\n".to_owned(),
        format!("{SHOWN}TIME  --> 401 TOOK  [#2]\n"),
        line("✗ ambiguous", 3),
        "              two signature headers\n".to_owned(),
        format!("{SHOWN}TIME  --> 401 TOOK  [#3]\n"),
        line("✗ unsigned ", 4),
        "              no `X-Webhook-Signature` header\n".to_owned(),
        format!("{SHOWN}TIME  --> 401 TOOK  [#4]\n"),
    ];
    assert_eq!(told, expected.concat());

    let told = lines("cepro", &[], "", &[cepro(&[])]);
    let expected = line("? unchecked", 1) + SHOWN + "TIME  --> 200 TOOK  [#1]\n";
    assert_eq!(told, expected);
}

#[test]
fn a_stale_delivery_tells_its_age() {
    let body = r#"{"id":7,"type":"client.created"}"#;
    let request = post("wlcro", "/", &["X-Webhook-Timestamp: {old}", RIGHT], body);
    let told = lines("wlcro", &["-q"], SECRET, &[request]);
    let (first, rest) = told.split_once('\n').unwrap();
    assert_eq!(
        first,
        "TIME  <-- ✗ stale     wlcro client.created  [#1]  32 B  POST /"
    );
    let (reason, rest) = rest.split_once('\n').unwrap();
    assert!(
        reason.starts_with("              signature valid, 1h"),
        "{reason}"
    );
    assert!(reason.ends_with(" old, tolerance 5m"), "{reason}");
    assert_eq!(rest, "              id 7\nTIME  --> 401 TOOK  [#1]\n");
}

#[test]
fn id_attempt_and_repeats_are_told() {
    let headers = ["X-Webhook-ID: d-1", "X-Webhook-Attempt: 2", RIGHT];
    let request = post("cepro", "/?a=b", &headers, BODY);
    let first = "TIME  <-- ✓ valid     cepro job.completed  [#1]  attempt 2/4  41 B  POST /?a=b\n\
                 \x20             id d-1\nTIME  --> 200 TOOK  [#1]\n";
    let second = "TIME  <-- ✓ valid     cepro job.completed  [#1]  attempt 2/4  41 B  POST /?a=b\n\
                  \x20             id d-1\n              duplicate: accepted before\n\
                  TIME  --> 200 TOOK  [#1]\n";
    let told = lines("cepro", &["--quiet"], SECRET, &[request.clone(), request]);
    assert_eq!(told, format!("{first}{second}"));
}

#[test]
fn header_lines_are_shown_on_request_and_without_credentials() {
    let headers = [
        "x-Two: 1",
        "Authorization: Bearer canary",
        "X-Two: \u{202e}2",
        "cookie: canary",
    ];
    let request = post("cepro", "/", &headers, "");
    let expected = "TIME  <-- ✗ unsigned  cepro (no event)  [#1]  0 B  POST /\n\
        \x20             no `X-Webhook-Signature` header\n\
        \x20             Host: h\n\
        \x20             x-Two: 1\n\
        \x20             Authorization: (redacted)\n\
        \x20             X-Two: \\u{202e}2\n\
        \x20             cookie: (redacted)\n\
        \x20             Content-Length: 0\n\
        TIME  --> 401 TOOK  [#1]\n";
    assert_eq!(lines("cepro", &["-v"], SECRET, &[request]), expected);
}

#[test]
fn bodies_are_laid_out_and_made_safe() {
    let long = "0123456789abcdef".repeat(1024);
    for (body, shown) in [
        (&b""[..], ""),
        (b"a=b&c=d", "              a=b&c=d\n"),
        (b"two\nlines\n", "              two\n              lines\n"),
        (b"\x1b[2J\r\n", "              \\x1b[2J\\r\n"),
        (
            b"\x1f\x8b\xff",
            "              (3 B that are not text) 1f 8b ff\n",
        ),
        (
            b"{\"a\":[1.0,{}]}",
            "              {\n                \"a\": [\n                  1.0,\n\
             \x20                 {}\n                ]\n              }\n",
        ),
        (
            format!("{long}more").as_bytes(),
            &format!("              {long}\n              … 4 B more\n"),
        ),
    ] {
        let told = lines("cepro", &[], SECRET, &[post("cepro", "/", &[RIGHT], body)]);
        let (_, rest) = told.split_once('\n').unwrap();
        assert_eq!(rest, format!("{shown}TIME  --> 200 TOOK  [#1]\n"));
    }
}

#[test]
fn what_a_sender_wrote_cannot_act_on_the_terminal() {
    let event = "\\u001b]0;x\\u0007\\u202e";
    let body = format!("{{\"event\":\"{event}\"}}");
    let headers = ["X-Webhook-ID: a\tb\u{9b}", "X-Webhook-Signature: \u{202e}"];
    let request = post("cepro", "/%1b\u{9b}", &headers, body);
    let told = lines("cepro", &["-q"], SECRET, &[request]);
    let start = "TIME  <-- ✗ invalid   cepro \\x1b]0;x\\x07\\u{202e}  [#1]  ";
    assert!(told.starts_with(start), "{told}");
    assert!(told.contains("\n              id a\\tb\\u{9b}\n"), "{told}");
    let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!told.contains(acts), "{told:?}");
}

#[test]
fn a_refused_body_is_told() {
    let request = "PUT /big HTTP/1.1\r\nHost: h\r\nContent-Length: 26214401\r\n\r\n";
    let expected = "TIME  <-- ✗ refused   cepro (no event)  [#1]  no body  PUT /big\n\
        \x20             the body is longer than 26214400 bytes\nTIME  --> 413 TOOK  [#1]\n";
    assert_eq!(lines("cepro", &[], SECRET, &[request.into()]), expected);
}

#[test]
fn what_is_no_request_is_a_warning() {
    let listener = listen("cepro", &[]).start_for_people();
    let text = answer(&listener, "\x1b[2J\r\n\r\n");
    assert!(text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{text}");
    let output = listener.stop();
    assert_eq!((output.code, &*output.stdout), (0, &b""[..]));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = stderr.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("warning: what 127.0.0.1:"), "{stderr}");
    assert!(lines[1].ends_with(", and answered 400"), "{stderr}");
    assert_eq!(lines[2], "stopped: 0 attempts, 0 valid, 0 refused");
}
