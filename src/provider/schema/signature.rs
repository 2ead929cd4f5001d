//! `[signature]`, `[timestamp]` and `[id]`.

use crate::message::{TimestampForm, parse_duration};
use crate::provider::{IdForm, IdRule};
use crate::signature::{
    Algorithm, Encoding, Field, KeyDecoding, KeyRule, Scheme, Source, Template, TimestampRule,
    Tolerance, ValueForm, is_header_name,
};

use super::problems::{NOT_A_LINE, is_line};
use super::section::{Placed, Section};

const SIGNED_FIELDS: [&str; 6] = ["body", "timestamp", "id", "url", "method", "header"];

/// Reads one `[signature]` table; `sound` is whether the tables it refers to could be read.
pub(super) fn scheme(
    section: Section<'_, '_>,
    timestamp: Option<&TimestampRule>,
    id: &IdRule,
    sound: bool,
) -> Option<Scheme> {
    let scheme = read(&section, timestamp, id);
    if let Some(scheme) = scheme.as_ref().filter(|_| sound) {
        agree(&section, scheme);
    }
    section.finish();
    scheme
}

fn read(
    section: &Section<'_, '_>,
    timestamp: Option<&TimestampRule>,
    id: &IdRule,
) -> Option<Scheme> {
    let algorithm = section.choice("algorithm", &Algorithm::ALL.map(|a| (a.name(), a)));
    let token = algorithm == Some(Algorithm::Token);
    let signs = section.read("signs", |text| Template::parse(text, &SIGNED_FIELDS));
    let signs = signs.or(token.then(Template::empty));
    let encodings = [Encoding::Hex, Encoding::Base64].map(|encoding| (encoding.name(), encoding));
    let encoding = section.choice("encoding", &encodings);
    let encoding = encoding.or(token.then_some(Encoding::Hex));
    let header = section.read("header", header_name);
    let separator = section.line("separator").filter(|text| !text.is_empty());
    let value = section.read("value", |text| {
        if is_line(text) {
            ValueForm::parse(text, separator).map_err(|error| error.to_string())
        } else {
            Err(NOT_A_LINE.to_owned())
        }
    });
    // All of them before the first `?`, so that every lack is told.
    let algorithm = section.require("algorithm", algorithm);
    let signs = section.require("signs", signs);
    let encoding = section.require("encoding", encoding);
    let header = section.require("header", header);
    let value = section.require("value", value);
    let key = section.section("key").map(key).unwrap_or_default();
    let aliases = aliases(section);
    let query = section.choice("query", &[("refuse", true)]);
    Some(Scheme {
        algorithm: algorithm?,
        key,
        signs: signs?,
        encoding: encoding?,
        header: header?,
        aliases,
        value: value?,
        refuses_query: query.unwrap_or(false),
        timestamp: timestamp.cloned(),
        id: id.from.clone(),
    })
}

fn header_name(text: &str) -> Result<String, &'static str> {
    if is_header_name(text) {
        Ok(text.to_owned())
    } else {
        Err("is not a header name")
    }
}

/// Other names of the header.
fn aliases(section: &Section<'_, '_>) -> Vec<String> {
    let name = |Placed { value, span }: Placed<&str>| {
        let problem = |error| {
            let message = format!("`{}.aliases` {error}", section.path);
            section.reader.problem(&span, message);
        };
        header_name(value).map_err(problem).ok()
    };
    section
        .texts("aliases")
        .into_iter()
        .filter_map(name)
        .collect()
}

/// What one key says must be possible by the others.
fn agree(section: &Section<'_, '_>, scheme: &Scheme) {
    let problem = |message: &str| section.reader.problem(&section.span, message);
    let token = scheme.algorithm == Algorithm::Token;
    if token && scheme.signs != Template::empty() {
        problem("`signature.signs` is there, and a token covers nothing");
    }
    if token != scheme.value.has_secret() {
        problem("`signature.value` has `{secret}` where a token is sent, else `{sig}`");
    }
    let in_value = scheme
        .timestamp
        .as_ref()
        .is_some_and(|rule| rule.from == Source::Signature);
    if scheme.signs_timestamp() && scheme.timestamp.is_none() {
        problem("`signature.signs` has `{timestamp}`, and there is no [timestamp]");
    }
    if scheme.signs.has(&Field::Id) && scheme.id.is_none() {
        problem("`signature.signs` has `{id}`, and there is no `id.from`");
    }
    if in_value != scheme.value.has_timestamp() {
        problem(
            "`timestamp.from = \"signature\"` and `{timestamp}` in `signature.value` go together",
        );
    }
}

fn key(section: Section<'_, '_>) -> KeyRule {
    let decodings = [
        ("utf8", KeyDecoding::Utf8),
        ("base64", KeyDecoding::Base64),
        ("hex", KeyDecoding::Hex),
    ];
    let rule = KeyRule {
        strip: section.owned_text("strip"),
        decode: section
            .choice("decode", &decodings)
            .unwrap_or(KeyDecoding::Utf8),
        required: section.boolean("required").unwrap_or(true),
    };
    section.finish();
    rule
}

/// Reads `[timestamp]`.
pub(super) fn timestamp(section: Section<'_, '_>) -> Option<TimestampRule> {
    let forms = TimestampForm::ALL.map(|form| (form.name(), form));
    let from = section.parse("from");
    let from = section.require("from", from);
    let form = section.choice("format", &forms);
    let form = section.require("format", form);
    let tolerance = section
        .section("tolerance")
        .map(tolerance)
        .unwrap_or_default();
    section.finish();
    Some(TimestampRule {
        from: from?,
        form: form?,
        tolerance,
    })
}

fn tolerance(section: Section<'_, '_>) -> Tolerance {
    let limit = |key| {
        section.read(key, |text| match text {
            "any" => Ok(None),
            text => parse_duration(text)
                .map(Some)
                .map_err(|error| format!("is wrong: {error}, or `any`")),
        })
    };
    let tolerance = Tolerance {
        past: limit("past").flatten(),
        future: limit("future").flatten(),
    };
    section.finish();
    tolerance
}

/// Reads `[id]`.
pub(super) fn id(section: Section<'_, '_>) -> IdRule {
    let from = section.place("from");
    let make = section
        .text("make")
        .map(|Placed { value, .. }| match value {
            "uuid" => IdForm::Uuid,
            "integer" => IdForm::Integer,
            prefix => IdForm::Prefix(prefix.to_owned()),
        });
    section.finish();
    IdRule {
        from,
        make: make.unwrap_or_default(),
    }
}
