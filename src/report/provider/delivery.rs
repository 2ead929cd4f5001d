//! How a provider delivers.

use crate::provider::{Delivery, Https, Provider, UrlPolicy};
use crate::retry::{Breaker, BreakerAction, BreakerUnit, Stop};
use crate::term::duration;

use super::rules::{Rule, mark};
use super::schedule::retries;

/// What an answer means, how long an attempt may take, what comes after a failure, and the URLs.
pub(super) fn delivery_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key| mark(provider, key);
    let delivery = &provider.delivery;
    let success = format!("{}{}", delivery.rules.success, mark("delivery.success"));
    let mut rules = vec![("success", success)];
    if !delivery.rules.stop.is_never() {
        let stop = stop(&delivery.rules.stop);
        rules.push(("stops after", format!("{stop}{}", mark("delivery.stop"))));
    }
    rules.push(("timeout", timeout(provider)));
    rules.push(("retries", retries(provider)));
    if delivery.jitter_percent > 0 {
        let percent = delivery.jitter_percent;
        let assumed = mark("delivery.jitter_percent");
        rules.push((
            "jitter",
            format!("each wait up to {percent}% shorter or longer{assumed}"),
        ));
    }
    let assumed = mark("delivery.retry_after");
    let honours = match delivery.rules.retry_after {
        Some(most) => format!(
            "honoured where it asks for longer, up to {}{assumed}",
            duration(most)
        ),
        None => format!("ignored{assumed}"),
    };
    rules.push(("Retry-After", honours));
    let breaker = delivery.breaker.as_ref();
    rules.push((
        "breaker",
        breaker.map_or("none".to_owned(), |breaker| given_up(provider, *breaker)),
    ));
    rules.push(("repeats", repeats(provider)));
    if delivery.live_only {
        let assumed = mark("delivery.live_only");
        rules.push(("replays", format!("live deliveries only{assumed}")));
    }
    rules.push((
        "URL",
        format!("{}{}", url(&delivery.url), mark("delivery.url")),
    ));
    if let Some(handshake) = delivery.handshake {
        let (name, words) = (handshake.name(), handshake.words());
        let assumed = mark("delivery.handshake");
        rules.push(("handshake", format!("{name}: {words}{assumed}")));
    }
    rules
}

/// The answers after which nothing is tried again.
fn stop(stop: &Stop) -> String {
    let status = stop.status.iter().map(|set| format!("status {set}"));
    let headers = stop.headers.iter().map(|header| format!("header {header}"));
    status.chain(headers).collect::<Vec<_>>().join(", ")
}

fn timeout(provider: &Provider) -> String {
    let Delivery {
        timeout,
        connect_timeout,
        ..
    } = provider.delivery;
    let all = format!(
        "{} per attempt{}",
        duration(timeout),
        mark(provider, "delivery.timeout")
    );
    if connect_timeout == timeout {
        return all;
    }
    let assumed = mark(provider, "delivery.connect_timeout");
    format!("{all}, {} to connect{assumed}", duration(connect_timeout))
}

/// A breaker as a sentence.
fn given_up(provider: &Provider, breaker: Breaker) -> String {
    let mark = |key| mark(provider, key);
    let unit = match (breaker.unit, breaker.failures) {
        (BreakerUnit::Attempt, 1) => "attempt",
        (BreakerUnit::Attempt, _) => "attempts",
        (BreakerUnit::Delivery, 1) => "delivery",
        (BreakerUnit::Delivery, _) => "deliveries",
    };
    let action = match breaker.action {
        BreakerAction::Disable => "the endpoint is off until it is enabled by hand",
        BreakerAction::Pause => "the endpoint rests for a time",
        BreakerAction::Delete => "the endpoint is deleted",
    };
    format!(
        "{}{} failed {unit}{} in a row: {action}{}",
        breaker.failures,
        mark("delivery.breaker.failures"),
        mark("delivery.breaker.unit"),
        mark("delivery.breaker.action"),
    )
}

/// By what a repeat is known.
fn repeats(provider: &Provider) -> String {
    let Some(source) = &provider.delivery.dedupe else {
        return "cannot be told".to_owned();
    };
    format!(
        "{source}{}, within {}{}",
        mark(provider, "delivery.dedupe"),
        duration(provider.delivery.dedupe_window),
        mark(provider, "delivery.dedupe_window")
    )
}

/// The URLs that the platform takes, and what it says to others.
fn url(policy: &UrlPolicy) -> String {
    let https = match policy.https {
        Https::Required => "HTTPS",
        Https::ExceptDev => "HTTPS, plain HTTP in development",
        Https::Any => "any",
    };
    let private = if policy.rejects_private {
        ", external hosts only"
    } else {
        ""
    };
    match &policy.message {
        Some(message) => format!("{https}{private}: \"{message}\""),
        None => format!("{https}{private}"),
    }
}
