//! JSON lines: our own, back and forth.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{changed, exported, file, import, line};
use crate::support::{Listener, folder, wh};

/// Attempts of every kind that a store holds.
fn every_kind() -> Vec<Value> {
    let answer = json!({
        "headers": [["Set-Cookie", "a=b"], ["set-cookie", {"b64": "gA=="}]],
        "body_b64": "b2s=", "truncated": true,
    });
    let sent = json!({
        "direction": "sent", "url": "http://h/hooks?a=1", "peer": null, "verdict": null,
        "response": answer, "http": "HTTP/2", "headers_exact": false,
    });
    let mut sent = changed(line(2, b"{}"), sent);
    sent.as_object_mut().unwrap().remove("path");
    let failed = json!({
        "status": null, "outcome": "failed", "response": null, "response_ms": 30000,
        "error": {"kind": "timeout", "message": "no answer in 30 s"},
    });
    let bare = json!({
        "webhook_id": null, "event": null, "attempt": 1, "numbered": false, "peer": "[::1]:80",
        "verdict": null, "headers": [], "status": 413, "outcome": "failed",
        "error": {"kind": "too-large", "message": "the body is longer than 1 bytes"},
    });
    let again = json!({
        "number": 1, "id": line(1, b"")["id"], "webhook_id": "w-1", "attempt": 7, "nth": 2,
        "duplicate_of": 1, "outcome": "retrying",
        "verdict": {"ok": false, "kind": "stale", "reason": "7m12s old"},
    });
    vec![
        line(1, b"\0\xff\r\n"),
        sent.clone(),
        changed(
            changed(sent, failed),
            json!({"number": 3, "row": 3, "id": line(3, b"")["id"]}),
        ),
        changed(line(4, b""), bare),
        changed(line(5, b"{}"), again),
    ]
}

#[test]
fn every_field_comes_back() {
    let home = TempDir::new().unwrap();
    let lines = every_kind();
    import(home.path(), file(&lines))
        .stdout("imported 5 attempts of 4 deliveries\n")
        .run();
    assert_eq!(exported(home.path()), lines);
}

#[test]
fn numbers_are_those_of_the_store() {
    let home = TempDir::new().unwrap();
    import(home.path(), file(&[line(77, b"")]))
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    // The second repeats the first, by the number of which it is not known here.
    let repeat = changed(line(901, b"x"), json!({"duplicate_of": 900}));
    import(home.path(), file(&[line(900, b"y"), repeat]))
        .stdout("imported 2 attempts of 2 deliveries\n")
        .run();
    let lines = exported(home.path());
    let numbers: Vec<_> = lines
        .iter()
        .map(|line| (&line["number"], &line["duplicate_of"]))
        .collect();
    assert_eq!(json!(numbers), json!([[1, null], [2, null], [3, 2]]));
}

#[test]
fn what_is_there_is_not_recorded_again() {
    let home = TempDir::new().unwrap();
    let lines = every_kind();
    import(home.path(), file(&lines[..3]))
        .stdout("imported 3 attempts of 3 deliveries\n")
        .run();
    import(home.path(), file(&lines))
        .stdout("imported 2 attempts of 2 deliveries, 3 were there already\n")
        .run();
    import(home.path(), file(&lines[..1]))
        .stdout("imported 0 attempts of 0 deliveries, 1 was there already\n")
        .run();
    assert_eq!(exported(home.path()).len(), 5);
}

#[test]
fn the_lines_of_a_listener_are_those_that_it_recorded() {
    let desk = folder([("secret", "s3cret")]);
    let secret = desk.path().join("secret");
    let flags = ["-P", "wlcro", "--secret-file", secret.to_str().unwrap()];
    let listen = ["listen", "--json", "--port", "0"];
    let mut listener = wh(listen.iter().chain(&flags)).home(desk.path()).start();
    let send = [
        "send",
        "client.created",
        "--store",
        "none",
        "--url",
        listener.url(),
    ];
    for _ in 0..2 {
        let send = send.iter().chain(&flags);
        assert_eq!(wh(send).home(desk.path()).capture().code, 0);
    }
    let lines = [listener.next(), listener.next()];
    drop::<Listener>(listener);

    let recorded = exported(desk.path());
    import(desk.path(), file(&lines))
        .stdout("imported 0 attempts of 0 deliveries, 2 were there already\n")
        .run();
    let fresh = TempDir::new().unwrap();
    import(fresh.path(), file(&lines))
        .stdout("imported 2 attempts of 2 deliveries\n")
        .run();
    for (mut came, mut was) in exported(fresh.path()).into_iter().zip(recorded) {
        // The line counts to the answer, the record to the decision; and it has milliseconds.
        for line in [&mut came, &mut was] {
            line["response_ms"] = json!(null);
            let at = line["at"].as_str().unwrap()[..23].to_owned();
            line["at"] = at.into();
        }
        assert_eq!(came, was);
    }
}

#[test]
fn what_was_taken_out_stays_so() {
    let home = TempDir::new().unwrap();
    let redacted = json!([["Cookie", {"redacted": true}], ["X-A", "(redacted)"]]);
    let line = changed(line(1, b"{}"), json!({"headers": redacted}));
    import(home.path(), file([&line]))
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    assert_eq!(exported(home.path()), [line]);
}

