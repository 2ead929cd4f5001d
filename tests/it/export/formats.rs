//! What stands in each format, and what does not.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::import::{changed, exported, file, import, line};
use crate::support::{Wh, folder, wh};

/// Says `own` is a provider whose secret travels in a header.
const OWN: &str = r#"
    provider = { id = "own" }
    signature = { algorithm = "token", header = "X-Own-Token", value = "{secret}" }
    any_event = { open = true, sample = "{}" }
    "#;

/// A home whose store holds an attempt with credentials in every place that may hold one.
fn home() -> TempDir {
    let providers = format!("{}/providers/own.toml", crate::support::CONFIG);
    let home = folder([(providers.as_str(), OWN), ("secret", "c4n4ry")]);
    let names = [
        "Authorization",
        "COOKIE",
        "Proxy-Authorization",
        "X-Own-Token",
    ];
    let mut headers: Vec<_> = names.iter().map(|name| json!([name, "c4n4ry"])).collect();
    headers.push(json!(["X-Webhook-Signature", "5d2e"]));
    let response = json!({
        "headers": [["Set-Cookie", "c4n4ry"]], "body_b64": "b2s=", "truncated": false,
    });
    let line = changed(
        line(1, b"{}"),
        json!({"provider": "own", "headers": headers, "response": response}),
    );
    import(home.path(), file(&[line]))
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    home
}

fn export(home: &TempDir, args: &[&str]) -> Wh {
    wh(["export", "-q"].iter().chain(args)).home(home.path())
}

