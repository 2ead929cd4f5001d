//! The reporter for programs: one JSON object a line, each with `type` and `schema`.

use std::io::{self, BufWriter, Write};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::ser::Formatter;
use serde_json::{Serializer, Value, json};

use crate::capture::{Delivery, Health};
use crate::delivery::{Attempt, Ended, Next, Outgoing};
use crate::message::{Record, TimestampForm};
use crate::server::Trouble;
use crate::signature::Verdict;
use crate::term::{Streams, acts};

use super::trouble::words;
use super::{DryRun, Prospect, Ready, Reporter, Tally};

/// An object with its `type` and `schema` in front.
#[derive(Serialize)]
pub(crate) struct Typed<T> {
    r#type: &'static str,
    schema: u8,
    #[serde(flatten)]
    body: T,
}

impl<T: Serialize> Typed<T> {
    /// An object of this type.
    pub(crate) fn new(r#type: &'static str, body: T) -> Self {
        Self {
            r#type,
            schema: 1,
            body,
        }
    }

    /// Writes it as one line; a long one in pieces, so that it need not stand in memory.
    pub(crate) fn write(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut pieces = BufWriter::with_capacity(PIECE, out);
        self.write_to(&mut pieces)?;
        pieces.flush()
    }

    /// Writes it as one line.
    pub(super) fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        write_json(self, &mut out)?;
        out.write_all(b"\n")
    }
}

/// Writes a value as compact JSON that does nothing to a terminal.
pub(crate) fn write_json(value: &impl Serialize, out: impl Write) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Harmless))?)
}

/// The most of a line that is written at once.
const PIECE: usize = 64 * 1024;

