//! The body: the user's own bytes, the samples, and what may be changed in them.

use std::ffi::OsString;
use std::fs;

use tempfile::TempDir;

use super::{BODY, SECRET, assert_valid, send};
use crate::support::{Receiver, wh};

/// Bodies that a careless sender would change.
const BODIES: &[(&str, &[u8])] = &[
    ("empty", b""),
    ("one newline", b"\n"),
    ("text", BODY.as_bytes()),
    ("a newline at the end", b"{\"a\":1}\n"),
    ("CRLF", b"{\r\n  \"a\": 1\r\n}\r\n"),
    ("a byte order mark", b"\xef\xbb\xbf{}"),
    (
        "key order and number forms",
        b"{ \"b\":1.0, \"a\":1e2,\"a\":-0 }",
    ),
    ("escapes", br#"{"a":"\u00e9\/","b":"\ud800"}"#),
    ("not ASCII", "ä€𝄞\u{202e}".as_bytes()),
    ("percent and plus", b"a=%20+b&c="),
    ("quotes", br#"'"`$(id)\"#),
    ("every byte", &EVERY_BYTE),
    ("not UTF-8", b"\xff\xfe{}"),
    ("NUL", b"\0"),
    (
        "gzip",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
    ),
];

const EVERY_BYTE: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut next = 0;
    while next < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        {
            bytes[next] = next as u8;
        }
        next += 1;
    }
    bytes
};

#[test]
fn bytes_of_a_file_and_of_stdin_go_out_as_they_are() {
    let dir = TempDir::new().unwrap();
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    for (name, body) in BODIES {
        fs::write(dir.path().join("body"), body).unwrap();
        let words = ["any.event", "--force", "--url", &url, "--data"];
        for (source, stdin) in [("@body", &b""[..]), ("-", body)] {
            send(&[&words[..], &[source]].concat())
                .dir(dir.path())
                .stdin(stdin)
                .stdout_has("  <-- 200 POST ")
                .run();
            let request = receiver.requests().pop().unwrap();
            assert_eq!(request.body, *body, "{name}, {source}");
            assert_valid("cepro", &request);
        }
    }
    assert_eq!(receiver.requests().len(), 2 * BODIES.len());
}

#[test]
fn text_on_the_command_line_goes_out_as_it_is() {
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    let more: [(&str, &[u8]); 2] = [("a hyphen", b"--url"), ("two", b"-1")];
    let texts = BODIES.iter().copied().chain(more);
    for (name, body) in texts {
        let text = str::from_utf8(body)
            .ok()
            .filter(|text| !text.contains('\0'));
        let Some(text) = text else {
            continue;
        };
        send(&["any.event", "--url", &url, "--data", text])
            .stdout_has("  <-- 200 POST ")
            .run();
        let request = receiver.requests().pop().unwrap();
        assert_eq!(request.body, body, "{name}");
        assert_valid("cepro", &request);
    }
}

#[test]
fn five_mebibytes_go_out_as_they_are() {
    let body: Vec<u8> = (0..5 * 1024 * 1024_u32)
        .map(|nth| (nth.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0])
        .collect();
    let receiver = Receiver::start([200]);
    send(&["any.event", "--url", &receiver.url(), "--data", "-"])
        .stdin(body.clone())
        .stdout_has("  <-- 200 POST ")
        .run();
    let request = receiver.requests().remove(0);
    assert!(request.body == body, "{} bytes came", request.body.len());
    assert_eq!(request.header("content-length"), Some("5242880"));
    assert_valid("cepro", &request);
}

#[test]
fn a_body_that_cannot_be_read_is_bad_input() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("folder")).unwrap();
    let receiver = Receiver::start([200]).unused();
    let missing = "error: cannot read `missing`: No such file or directory (os error 2)\n";
    let folder = "error: `folder` is a directory\nhint: name a file, or `-` for standard input\n";
    for (data, error) in [("@missing", missing), ("@folder", folder)] {
        send(&["any.event", "--url", &receiver.url(), "--data", data])
            .dir(dir.path())
            .stderr(error)
            .exit(7)
            .run();
    }
}

