//! `[signature]`, `[timestamp]` and `[id]`.

use crate::message::{TimestampForm, parse_duration};
use crate::provider::{IdForm, IdRule};
use crate::signature::{
    Algorithm, Encoding, Field, KeyDecoding, KeyRule, Scheme, Source, Template, TimestampRule,
    Tolerance, ValueForm,
};

use super::reader::{Placed, Section};

const SIGNED_FIELDS: [&str; 6] = ["body", "timestamp", "id", "url", "method", "header"];

/// Reads one `[signature]` table.
pub(super) fn scheme(
    section: Section<'_, '_>,
    timestamp: Option<&TimestampRule>,
    id: &IdRule,
) -> Option<Scheme> {
    let algorithm = section.choice("algorithm", &Algorithm::ALL.map(|a| (a.name(), a)));
    let algorithm = section.require("algorithm", algorithm);
    let token = algorithm == Some(Algorithm::Token);
    let signs = section.read("signs", |text| Template::parse(text, &SIGNED_FIELDS));
    let encodings = [Encoding::Hex, Encoding::Base64].map(|encoding| (encoding.name(), encoding));
    let encoding = section.choice("encoding", &encodings);
    let header = section.required_text("header");
    let separator = section
        .owned_text("separator")
        .filter(|separator| !separator.is_empty());
    let value = section.read("value", |text| ValueForm::parse(text, separator.as_deref()));
    let scheme = Scheme {
        algorithm: algorithm?,
        key: section.section("key").map(key).unwrap_or_default(),
        signs: if token {
            signs.unwrap_or(Template::empty())
        } else {
            section.require("signs", signs)?
        },
        encoding: if token {
            Encoding::Hex
        } else {
            section.require("encoding", encoding)?
        },
        header: header?,
        aliases: section.owned_texts("aliases"),
        value: section.require("value", value)?,
        refuses_query: section
            .choice("query", &[("refuse", true)])
            .unwrap_or(false),
        timestamp: timestamp.cloned(),
        id: id.from.clone(),
    };
    agree(&section, &scheme);
    section.finish();
    Some(scheme)
}

/// What one key says must be possible by the others.
fn agree(section: &Section<'_, '_>, scheme: &Scheme) {
    let problem = |message: &str| section.reader.problem(&section.span, message);
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
    let from = section.parse("from");
    let make = section
        .text("make")
        .map(|Placed { value, .. }| match value {
            "uuid" => IdForm::Uuid,
            "integer" => IdForm::Integer,
            prefix => IdForm::Prefix(prefix.to_owned()),
        });
    if from == Some(Source::Signature) {
        section.reader.problem(
            &section.span,
            "`id.from` must be `header:NAME` or `body:/pointer`",
        );
    }
    section.finish();
    IdRule {
        from,
        make: make.unwrap_or_default(),
    }
}
