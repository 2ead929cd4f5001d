//! The secret: the ways to give it, several at once, and that it comes out nowhere.

use std::fs;

use tempfile::TempDir;

use super::{PROVIDERS, SECRET, answer, listen, post, signature, status};
use crate::support::{Output, Wh, raw, wh};

#[test]
fn any_of_several_secrets_will_do() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("old"), "old-secret").unwrap();
    fs::write(dir.path().join("new"), "new-secret\n").unwrap();
    let words = [
        "listen",
        "--port",
        "0",
        "--json",
        "--secret-file",
        "old",
        "--secret-file",
        "new",
    ];
    let more = ["--secret-env", "NAMED", "--secret", "typed-secret"];
    let mut listener = wh(words.into_iter().chain(more))
        .dir(dir.path())
        .env("NAMED", "named-secret")
        .env("WH_SECRET", "unused-secret")
        .start();
    for (secret, kind) in [
        ("old-secret", "valid"),
        ("new-secret", "valid"),
        ("named-secret", "valid"),
        ("typed-secret", "valid"),
        ("unused-secret", "invalid"),
        ("new-secret\n", "invalid"),
        ("old", "invalid"),
    ] {
        let line = format!(
            "X-Webhook-Signature: {}",
            signature("cepro", secret, "", b"{}")
        );
        answer(&listener, post("cepro", "/", &[&line], "{}"));
        assert_eq!(listener.next()["verdict"]["kind"], kind, "{secret:?}");
    }
}

#[test]
fn tokens_are_rotated_as_secrets_are() {
    let words = [
        "listen",
        "--port",
        "0",
        "--json",
        "-P",
        "cepro-inbound",
        "-q",
    ];
    let mut listener = wh(words
        .into_iter()
        .chain(["--secret", "one", "--secret", "two"]))
    .start();
    for (token, kind) in [("one", "valid"), ("two", "valid"), ("three", "invalid")] {
        let line = format!("Authorization: Bearer {token}");
        answer(&listener, post("cepro-inbound", "/", &[&line], ""));
        assert_eq!(listener.next()["verdict"]["kind"], kind, "{token}");
    }
}

#[test]
fn a_secret_that_cannot_be_had_ends_it_before_it_listens() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("empty"), "\n").unwrap();
    for (flags, error) in [
        (
            ["--secret-file", "missing"],
            "error: cannot read `missing`: No such file or directory (os error 2)\n\
             hint: --secret-file FILE, --secret-env NAME, or the variable WH_SECRET; --secret asks \
             for it on a terminal\n",
        ),
        (
            ["--secret-file", "empty"],
            "note: the newline at the end of `empty` is not taken as part of the secret\n\
             error: the secret file `empty` is empty\n",
        ),
        (
            ["--secret-env", "NOT_SET"],
            "error: the variable `NOT_SET` is not set, or empty\n",
        ),
    ] {
        listen("cepro", &flags)
            .dir(dir.path())
            .stderr(error)
            .exit(7)
            .run();
    }
}

/// What nobody may see; `%63` is its first letter.
const CANARY: &str = "canary-in-the-mine";

/// Requests that carry the canary where a platform puts it, where it must not, and signed by it.
fn carriers(provider: &str) -> Vec<Vec<u8>> {
    let token = format!("Authorization: Bearer {CANARY}");
    let near = format!("Authorization: Bearer {CANARY}x");
    let basic = format!("Authorization: Basic {CANARY}");
    let now = jiff::Timestamp::now().as_second().to_string();
    let time = format!("X-Webhook-Timestamp: {now}");
    let right = signature(provider, CANARY, &now, b"{}");
    let right = format!("X-Webhook-Signature: {right}");
    let mut requests = vec![
        post(provider, "/", &[&token], "{}"),
        post(provider, "/", &[&token, &token], "{}"),
        post(provider, "/", &[&near], "{}"),
        post(
            provider,
            "/",
            &[&basic, "Cookie: a=canary-in-the-mine"],
            "{}",
        ),
        post(provider, "/", &[], "{}"),
    ];
    if provider == "cepro-inbound" {
        for query in [
            "secret=canary-in-the-mine",
            "a=1&b=canary-in-the-mine&c",
            "a=%63anary-in-the-mine",
            "canary-in-the-mine",
            "canary-in-the-mine=1",
            "token=near-canary-in-the-mine",
        ] {
            let target = format!("/?{query}");
            requests.push(post(provider, &target, &[&token], "{}"));
            requests.push(post(provider, &target, &[], "{}"));
        }
    } else {
        requests.push(post(provider, "/", &[&time, &right], "{}"));
        requests.push(post(provider, "/", &[&time, &right, &right], "{}"));
        requests.push(post(provider, "/", &[&time, &right], "other"));
    }
    requests
}

