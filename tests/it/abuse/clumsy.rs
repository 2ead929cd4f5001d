//! Arguments and files that a hurried or a hostile user gives: a clean error before anything is sent,
//! or exactly what was asked for.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Receiver, Wh, sh, wh};

const UNSENDABLE: &str = "cannot be sent: it has a control character, or a blank at an end\n";

fn send(url: &str, args: &[&str]) -> Wh {
    wh(["send", "--url", url].iter().chain(args)).env("WH_SECRET", "x")
}

#[test]
fn what_would_break_out_of_its_header_is_refused_before_anything_is_sent() {
    let receiver = Receiver::start([200]).unused();
    let event = r#"{"event":"a\r\nX-Evil: 1"}"#;
    let table: &[(&[&str], &str)] = &[
        (
            &["estimate.created", "--id", "a\r\nX-Evil: 1"],
            "X-Webhook-ID",
        ),
        (
            &["estimate.created", "--id", "a\nX-Evil: 1"],
            "X-Webhook-ID",
        ),
        (&["estimate.created", "--id", "\x1b[31m"], "X-Webhook-ID"),
        (&["estimate.created", "--id", " a"], "X-Webhook-ID"),
        (&["estimate.created", "--id", "a\t"], "X-Webhook-ID"),
        (
            &["estimate.created", "--timestamp", "1\r\nX-Evil: 1"],
            "X-Webhook-Timestamp",
        ),
        (
            &["client.created", "-P", "wlcro", "--timestamp", "1\n2"],
            "X-Webhook-Timestamp",
        ),
        (&["a\r\nX-Evil: 1", "--force"], "X-Webhook-Event"),
        (&["a\u{7f}", "--force"], "X-Webhook-Event"),
        (&[" ", "--force"], "X-Webhook-Event"),
        (&["--data", event], "X-Webhook-Event"),
    ];
    for (args, header) in table {
        let told = format!("error: the value of the header `{header}` {UNSENDABLE}");
        send(&receiver.url(), args).stderr(&*told).exit(2).run();
        let dry = [args, &["--dry-run"][..]].concat();
        send(&receiver.url(), &dry).stderr(told).exit(2).run();
    }
    for header in [
        "X: a\r\nX-Evil: 1",
        "X: \x1b[31m",
        "X\r\nY: 1",
        "X Y: 1",
        ": 1",
        "none",
    ] {
        send(&receiver.url(), &["estimate.created", "-H", header])
            .stderr_has("error: ")
            .exit(2)
            .run();
    }
}

#[test]
fn more_lines_than_a_head_holds_are_refused() {
    let receiver = Receiver::start([200]).unused();
    let lines = ["-H", "a:b"].repeat(40_000);
    let args = [&["estimate.created"], &*lines].concat();
    let told = "error: 40006 header lines cannot be sent: there may be 1000\n";
    send(&receiver.url(), &args).stderr(told).exit(2).run();
}

#[test]
fn what_would_break_out_of_its_line_is_not_printed() {
    for format in ["--headers", "--curl", "--json"] {
        let told = format!("error: the value of the header `X-Webhook-ID` {UNSENDABLE}");
        let args = ["sign", "-", "--url=9", "--id", "a\r\nX-Evil: 1", format];
        wh(args)
            .env("WH_SECRET", "x")
            .stdin("{}")
            .stderr(told)
            .exit(2)
            .run();
    }
}

#[test]
fn a_curl_line_makes_for_curl_what_cannot_be_shown() {
    let header = "X-Data: it's 100% \\ $HOME \u{202e}\u{200b}1";
    let args = ["sign", "-", "--curl", "--url=9", "-H", header];
    let line = wh(args).env("WH_SECRET", "x").stdin("{}").capture();
    let line = String::from_utf8(line.stdout).unwrap();
    let quoted = r#"-H "$(printf -- 'X-Data: it'\''s 100%% \\ $HOME \342\200\256\342\200\2131')""#;
    assert!(line.contains(quoted), "{line}");
    // The words as the shell gives them to curl.
    let words = sh(&line.replacen("curl", "printf '%s\\0'", 1)).capture();
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.split('\0').any(|word| word == header), "{words:?}");
}