/// Compact JSON that does nothing to a terminal: what a [`Safe`](crate::term::Safe) would escape is
/// escaped here too, as JSON has it, so that programs read the same text.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(acts) {
            let (plain, hidden) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut chars = hidden.chars();
            if let Some(c) = chars.next() {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// Lines beyond so many bytes are written out before the batch ends.
const MOST_WAITING: usize = 256 * 1024;

/// Writes JSON lines on standard output.
pub(crate) struct Json {
    streams: Streams,
    token_headers: Vec<String>,
    redacting: bool,
    attempts: u64,
    succeeded: u64,
    /// Lines that are not written yet.
    lines: Vec<u8>,
}

impl Json {
    /// A reporter whose deliveries show the value of a `token_headers` header only where
    /// `redacting` is off.
    pub(crate) fn new(streams: Streams, token_headers: Vec<String>, redacting: bool) -> Self {
        Self {
            streams,
            token_headers,
            redacting,
            attempts: 0,
            succeeded: 0,
            lines: Vec::new(),
        }
    }

    fn write(&mut self, r#type: &'static str, body: impl Serialize) -> io::Result<()> {
        self.append(r#type, body)?;
        self.flush()
    }

    /// Adds a line to those that wait to be written together.
    fn append(&mut self, r#type: &'static str, body: impl Serialize) -> io::Result<()> {
        Typed::new(r#type, body).write_to(&mut self.lines)?;
        if self.lines.len() > MOST_WAITING {
            self.flush()
        } else {
            Ok(())
        }
    }
}

/// What `listen` writes of a delivery.
#[derive(Serialize)]
struct ReceivedLine<'d> {
    number: Option<i64>,
    id: uuid::Uuid,
    webhook_id: &'d Option<String>,
    provider: &'d str,
    event: &'d Option<String>,
    attempt: Option<u32>,
    received_at: String,
    peer: Option<std::net::SocketAddr>,
    http: &'d str,
    headers_exact: bool,
    #[serde(flatten)]
    record: Record<'d>,
    verdict: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<usize>,
    duplicate_of: Option<i64>,
    refused: Option<String>,
    response: Value,
}

/// A verdict as JSON: `ok`, `kind` and `reason`.
pub(crate) fn verdict_json(verdict: &Verdict) -> Value {
    json!({"ok": verdict.is_valid(), "kind": verdict.kind(), "reason": verdict.reason()})
}

/// What came of an attempt, in the words of the log.
fn outcome(next: &Next) -> &'static str {
    match next {
        Next::Delivered => "success",
        Next::Retry(_) => "retrying",
        Next::Failed | Next::Stopped(_) => "failed",
    }
}

/// The attempt that follows, where one does.
fn retry_json(next: &Next) -> Option<Value> {
    let Next::Retry(retry) = next else {
        return None;
    };
    Some(json!({
        "nth": retry.nth,
        "of": retry.of,
        "after_ms": milliseconds(retry.after),
        "speed": retry.speed,
        "wait_ms": milliseconds(retry.wait),
        "due": time(retry.due),
        "retry_after": retry.asked,
    }))
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn time(at: Timestamp) -> String {
    TimestampForm::Rfc3339Ms.write(at)
}

impl Reporter for Json {
    fn ready(&mut self, ready: &Ready) -> io::Result<()> {
        let body = json!({
            "url": ready.url,
            "ui": null,
            "provider": ready.provider,
            "pid": std::process::id(),
        });
        self.write("ready", body)
    }

    fn received(&mut self, delivery: &Delivery) -> io::Result<()> {
        let token_headers: Vec<&str> = self.token_headers.iter().map(String::as_str).collect();
        let latency = delivery.latency.as_secs_f64() * 1000.0;
        let mut record = Record::of(&delivery.exchange.request, &token_headers, self.redacting);
        if self.redacting {
            record.target = delivery.shown_target.as_str().into();
        }
        let body = ReceivedLine {
            number: delivery.number,
            id: delivery.id,
            webhook_id: &delivery.attempt.webhook_id,
            provider: &delivery.attempt.provider,
            event: &delivery.attempt.event,
            attempt: delivery.attempt.number,
            received_at: time(delivery.attempt.at),
            peer: delivery.exchange.peer,
            http: &delivery.exchange.http,
            headers_exact: delivery.exchange.exact,
            record,
            verdict: delivery.verdict.as_ref().map(verdict_json),
            secret: delivery.secret,
            duplicate_of: delivery.duplicate_of,
            refused: delivery.refused.map(|refusal| refusal.to_string()),
            response: json!({"status": delivery.status, "latency_ms": (latency * 1000.0).round() / 1000.0}),
        };
        if delivery.exchange.request.body.len() > MOST_WAITING {
            self.flush()?;
            Typed::new("delivery", body).write(self.streams.out())
        } else {
            self.append("delivery", body)
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.streams.out().write_all(&self.lines)?;
        self.lines.clear();
        self.streams.flush()
    }

    fn health(&mut self, health: &Health) -> io::Result<()> {
        let (state, reason) = match health {
            Health::Degraded { reason } => ("degraded", Some(reason)),
            Health::Restored => ("restored", None),
        };
        self.write("store", json!({"state": state, "reason": reason}))
    }

    fn trouble(&mut self, trouble: &Trouble) -> io::Result<()> {
        self.write("trouble", json!({"message": words(trouble)}))
    }

    fn stopped(&mut self, tally: &Tally) -> io::Result<()> {
        let body = json!({
            "received": tally.received,
            "valid": tally.valid,
            "refused": tally.refused,
            "hidden": tally.hidden,
            "duplicates": tally.duplicates,
            "dropped": tally.dropped,
        });
        self.write("summary", body)
    }

    fn begin(&mut self, _: &Prospect) -> io::Result<()> {
        Ok(())
    }

    fn sending(&mut self, _: &Outgoing) -> io::Result<()> {
        Ok(())
    }

    fn attempted(&mut self, outgoing: &Outgoing, attempt: &Attempt, next: &Next) -> io::Result<()> {
        let succeeded = outgoing.succeeded(attempt);
        self.attempts += 1;
        self.succeeded += u64::from(succeeded);
        let failure = attempt.outcome.as_ref().err();
        let response = attempt.outcome.as_ref().ok().map(|response| {
            let message = crate::message::Message {
                method: String::new(),
                target: String::new(),
                headers: response.headers.clone(),
                body: response.body.clone(),
            };
            let Record {
                headers, body_b64, ..
            } = Record::of(&message, &[], true);
            json!({"headers": headers, "body_b64": body_b64, "truncated": response.truncated})
        });
        let body = json!({
            "number": outgoing.number,
            "id": outgoing.id,
            "webhook_id": outgoing.webhook_id,
            "direction": "sent",
            "provider": outgoing.provider,
            "event": outgoing.event,
            "url": outgoing.url,
            "at": time(attempt.at),
            "attempt": outgoing.attempt,
            "of": outgoing.of,
            "status": attempt.status(),
            "response_ms": milliseconds(attempt.elapsed),
            "nth": outgoing.nth,
            "outcome": outcome(next),
            "retry": retry_json(next),
            "stopped": match next {
                Next::Stopped(why) => Some(why.to_string()),
                _ => None,
            },
            "error": failure.map(|failure| json!({"kind": failure.kind.name(), "message": failure.to_string()})),
            "response": response,
        });
        self.write("attempt", body)
    }

    fn unmet(&mut self, expected: &str, status: u16) -> io::Result<()> {
        let body = json!({"met": false, "expected": expected, "status": status});
        self.write("expectation", body)
    }

    fn disabled(&mut self, url: &str, provider: &str, failures: u32) -> io::Result<()> {
        let body = json!({"url": url, "provider": provider, "failures": failures});
        self.write("disabled", body)
    }

    fn elsewhere(&mut self, number: i64) -> io::Result<()> {
        self.write("elsewhere", json!({"number": number}))
    }

    fn sent(&mut self, _ended: &Ended) -> io::Result<()> {
        let failed = self.attempts - self.succeeded;
        let body =
            json!({"attempts": self.attempts, "succeeded": self.succeeded, "failed": failed});
        self.write("summary", body)
    }

    fn dry_run(&mut self, dry_run: &DryRun<'_>) -> io::Result<()> {
        let token_headers: Vec<&str> = self.token_headers.iter().map(String::as_str).collect();
        let body = json!({
            "url": dry_run.outgoing.url,
            "provider": dry_run.outgoing.provider,
            "event": dry_run.outgoing.event,
            "webhook_id": dry_run.outgoing.webhook_id,
            "request": Record::of(&dry_run.message, &token_headers, self.redacting),
            "signed_b64": dry_run.signed.map(Record::base64),
            "curl": dry_run.curl,
        });
        self.write("request", body)
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_reads_the_same() {
        for (text, written) in [
            ("plain ~ é 日本 🎉", "plain ~ é 日本 🎉"),
            ("\x1b[31m\n\"\\", r#"\u001b[31m\n\"\\"#),
            ("\x7f\u{9b}31m\u{202e}x", r"\u007f\u009b31m\u202ex"),
            ("\u{feff}\u{2028}\u{e0041}", r"\ufeff\u2028\udb40\udc41"),
        ] {
            let mut line = Vec::new();
            let body = serde_json::json!({"text": text});
            Typed::new("test", &body)
                .write(&mut line)
                .expect("a vector takes it");
            let line = String::from_utf8(line).expect("UTF-8");
            assert_eq!(
                line,
                format!("{{\"type\":\"test\",\"schema\":1,\"text\":\"{written}\"}}\n")
            );
            let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(read["text"], text);
        }
    }
}
