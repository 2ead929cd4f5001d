//! `wh import`: what comes in, what is there already, and what cannot be read.

mod archives;
mod lines;

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Wh, wh};

/// A line as `wh export` writes it, of an attempt with this number and body.
pub(crate) fn line(number: u32, body: &[u8]) -> Value {
    use base64::Engine;
    json!({
        "type": "attempt", "schema": 1, "number": number, "row": number,
        "id": format!("01a1fe67-70fa-7155-9bbf-{number:012x}"),
        "webhook_id": format!("w-{number}"), "direction": "received", "provider": "cepro",
        "event": "estimate.created", "path": "/hooks",
        "at": format!("2026-01-28T10:30:00.{number:06}Z"),
        "attempt": 1, "nth": 1, "of": 4, "status": 200, "response_ms": 0.273,
        "outcome": "success", "error": null,
        "verdict": {"ok": true, "kind": "valid", "reason": null},
        "duplicate_of": null, "size": body.len(), "numbered": true, "http": "HTTP/1.1",
        "headers_exact": true, "peer": "127.0.0.1:51838", "method": "POST",
        "target": "/hooks?a=1", "headers": [["X-A", "b"], ["x-a", {"b64": "/w=="}]],
        "body_b64": base64::engine::general_purpose::STANDARD.encode(body),
        "response": null,
    })
}

/// A line with other values for these fields.
pub(crate) fn changed(mut line: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("fields are an object");
    };
    for (name, value) in fields {
        line[&name] = value;
    }
    line
}

/// Lines as a file has them.
pub(crate) fn file<'l>(lines: impl IntoIterator<Item = &'l Value>) -> String {
    let lines = lines.into_iter().map(Value::to_string);
    lines
        .flat_map(|line| {
            [
                line,
                "
"
                .to_owned(),
            ]
        })
        .collect()
}

/// `wh import -` of these bytes, into the store of this home.
pub(crate) fn import(home: &Path, bytes: impl Into<Vec<u8>>) -> Wh {
    wh(["import", "-"]).home(home).stdin(bytes)
}

/// The lines that `wh export --no-redact` writes of this home's store, but for the first.
#[track_caller]
pub(crate) fn exported(home: &Path) -> Vec<Value> {
    let output = wh(["export", "--no-redact", "-q"]).home(home).capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let first: Value = lines.next().unwrap();
    assert_eq!(
        (&first["type"], &first["redacted"]),
        (&json!("export"), &json!(false))
    );
    lines.collect()
}
