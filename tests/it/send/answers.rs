//! The answer: what it means, what is shown of it, what usually is behind it.

use super::send;
use crate::support::{Answer, Receiver, Reply, masked};

/// Sends `job.completed` and returns stdout with the times masked, stderr, and the code.
fn answered(answer: impl Into<Answer>, words: &[&str]) -> (String, String, i32) {
    let receiver = Receiver::start([answer]);
    let url = receiver.url();
    let output = send(&[&["job.completed", "--url", &url], words].concat()).capture();
    let stdout = masked(&output.stdout).replace(&url, "URL");
    (
        stdout,
        String::from_utf8(output.stderr).unwrap(),
        output.code,
    )
}

const REQUEST: &str = "TIME  --> cepro job.completed  [#1]  ✓ signed  attempt 1/4\n";

const REDIRECT: &str = "hint: senders do not follow redirects: give the final URL\n";
const SECRET: &str =
    "hint: the secret may differ, or a login guards the route: webhooks carry no session\n";
const HANDLER: &str = "hint: the handler failed: its own log says where\n";

/// Statuses, what is said on stderr, and the exit code.
const STATUSES: &[(u16, &str, i32)] = &[
    (200, "", 0),
    (201, "", 0),
    (204, "", 0),
    (299, "", 0),
    (300, REDIRECT, 5),
    (304, REDIRECT, 5),
    (308, REDIRECT, 5),
    (
        400,
        "hint: often the signature was checked on a parsed body: verify the raw bytes of the request\n",
        5,
    ),
    (401, SECRET, 5),
    (402, "", 5),
    (403, SECRET, 5),
    (404, "hint: check the path of the URL\n", 5),
    (
        405,
        "hint: the path exists, but no handler takes POST there\n",
        5,
    ),
    (409, "", 5),
    (413, "hint: the receiver limits the size of a body\n", 5),
    (
        415,
        "hint: the receiver wants another content type: -H 'Content-Type: …' tries one\n",
        5,
    ),
    (429, "", 5),
    (500, HANDLER, 5),
    (503, HANDLER, 5),
    (599, HANDLER, 5),
    (700, "", 5),
];

