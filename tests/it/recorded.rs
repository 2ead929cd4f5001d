//! The way of a delivery from `wh send` through `wh listen --json` to `wh verify --delivery`.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Listener, Wh, folder, wh};

/// A provider file whose scheme signs the URL that is called.
const SQUARE: &str = r#"
    provider = { id = "square" }
    signature = { algorithm = "hmac-sha256", signs = "{url}{body}", encoding = "base64", header = "x-sig", value = "{sig}" }
    any_event = { open = true, sample = "{}" }
    "#;

fn desk() -> TempDir {
    folder([
        ("secret", "s3cret"),
        ("other", "other"),
        ("square.toml", SQUARE),
    ])
}

/// What a listener prints of one delivery of this provider; the flags are the listener's.
fn record(desk: &TempDir, provider: &str, event: &str, flags: &[&str]) -> Value {
    let secret = desk.path().join("secret");
    let shared = [provider, "--secret-file", secret.to_str().unwrap()];
    let mut listener = Listener::start(shared.iter().chain(flags));
    let url = format!("{}/hooks?a=1", listener.url());
    let sent = wh(["send", event, "--url", &url].iter().chain(&shared)).capture();
    assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.stdout));
    let line = listener.next();
    assert_eq!(line["type"], "delivery");
    line
}

/// `wh verify` of such a line, without explanations.
fn verify(desk: &TempDir, line: &Value, provider: &str, secret: &str) -> Wh {
    wh([
        "verify",
        "--no-explain",
        "--delivery",
        "-",
        provider,
        "--secret-file",
        secret,
    ])
    .dir(desk.path())
    .stdin(format!("{line}\n"))
}

const SENT: [(&str, &str); 4] = [
    ("-Pcepro", "estimate.created"),
    ("-Pwlcro", "client.created"),
    ("-Ptenant", "account.updated"),
    ("-Porgjobs", "job.created"),
];

#[test]
fn what_a_listener_printed_is_verified_again() {
    let desk = desk();
    for (provider, event) in SENT {
        let line = record(&desk, provider, event, &[]);
        assert_eq!(
            line["verdict"],
            json!({"ok": true, "kind": "valid", "reason": null})
        );
        verify(&desk, &line, provider, "secret")
            .stdout("valid\n")
            .run();
        verify(&desk, &line, provider, "other")
            .stdout("invalid: the signature does not match\n")
            .exit(4)
            .run();
    }
}

#[test]
fn what_was_changed_since_is_not_valid() {
    let desk = desk();
    let line = record(&desk, "-Pcepro", "estimate.created", &[]);
    let changed = |key: &str, value: Value| {
        let mut changed = line.clone();
        changed[key] = value;
        changed
    };
    let body = changed("body_b64", json!("e30="));
    verify(&desk, &body, "-Pcepro", "secret")
        .stdout("invalid: the signature does not match\n")
        .exit(4)
        .run();
    let bare = changed("headers", json!([["X-A", "b"]]));
    verify(&desk, &bare, "-Pcepro", "secret")
        .stdout("unsigned: no `X-Webhook-Signature` header\n")
        .exit(4)
        .run();
}

#[test]
fn a_token_that_was_redacted_is_not_checked() {
    let desk = desk();
    let provider = "-Pcepro-inbound";
    let (event, flags) = ("any", ["--no-redact"]);
    let redacted = record(&desk, provider, event, &[]);
    assert!(!redacted.to_string().contains("s3cret"));
    verify(&desk, &redacted, provider, "secret")
        .stdout("unchecked: the value is redacted\n")
        .exit(4)
        .run();
    let whole = record(&desk, provider, event, &flags);
    verify(&desk, &whole, provider, "secret")
        .stdout("valid\n")
        .run();
}

#[test]
fn the_url_of_a_delivery_is_told_where_it_is_signed() {
    let desk = desk();
    let url = "https://example.com/hooks";
    let file = desk.path().join("square.toml");
    let provider = format!("--provider-file={}", file.display());
    let args = [
        "sign",
        "-",
        &provider,
        "--secret-file=secret",
        "--url",
        url,
        "--json",
    ];
    let signed = wh(args).stdin("{}").dir(desk.path()).capture().stdout;
    let signed: Value = serde_json::from_slice(&signed).unwrap();
    let line = json!({"headers": signed["headers"], "body_b64": "e30="}).to_string();
    let verify = |more: &[&str]| {
        let args = ["verify", "--delivery=-", &provider, "--secret-file=secret"];
        wh(args.iter().chain(&["--no-explain"]).chain(more))
            .stdin(line.as_str())
            .dir(desk.path())
    };
    verify(&["--url", url]).stdout("valid\n").run();
    verify(&["--url", "https://example.com/"])
        .stdout("invalid: the signature does not match\n")
        .exit(4)
        .run();
    verify(&[])
        .stdout("invalid: the signed url is missing\n")
        .exit(4)
        .run();
}

#[test]
fn keeps_its_bytes_from_the_socket_to_the_verdict() {
    let desk = desk();
    let body = b"{\"total\": 2500.00,\r\n \"x\": \"\xff\0\"}\n";
    std::fs::write(desk.path().join("body"), body).unwrap();
    let secret = desk.path().join("secret");
    let secret = format!("--secret-file={}", secret.display());
    let mut listener = Listener::start([&secret]);
    let args = [
        "send",
        "any",
        "--data",
        "@body",
        &secret,
        "--url",
        listener.url(),
    ];
    assert_eq!(wh(args).dir(desk.path()).capture().code, 0);
    let line = listener.next();
    assert_eq!(
        line["body_b64"],
        "eyJ0b3RhbCI6IDI1MDAuMDAsDQogIngiOiAi/wAifQo="
    );
    verify(&desk, &line, "-Pcepro", "secret")
        .stdout("valid\n")
        .run();
}

#[test]
fn what_is_no_delivery_is_told() {
    let desk = desk();
    let hint = "hint: give one line of `wh listen --json` whose type is `delivery`\n";
    for (text, message) in [
        (
            "",
            format!(
                "error: `-` is no delivery: EOF while parsing a value at line 1 column 0\n{hint}"
            ),
        ),
        (
            r#"{"type":"ready","schema":1}"#,
            format!(
                "error: `-` is no delivery: missing field `headers` at line 1 column 27\n{hint}"
            ),
        ),
        (
            "{\"headers\":[],\"body_b64\":\"\"}\n{}",
            format!("error: `-` is no delivery: trailing characters at line 2 column 1\n{hint}"),
        ),
        (
            r#"{"headers":[],"body_b64":"e30"}"#,
            "error: `body_b64` is not base64\n".into(),
        ),
        (
            r#"{"headers":[["X-A",{"b64":"!"}]],"body_b64":""}"#,
            "error: the `b64` of a header is not base64\n".into(),
        ),
    ] {
        wh(["verify", "--delivery", "-", "--secret-file", "secret"])
            .dir(desk.path())
            .stdin(text)
            .stderr(message)
            .exit(7)
            .run();
    }
}
