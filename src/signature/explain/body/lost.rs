//! Bodies that lost something that cannot be had back, or everything.

use super::lines::{with_end, without};
use super::{Make, Row};

const TEXT: &str =
    "Sign and verify the body as bytes: it was read as text, which changes bytes that are none.";
const NUL: &str = "Sign and send as many bytes as the text has: a string of C ends with a byte 0 that is no part of it.";
const SPACE: &str = "Leave the body as it is: all white space was taken out before signing or verifying, in strings too.";
const READ: &str = "Keep the raw bytes where they are first read: the stream was read before, by a parser or a log, and nothing was left when it was verified.";
const PARSED: &str = "Keep the raw bytes (`express.raw({type: '*/*'})`): no parser took the body (its content type is not the parser's), and the empty result was verified.";
const OBJECT: &str = "Verify the bytes that came (`express.raw()`, `req.rawBody`): an object was turned into text in the place of the body.";

/// These forms, most likely first.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "body-not-utf8-replaced",
        words: "bytes of the body that are not UTF-8 are replaced by U+FFFD",
        fix: TEXT,
        make: Make::Bytes(|body| {
            std::str::from_utf8(body).err()?;
            let text = String::from_utf8_lossy(body);
            Some(text.into_owned().into_bytes().into())
        }),
    },
    Row {
        id: "body-nul-removed",
        words: "the NUL at the body's end is removed",
        fix: NUL,
        make: Make::Bytes(|body| Some(body.strip_suffix(b"\0")?.into())),
    },
    Row {
        id: "body-nul-added",
        words: "a NUL is added at the body's end",
        fix: NUL,
        make: Make::Bytes(|body| with_end(body, b"\0")),
    },
    Row {
        id: "body-empty",
        words: "the body is empty",
        fix: READ,
        make: Make::Bytes(|_| Some(b"".into())),
    },
    Row {
        id: "body-empty-object",
        words: "the body is `{}`",
        fix: PARSED,
        make: Make::Bytes(|_| Some(b"{}".into())),
    },
    Row {
        id: "body-object-text",
        words: "the body is the text `[object Object]`",
        fix: OBJECT,
        make: Make::Bytes(|_| Some(b"[object Object]".into())),
    },
    Row {
        id: "body-undefined",
        words: "the body is the text `undefined`",
        fix: PARSED,
        make: Make::Bytes(|_| Some(b"undefined".into())),
    },
    Row {
        id: "body-null",
        words: "the body is the text `null`",
        fix: PARSED,
        make: Make::Bytes(|_| Some(b"null".into())),
    },
];

/// These are rare.
pub(super) const RARE: &[Row] = &[
    Row {
        id: "body-not-ascii-replaced",
        words: "characters of the body that are not ASCII are replaced by `?`",
        fix: TEXT,
        make: Make::Bytes(|body| {
            let text = std::str::from_utf8(body)
                .ok()
                .filter(|text| !text.is_ascii())?;
            // .NET and Java count UTF-16 units.
            let unit = |unit: u16| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?');
            Some(text.encode_utf16().map(unit).collect::<Vec<_>>().into())
        }),
    },
    Row {
        id: "body-not-ascii-left-out",
        words: "characters of the body that are not ASCII are left out",
        fix: TEXT,
        make: Make::Bytes(|body| without(body, |b| !b.is_ascii())),
    },
    Row {
        id: "body-space-removed",
        words: "all white space of the body is removed, in strings too",
        fix: SPACE,
        make: Make::Bytes(|body| without(body, |b| b.is_ascii_whitespace())),
    },
    Row {
        id: "body-python-repr",
        words: "the body is written as Python writes bytes, `b'…'`",
        fix: "Sign and verify the bytes themselves, or `decode()` them: `str()` was called on bytes.",
        make: Make::Bytes(|body| Some(python_bytes(body).into())),
    },
];

/// `repr` of Python's `bytes`.
fn python_bytes(body: &[u8]) -> Vec<u8> {
    let quote = if body.contains(&b'\'') && !body.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    let mut text = Vec::with_capacity(body.len() + body.len() / 4 + 3);
    text.extend([b'b', quote]);
    for b in body {
        match b {
            b'\t' => text.extend_from_slice(b"\\t"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\\' => text.extend_from_slice(b"\\\\"),
            // Only where there are both.
            b'\'' if quote == b'\'' => text.extend_from_slice(b"\\'"),
            b' '..=b'~' => text.push(*b),
            _ => text.extend_from_slice(format!("\\x{b:02x}").as_bytes()),
        }
    }
    text.push(quote);
    text
}
