//! JSON lines as attempts: those that `wh export` and `wh listen --json` write.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::message::{Headers, Message, RecordedValue};
use crate::store::Response;

use super::REDACTED;
use super::imported::{ImportError, Imported, Item, Sieve, Take};
use super::raw_line::{RawAnswer, RawLine};

/// The longest line that is read, in bytes: what has no line ends must not fill the memory.
const LONGEST_LINE: u64 = 512 * 1024 * 1024;

/// The version of the lines' fields.
const SCHEMA: u64 = 1;

/// What decides how a line is read.
#[derive(Deserialize)]
struct Head {
    r#type: Option<String>,
    schema: Option<u64>,
}

/// The bytes of an attempt.
#[derive(Deserialize)]
struct RawBytes {
    method: Option<String>,
    target: Option<String>,
    headers: Option<Lines>,
    body_b64: Option<String>,
    response: Option<RawResponse>,
}

#[derive(Deserialize)]
struct RawResponse {
    headers: Option<Lines>,
    body_b64: Option<String>,
    #[serde(default)]
    truncated: bool,
    status: Option<u16>,
    latency_ms: Option<f64>,
}

type Lines = Vec<(String, RecordedValue<'static>)>;

/// Reads every line; those that tell of no attempt are passed over.
pub(crate) fn read_lines(mut source: impl BufRead, take: Take<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = source
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        let text = match number {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line),
            _ => &line,
        };
        if text.trim_ascii().is_empty() {
            continue;
        }
        let is_whole = (read as u64) < LONGEST_LINE;
        let item = match read_line(text.trim_ascii_end(), number) {
            _ if !is_whole => Err(too_long(number)),
            Ok(None) => continue,
            Ok(Some(imported)) => Ok(Item::Attempt(Box::new(imported))),
            Err(error) => Err(error),
        };
        if take(item) == ControlFlow::Break(()) || !is_whole {
            break;
        }
    }
    Ok(())
}

fn too_long(number: u64) -> ImportError {
    ImportError::new(
        format!("line {number}"),
        "it is longer than any attempt; nothing after it was read",
    )
}

/// One line; `None` where it tells of something else than an attempt.
fn read_line(text: &[u8], number: u64) -> Result<Option<Imported>, ImportError> {
    let parser = |error: serde_json::Error| ImportError::of(&error, number);
    let wrong = |message: String| ImportError::new(format!("line {number}"), message);
    if !text.trim_ascii_start().starts_with(b"{") {
        return Err(wrong("it is no JSON object".to_owned()));
    }
    let head: Head = serde_json::from_slice(text).map_err(parser)?;
    if head.schema.is_some_and(|schema| schema != SCHEMA) {
        return Err(wrong("it was written by a later version".to_owned()));
    }
    match head.r#type.as_deref() {
        Some("attempt" | "delivery") => {}
        Some(_) => return Ok(None),
        None => return Err(wrong("it has no `type`".to_owned())),
    }
    let line: RawLine = serde_json::from_slice(text).map_err(parser)?;
    let bytes: RawBytes = serde_json::from_slice(text).map_err(parser)?;
    attempt(line, bytes).map(Some).map_err(wrong)
}

fn attempt(line: RawLine, bytes: RawBytes) -> Result<Imported, String> {
    let (Some(lines), Some(body)) = (bytes.headers, bytes.body_b64) else {
        return Err("it has no bytes: `wh export` writes lines that have".to_owned());
    };
    let mut sieve = Sieve::default();
    let request = Message {
        method: bytes.method.unwrap_or_else(|| "POST".to_owned()),
        target: bytes.target.unwrap_or_else(|| "/".to_owned()),
        headers: sifted(lines, &mut sieve)?,
        body: decoded(&body, "body_b64")?.into(),
    };
    let mut answer = RawAnswer::default();
    let mut response = None;
    if let Some(raw) = bytes.response {
        answer.status = raw.status;
        answer.latency_ms = raw.latency_ms;
        if let Some(lines) = raw.headers {
            response = Some(Response {
                headers: sifted(lines, &mut sieve)?,
                body: decoded(&raw.body_b64.unwrap_or_default(), "response.body_b64")?.into(),
                truncated: raw.truncated,
            });
        }
    }
    let mut imported = line.answered(answer).imported(request, response)?;
    imported.left_out = sieve.left_out;
    Ok(imported)
}

fn sifted(lines: Lines, sieve: &mut Sieve) -> Result<Headers, String> {
    for (name, value) in lines {
        match value {
            RecordedValue::Text(text) => sieve.push(&name, text.as_bytes()),
            RecordedValue::Bytes { b64 } => sieve.push(&name, &decoded(&b64, "b64")?),
            RecordedValue::Redacted { .. } => sieve.push(&name, REDACTED.as_bytes()),
        }
    }
    Ok(std::mem::take(&mut sieve.headers))
}

fn decoded(text: &str, field: &str) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(text)
        .map_err(|_| format!("`{field}` is not base64"))
}
