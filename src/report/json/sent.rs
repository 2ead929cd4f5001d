//! What was sent, as lines.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::delivery::{Attempt, Ended, Next, Outgoing, Times};
use crate::message::{Record, TimestampForm};
use crate::report::DryRun;

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
        "assumed": retry.assumed,
    }))
}

/// Whole milliseconds.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A time as programs read it.
pub(super) fn time(at: Timestamp) -> String {
    TimestampForm::Rfc3339Ms.write(at)
}

/// An attempt and what follows it.
pub(super) fn attempt(outgoing: &Outgoing, attempt: &Attempt, next: &Next) -> Value {
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
    json!({
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
    })
}

/// What a run came to. `attempts` are all and those that succeeded, also of what was sent before and
/// has an unknown end.
pub(super) fn summary(
    ended: &Ended,
    (attempts, succeeded): (u64, u64),
    elapsed: Option<Duration>,
) -> Value {
    let tally = &ended.tally;
    let statuses = tally.statuses.iter();
    let statuses: Map<_, _> = statuses
        .map(|(status, count)| (status.to_string(), json!(count)))
        .collect();
    let errors = tally.failures.iter();
    let errors: Map<_, _> = errors
        .map(|(kind, count)| (kind.name().to_owned(), json!(count)))
        .collect();
    json!({
        "attempts": attempts,
        "succeeded": succeeded,
        "failed": attempts - succeeded,
        "delivered": tally.delivered,
        "failed_deliveries": tally.failed,
        "stopped": tally.stopped,
        "disabled": tally.held,
        "unfinished": ended.unfinished,
        "elsewhere": tally.elsewhere,
        "retried": tally.retried,
        "unknown": tally.unknown,
        "statuses": statuses,
        "errors": errors,
        "latency_ms": times(&tally.latency),
        "latency_from_due_ms": tally.from_intended.as_ref().map(times),
        "elapsed_ms": elapsed.map(milliseconds),
        "interrupted": ended.interrupted,
    })
}

/// The times that so many of a hundred do not exceed, in milliseconds to three digits; `null` where
/// there are none.
fn times(times: &Times) -> Value {
    let millis = |time: Duration| (time.as_secs_f64() * 1_000_000.0).round() / 1000.0;
    let at = |percent| times.percentile(percent).map(millis);
    json!({"p50": at(50.0), "p95": at(95.0), "p99": at(99.0), "max": at(100.0)})
}

/// A request that does not go out.
pub(super) fn dry_run(dry_run: &DryRun<'_>, token_headers: &[&str], redacting: bool) -> Value {
    json!({
        "url": dry_run.outgoing.url,
        "provider": dry_run.outgoing.provider,
        "event": dry_run.outgoing.event,
        "webhook_id": dry_run.outgoing.webhook_id,
        "request": Record::of(&dry_run.message, token_headers, redacting),
        "signed_b64": dry_run.signed.map(Record::base64),
        "curl": dry_run.curl,
    })
}
