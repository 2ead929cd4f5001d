//! A provider in words: every rule with its value, and `(assumed)` where no document states it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::provider::{Https, IdForm, Provider, When};
use crate::retry::Schedule;
use crate::signature::{Algorithm, KeyDecoding, Source};
use crate::term::duration;

/// A rule's name and its value in words.
pub(crate) type Rule = (&'static str, String);

/// The rules of a provider, in reading order.
pub(crate) fn rules(provider: &Provider) -> Vec<Rule> {
    let mut rules: Vec<Rule> = provider
        .documents
        .iter()
        .map(|text| ("document", text.clone()))
        .collect();
    rules.extend(signature_rules(provider));
    rules.extend(header_rules(provider));
    rules.extend(delivery_rules(provider));
    rules
}

/// The attempts of a provider: number, delay after the failure before, time since the first.
pub(crate) fn attempts(provider: &Provider) -> Vec<(u32, Option<Duration>, Duration)> {
    let mut since = Duration::ZERO;
    let later = provider
        .delivery
        .retry
        .delays()
        .zip(2..)
        .map(|(delay, attempt)| {
            since += delay;
            (attempt, Some(delay), since)
        });
    [(1, None, Duration::ZERO)]
        .into_iter()
        .chain(later)
        .collect()
}

/// What is assumed of the schedule, in words.
pub(crate) fn schedule_remark(provider: &Provider) -> Option<String> {
    let assumed = |key: &str| provider.assumes(&format!("delivery.retry.{key}"));
    match provider.delivery.retry {
        Schedule::Exponential { .. } => {
            let keys: Vec<_> = ["base", "factor", "cap", "max"]
                .into_iter()
                .filter(|key| assumed(key))
                .collect();
            (!keys.is_empty()).then(|| format!("{} (assumed)", keys.join(", ")))
        }
        _ => provider
            .assumes("delivery.retry")
            .then(|| "delays (assumed)".to_owned()),
    }
}

fn signature_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key: &str| {
        if provider.assumes(key) {
            " (assumed)"
        } else {
            ""
        }
    };
    let scheme = provider.signing_scheme();
    let token = scheme.algorithm == Algorithm::Token;
    let mut rules = vec![("algorithm", scheme.algorithm.to_string())];
    if !token {
        rules.push(("signs", scheme.signs.to_string()));
    }
    let encoding = if token {
        String::new()
    } else {
        format!(", {}", scheme.encoding.name())
    };
    rules.push((
        "signature",
        format!(
            "{}: {}{encoding}{}",
            scheme.header,
            scheme.value,
            mark("signature.header")
        ),
    ));
    let prefix = scheme
        .key
        .strip
        .as_ref()
        .map(|prefix| format!(" after `{prefix}`"))
        .unwrap_or_default();
    let decoding = match scheme.key.decode {
        KeyDecoding::Utf8 => "the bytes of the secret",
        KeyDecoding::Base64 => "the secret, decoded from base64",
        KeyDecoding::Hex => "the secret, decoded from hexadecimal",
    };
    let optional = if scheme.key.required {
        ""
    } else {
        "; without a secret nothing is signed"
    };
    rules.push(("key", format!("{decoding}{prefix}{optional}")));
    if let Some(rule) = &provider.timestamp {
        let signed = if scheme.signs_timestamp() {
            "signed"
        } else {
            "not signed"
        };
        let form = format!("{}{}", rule.form, mark("timestamp.format"));
        rules.push(("timestamp", format!("{}, {form}, {signed}", rule.from)));
        let limit = |limit: Option<jiff::SignedDuration>| {
            limit.map_or_else(|| "any".to_owned(), |limit| duration(limit.unsigned_abs()))
        };
        let past = format!(
            "past {}{}",
            limit(rule.tolerance.past),
            mark("timestamp.tolerance.past")
        );
        let future = format!(
            "future {}{}",
            limit(rule.tolerance.future),
            mark("timestamp.tolerance.future")
        );
        rules.push(("tolerance", format!("{past}, {future}")));
    }
    rules
}