#[test]
fn other_lines_and_blank_ones_are_passed_over() {
    let home = TempDir::new().unwrap();
    let text = format!(
        "\u{feff}{}\r\n\n  \n{}\n{}\n{}",
        json!({"type": "export", "schema": 1, "redacted": true}),
        json!({"type": "ready", "schema": 1, "url": "http://h/"}),
        line(1, b"{}"),
        json!({"type": "summary", "schema": 1}),
    );
    import(home.path(), text)
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    import(home.path(), "")
        .stdout("imported 0 attempts of 0 deliveries\n")
        .run();
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let hint = "hint: it reads what `wh export` and `wh listen --json` write, and HAR 1.2\n\
                hint: --skip-invalid goes on after what cannot be read\n";
    let with = |fields| changed(line(2, b"{}"), fields).to_string();
    for (text, message) in [
        (
            "{nonsense".to_owned(),
            "line 2, column 2: key must be a string",
        ),
        ("nonsense".to_owned(), "line 2: it is no JSON object"),
        (
            "{\"type\":\"attempt\",".to_owned(),
            "line 2, column 18: EOF while parsing a value",
        ),
        ("[]".to_owned(), "line 2: it is no JSON object"),
        ("{}".to_owned(), "line 2: it has no `type`"),
        (
            with(json!({"schema": 2})),
            "line 2: it was written by a later version",
        ),
        (
            with(json!({"headers": null})),
            "line 2: it has no bytes: `wh export` writes lines that have",
        ),
        (
            with(json!({"body_b64": "e30"})),
            "line 2: `body_b64` is not base64",
        ),
        (
            with(json!({"headers": [["A", {"b64": "!"}]]})),
            "line 2: `b64` is not base64",
        ),
        (with(json!({"id": null})), "line 2: there is no `id`"),
        (
            with(json!({"provider": null})),
            "line 2: there is no `provider`",
        ),
        (with(json!({"at": null})), "line 2: there is no `at`"),
        (with(json!({"at": "yesterday"})), "line 2: `at` is no time"),
        (
            with(json!({"direction": "sent"})),
            "line 2: there is no `url`",
        ),
        (
            with(json!({"direction": "up"})),
            "line 2: `direction` is none",
        ),
        (
            with(json!({"outcome": "fine"})),
            "line 2: `outcome` is none",
        ),
        (
            with(json!({"verdict": {"kind": "good"}})),
            "line 2: `verdict.kind` is none",
        ),
        (with(json!({"status": 99})), "line 2: `status` is none"),
        (with(json!({"nth": 0})), "line 2: `nth` is no place"),
        (
            with(json!({"nth": 4_000_000_000_u32})),
            "line 2: `nth` is no place",
        ),
        (
            with(json!({"method": "GET /"})),
            "line 2: the method is none",
        ),
        (
            with(json!({"target": "/a\r\nX: y"})),
            "line 2: the target is none",
        ),
    ] {
        let home = TempDir::new().unwrap();
        let text = format!("{}\n{text}\n{}\n", line(1, b""), line(3, b""));
        let before = "  before that: imported 1 attempt of 1 delivery\n";
        import(home.path(), text.as_str())
            .stderr(format!("error: {message}\n{before}{hint}"))
            .exit(7)
            .run();
        wh(["import", "-", "--skip-invalid"])
            .home(home.path())
            .stdin(text)
            .stdout("imported 1 attempt of 1 delivery, 1 was there already, 1 could not be read\n")
            .stderr(format!("note: left out: {message}\n"))
            .run();
    }
}

#[test]
fn faults_beyond_ten_are_counted() {
    let home = TempDir::new().unwrap();
    let output = wh(["import", "-", "--skip-invalid", "--json"])
        .home(home.path())
        .stdin("x\n".repeat(12))
        .capture();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.lines().count(), 11);
    assert!(told.ends_with("note: left out: 2 more\n"), "{told}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        summary,
        json!({
            "type": "summary", "schema": 1, "attempts": 0, "deliveries": 0, "already": 0,
            "invalid": 12, "not_http": 0, "header_lines_left_out": 0,
        })
    );
}

#[test]
fn lines_that_would_make_others_are_left_out() {
    let home = TempDir::new().unwrap();
    let headers = json!([
        ["X-A", "1\r\nX-Evil: 1"], ["X-B", "1\nX-Evil: 1"], ["X-C", {"b64": "AA=="}],
        ["X-D: 1\r\nX-Evil", "1"], ["", "1"], ["X E", "1"], ["X-Ä", "1"], ["X-Good", "1\u{1b}[m"],
    ]);
    let line = changed(line(1, b"{}"), json!({"headers": headers}));
    import(home.path(), file(&[line]))
        .stdout("imported 1 attempt of 1 delivery\n")
        .stderr("note: left out: 7 header lines that no message can have\n")
        .run();
    assert_eq!(
        exported(home.path())[0]["headers"],
        json!([["X-Good", "1\u{1b}[m"]])
    );
}

#[test]
fn what_is_named_and_missing_is_told() {
    let dir = folder([("d/x", "")]);
    for (args, code, message) in [
        (
            &["import", "none"][..],
            7,
            "error: cannot read `none`: No such file or directory (os error 2)\n",
        ),
        (
            &["import", "d"],
            7,
            "error: `d` is a directory\nhint: name a file, or `-` for standard input\n",
        ),
        (
            &["import", "d/x", "--store", "none"],
            2,
            "error: with `--store none` nothing can be taken in\n",
        ),
    ] {
        wh(args).dir(dir.path()).stderr(message).exit(code).run();
    }
}
