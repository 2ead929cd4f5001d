//! Bodies that are wrapped, packed or written in another character set: what was in them.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use percent_encoding::percent_decode;
use url::form_urlencoded;

use crate::message::json::scalar;

use super::{Make, Row};

const PACKED: &str = "Decompress the body before it is verified, or sign what is sent: the signature is over it as it was before it was compressed.";
pub(super) const FORM: &str = "Verify what the field holds, or choose `application/json` where the webhook is set up: the signature is over the JSON, the body is a form.";
const PERCENT: &str = "Send the body with `Content-Type: application/json`, as the bytes that are signed: it was sent as a form.";
pub(super) const BASE64: &str =
    "Verify the decoded bytes: a gateway passes bodies on in base64 (`isBase64Encoded` of AWS).";
pub(super) const TWICE: &str = "Give the text that was signed to the HTTP client as it is, or verify the bytes that came and not a string that holds them: the body was serialised twice.";
const CHARSET: &str = "Keep the body in bytes, or read and write it as UTF-8: it was read in one character set and written in another.";
pub(super) const ENTITIES: &str = "Take the bytes that came, before any filter: a template or filter has escaped the body for HTML.";

/// The most bytes that a compressed body may become, however long it is.
const MOST: u64 = super::super::MOST as u64;

/// It may become so many bytes, however short it is.
const USUAL: u64 = 1024 * 1024;

/// A longer one may become so many times as long: what it may cost grows with what was sent.
const TIMES: u64 = 4;

/// These forms, most likely first.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "body-gzip-decoded",
        words: "the body is decompressed (gzip)",
        fix: PACKED,
        make: Make::Bytes(|body| unpacked(body, GzDecoder::new(body))),
    },
    Row {
        id: "body-deflate-decoded",
        words: "the body is decompressed (deflate)",
        fix: PACKED,
        make: Make::Bytes(|body| {
            // HTTP means zlib by it, some senders the bare stream (RFC 9110 §8.4.1.2); any text can
            // begin one.
            let bare = || unpacked(body, DeflateDecoder::new(body));
            let is_text = std::str::from_utf8(body).is_ok();
            unpacked(body, ZlibDecoder::new(body)).or_else(|| (!is_text).then(bare)?)
        }),
    },
    Row {
        id: "body-form-payload",
        words: "the body is the JSON in the form's field",
        fix: FORM,
        make: Make::Bytes(form_payload),
    },
    Row {
        id: "body-percent-decoded",
        words: "the body's percent-encoding is decoded",
        fix: PERCENT,
        make: Make::Bytes(|body| {
            let is_encoded = body.contains(&b'%');
            is_encoded.then(|| percent_decode(body).collect::<Vec<_>>().into())
        }),
    },
    Row {
        id: "body-base64-decoded",
        words: "the body is decoded from base64",
        fix: BASE64,
        make: Make::Bytes(|body| Some(STANDARD.decode(body.trim_ascii()).ok()?.into())),
    },
    Row {
        id: "body-gateway-event",
        words: "the body is the member `body` of the gateway's event",
        fix: "Verify the member `body`, decoded where `isBase64Encoded` is set: the file holds the event that a gateway passes on.",
        make: Make::Bytes(gateway_body),
    },
    Row {
        id: "body-json-unquoted",
        words: "the body is the text in the JSON string",
        fix: TWICE,
        make: Make::Bytes(|body| {
            let is_string = body.trim_ascii().starts_with(b"\"");
            let text: String = is_string.then(|| serde_json::from_slice(body).ok())??;
            Some(text.into_bytes().into())
        }),
    },
    Row {
        id: "body-after-head",
        words: "the request line and headers before the body are left out",
        fix: "Give the body alone, the bytes after the first empty line: the file holds a whole request.",
        make: Make::Bytes(|body| {
            let at = memchr::memmem::find(body, b"\r\n\r\n")?;
            let has_head = memchr::memmem::find(&body[..at], b" HTTP/").is_some();
            has_head.then(|| body[at + 4..].into())
        }),
    },
    Row {
        id: "body-utf16-decoded",
        words: "the body is read as UTF-16 and written as UTF-8",
        fix: "Save the body with `Set-Content -Encoding utf8NoBOM`, or as bytes: PowerShell's `>` writes UTF-16.",
        make: Make::Bytes(utf16),
    },
    Row {
        id: "body-latin1-read",
        words: "the body's UTF-8 is taken for Latin-1 and written as UTF-8 again",
        fix: CHARSET,
        make: Make::Bytes(|body| {
            (!body.is_ascii()).then(|| {
                let mut text = String::with_capacity(body.len() * 2);
                text.extend(body.iter().map(|b| char::from(*b)));
                text.into_bytes().into()
            })
        }),
    },
    Row {
        id: "body-latin1-written",
        words: "the body is written as Latin-1",
        fix: CHARSET,
        make: Make::Bytes(|body| {
            let text = std::str::from_utf8(body)
                .ok()
                .filter(|text| !text.is_ascii())?;
            let bytes: Option<Vec<_>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
            Some(bytes?.into())
        }),
    },
    Row {
        id: "body-html-unescaped",
        words: "the body's HTML entities are read",
        fix: ENTITIES,
        make: Make::Bytes(|body| {
            let text = std::str::from_utf8(body)
                .ok()
                .filter(|text| text.contains('&'))?;
            let mut plain = text.to_owned();
            for (character, entity) in HTML.iter().rev() {
                plain = plain.replace(entity, character);
            }
            Some(plain.into_bytes().into())
        }),
    },
];

