//! Every rule of a provider.

use crate::provider::{IdForm, Provider, When};
use crate::signature::Source;

use super::delivery::delivery_rules;
use super::signing::signature_rules;

/// A rule's name and its value in words.
pub(crate) type Rule = (&'static str, String);

/// The rules of a provider, in reading order.
pub(crate) fn rules(provider: &Provider) -> Vec<Rule> {
    let mut rules = Vec::new();
    if !provider.aliases.is_empty() {
        rules.push(("aliases", provider.aliases.join(", ")));
    }
    let document = |text: &String| ("document", text.clone());
    rules.extend(provider.documents.iter().map(document));
    rules.extend(signature_rules(provider));
    rules.extend(header_rules(provider));
    rules.extend(delivery_rules(provider));
    rules.extend(event_rules(provider));
    rules
}

/// The mark of a key whose value no document states.
pub(super) fn mark(provider: &Provider, key: &str) -> &'static str {
    if provider.assumes(key) {
        " (assumed)"
    } else {
        ""
    }
}

/// What is in the header lines besides the signature, and where the facts of a delivery stand.
fn header_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key| mark(provider, key);
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
    let mut rules = vec![("webhook id", id), ("event", event)];
    if let Some(source) = &provider.attempt_from {
        rules.push(("attempt", format!("{source}{}", mark("attempt.from"))));
    }
    rules.push(("header", content_type));
    for rule in &provider.headers {
        let when = if rule.when == When::Retry {
            ", on retries"
        } else {
            ""
        };
        let assumed = self::mark(provider, &format!("headers.{}", rule.name));
        rules.push((
            "header",
            format!("{}: {}{when}{assumed}", rule.name, rule.value),
        ));
    }
    rules
}

/// Which events there are, and which may be sent besides.
fn event_rules(provider: &Provider) -> Vec<Rule> {
    let count = provider.events.len();
    let legacy = provider.events.iter().filter(|event| event.legacy).count();
    let of_these = match legacy {
        0 => String::new(),
        legacy => format!(", {legacy} of them legacy"),
    };
    let others = match &provider.any_event {
        Some(any) if any.open => "; any other name is sent too",
        _ => "",
    };
    let mut rules = vec![("events", format!("{count}{of_these}{others}"))];
    let test = provider.test.iter();
    rules.extend(test.map(|test| ("test", test.event.clone())));
    rules
}
