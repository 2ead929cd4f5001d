//! A received delivery as a line.

use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use crate::capture::Delivery;
use crate::export::AnsweredLine;
use crate::message::Record;
use crate::report::{Diagnosis, Reporter as _};
use crate::signature::Verdict;

use super::reporter::{Json, MOST_WAITING};
use super::sent::time;
use super::typed::Typed;

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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    /// The paths of the routes, where none of them is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<&'d [String]>,
    response: Value,
    #[serde(flatten)]
    answered: AnsweredLine<'d>,
}

/// A verdict as JSON: `ok`, `kind` and `reason`.
pub(crate) fn verdict_json(verdict: &Verdict) -> Value {
    json!({"ok": verdict.is_valid(), "kind": verdict.kind(), "reason": verdict.reason()})
}

/// The answer; of one that does not go out as HTTP has it, by what fault.
fn response(delivery: &Delivery) -> Value {
    let latency = delivery.latency.as_secs_f64() * 1000.0;
    let latency = (latency * 1000.0).round() / 1000.0;
    let mut response = json!({"status": delivery.status, "latency_ms": latency});
    if let Some(fault) = &delivery.attempt.fault
        && delivery.is_scripted()
    {
        response["fault"] = json!(fault.kind);
    }
    response
}

/// Writes the line of a delivery, with why it did not verify; a long one at once.
pub(super) fn write(
    json: &mut Json,
    delivery: &Delivery,
    diagnosis: Option<&Diagnosis>,
) -> io::Result<()> {
    let verdict = delivery.verdict.as_ref().map(|verdict| {
        let mut verdict = verdict_json(verdict);
        if let Some(diagnosis) = diagnosis {
            verdict["explanation"] = diagnosis.json();
        }
        verdict
    });
    let token_headers: Vec<&str> = json.token_headers.iter().map(String::as_str).collect();
    let mut record = Record::of(&delivery.exchange.request, &token_headers, json.redacting);
    if json.redacting {
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
        verdict,
        secret: delivery.secret,
        duplicate_of: delivery.duplicate_of,
        refused: delivery.refusal(),
        warnings: delivery.warnings(),
        paths: Some(delivery.paths.as_slice()).filter(|paths| !paths.is_empty()),
        response: response(delivery),
        answered: AnsweredLine::of(delivery.answered()),
    };
    if delivery.exchange.request.body.len() > MOST_WAITING {
        json.flush()?;
        Typed::new("delivery", body).write(json.streams.out())
    } else {
        json.append("delivery", body)
    }
}
