//! Endpoints: as a table, one in words, and as JSON.

use serde_json::{Value, json};

use crate::provider::Provider;
use crate::retry::{BreakerAction, BreakerUnit};
use crate::store::Endpoint;
use crate::term::{Cell, Paint, Safe, Style, Table};

use super::provider::Rule;

/// Endpoints as a table, one a row.
pub(crate) fn endpoint_table(endpoints: &[Endpoint], paint: Paint, width: Option<usize>) -> String {
    let mut table = Table::new([
        "NAME", "PROVIDER", "URL", "EVENTS", "STATE", "FAILURES", "SECRET",
    ]);
    table.whole(0).whole(1).right(5);
    for endpoint in endpoints {
        let settings = &endpoint.settings;
        let style = if endpoint.active {
            Style::Good
        } else {
            Style::Bad
        };
        table.row([
            Cell::styled(Style::Name, settings.name.as_deref().unwrap_or("-")),
            settings.provider.as_str().into(),
            settings.url.as_str().into(),
            events(endpoint).into(),
            Cell::styled(style, state(endpoint)),
            endpoint.failures.to_string().into(),
            secret(endpoint).into(),
        ]);
    }
    table.render(paint, width)
}

/// An endpoint in words; `provider`: its own, where that is there still.
pub(crate) fn endpoint_text(
    endpoint: &Endpoint,
    provider: Option<&Provider>,
    paint: Paint,
) -> String {
    let settings = &endpoint.settings;
    let title = match &settings.name {
        Some(name) => format!(
            "{}  {}",
            paint.name(Safe::line(name)),
            Safe::line(&settings.url)
        ),
        None => paint.name(Safe::line(&settings.url)).to_string(),
    };
    let missing = if provider.is_none() {
        " (not there any more)"
    } else {
        ""
    };
    let mut rules = vec![
        ("provider", format!("{}{missing}", settings.provider)),
        ("events", events(endpoint)),
        ("state", state(endpoint)),
        ("failures", format!("{} in a row", endpoint.failures)),
        ("secret", secret(endpoint)),
    ];
    rules.extend(breaker_rules(endpoint, provider));
    let lines = rules
        .into_iter()
        .map(|(name, value)| format!("  {:<11} {}\n", paint.dim(name), Safe::line(value)));
    std::iter::once(format!("{title}\n")).chain(lines).collect()
}

/// An endpoint as JSON. Of its secret it has the reference, as there is nothing else.
pub(crate) fn endpoint_json(endpoint: &Endpoint) -> Value {
    let settings = &endpoint.settings;
    json!({
        "number": endpoint.number,
        "name": settings.name,
        "provider": settings.provider,
        "url": settings.url,
        "events": settings.events,
        "active": endpoint.active,
        "disabled_because": endpoint.disabled_because,
        "failures": endpoint.failures,
        "disable_after": settings.disable_after,
        "secret": settings.secret,
    })
}

/// When it is given no more deliveries, in words: its own rule, else that of its provider with what
/// the provider's notes say of it.
fn breaker_rules(endpoint: &Endpoint, provider: Option<&Provider>) -> Vec<Rule> {
    let breaker = provider.and_then(|provider| provider.delivery.breaker);
    if let Some(number) = endpoint.settings.disable_after {
        let counted = breaker.map_or(BreakerUnit::Attempt, |breaker| breaker.unit);
        let words = format!(
            "disabled after {} (--disable-after)",
            failures(number, counted)
        );
        return vec![("breaker", words)];
    }
    let Some(provider) = provider else {
        return Vec::new();
    };
    if let Some(breaker) = breaker {
        let action = match breaker.action {
            BreakerAction::Disable => "disabled",
            BreakerAction::Pause => "paused",
            BreakerAction::Delete => "deleted",
        };
        let assumed = if provider.assumes("delivery.breaker.unit") {
            " (assumed)"
        } else {
            ""
        };
        let failures = failures(breaker.failures, breaker.unit);
        let words = format!("{action} after {failures}{assumed}");
        return vec![("breaker", words)];
    }
    let says = |note: &&String| note.contains("disable");
    let notes: Vec<_> = provider
        .notes
        .iter()
        .filter(says)
        .map(|note| ("breaker", note.clone()))
        .collect();
    if notes.is_empty() {
        return vec![("breaker", "none".to_owned())];
    }
    notes
}

/// So many failures: `20 failed attempts in a row`.
fn failures(number: u32, unit: BreakerUnit) -> String {
    match (number, unit) {
        (1, unit) => format!("1 failed {}", unit.name()),
        (_, BreakerUnit::Attempt) => format!("{number} failed attempts in a row"),
        (_, BreakerUnit::Delivery) => format!("{number} failed deliveries in a row"),
    }
}

fn events(endpoint: &Endpoint) -> String {
    match endpoint.settings.events.as_slice() {
        [] => "all".to_owned(),
        events => events.join(","),
    }
}

fn state(endpoint: &Endpoint) -> String {
    match (&endpoint.disabled_because, endpoint.active) {
        (_, true) => "active".to_owned(),
        (Some(because), false) => format!("disabled: {because}"),
        (None, false) => "disabled: by hand".to_owned(),
    }
}

fn secret(endpoint: &Endpoint) -> String {
    let reference = endpoint.settings.secret.as_deref();
    reference.unwrap_or("none").to_owned()
}
