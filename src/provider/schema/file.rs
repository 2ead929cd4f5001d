//! The file as a whole.

use toml::de::DeTable;

use crate::provider::catalog::RESERVED;
use crate::provider::{HeaderRule, Provider, When, nearest};
use crate::signature::{Template, is_header_name};

use super::delivery::delivery;
use super::events::{any_event, events, test};
use super::problems::{NOT_A_LINE, Problem, Reader, is_line};
use super::section::Section;
use super::signature::{id, scheme, timestamp};

/// Reads a provider file and checks it as a whole.
///
/// The error lists every problem that was found, in the order of the text.
pub fn parse(text: &str) -> Result<Provider, Vec<Problem>> {
    let reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        reader.problem(
            &error.span().unwrap_or_default(),
            error.message().to_owned(),
        );
    }
    if !errors.is_empty() {
        return Err(reader.problems());
    }
    let provider = provider(Section::new(&reader, "", document.get_ref(), 0..0));
    let problems = reader.problems();
    match provider {
        Some(provider) if problems.is_empty() => Ok(provider),
        _ => Err(problems),
    }
}

fn provider(top: Section<'_, '_>) -> Option<Provider> {
    let timestamp = top.section("timestamp").and_then(timestamp);
    let id_rule = top.section("id").map(id).unwrap_or_default();
    let sound = top.reader.is_sound();
    let head = top.section("provider");
    let head = top.require("provider", head);
    let signatures = top.sections("signature");
    if signatures.is_empty() {
        top.reader.problem(&top.span, "`signature` is missing");
    }
    let wanted = signatures.len();
    let schemes: Vec<_> = signatures
        .into_iter()
        .filter_map(|table| scheme(table, timestamp.as_ref(), &id_rule, sound))
        .collect();
    let event = top.section("event");
    let attempt = top.section("attempt");
    let headers = top
        .section("headers")
        .map(|section| headers(&section))
        .unwrap_or_default();
    let delivery = top.section("delivery").map(delivery).unwrap_or_default();
    let events = events(top.reader, top.sections("events"));
    let any_event = top.section("any_event").and_then(any_event);
    let test = top.section("test").and_then(test);
    let from = |section: Section<'_, '_>| {
        let from = section.require("from", section.place("from"));
        section.finish();
        from
    };
    let event_from = event.and_then(from);
    let attempt_from = attempt.and_then(from);
    let complete = wanted > 0 && schemes.len() == wanted;
    let rest = Provider {
        id: String::new(),
        name: String::new(),
        aliases: Vec::new(),
        documents: Vec::new(),
        notes: Vec::new(),
        assumed: Vec::new(),
        content_type: "application/json".to_owned(),
        schemes,
        timestamp,
        id_rule,
        event_from,
        attempt_from,
        headers,
        delivery,
        events,
        any_event,
        test,
    };
    let provider = head.and_then(|head| identify(head, rest));
    top.finish();
    provider.filter(|_| complete)
}

/// Reads `[provider]`, last of all, because `assumed` names keys of every table.
fn identify(head: Section<'_, '_>, mut provider: Provider) -> Option<Provider> {
    let is_word = |id: &str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let ok = !id.is_empty() && id.bytes().all(fits);
        if RESERVED.contains(&id) {
            Err("is a word that stands for no provider")
        } else if ok {
            Ok(id.to_owned())
        } else {
            Err("may have lower-case letters, digits and `-` only")
        }
    };
    let id = head.read("id", is_word);
    let id = head.require("id", id);
    provider.name = head
        .owned_text("name")
        .or_else(|| id.clone())
        .unwrap_or_default();
    provider.aliases = head.owned_texts("aliases");
    provider.documents = head.owned_texts("documents");
    provider.notes = head.owned_texts("notes");
    if let Some(content_type) = head.line("content_type") {
        content_type.clone_into(&mut provider.content_type);
    }
    let assumed = head.texts("assumed");
    let mut known = head.reader.known_paths();
    let headers = provider.headers.iter();
    known.extend(headers.map(|rule| format!("headers.{}", rule.name)));
    for entry in &assumed {
        if !known.iter().any(|path| path == entry.value) {
            let hint = nearest(entry.value, known.iter().map(String::as_str));
            let hint = hint
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            head.reader.problem(
                &entry.span,
                format!("`assumed` names `{}`, which is no key{hint}", entry.value),
            );
        }
    }
    provider.assumed = assumed
        .into_iter()
        .map(|entry| entry.value.to_owned())
        .collect();
    head.finish();
    provider.id = id?;
    Some(provider)
}

/// Reads `[headers]`: name to template, or to `{ value, when }`.
fn headers(section: &Section<'_, '_>) -> Vec<HeaderRule> {
    const FIELDS: [&str; 5] = ["event", "attempt", "retry", "id", "timestamp"];
    let mut rules: Vec<HeaderRule> = Vec::new();
    for (name, item) in section.entries() {
        let problem = |message: String| {
            section
                .reader
                .problem(&name.span, format!("`headers.{}` {message}", name.value));
        };
        if !is_header_name(name.value) {
            problem("is not a header name".to_owned());
        }
        if rules
            .iter()
            .any(|rule| rule.name.eq_ignore_ascii_case(name.value))
        {
            problem("is there twice".to_owned());
        }
        let table = item.and_then(|item| item.get_ref().as_table());
        let inner = table.map(|table| {
            Section::new(
                section.reader,
                format!("headers.{}", name.value),
                table,
                name.span.clone(),
            )
        });
        let (text, when) = match &inner {
            Some(inner) => (
                inner.owned_text("value"),
                inner.choice("when", &[("always", When::Always), ("retry", When::Retry)]),
            ),
            None => (
                item.and_then(|item| item.get_ref().as_str())
                    .map(str::to_owned),
                None,
            ),
        };
        match text.map(|text| Template::parse(&text, &FIELDS)) {
            Some(Ok(value)) if !is_line(&value.to_string()) => problem(NOT_A_LINE.to_owned()),
            Some(Ok(value)) => rules.push(HeaderRule {
                name: name.value.to_owned(),
                value,
                when: when.unwrap_or(When::Always),
            }),
            Some(Err(error)) => problem(error.to_string()),
            None => {
                problem("must be a string, or `{ value = \"…\", when = \"retry\" }`".to_owned());
            }
        }
        if let Some(inner) = inner {
            inner.finish();
        }
    }
    rules
}