#[test]
fn text_that_is_not_utf8_is_a_usage_error() {
    use std::os::unix::ffi::OsStringExt as _;
    let words = ["send", "e", "--url", "1", "--data"].map(OsString::from);
    let text = OsString::from_vec(b"\xff".to_vec());
    wh(words.into_iter().chain([text]))
        .stderr_has("error: invalid UTF-8 was detected in one or more arguments\n")
        .exit(2)
        .run();
}

/// Sends with these words and returns the body that came.
#[track_caller]
fn body_of(words: &[&str]) -> String {
    let receiver = Receiver::start([200]);
    send(&[words, &["--url", &receiver.url()]].concat())
        .stdout_has("  <-- 200 POST ")
        .run();
    let request = receiver.requests().remove(0);
    assert_valid("cepro", &request);
    String::from_utf8(request.body).unwrap()
}

#[test]
fn edits_change_what_they_name_and_no_other_byte() {
    const DATA: &str = "{\r\n \"a\" :1.00,\n \"b\": { \"c\": [1,\t2.50 ] } }\n";
    for (edits, expected) in [
        (&[][..], DATA),
        (
            &["--override", "a=2"],
            "{\r\n \"a\" :2,\n \"b\": { \"c\": [1,\t2.50 ] } }\n",
        ),
        (
            &["--override", "b.c.1=text", "--override", "b.c.0=null"],
            "{\r\n \"a\" :1.00,\n \"b\": { \"c\": [null,\t\"text\" ] } }\n",
        ),
    ] {
        let words = ["e", "--data", DATA];
        assert_eq!(
            body_of(&[&words[..], edits].concat()),
            expected,
            "{edits:?}"
        );
    }
}

#[test]
fn values_are_added_and_taken_out() {
    for (data, edits, expected) in [
        (r#"{"a":1}"#, &["--add", "b=2"][..], r#"{"a":1,"b":2}"#),
        (
            r#"{"a":1}"#,
            &["--add", "b.c=x"],
            r#"{"a":1,"b":{"c":"x"}}"#,
        ),
        (r#"{"a":1.0,"b":2}"#, &["--remove", "b"], r#"{"a":1.0}"#),
        (
            r#"{"a":1,"b":2}"#,
            &["--remove", "a", "--add", "c=3.10", "--override", "b=true"],
            r#"{"b":true,"c":3.10}"#,
        ),
    ] {
        let words = ["e", "--data", data];
        assert_eq!(
            body_of(&[&words[..], edits].concat()),
            expected,
            "{edits:?}"
        );
    }
}

#[test]
fn an_edit_that_cannot_be_made_is_bad_input() {
    let near = "error: the body has no path `totl`\n\
                hint: it has total, id, event; --add makes a new one\n";
    for (data, edit, error) in [
        (BODY, ["--override", "totl=1"], near),
        (
            "no JSON",
            ["--override", "a=1"],
            "error: the body is not JSON of at most 128 levels, so it has no path `a`\n",
        ),
    ] {
        send(&[&["e", "--url", "1", "--data", data], &edit[..]].concat())
            .stderr(error)
            .exit(7)
            .run();
    }
    send(&["e", "--url", "1", "--data", "-", "--remove", "a"])
        .stdin(b"\xff")
        .stderr("error: the body is not UTF-8, so no path of it can be changed\n")
        .exit(7)
        .run();
}

/// As "Webhook Integrations" prints it.
const TEST_DELIVERY: &str = r#"{
  "event": "estimate.created",
  "timestamp": "2026-03-08T14:30:00Z",
  "data": {
    "test": true,
    "message": "This is a test webhook from CleanEstimate Pro",
    "estimate_id": "00000000-0000-0000-0000-000000000000",
    "estimate_number": "TEST-001",
    "customer_name": "Test Customer",
    "total": 250.0
  }
}"#;

/// As "Webhook Signing" prints it.
const JOB_COMPLETED: &str = r#"{
  "event": "job.completed",
  "timestamp": "2026-03-14T16:45:00.000Z",
  "data": {
    "job_id": "2d74d878-9a62-45da-84de-74d91c4a2b4d",
    "status": "complete"
  }
}"#;

/// As "Webhook Integrations" prints it.
const PROPOSAL_ACCEPTED: &str = r#"{
  "event": "proposal_accepted",
  "timestamp": "2026-03-08T14:30:00Z",
  "data": {
    "id": "prop_xyz789",
    "client_name": "Jane Smith",
    "client_email": "jane@example.com",
    "total": 2500.00,
    "status": "accepted",
    "accepted_at": "2026-03-08T14:29:45Z"
  }
}"#;

