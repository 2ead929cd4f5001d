//! HTTP Archives, as browsers and proxies write them.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{exported, import};
use crate::support::{folder, wh};

fn archive(entries: Value) -> String {
    let mut archive = json!({"log": {"version": "1.2"}});
    archive["log"]["entries"] = entries;
    archive.to_string()
}

fn entry(request: Value, response: Value) -> Value {
    let mut entry = json!({"startedDateTime": "2026-01-28T11:30:00.123+01:00", "time": 23.5});
    entry["request"] = request;
    entry["response"] = response;
    entry
}

/// What a program made of one POST of `a=1&b=%C3%A4` to `http://h:1/hooks?x=1`.
fn programs() -> Vec<(&'static str, Value)> {
    let body = "a=1&b=%C3%A4";
    vec![
        (
            "Chrome",
            json!({
                "_initiator": {"type": "script"}, "_priority": "High", "pageref": "page_1",
                "cache": {}, "connection": "443", "serverIPAddress": "127.0.0.1",
                "startedDateTime": "2026-01-28T10:30:00.123Z", "time": 23.500_000_000_3,
                "timings": {"blocked": 1.2, "dns": -1, "send": 0.1, "wait": 20, "receive": 2},
                "request": {
                    "method": "POST", "url": "http://u:p@h:1/hooks?x=1#top", "httpVersion": "http/2.0",
                    "headers": [
                        {"name": ":authority", "value": "h:1"}, {"name": ":method", "value": "POST"},
                        {"name": ":path", "value": "/hooks?x=1"}, {"name": "x-webhook-id", "value": "w"},
                    ],
                    "queryString": [{"name": "x", "value": "1"}], "cookies": [],
                    "headersSize": -1, "bodySize": 12,
                    "postData": {
                        "mimeType": "application/x-www-form-urlencoded", "text": body,
                        "params": [{"name": "a", "value": "1"}, {"name": "b", "value": "%C3%A4"}],
                    },
                },
                "response": {
                    "status": 200, "statusText": "", "httpVersion": "http/2.0",
                    "headers": [{"name": ":status", "value": "200"}, {"name": "set-cookie", "value": "a=b\nc=d"}],
                    "content": {"size": 2, "mimeType": "text/plain", "text": "b2s=", "encoding": "base64"},
                    "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 0, "_error": null,
                },
            }),
        ),
        (
            "Firefox",
            entry(
                json!({
                    "method": "POST", "url": "http://h:1/hooks?x=1", "httpVersion": "HTTP/2", "bodySize": 12,
                    "headers": [{"name": "Host", "value": "h:1"}, {"name": "x-webhook-id", "value": "w"}],
                    "postData": {
                        "mimeType": "application/x-www-form-urlencoded",
                        "params": [{"name": "a", "value": "1"}, {"name": "b", "value": "ä"}],
                    },
                }),
                json!({
                    "status": 200.0, "headers": [{"name": "set-cookie", "value": "a=b"}, {"name": "set-cookie", "value": "c=d"}],
                    "content": {"text": "ok"},
                }),
            ),
        ),
        (
            "mitmproxy, Charles",
            json!({
                "startedDateTime": "2026-01-28T10:30:00.123000+00:00", "time": 23.5,
                "request": {
                    "method": "POST", "url": "http://h:1/hooks?x=1", "httpVersion": "HTTP/2.0",
                    "headers": [{"name": "Host", "value": "h:1"}, {"name": "x-webhook-id", "value": "w"}],
                    "postData": {"text": "YT0xJmI9JUMzJUE0", "encoding": "base64"},
                },
                "response": {
                    "status": 200, "headers": [{"name": "set-cookie", "value": "a=b\nc=d"}],
                    "content": {"size": 2, "compression": 0, "text": "ok"}, "cookies": null,
                },
            }),
        ),
    ]
}

#[test]
fn programs_say_the_same_in_their_own_ways() {
    for (program, entry) in programs() {
        let home = TempDir::new().unwrap();
        import(
            home.path(),
            format!("\u{feff}\n {}", archive(json!([entry]))),
        )
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
        let mut line = exported(home.path()).remove(0);
        assert_eq!(
            line["id"]
                .as_str()
                .unwrap()
                .split('-')
                .nth(2)
                .unwrap()
                .as_bytes()[0],
            b'7'
        );
        line["id"] = json!(null);
        let expected = json!({
            "type": "attempt", "schema": 1, "number": 1, "row": 1, "id": null, "webhook_id": "w",
            "direction": "received", "provider": "cepro", "event": null, "path": "/hooks",
            "at": "2026-01-28T10:30:00.123000Z", "attempt": 1, "nth": 1, "of": 4, "status": 200,
            "response_ms": 23.5, "outcome": "success", "error": null,
            "verdict": {"ok": false, "kind": "unchecked", "reason": "no secret given"},
            "duplicate_of": null, "size": 12, "numbered": false, "http": "HTTP/2",
            "headers_exact": false, "peer": null, "method": "POST", "target": "/hooks?x=1",
            "headers": [["Host", "h:1"], ["x-webhook-id", "w"]], "body_b64": "YT0xJmI9JUMzJUE0",
            "response": {
                "headers": [["set-cookie", "a=b"], ["set-cookie", "c=d"]], "body_b64": "b2s=",
                "truncated": false,
            },
        });
        assert_eq!(line, expected, "{program}");
    }
}