/// All that comes out of a listener that hears the carriers, and what it answers to them.
fn heard(provider: &str, flags: &[&str]) -> (Output, Vec<String>) {
    let listen = |flags: &[&str]| -> Wh { listen(provider, flags).env("WH_SECRET", CANARY) };
    let listener = if flags.contains(&"--json") {
        listen(flags).start()
    } else {
        listen(flags).start_for_people()
    };
    let answers = carriers(provider)
        .into_iter()
        .map(|request| String::from_utf8(raw(listener.addr(), request)).unwrap())
        .collect();
    (listener.stop(), answers)
}

fn holds_canary(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).replace("%63", "c");
    text.contains("canary")
}

#[test]
fn the_secret_comes_out_nowhere() {
    for provider in PROVIDERS {
        for flags in [&["-v"][..], &["-q"], &["--json"], &["--accept-invalid"]] {
            let (output, answers) = heard(provider, flags);
            assert_eq!(output.code, 0);
            for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                let text = String::from_utf8_lossy(bytes);
                assert!(!holds_canary(bytes), "{provider} {flags:?} {name}\n{text}");
            }
            for answer in answers {
                assert!(!holds_canary(answer.as_bytes()), "{provider}\n{answer}");
            }
        }
    }
}

#[test]
fn no_redact_writes_it_out() {
    let (output, answers) = heard("cepro-inbound", &["--json", "--no-redact"]);
    let lines = super::told(&output.stdout);
    assert_eq!(lines[0]["headers"][1][1], "Bearer canary-in-the-mine");
    assert_eq!(lines[5]["target"], "/?secret=canary-in-the-mine");
    assert!(
        answers
            .iter()
            .all(|answer| !holds_canary(answer.as_bytes()))
    );
}

#[test]
fn the_query_keeps_what_is_no_secret() {
    let (output, _) = heard("cepro-inbound", &["--json"]);
    let lines = super::told(&output.stdout);
    let targets: Vec<_> = lines
        .iter()
        .filter_map(|line| line["target"].as_str())
        .collect();
    let expected = [
        "/?secret=(redacted)",
        "/?a=1&b=(redacted)&c",
        "/?a=(redacted)",
        "/?(redacted)",
        "/?(redacted)",
        "/?token=(redacted)",
    ];
    let twice: Vec<_> = expected.iter().flat_map(|target| [*target; 2]).collect();
    assert_eq!(targets[5..], twice);
}

#[test]
fn the_answer_does_not_tell_what_would_be_right() {
    for provider in PROVIDERS {
        let answers = [SECRET, "another"].map(|secret| {
            let listener = listen(provider, &["--json"])
                .env("WH_SECRET", secret)
                .start();
            let wrong = "0123456789abcdef".repeat(4);
            let lines = [
                format!("X-Webhook-Signature: {wrong}"),
                format!("X-Webhook-Signature: sha256={wrong}"),
                "Authorization: Bearer wrong".to_owned(),
            ];
            let time = "X-Webhook-Timestamp: {now}";
            lines.map(|line| answer(&listener, post(provider, "/", &[time, &line], "{}")))
        });
        assert_eq!(answers[0], answers[1], "{provider}");
        assert!(answers[0].iter().all(|answer| status(answer) == 401));
    }
}
