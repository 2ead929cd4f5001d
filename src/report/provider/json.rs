//! A provider as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use crate::provider::{Delivery, Handshake, Provider};

use super::rules::rules;
use super::schedule::steps;

/// A provider as JSON: its rules in words, and as values what a program may go by.
pub(crate) fn provider_json(provider: &Provider) -> Value {
    let rules: Vec<_> = rules(provider)
        .into_iter()
        .map(|(name, value)| json!({"rule": name, "value": value}))
        .collect();
    let delays: Vec<_> = provider.delivery.retry.delays().map(millis).collect();
    json!({
        "id": provider.id,
        "name": provider.name,
        "aliases": provider.aliases,
        "documents": provider.documents,
        "assumed": provider.assumed,
        "notes": provider.notes,
        "rules": rules,
        "attempts": provider.delivery.retry.attempts(),
        "retry_delays_ms": delays,
        "schedule": schedule(provider),
        "delivery": delivery(&provider.delivery),
        "events": provider.events.iter().map(|event| &event.name).collect::<Vec<_>>(),
    })
}

/// Each attempt with the wait after the failure before, and the waits since the first.
fn schedule(provider: &Provider) -> Vec<Value> {
    let steps = steps(provider).into_iter();
    let step = steps.map(|step| {
        json!({
            "attempt": step.attempt,
            "wait_ms": millis(step.wait),
            "since_ms": millis(step.since),
            "assumed": step.assumed,
        })
    });
    step.collect()
}

fn delivery(delivery: &Delivery) -> Value {
    let stop = &delivery.rules.stop;
    let breaker = delivery.breaker.map(|breaker| {
        json!({
            "failures": breaker.failures,
            "unit": breaker.unit.name(),
            "action": breaker.action.name(),
        })
    });
    json!({
        "success": delivery.rules.success.to_string(),
        "stop": {
            "status": stop.status.as_ref().map(ToString::to_string),
            "headers": stop.headers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
        "retry_after_max_ms": delivery.rules.retry_after.map(millis),
        "timeout_ms": millis(delivery.timeout),
        "connect_timeout_ms": millis(delivery.connect_timeout),
        "jitter_percent": delivery.jitter_percent,
        "breaker": breaker,
        "handshake": delivery.handshake.map(Handshake::name),
    })
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