#[test]
fn the_provider_and_the_direction_are_the_users() {
    let home = TempDir::new().unwrap();
    let body = r#"{"event":"job.created"}"#;
    let request = json!({"method": "POST", "url": "https://u:p@h/x", "postData": {"text": body}});
    let entries = archive(json!([entry(
        request,
        json!({"status": 0, "_error": "net::ERR_FAILED"})
    )]));
    let import = |flags: &[&str]| {
        wh(["import", "-"].iter().chain(flags))
            .home(home.path())
            .stdin(entries.as_str())
    };
    import(&["-P", "orgjobs", "--direction", "sent"])
        .stdout("imported 1 attempt of 1 delivery\n")
        .run();
    let line = exported(home.path()).remove(0);
    assert_eq!(line["provider"], "orgjobs");
    assert_eq!(
        (&line["direction"], &line["url"]),
        (&json!("sent"), &json!("https://h/x"))
    );
    assert_eq!(
        (&line["status"], &line["outcome"]),
        (&json!(null), &json!("failed"))
    );
    assert_eq!(
        line["error"],
        json!({"kind": "other", "message": "net::ERR_FAILED"})
    );
    assert_eq!(
        (&line["verdict"], &line["response"]),
        (&json!(null), &json!(null))
    );
}

#[test]
fn attempts_of_one_webhook_id_are_one_delivery() {
    let home = TempDir::new().unwrap();
    let at = |at: &str, id: &str| {
        let headers = json!([{"name": "X-Webhook-Id", "value": id}]);
        let mut entry = entry(
            json!({"url": "http://h/", "headers": headers}),
            json!({"status": 500}),
        );
        entry["startedDateTime"] = at.into();
        entry
    };
    let text = archive(json!([
        at("2026-01-28T10:30:00Z", "w"),
        at("2026-01-28T10:30:01Z", "v"),
        at("2026-01-28T10:30:02Z", "w"),
    ]));
    import(home.path(), text.as_str())
        .stdout("imported 3 attempts of 2 deliveries\n")
        .run();
    import(home.path(), text)
        .stdout("imported 0 attempts of 0 deliveries, 3 were there already\n")
        .run();
    let places: Vec<_> = exported(home.path())
        .iter()
        .map(|line| json!([line["number"], line["nth"]]))
        .collect();
    assert_eq!(json!(places), json!([[1, 1], [2, 1], [1, 2]]));
}

#[test]
fn what_a_program_leaves_out_is_nothing() {
    let home = TempDir::new().unwrap();
    let bare = |url: &str| entry(json!({"url": url}), json!(null));
    let text = archive(json!([
        bare("http://h"),
        bare("data:text/plain,x"),
        bare("ws://h/socket"),
        entry(
            json!({"method": "PUT", "url": "http://h/2", "headers": [{"name": "X-A", "value": null}],
                   "postData": {"mimeType": "multipart/form-data", "params": [{"name": "a"}]}}),
            json!({"status": -1, "content": {"size": -1}})
        ),
    ]));
    import(home.path(), text)
        .stdout("imported 2 attempts of 2 deliveries\n")
        .stderr("note: left out: 2 requests by other schemes than HTTP\n")
        .run();
    let lines = exported(home.path());
    let said: Vec<_> = lines
        .iter()
        .map(|line| {
            json!([
                line["method"],
                line["target"],
                line["body_b64"],
                line["http"]
            ])
        })
        .collect();
    assert_eq!(
        json!(said),
        json!([["POST", "/", "", ""], ["PUT", "/2", "", ""]])
    );
    assert_eq!(lines[1]["headers"], json!([["X-A", ""]]));
}

#[test]
fn what_is_no_archive_is_told() {
    let hint = "hint: it reads what `wh export` and `wh listen --json` write, and HAR 1.2\n";
    let skip = "hint: --skip-invalid goes on after what cannot be read\n";
    let url = |url: &str| archive(json!([entry(json!({"url": url}), json!({}))]));
    for (text, message) in [
        (
            r#"{"log":{}}"#.to_owned(),
            "line 1, column 9: there is no `entries`",
        ),
        (
            r#"{"log":5}"#.to_owned(),
            "line 1, column 9: invalid type: integer `5`, expected the log of an archive",
        ),
        (
            "{\"log\":{\n\"entries\":[{]".to_owned(),
            "line 2, column 13: key must be a string",
        ),
        (
            "{\"log\":{\"entries\":[]}} x".to_owned(),
            "line 1, column 24: trailing characters",
        ),
        (
            url("/relative"),
            "entry 1: its URL is none: relative URL without a base",
        ),
        (archive(json!([{}])), "entry 1: missing field `request`"),
        (
            archive(json!([{"request": {"url": "http://h/"}}])),
            "entry 1: there is no `startedDateTime`",
        ),
        (
            archive(json!([{"request": {"url": "http://h/"}, "startedDateTime": "x"}])),
            "entry 1: `startedDateTime` is no time",
        ),
    ] {
        let hints = if message.starts_with("entry") {
            format!("{hint}{skip}")
        } else {
            hint.to_owned()
        };
        wh(["import", "-"])
            .stdin(text)
            .stderr(format!("error: {message}\n{hints}"))
            .exit(7)
            .run();
    }
    let dir = folder([("x", "{}")]);
    wh(["import", "x", "--format", "har"])
        .dir(dir.path())
        .stderr(format!(
            "error: line 1, column 2: there is no `log`\n{hint}"
        ))
        .exit(7)
        .run();
}

#[test]
fn what_is_wrong_with_one_entry_is_not_the_others_fault() {
    let home = TempDir::new().unwrap();
    let good = |url: &str| entry(json!({"url": url}), json!({"status": 204}));
    let text = archive(json!([good("http://h/1"), {"request": 5}, good("http://h/3")]));
    wh(["import", "-", "--skip-invalid"])
        .home(home.path())
        .stdin(text)
        .stdout("imported 2 attempts of 2 deliveries, 1 could not be read\n")
        .stderr("note: left out: entry 2: invalid type: integer `5`, expected struct Request\n")
        .run();
}
