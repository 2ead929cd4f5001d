//! What is printed byte for byte.

use super::{post, received, received_with, show};
use crate::support::{Receiver, Reply, folder, wh};

#[test]
fn the_body_is_printed_as_it_came_and_nothing_else() {
    let long = b"\0\r\n\xff".repeat(100_000);
    for body in [
        &b""[..],
        b"\n",
        b"no newline",
        b"a\r\nb\r\n",
        b"\0\xff\xfe\x80\x1b[2J",
        b"{\"total\": 2500.00}\n\n",
        "\u{feff}\u{202e}".as_bytes(),
        &long,
    ] {
        let home = received(&[&post(&[], body)]);
        show(&home, &["1", "--body"]).stdout(body).run();
    }
}

#[test]
fn the_request_is_printed_as_on_the_wire() {
    let lines = [
        "x-lower: a",
        "X-Twice: 1",
        "X-EMPTY: ",
        "x-twice: 2",
        "X-Tab: a\tb",
        "Content-Type: application/octet-stream",
    ];
    let request = post(&lines, b"\0\r\n\xff");
    let home = received(&[&request]);
    show(&home, &["1", "--raw"]).stdout(&*request).run();
    let head = request.split(|byte| *byte == b'\0').next().unwrap();
    let text = str::from_utf8(head).unwrap();
    let (_, rest) = text.split_once("\r\n").unwrap();
    let headers = rest.strip_suffix("\r\n").unwrap();
    show(&home, &["1", "--headers", "--raw"])
        .stdout(headers)
        .run();
    let shown = headers.replace("\r\n", "\n").replace('\t', "\\t");
    show(&home, &["1", "--headers"]).stdout(shown).run();
}

#[test]
fn credentials_are_left_out_unless_they_are_asked_for() {
    let request = post(&["Cookie: secret-cookie", "AUTHORIZATION: Bearer x"], "{}");
    let home = received(&[&request]);
    let note = "note: redacted: Cookie, AUTHORIZATION; --no-redact writes it out\n";
    let text = String::from_utf8(request).unwrap();
    let shown = text
        .replace("secret-cookie", "(redacted)")
        .replace("Bearer x", "(redacted)");
    show(&home, &["1", "--raw"])
        .stdout(shown)
        .stderr(note)
        .run();
    show(&home, &["1", "--raw", "--no-redact"])
        .stdout(text)
        .run();
    for words in [
        &["1"][..],
        &["1", "--headers", "-q"],
        &["1", "--curl", "-q"],
        &["1", "--json"],
        &["1", "--diff", "1"],
    ] {
        let output = show(&home, words).capture();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let told = stdout.contains("secret-cookie") || stdout.contains("Bearer x");
        assert_eq!((output.code, told), (0, false), "{words:?}\n{stdout}");
    }
}

#[test]
fn the_token_of_a_provider_that_is_not_known_can_be_left_out_too() {
    const OWN: &str = r#"
        provider = { id = "own" }
        signature = { algorithm = "token", header = "X-Own-Token", value = "{secret}" }
        delivery = { timeout = "1s", retry = "none" }
        any_event = { open = true, sample = "{}" }
        "#;
    let files = folder([("own.toml", OWN)]);
    let file = files.path().join("own.toml");
    let flag = format!("--provider-file={}", file.display());
    let home = received_with(&[&flag], &[&post(&["X-Own-Token: t0ken"], "{}")]);
    show(&home, &["1", "--headers"])
        .stdout_has("X-Own-Token: t0ken\n")
        .stderr_has("note: `own` is not known here: ")
        .run();
    show(&home, &["1", "--headers", &flag])
        .stdout("Host: h\nX-Own-Token: (redacted)\nContent-Length: 2\n")
        .stderr("note: redacted: X-Own-Token; --no-redact writes it out\n")
        .run();
}

#[test]
fn a_body_in_chunks_is_written_whole() {
    let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    let request = format!("{head}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    let home = received(&[request.as_bytes()]);
    show(&home, &["1", "--raw"])
        .stdout(format!("{head}abc"))
        .stderr("note: the body came in chunks; it is written whole\n")
        .run();
}

#[test]
fn the_answer_to_what_was_sent_is_printed_too() {
    let reply = Reply::new(202)
        .header("X-Lines", "one")
        .header("Set-Cookie", "a=b")
        .body(b"\0\r\n\xff");
    let receiver = Receiver::start([reply]);
    let home = tempfile::TempDir::new().unwrap();
    let url = format!("--url={}", receiver.url());
    wh(["send", "lead.created", "--no-signature", "-q", &url])
        .home(home.path())
        .stdout_has("202")
        .run();
    show(&home, &["1", "--answer", "--body"])
        .stdout(b"\0\r\n\xff")
        .run();
    let raw = show(&home, &["1", "--answer", "--raw", "--no-redact"]).capture();
    let raw = String::from_utf8_lossy(&raw.stdout).into_owned();
    assert!(raw.starts_with("HTTP/1.1 202 \r\n"), "{raw:?}");
    assert!(
        raw.to_lowercase().contains("\r\nx-lines: one\r\n"),
        "{raw:?}"
    );
    show(&home, &["1", "--answer", "--headers", "-q"])
        .stdout_has("(redacted)\n")
        .run();
}

#[test]
fn an_answer_that_is_not_kept_is_an_error() {
    let home = received(&[&post(&[], "{}")]);
    show(&home, &["1", "--answer", "--body"])
        .stderr_has("error: attempt 1 of #1 has no answer to print: 200 in ")
        .exit(7)
        .run();
}

#[test]
fn a_target_that_is_no_path_makes_no_other_host_in_a_curl_line() {
    let request = "POST http://evil.example/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";
    let home = received(&[request.as_bytes()]);
    show(&home, &["1", "--raw"]).stdout(request).run();
    show(&home, &["1", "--curl", "-q"])
        .stdout("curl -sS -X 'POST' --data-binary '' --globoff --url 'http://localhost:3000/'\n")
        .run();
}