#[test]
fn empty_names_are_refused() {
    let receiver = Receiver::start([200]).unused();
    let no_event = "error: name the event to send\nhint: `wh events` lists what there is; \
        with --data the body may name it\n";
    send(&receiver.url(), &["", "--force"])
        .stderr(no_event)
        .exit(2)
        .run();
    send(&receiver.url(), &["--data", r#"{"event":""}"#])
        .stderr(no_event)
        .exit(2)
        .run();
    let no_id = "error: a value is required for '--id <ID>' but none was supplied\n";
    send(&receiver.url(), &["estimate.created", "--id", ""])
        .stderr_has(no_id)
        .exit(2)
        .run();
    wh(["sign", "-", "--id="]).stderr_has(no_id).exit(2).run();
}

#[test]
fn a_name_cannot_break_out_of_the_body() {
    let receiver = Receiver::start([200]);
    let name = r#"a","evil":"\"#;
    let output = send(&receiver.url(), &[name, "--force", "--id", name]).capture();
    assert_eq!(output.code, 0);
    let body: Value = serde_json::from_slice(&receiver.requests()[0].body).unwrap();
    assert_eq!(body["event"], name);
    assert_eq!(body["evil"], Value::Null);
}

#[test]
fn urls_that_are_none_are_refused() {
    let table = [
        (
            "/hooks",
            "`/hooks` has no host: write for example 3000/hooks",
        ),
        (
            "http://localhost:9/\r\nX-Evil: 1",
            "a URL has no control characters",
        ),
        ("\t9", "a URL has no control characters"),
        (
            "ftp://localhost",
            "`ftp` URLs cannot be sent to: write http:// or https://",
        ),
        ("http://", "`http://` is not a URL: empty host"),
        ("", "`` is not a URL: empty host"),
        ("99999", "`99999` is not a URL: invalid port number"),
        (
            "http://[::1",
            "`http://[::1` is not a URL: invalid IPv6 address",
        ),
    ];
    for (url, told) in table {
        send(url, &["estimate.created"])
            .stderr_has(format!(": {told}\n"))
            .exit(2)
            .run();
    }
}

#[test]
fn credentials_of_a_url_are_sent_and_never_shown() {
    let receiver = Receiver::start([200]);
    let url = receiver
        .url()
        .replace("http://", "http://me+you&co:p%40ss%20word@");
    let output = send(&url, &["estimate.created", "--dry-run"]).capture();
    let dry = String::from_utf8(output.stdout).unwrap();
    assert!(dry.contains("\nAuthorization: (redacted)\n"), "{dry}");
    assert!(dry.contains("-H 'Authorization: (redacted)'"), "{dry}");
    let output = send(&url, &["estimate.created", "-v"]).capture();
    let sent = String::from_utf8(output.stdout).unwrap();
    let request = &receiver.requests()[0];
    // `me+you&co:p@ss word`, made with `base64`.
    assert_eq!(
        request.header("authorization"),
        Some("Basic bWUreW91JmNvOnBAc3Mgd29yZA==")
    );
    for shown in [dry, sent] {
        assert!(
            !shown.contains("p%40ss") && !shown.contains("p@ss"),
            "{shown}"
        );
    }
}

#[test]
fn places_that_are_too_deep_or_not_there_are_told_at_once() {
    let deep = format!("{}=1", vec!["a"; 50_000].join("."));
    let told = "error: the path has 50000 levels; a body that is changed may have 128\n";
    for flag in ["--add", "--override"] {
        let told = format!(
            "for '{flag} <PATH=VALUE>': {}",
            told.trim_start_matches("error: ")
        );
        send("9", &["estimate.created", flag, &deep])
            .stderr_has(told)
            .exit(2)
            .run();
    }
    let dir = TempDir::new().unwrap();
    let key = "k".repeat(201);
    let nest = format!("{{\"{key}\":").repeat(100);
    let body = format!("{nest}[{}]{}", vec!["0"; 20_000].join(","), "}".repeat(100));
    fs::write(dir.path().join("body"), body).unwrap();
    send("9", &["a.b", "--data", "@body", "--override", "none=1"])
        .dir(dir.path())
        .stderr("error: the body has no path `none`\nhint: --add makes a new one\n")
        .exit(7)
        .run();
    let brackets = "[".repeat(100_000) + &"]".repeat(100_000);
    fs::write(dir.path().join("body"), brackets).unwrap();
    send("9", &["a.b", "--data", "@body", "--add", "x=1"])
        .dir(dir.path())
        .stderr("error: the body is not JSON of at most 128 levels, so it has no path `x`\n")
        .exit(7)
        .run();
}

#[test]
fn times_out_of_range_are_refused() {
    let told = "error: the offset leads out of the years -9999 to 9999\n";
    for at in ["-150000000h", "+150000000h", "-9223372036854775807"] {
        let args = ["verify", "-", "--sig=00", "--at", at];
        wh(args)
            .env("WH_SECRET", "x")
            .stdin("")
            .stderr(told)
            .exit(2)
            .run();
    }
    for at in [
        "",
        "now+1h",
        "1\n2",
        "99999999999999999999",
        "2026-02-30T00:00:00Z",
        "--5m",
    ] {
        let args = ["verify", "-", "--sig=00", &format!("--at={at}")];
        wh(args).stderr_has("error: invalid value ").exit(2).run();
    }
    for timestamp in ["9223372036854775807", "-1", "", "1e3", "\x1b[31m"] {
        let sig = format!("--sig=sha256={}", "0".repeat(64));
        let timestamp = format!("--timestamp={timestamp}");
        let args = ["verify", "-", "-P", "wlcro", "--no-explain"];
        let given = [sig.as_str(), timestamp.as_str()];
        let args = args.iter().chain(&given);
        let told = "invalid: the signature does not match\n";
        wh(args)
            .env("WH_SECRET", "x")
            .stdin("")
            .stdout(told)
            .exit(4)
            .run();
    }
}

/// A provider file with these lines in their tables.
fn provider(head: &str, signature: &str, rest: &str) -> String {
    format!(
        "[provider]\nid = 'acme'\n{head}\n[signature]\nalgorithm = 'hmac-sha256'\nsigns = '{{body}}'\n\
         encoding = 'hex'\n{signature}\n{rest}\n"
    )
}

const SIGNATURE: &str = "header = 'X-Sig'\nvalue = '{sig}'";

#[test]
fn a_provider_that_cannot_work_is_refused() {
    let years = "which is more than ten years";
    let control = "has a control character, which no header line can carry";
    let table: &[(&str, &str, &str, &str)] = &[
        (
            "",
            SIGNATURE,
            "[delivery]\nretry = { base = '1s', factor = 2, cap = '1h', max = 4294967295 }",
            "11:9: `delivery.retry.max` is more than 1000",
        ),
        (
            "",
            SIGNATURE,
            "[delivery]\nretry = ['9223372036854775807']",
            &format!("11:10: `delivery.retry` is `9223372036854775807`, {years}"),
        ),
        (
            "",
            SIGNATURE,
            "[delivery]\ntimeout = '87601h'",
            &format!("11:11: `delivery.timeout` is `87601h`, {years}"),
        ),
        (
            "",
            SIGNATURE,
            "[headers]\nX-Event = \"a\\r\\nX-Evil: 1\"",
            &format!("11:1: `headers.X-Event` {control}"),
        ),
        (
            "content_type = \"text/plain\\nX-Evil: 1\"",
            SIGNATURE,
            "",
            &format!("3:16: `provider.content_type` {control}"),
        ),
        (
            "",
            "header = 'X-Sig'\nvalue = \"{sig}\\r\\n\"",
            "",
            &format!("9:9: `signature.value` {control}"),
        ),
        (
            "",
            "header = 'X Sig'\nvalue = '{sig}'",
            "",
            "8:10: `signature.header` is not a header name",
        ),
    ];
    let dir = TempDir::new().unwrap();
    for (head, signature, rest, told) in table {
        fs::write(dir.path().join("p.toml"), provider(head, signature, rest)).unwrap();
        let told = format!("error: the provider file `p.toml` is wrong\n  p.toml:{told}\n");
        wh(["provider", "validate", "p.toml"])
            .dir(dir.path())
            .stderr(told)
            .exit(7)
            .run();
    }
}

#[test]
fn a_provider_whose_header_frames_the_request_cannot_send() {
    let dir = TempDir::new().unwrap();
    let receiver = Receiver::start([200]).unused();
    for name in [
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "Upgrade",
    ] {
        let signature = format!("header = '{name}'\nvalue = '{{sig}}'");
        fs::write(dir.path().join("p.toml"), provider("", &signature, "")).unwrap();
        let told = format!("error: `{name}` frames the request and cannot be set\n");
        send(
            &receiver.url(),
            &["a.b", "--force", "--provider-file=p.toml"],
        )
        .dir(dir.path())
        .stderr(told)
        .exit(2)
        .run();
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let table: &[&[&str]] = &[
        &["listen", "--port=65536"],
        &["listen", "--port=-1"],
        &["listen", "--port="],
        &["listen", "--tolerance=-5m"],
        &["listen", "--tolerance=99999999999999999999"],
        &["send", "--attempt=0"],
        &["send", "--attempt=4294967296"],
        &["send", "--attempt=-1"],
        &["send", "--expect=99"],
        &["send", "--expect=600"],
        &["send", "--expect=2xx,"],
    ];
    for args in table {
        wh(*args).stderr_has("error: invalid value ").exit(2).run();
    }
}

#[test]
fn flags_that_exclude_each_other_are_refused() {
    let table: &[&[&str]] = &[
        &["events", "-q", "-v"],
        &["events", "-P", "cepro", "--provider-file", "x"],
        &["sign", "-", "--headers", "--curl", "--url=9"],
        &["sign", "-", "--curl"],
        &["verify", "-", "--delivery", "-"],
        &["verify"],
        &["send", "--data=x", "--test"],
        &["send", "--no-signature", "--tamper=body"],
    ];
    for args in table {
        wh(*args).stderr_has("error: ").exit(2).run();
    }
}