#[test]
fn documented_bodies_go_out_byte_for_byte() {
    for (word, body) in [
        ("--test", TEST_DELIVERY),
        ("job.completed", JOB_COMPLETED),
        ("proposal_accepted", PROPOSAL_ACCEPTED),
    ] {
        assert_eq!(body_of(&[word]), body, "{word}");
    }
}

#[test]
fn the_id_stands_in_the_body_where_the_platform_has_it_there() {
    let receiver = Receiver::start([200]);
    send(&[
        "-P",
        "wlcro",
        "--test",
        "--id",
        "12345",
        "--url",
        &receiver.url(),
    ])
    .stdout_has("--> wlcro client.created  [#1]  ✓ signed  attempt 1/11\n")
    .run();
    let body = String::from_utf8(receiver.requests().remove(0).body).unwrap();
    let (start, rest) = body.split_once("\"createdUtc\": \"").unwrap();
    let (_, end) = rest.split_once("\",\n").unwrap();
    assert_eq!(
        start,
        "{\n  \"id\": 12345,\n  \"type\": \"client.created\",\n  "
    );
    assert_eq!(
        end,
        "  \"payload\": {\n    \"client_id\": 5678,\n    \"first_name\": \"John\",\n    \
         \"last_name\": \"Doe\",\n    \"email\": \"john@example.com\"\n  }\n}"
    );
}

#[test]
fn a_platform_without_a_documented_test_has_none() {
    wh(["send", "-P", "tenant", "--test", "--url", "1"])
        .env("WH_SECRET", SECRET)
        .stderr(
            "error: `tenant` documents no test delivery\n\
             hint: name an event instead: `wh events` lists them\n",
        )
        .exit(7)
        .run();
}

#[test]
fn the_legacy_twin_is_a_delivery_of_its_own() {
    let receiver = Receiver::start([200]);
    let words = ["estimate.created", "--with-legacy", "--id", "d-1"];
    send(&[&words[..], &["--url", &receiver.url()]].concat())
        .stdout_has("  --> cepro estimate.created  [#1]  ✓ signed  attempt 1/4\n")
        .stdout_has("  --> cepro estimate_created  [#2]  ✓ signed  attempt 1/4\n")
        .run();
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    for (request, event) in requests
        .iter()
        .zip(["estimate.created", "estimate_created"])
    {
        assert_valid("cepro", request);
        assert_eq!(request.header("x-webhook-event"), Some(event));
        let body = str::from_utf8(&request.body).unwrap();
        let start = format!("{{\n  \"event\": \"{event}\",\n");
        assert!(body.starts_with(&start), "{body}");
    }
    let id = |nth: usize| requests[nth].header("x-webhook-id").unwrap();
    assert_eq!(id(0), "d-1");
    assert_eq!(id(1).len(), 36);

    for (word, value) in [("--data", "{}"), ("--test", "-q")] {
        send(&["--with-legacy", word, value, "--url", "1"])
            .stderr_has("error: the argument '--with-legacy' cannot be used with '--")
            .exit(2)
            .run();
    }
    send(&["job.created", "--with-legacy", "--url", "1"])
        .stderr("error: `job.created` has no legacy twin\n")
        .exit(7)
        .run();
}

#[test]
fn a_later_attempt_says_so_and_is_the_same_delivery() {
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    for attempt in ["1", "3"] {
        let words = ["job.completed", "--id", "d-1", "--url", &url];
        send(&[&words[..], &["--attempt", attempt]].concat())
            .stdout_has(format!("✓ signed  attempt {attempt}/4\n"))
            .run();
    }
    let requests = receiver.requests();
    let header = |nth: usize, name: &str| requests[nth].header(name).unwrap();
    assert_eq!(header(0, "x-webhook-attempt"), "1");
    assert_eq!(header(1, "x-webhook-attempt"), "3");
    for name in ["x-webhook-id", "x-webhook-signature"] {
        assert_eq!(header(0, name), header(1, name));
    }
    assert_eq!(requests[0].body, requests[1].body);
}