fn header_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key: &str| {
        if provider.assumes(key) {
            " (assumed)"
        } else {
            ""
        }
    };
    let source = |source: &Option<Source>| {
        source
            .as_ref()
            .map_or("none".to_owned(), ToString::to_string)
    };
    let form = match &provider.id_rule.make {
        IdForm::Uuid => "UUID".to_owned(),
        IdForm::Integer => "integer".to_owned(),
        IdForm::Prefix(prefix) => format!("`{prefix}…`"),
    };
    let form = provider
        .id_rule
        .from
        .as_ref()
        .map(|_| format!(", {form}{}", mark("id.make")))
        .unwrap_or_default();
    let id = format!(
        "{}{}{form}",
        source(&provider.id_rule.from),
        mark("id.from")
    );
    let event = format!("{}{}", source(&provider.event_from), mark("event.from"));
    let content_type = format!(
        "Content-Type: {}{}",
        provider.content_type,
        mark("provider.content_type")
    );
    let mut rules = vec![
        ("webhook id", id),
        ("event", event),
        ("header", content_type),
    ];
    for rule in &provider.headers {
        let when = if rule.when == When::Retry {
            ", on retries"
        } else {
            ""
        };
        let assumed = mark(&format!("headers.{}", rule.name));
        rules.push((
            "header",
            format!("{}: {}{when}{assumed}", rule.name, rule.value),
        ));
    }
    rules
}

fn delivery_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key: &str| {
        if provider.assumes(key) {
            " (assumed)"
        } else {
            ""
        }
    };
    let delivery = &provider.delivery;
    let mut rules = vec![
        ("success", delivery.success.to_string()),
        (
            "timeout",
            format!("{}{}", duration(delivery.timeout), mark("delivery.timeout")),
        ),
    ];
    rules.extend(
        delivery
            .stop
            .as_ref()
            .map(|stop| ("stops after", stop.to_string())),
    );
    rules.extend(
        delivery
            .retry_after
            .map(|most| ("Retry-After", format!("honoured up to {}", duration(most)))),
    );
    rules.push(match &delivery.breaker {
        Some(breaker) => (
            "breaker",
            format!(
                "{} failed {}s in a row{}: {}",
                breaker.failures,
                breaker.unit.name(),
                mark("delivery.breaker.unit"),
                breaker.action.name()
            ),
        ),
        None => ("breaker", "none".to_owned()),
    });
    rules.push(match &delivery.dedupe {
        Some(source) => {
            let window = format!(
                "{}{}",
                duration(delivery.dedupe_window),
                mark("delivery.dedupe_window")
            );
            (
                "repeats",
                format!("{source}{}, within {window}", mark("delivery.dedupe")),
            )
        }
        None => ("repeats", "cannot be told".to_owned()),
    });
    if delivery.live_only {
        rules.push(("replays", "live deliveries only".to_owned()));
    }
    let https = match delivery.url.https {
        Https::Required => "HTTPS",
        Https::ExceptDev => "HTTPS, plain HTTP in development",
        Https::Any => "any",
    };
    let private = if delivery.url.rejects_private {
        ", external hosts only"
    } else {
        ""
    };
    let message = delivery
        .url
        .message
        .as_ref()
        .map(|text| format!(": \"{text}\""))
        .unwrap_or_default();
    rules.push(("URL", format!("{https}{private}{message}")));
    rules
}

/// A provider as JSON: the same rules, with the schedule in milliseconds.
pub(crate) fn provider_json(provider: &Provider) -> Value {
    let rules: Vec<_> = rules(provider)
        .into_iter()
        .map(|(name, value)| json!({"rule": name, "value": value}))
        .collect();
    let delays: Vec<_> = provider
        .delivery
        .retry
        .delays()
        .map(|delay| delay.as_millis())
        .collect();
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
        "events": provider.events.iter().map(|event| &event.name).collect::<Vec<_>>(),
    })
}
