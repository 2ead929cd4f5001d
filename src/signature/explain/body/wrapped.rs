//! Bodies that were wrapped or packed before they were signed or verified.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::message::json::Escapes;

use super::decoded::{BASE64, ENTITIES, FORM, TWICE};
use super::{Make, Row};

/// These forms, most likely first.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "body-form-encoded",
        words: "the body is a form with the JSON in its field `payload`",
        fix: FORM,
        make: Make::Bytes(|body| Some(form_encoded(body).into())),
    },
    Row {
        id: "body-base64-encoded",
        words: "the body is encoded in base64",
        fix: BASE64,
        make: Make::Bytes(|body| Some(STANDARD.encode(body).into_bytes().into())),
    },
    Row {
        id: "body-json-quoted",
        words: "the JSON is itself written as a JSON string",
        fix: TWICE,
        make: Make::Bytes(|body| {
            Some(Escapes::PLAIN.quote(std::str::from_utf8(body).ok()?).into())
        }),
    },
    Row {
        id: "body-json-quoted-ascii",
        words: "the JSON is itself written as a JSON string, with `\\u` escapes",
        fix: TWICE,
        make: Make::Bytes(|body| {
            Some(Escapes::ASCII.quote(std::str::from_utf8(body).ok()?).into())
        }),
    },
    Row {
        id: "body-html-escaped",
        words: "the body is escaped for HTML",
        fix: ENTITIES,
        make: Make::Bytes(|body| Some(escaped(body).into())),
    },
];

/// The field `payload` of a form, as `application/x-www-form-urlencoded` writes it.
fn form_encoded(body: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut form = Vec::with_capacity(body.len() * 2);
    form.extend_from_slice(b"payload=");
    for b in body {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => form.push(*b),
            b' ' => form.push(b'+'),
            _ => form.extend([
                b'%',
                DIGITS[usize::from(b >> 4)],
                DIGITS[usize::from(b & 0xf)],
            ]),
        }
    }
    form
}

/// A text as a page shows it; apostrophes stay.
fn escaped(body: &[u8]) -> Vec<u8> {
    let mut form = Vec::with_capacity(body.len() * 2);
    let mut rest = body;
    while let Some(at) = rest
        .iter()
        .position(|b| matches!(b, b'&' | b'<' | b'>' | b'"'))
    {
        form.extend_from_slice(&rest[..at]);
        form.extend_from_slice(match rest[at] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            _ => b"&quot;",
        });
        rest = &rest[at + 1..];
    }
    form.extend_from_slice(rest);
    form
}
