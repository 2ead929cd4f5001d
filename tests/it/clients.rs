//! Common HTTP clients into `wh listen`: what they say they sent is what arrives.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Listener, Output, Process, needs, receivers, wh};

/// Bodies for every kind of request.
const BODIES: [&[u8]; 6] = [
    b"{\"event\":\"job.completed\",\"total\":2500.00}",
    b"{\r\n\"a\": 1.0 }\n",
    "a=1&b=%20+&c=ä".as_bytes(),
    b"\0\x01\xff\xfe\r\n\r\n",
    b"x",
    &[b'7'; 200_000],
];

const JSON: &[u8] = BODIES[0];
const FORM: &[u8] = BODIES[2];
const BINARY: &[u8] = BODIES[3];
const LONG: &[u8] = BODIES[5];

/// A kind of request, the header line that tells it, and the bodies to send by it.
type Kind = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [&'static [u8]],
);

const KINDS: [Kind; 7] = [
    (
        "json",
        "content-type",
        Some("application/json"),
        &[JSON, BINARY],
    ),
    ("form", "content-type", None, &[FORM]),
    (
        "binary",
        "content-type",
        Some("application/octet-stream"),
        &[BINARY, LONG],
    ),
    ("empty", "content-length", Some("0"), &[JSON]),
    (
        "chunked",
        "transfer-encoding",
        Some("chunked"),
        &[JSON, BINARY, LONG],
    ),
    ("gzip", "content-encoding", Some("gzip"), &[JSON, LONG]),
    ("expect", "expect", Some("100-continue"), &[BINARY, LONG]),
];

/// The values of a header in the line of a delivery.
fn header<'l>(line: &'l Value, name: &str) -> Option<&'l str> {
    let lines = line["headers"].as_array().unwrap().iter();
    let mut found = lines.filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name));
    let value = found.next()?[1].as_str();
    assert_eq!(found.next(), None, "{name} stands twice");
    value
}

fn listener() -> Listener {
    wh(["listen", "--port", "0", "--json"])
        .env("WH_SECRET", "whsec_test")
        .start()
}

/// Sends every kind with this client, with two header lines of one name.
fn arrives(client: impl Fn() -> Command) {
    let mut listener = listener();
    let url = format!("{}/hooks?a=b", listener.url());
    for (kind, name, value, bodies) in KINDS {
        for body in bodies {
            let mut command = client();
            command.args([kind, &url]).env(
                "HEADERS",
                r#"[["X-Webhook-ID","1"],["X-Own","a"],["X-Own","b"]]"#,
            );
            let Output { stdout, .. } = Process::run(&mut command, body);
            let told: Value = serde_json::from_slice(&stdout).unwrap();
            let line = listener.next();
            assert_eq!(line["body_b64"], told["sent_b64"], "{kind}");
            let is_whole = !["empty", "gzip"].contains(&kind);
            assert_eq!(
                line["body_b64"] == STANDARD.encode(body),
                is_whole,
                "{kind}"
            );
            let text = "unsigned: no `X-Webhook-Signature` header\n";
            assert_eq!(
                (&told["status"], &told["body"]),
                (&json!(401), &json!(text))
            );
            let found = header(&line, name);
            assert!(
                value.is_none_or(|value| found == Some(value)),
                "{kind}: {found:?}"
            );
            assert_eq!(
                (&line["method"], &line["target"]),
                (&json!("POST"), &json!("/hooks?a=b"))
            );
            assert_eq!(line["headers_exact"], true, "{kind}");
            assert_eq!(line["webhook_id"], "1");
        }
    }
}

#[test]
fn node() {
    if receivers().is_none() || !needs("node") {
        return;
    }
    arrives(|| {
        let mut command = Command::new("node");
        command.arg(source("node/client.mjs"));
        command
    });
}

#[test]
fn python() {
    let Some(installed) = receivers() else {
        return;
    };
    arrives(|| {
        let mut command = Command::new(installed.join("venv/bin/python"));
        command.arg(source("python/client.py"));
        command
    });
}

fn source(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/receivers");
    PathBuf::from(folder).join(name)
}

#[test]
fn curl() {
    const FLAGS: &[&[&str]] = &[
        &["-H", "Content-Type: application/json"],
        &["-H", "Transfer-Encoding: chunked"],
        &["-H", "Expect: 100-continue"],
        &["-X", "PUT", "-H", "Content-Type:"],
        &["--http1.0"],
    ];
    if !needs("curl") {
        return;
    }
    let mut listener = listener();
    let url = format!("{}/hooks?a=b", listener.url());
    for flags in FLAGS {
        for body in BODIES.into_iter().chain([&b""[..]]) {
            let mut command = Command::new("curl");
            command
                .args([
                    "-q",
                    "-sS",
                    "--noproxy",
                    "*",
                    "--data-binary",
                    "@-",
                    "-w",
                    "%{http_code}",
                ])
                .args(*flags)
                .arg(&url);
            let Output { stdout, stderr, .. } = Process::run(&mut command, body);
            let answer = "unsigned: no `X-Webhook-Signature` header\n401";
            assert_eq!(String::from_utf8_lossy(&stdout), answer, "{flags:?}");
            assert_eq!(String::from_utf8_lossy(&stderr), "");
            let line = listener.next();
            assert_eq!(line["body_b64"], STANDARD.encode(body), "{flags:?}");
            assert_eq!(
                (&line["target"], &line["headers_exact"]),
                (&json!("/hooks?a=b"), &json!(true))
            );
        }
    }
}