#[test]
fn each_status_has_its_outcome_and_its_hint() {
    for (status, hint, code) in STATUSES {
        let stdout = format!("{REQUEST}TIME  <-- {status} POST URL/ TOOK  [#1]\n");
        assert_eq!(answered(*status, &[]), (stdout, (*hint).to_owned(), *code));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start([200]).unused();
    for status in [301, 302, 303, 307, 308] {
        let answer = Reply::new(status).header("Location", &elsewhere.url());
        let (_, stderr, code) = answered(answer, &[]);
        assert_eq!((&*stderr, code), (REDIRECT, 5));
    }
}

#[test]
fn what_counts_as_success_is_the_providers_rule() {
    const FILE: &str = "[provider]\nid = \"mine\"\n\
        [signature]\nalgorithm = \"hmac-sha256\"\nsigns = \"{body}\"\nencoding = \"hex\"\n\
        header = \"X-Signature\"\nvalue = \"{sig}\"\n\
        [delivery]\nsuccess = \"202,4xx\"\n[any_event]\nopen = true\nsample = '{}'\n";
    let dir = tempfile::TempDir::new().unwrap();
    std::fs::write(dir.path().join("mine.toml"), FILE).unwrap();
    for (status, code) in [(202, 0), (404, 0), (200, 5), (500, 5)] {
        let receiver = Receiver::start([status]);
        let words = ["e", "--provider-file", "mine.toml", "--url"];
        let output = send(&[&words[..], &[&receiver.url()]].concat())
            .dir(dir.path())
            .capture();
        assert_eq!(output.code, code, "{status}");
    }
}

#[test]
fn a_refusal_is_shown_on_safe_lines() {
    let long = "0123456789".repeat(50);
    for (body, shown) in [
        (b"".to_vec(), ""),
        (
            b"no\nway\n".to_vec(),
            "              no\n              way\n",
        ),
        (
            b"{\"error\":1.0,\"why\":[\"a\"]}".to_vec(),
            "              {\n                \"error\": 1.0,\n                \"why\": [\n\
             \x20                 \"a\"\n                ]\n              }\n",
        ),
        (
            "\x1b[2J\x07\r\n\u{202e}evil\u{9b}".into(),
            "              \\x1b[2J\\x07\\r\n              \\u{202e}evil\\u{9b}\n",
        ),
        (
            b"\x1f\x8b\x08\xff".to_vec(),
            "              (4 B that are not text) 1f 8b 08 ff\n",
        ),
        (
            long.clone().into_bytes(),
            &format!("              {long}\n"),
        ),
        (
            format!("{long}äb").into_bytes(),
            &format!("              {long}\n              … 3 B more\n"),
        ),
    ] {
        let expected = format!("{REQUEST}TIME  <-- 500 POST URL/ TOOK  [#1]\n{shown}");
        let (stdout, ..) = answered(Reply::new(500).body(body), &[]);
        assert_eq!(stdout, expected);
    }
}

#[test]
fn the_body_of_a_success_is_shown_on_request() {
    let reply = || Reply::new(200).header("X-A", "1").body("fine");
    let plain = format!("{REQUEST}TIME  <-- 200 POST URL/ TOOK  [#1]\n");
    let verbose = format!(
        "{plain}              x-a: 1\n              content-length: 4\n              fine\n"
    );
    assert_eq!(answered(reply(), &[]).0, plain);
    assert_eq!(answered(reply(), &["-v"]).0, verbose);
}

#[test]
fn header_lines_of_an_answer_are_shown_safely_and_without_credentials() {
    let head = b"HTTP/1.1 401 \r\nSet-Cookie: canary=1\r\nAUTHORIZATION: canary\r\n\
        X-Hostile: \x9b2J\xe2\x80\xae\r\nX-Two: 1\r\nX-Two: 2\r\n\
        WWW-Authenticate: Bearer\r\nContent-Length: 2\r\n\r\nno";
    let (stdout, ..) = answered(Answer::Raw(head.to_vec()), &["-v"]);
    let expected = format!(
        "{REQUEST}TIME  <-- 401 POST URL/ TOOK  [#1]\n\
         \x20             set-cookie: (redacted)\n\
         \x20             authorization: (redacted)\n\
         \x20             x-hostile: \\x9b2J\\u{{202e}}\n\
         \x20             x-two: 1\n\
         \x20             x-two: 2\n\
         \x20             www-authenticate: Bearer\n\
         \x20             content-length: 2\n\
         \x20             no\n"
    );
    assert_eq!(stdout, expected);
}

#[test]
fn an_answer_of_any_length_is_read() {
    const KIB: usize = 1024;
    let longer = "              (the answer is longer; its first 64 KiB are kept)\n";
    for (length, remark) in [
        (64 * KIB, ""),
        (64 * KIB + 1, longer),
        (9 * KIB * KIB, longer),
    ] {
        let reply = Reply::new(500).body(vec![b'a'; length]);
        let (stdout, _, code) = answered(reply, &[]);
        let end = format!("a\n              … 63.5 KiB more\n{remark}");
        assert!(stdout.ends_with(&end), "{length}");
        assert_eq!(code, 5);
    }
}

#[test]
fn an_answer_in_pieces_is_one() {
    let chunked =
        b"HTTP/1.1 500 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n4\r\n way\r\n0\r\n\r\n";
    let unframed = b"HTTP/1.1 500 \r\n\r\nno way";
    let interim =
        b"HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\nHTTP/1.1 500 \r\nContent-Length: 6\r\n\r\nno way";
    for answer in [&chunked[..], unframed, interim] {
        let (stdout, ..) = answered(Answer::Raw(answer.to_vec()), &[]);
        let expected =
            format!("{REQUEST}TIME  <-- 500 POST URL/ TOOK  [#1]\n              no way\n");
        assert_eq!(stdout, expected);
    }
}

#[test]
fn quiet_shows_no_body() {
    for (words, count) in [(&[][..], 1), (&["-q"], 0)] {
        let (stdout, _, code) = answered(Reply::new(500).body("all is lost"), words);
        assert_eq!(stdout.matches("all is lost").count(), count, "{stdout}");
        assert_eq!(code, 5);
    }
}