fn text(home: &TempDir, args: &[&str]) -> String {
    let output = export(home, args).capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn credentials_are_in_no_format_unless_asked_for() {
    let home = home();
    for format in ["jsonl", "har", "csv", "curl"] {
        let taken_out = text(&home, &["--format", format]);
        assert!(!taken_out.contains("c4n4ry"), "{format}: {taken_out}");
        let left_in = text(&home, &["--format", format, "--no-redact"]);
        assert_eq!(left_in.contains("c4n4ry"), format != "csv", "{format}");
        assert_eq!(
            left_in.contains("5d2e"),
            taken_out.contains("5d2e"),
            "{format}"
        );
    }
}

#[test]
fn an_export_says_what_was_taken_out() {
    let home = home();
    let lines = text(&home, &[]);
    assert!(lines.starts_with(r#"{"type":"export","schema":1,"redacted":true,"wh":"#));
    assert!(
        lines.contains(r#"["X-Own-Token",{"redacted":true}]"#),
        "{lines}"
    );

    let har: Value = serde_json::from_str(&text(&home, &["--format", "har"])).unwrap();
    assert_eq!(
        har["log"]["comment"],
        "credentials are taken out: their values read (redacted)"
    );
    let own = json!({"name": "X-Own-Token", "value": "(redacted)", "comment": "redacted"});
    assert_eq!(har["log"]["entries"][0]["request"]["headers"][3], own);

    wh(["export", "--format", "curl"])
        .home(home.path())
        .stdout_has("-H 'X-Own-Token: (redacted)'")
        .stderr(
            "note: what was received goes to http://localhost:3000: --url names another place\n\
             note: credentials are taken out, their values read (redacted): --no-redact leaves them in\n\
             note: 1 attempt written\n",
        )
        .run();
}

#[test]
fn a_provider_that_is_not_known_is_told_of() {
    let home = home();
    std::fs::remove_dir_all(home.path().join(crate::support::CONFIG)).unwrap();
    let remark = "note: `own` is not known here: a header of its own in which a secret travels is left in\n\
                  note: 1 attempt written\n";
    let export = |args: &[&str]| wh(["export"].iter().chain(args)).home(home.path());
    export(&[]).stdout_has("c4n4ry").stderr(remark).run();
    export(&["--no-redact"])
        .stdout_has("c4n4ry")
        .stderr("note: 1 attempt written\n")
        .run();
    let own = folder([("own.toml", OWN)]);
    let file = own.path().join("own.toml");
    export(&["--provider-file", file.to_str().unwrap()])
        .stdout_has(r#"["X-Own-Token",{"redacted":true}]"#)
        .stderr("note: 1 attempt written\n")
        .run();
}

#[test]
fn secrets_in_a_url_are_taken_out() {
    let home = TempDir::new().unwrap();
    let target = json!({"provider": "cepro-inbound", "target": "/hooks?token=c4n4ry&a=1"});
    let line = changed(line(1, b"{}"), target);
    import(home.path(), file(&[line]))
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    for format in ["jsonl", "har", "curl"] {
        let taken_out = text(&home, &["--format", format]);
        assert!(
            taken_out.contains("token=(redacted)&a=1"),
            "{format}: {taken_out}"
        );
        assert!(!taken_out.contains("c4n4ry"), "{format}: {taken_out}");
    }
}

#[test]
fn what_was_redacted_can_be_verified_no_more() {
    let home = home();
    let verify = |home: &TempDir| {
        let line = text(home, &["--no-redact"])
            .lines()
            .nth(1)
            .unwrap()
            .to_owned();
        wh(["verify", "--delivery", "-", "--secret-file", "secret"])
            .home(home.path())
            .dir(home.path())
            .stdin(line)
    };
    verify(&home).stdout("valid\n").run();
    let again = home_with(&text(&home, &[]));
    verify(&again)
        .stdout("unchecked: the value is redacted\n")
        .exit(4)
        .run();
}

/// A home as [`home`] is, whose store holds what this export does.
fn home_with(text: &str) -> TempDir {
    let other = home();
    std::fs::remove_dir_all(other.path().join(".local")).unwrap();
    import(other.path(), text)
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    other
}

#[test]
fn a_line_is_verified_as_it_is() {
    let desk = folder([("secret", "s3cret")]);
    let headers = json!([[
        "X-Webhook-Signature",
        "adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b"
    ]]);
    let line = changed(
        line(1, b"{}"),
        json!({"provider": "tenant", "headers": headers}),
    );
    import(desk.path(), file(&[line]))
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    let line = text(&desk, &[]).lines().nth(1).unwrap().to_owned();
    wh(["verify", "--delivery", "-", "--secret-file", "secret"])
        .dir(desk.path())
        .stdin(line)
        .stdout("valid\n")
        .run();
}

#[test]
fn only_what_passes_is_written() {
    let home = TempDir::new().unwrap();
    let event = |number: u32, event: &str| changed(line(number, b"{}"), json!({"event": event}));
    let lines = [
        event(1, "a.b"),
        event(2, "c"),
        event(3, "a.c"),
        event(4, "a.b"),
    ];
    import(home.path(), file(&lines))
        .stdout("imported 4 attempts of 4 deliveries\n")
        .run();
    for (filter, count) in [
        (&["event:a.*"][..], 3),
        (&["--event", "a.b"], 2),
        (&["-event:a.b", "status:200"], 2),
        (&["id:#3"], 1),
        (&["event:none"], 0),
    ] {
        let written = text(&home, filter);
        assert_eq!(written.lines().count(), 1 + count, "{filter:?}: {written}");
    }
    wh(["export", "status:ok"])
        .home(home.path())
        .stderr_has("error: ")
        .exit(2)
        .run();
}

#[test]
fn a_har_has_what_other_programs_look_for() {
    let home = TempDir::new().unwrap();
    let received = changed(
        line(1, b"\xff"),
        json!({"headers": [["Host", "h:1"], ["Content-Type", "x/y"], ["X-A", {"b64": "/w=="}]]}),
    );
    let sent = json!({
        "direction": "sent", "url": "https://h/x?a=b%20c", "target": "/x?a=b%20c", "headers": [],
        "response": {"headers": [["content-type", "text/plain"]], "body_b64": "b2s=", "truncated": false},
    });
    import(
        home.path(),
        file(&[received, changed(line(2, b"{}"), sent)]),
    )
    .stdout("imported 2 attempts of 2 deliveries\n")
    .run();
    let har: Value = serde_json::from_str(&text(&home, &["--format", "har"])).unwrap();
    assert_eq!(
        (&har["log"]["version"], &har["log"]["creator"]["name"]),
        (&json!("1.2"), &json!("wh"))
    );
    let [received, sent] = [0, 1].map(|nth| &har["log"]["entries"][nth]);
    assert_eq!(received["startedDateTime"], "2026-01-28T10:30:00.000001Z");
    assert_eq!(
        (&received["time"], &received["timings"]["wait"]),
        (&json!(0.273), &json!(0.273))
    );
    assert_eq!(
        received["request"],
        json!({
            "method": "POST", "url": "http://h:1/hooks?a=1", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": [
                {"name": "Host", "value": "h:1"}, {"name": "Content-Type", "value": "x/y"},
                {"name": "X-A", "value": "\u{fffd}", "_b64": "/w=="},
            ],
            "queryString": [{"name": "a", "value": "1"}],
            "postData": {"mimeType": "x/y", "text": "/w==", "_encoding": "base64"},
            "headersSize": -1, "bodySize": 1,
        })
    );
    assert_eq!(sent["request"]["url"], "https://h/x?a=b%20c");
    assert_eq!(
        sent["request"]["queryString"],
        json!([{"name": "a", "value": "b c"}])
    );
    assert_eq!(
        sent["response"],
        json!({
            "status": 200, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": [{"name": "content-type", "value": "text/plain"}],
            "content": {"size": 2, "mimeType": "text/plain", "text": "ok"},
            "redirectURL": "", "headersSize": -1, "bodySize": -1,
        })
    );
}

#[test]
fn a_table_has_the_columns_of_the_log() {
    let home = TempDir::new().unwrap();
    let fault = json!({
        "status": null, "error": {"kind": "timeout", "message": "=no answer"}, "duplicate_of": 1,
        "verdict": {"ok": false, "kind": "stale", "reason": "+7m"}, "webhook_id": null, "event": "-a",
        "path": "@p", "response_ms": 1500.75, "outcome": "failed", "script": "reset\u{1b}",
    });
    let forward = json!({"forward": {"url": "http://h/a", "status": 201}});
    import(
        home.path(),
        file(&[
            changed(line(1, b"a,\"b\"\n"), fault),
            changed(line(2, b"\xff"), forward),
        ]),
    )
    .stdout("imported 2 attempts of 2 deliveries\n")
    .run();
    let first = "\"1\",\"01a1fe67-70fa-7155-9bbf-000000000001\",\"\",\"received\",\"cepro\",\"'-a\",\"'@p\",\
                 \"2026-01-28T10:30:00.000Z\",\"1\",\"4\",\"\",\"1500\",\"failed\",\"'=no answer\",\"stale\",\"'+7m\",\"1\",\"script reset\\x1b\",\"6\"";
    let second = "\"2\",\"01a1fe67-70fa-7155-9bbf-000000000002\",\"w-2\",\"received\",\"cepro\",\"estimate.created\",\"/hooks\",\
                  \"2026-01-28T10:30:00.000Z\",\"1\",\"4\",\"200\",\"0\",\"success\",\"\",\"valid\",\"\",\"\",\"forward http://h/a 201\",\"1\"";
    let names = "\"number\",\"id\",\"webhook_id\",\"direction\",\"provider\",\"event\",\"url_or_path\",\"at\",\"attempt\",\
                 \"of\",\"status\",\"response_ms\",\"outcome\",\"error\",\"verdict\",\"reason\",\"duplicate_of\",\"answered_by\",\"size\"";
    export(&home, &["--format", "csv"])
        .stdout(format!("{names}\r\n{first}\r\n{second}\r\n"))
        .run();
    export(&home, &["--format", "csv", "--bodies"])
        .stdout(format!(
            "{names},\"body\",\"body_encoding\"\r\n{first},\"a,\"\"b\"\"\n\",\"text\"\r\n{second},\"/w==\",\"base64\"\r\n"
        ))
        .run();
}

#[test]
fn curl_lines_go_where_they_are_told() {
    let home = TempDir::new().unwrap();
    let made_anew = json!([
        ["Host", "h"],
        ["content-length", "2"],
        ["Transfer-Encoding", "chunked"],
        ["X-A", "b"]
    ]);
    let received = changed(line(1, b"{}"), json!({"headers": made_anew}));
    let sent = json!({"direction": "sent", "url": "https://h/x?y", "headers": []});
    let elsewhere = json!({"target": "@evil.example/", "headers": []});
    let lines = [
        received,
        changed(line(2, b"{}"), sent),
        changed(line(3, b"{}"), elsewhere),
    ];
    import(home.path(), file(&lines))
        .stdout("imported 3 attempts of 3 deliveries\n")
        .run();
    let line = |header: &str, url: &str| {
        format!("curl -sS -X 'POST'{header} --data-binary '{{}}' --globoff --url '{url}'\n")
    };
    let near = "http://localhost:3000";
    let to = [
        format!("{near}/hooks?a=1"),
        "https://h/x?y".to_owned(),
        format!("{near}/"),
    ];
    let default = [
        line(" -H 'X-A: b'", &to[0]),
        line("", &to[1]),
        line("", &to[2]),
    ]
    .concat();
    export(&home, &["--format", "curl"]).stdout(default).run();
    let url = "http://localhost:8080/x";
    let all = [line(" -H 'X-A: b'", url), line("", url), line("", url)].concat();
    wh(["export", "--format", "curl", "--url", "8080/x"])
        .home(home.path())
        .stdout(all)
        .stderr("note: 3 attempts written\n")
        .run();
    // A URL that names a place only leaves them the paths that they have.
    wh(["export", "--format", "curl", "--url", "8080", "id:#1"])
        .home(home.path())
        .stdout(line(" -H 'X-A: b'", "http://localhost:8080/hooks?a=1"))
        .stderr("note: 1 attempt written\n")
        .run();
    assert_eq!(exported(home.path()).len(), 3);
}