/// What PHP's `htmlspecialchars` and Python's `html.escape` write; the ampersand is first, so that
/// no other is escaped again.
const HTML: [(&str, &str); 6] = [
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("\"", "&quot;"),
    ("'", "&#039;"),
    ("'", "&#x27;"),
];

/// All that a decompressor gives of a body, if it gives anything and not too much.
fn unpacked<'b>(body: &[u8], packed: impl Read) -> Option<Cow<'b, [u8]>> {
    let most = (body.len() as u64 * TIMES).clamp(USUAL, MOST);
    let mut form = Vec::new();
    packed.take(most + 1).read_to_end(&mut form).ok()?;
    let is_whole = !form.is_empty() && form.len() as u64 <= most;
    is_whole.then_some(form.into())
}

/// What the field `payload` of a form holds, or else its only field; a field without a value is the
/// text itself, sent as if it were a form.
fn form_payload(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    // What is neither a field nor encoded is no form, and JSON would be encoded.
    let is_form = body.contains(&b'=') || body.contains(&b'%');
    if !is_form || body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let fields: Vec<_> = form_urlencoded::parse(body).take(2).collect();
    let payload = form_urlencoded::parse(body).find(|(name, _)| name == "payload");
    let only = || (fields.len() == 1).then(|| fields[0].clone());
    let (name, value) = payload.or_else(only)?;
    let text = if value.is_empty() { name } else { value };
    Some(text.into_owned().into_bytes().into())
}

/// The body in the event by which a gateway calls a function (AWS, Netlify), or a workflow gets it.
fn gateway_body(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    memchr::memmem::find(body, b"\"body\"")?;
    let text = scalar(body, "/body")?;
    let is_base64 = scalar(body, "/isBase64Encoded").as_deref() == Some("true");
    Some(if is_base64 {
        STANDARD.decode(text).ok()?.into()
    } else {
        text.into_bytes().into()
    })
}

/// UTF-16 of either byte order as UTF-8, without the mark at its start.
fn utf16(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (pairs, []) = body.as_chunks::<2>() else {
        return None;
    };
    let read: fn([u8; 2]) -> u16 = match pairs.first()? {
        [0xfe, 0xff] | [0, _] => u16::from_be_bytes,
        [0xff, 0xfe] | [_, 0] => u16::from_le_bytes,
        _ => return None,
    };
    let units: Vec<_> = pairs.iter().map(|pair| read(*pair)).collect();
    let text = String::from_utf16(&units).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Some(text.as_bytes().to_vec().into())
}
