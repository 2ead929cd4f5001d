//! Ends of lines, white space at the ends, and the byte order mark.

use std::borrow::Cow;

use memchr::memchr;

use super::{Make, Row};

/// UTF-8's byte order mark.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

const ADDED: &str = "Sign and verify the very bytes that are sent: something added it after the body was signed (an editor, `echo`, a template).";
const CUT: &str = "Sign and verify the very bytes that are sent: something cut it off after the body was signed (`$(…)` in a shell, `trim`).";
const TRANSLATED: &str = "Read and write the body as bytes: line ends were translated (Git's `core.autocrlf`, an editor, a file opened as text).";
const CURL: &str =
    "Send the file with `--data-binary @file`: `curl -d @file` leaves its line breaks out.";
const MARKED: &str = "Save the body without a byte order mark, and sign the bytes that are sent: readers of text drop the mark, and some editors write one.";

/// These forms, most likely first.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "body-newline-removed",
        words: "the final newline is removed",
        fix: ADDED,
        make: Make::Bytes(|body| {
            let rest = body.strip_suffix(b"\n")?;
            Some(rest.strip_suffix(b"\r").unwrap_or(rest).into())
        }),
    },
    Row {
        id: "body-newline-added",
        words: "a final newline is added",
        fix: CUT,
        make: Make::Bytes(|body| with_end(body, b"\n")),
    },
    Row {
        id: "body-crlf-added",
        words: "a final CRLF is added",
        fix: CUT,
        make: Make::Bytes(|body| with_end(body, b"\r\n")),
    },
    Row {
        id: "body-end-trimmed",
        words: "the white space at the end is removed",
        fix: ADDED,
        make: Make::Bytes(|body| Some(body.trim_ascii_end().into())),
    },
    Row {
        id: "body-trimmed",
        words: "the white space at both ends is removed",
        fix: ADDED,
        make: Make::Bytes(|body| Some(body.trim_ascii().into())),
    },
    Row {
        id: "body-crlf-to-lf",
        words: "the body's CRLF line ends are LF",
        fix: TRANSLATED,
        make: Make::Bytes(|body| memchr(b'\r', body).map(|_| lf(body).into())),
    },
    Row {
        id: "body-lf-to-crlf",
        words: "the body's LF line ends are CRLF",
        fix: TRANSLATED,
        make: Make::Bytes(|body| {
            memchr(b'\n', body)?;
            let lines = lf(body);
            let mut form = Vec::with_capacity(lines.len() + lines.len() / 8);
            for (at, line) in lines.split(|b| *b == b'\n').enumerate() {
                if at > 0 {
                    form.extend_from_slice(b"\r\n");
                }
                form.extend_from_slice(line);
            }
            Some(form.into())
        }),
    },
    Row {
        id: "body-lines-joined",
        words: "the body's line breaks are left out",
        fix: CURL,
        make: Make::Bytes(|body| without(body, |b| matches!(b, b'\n' | b'\r'))),
    },
    Row {
        id: "body-bom-removed",
        words: "the body's byte order mark is removed",
        fix: MARKED,
        make: Make::Bytes(|body| Some(body.strip_prefix(MARK)?.into())),
    },
    Row {
        id: "body-bom-added",
        words: "a byte order mark is put before the body",
        fix: MARKED,
        make: Make::Bytes(|body| (!body.starts_with(MARK)).then(|| [MARK, body].concat().into())),
    },
];

/// The body with something after it that is not there.
pub(super) fn with_end<'b>(body: &'b [u8], end: &[u8]) -> Option<Cow<'b, [u8]>> {
    (!body.ends_with(end)).then(|| [body, end].concat().into())
}

/// The body without some of its bytes, if it has any of them.
pub(super) fn without(body: &[u8], goes: fn(u8) -> bool) -> Option<Cow<'_, [u8]>> {
    let first = body.iter().position(|b| goes(*b))?;
    let mut form = Vec::with_capacity(body.len());
    let (kept, rest) = body.split_at(first);
    form.extend_from_slice(kept);
    form.extend(rest.iter().copied().filter(|b| !goes(*b)));
    Some(form.into())
}

/// The body with LF for each CRLF.
fn lf(body: &[u8]) -> Vec<u8> {
    let mut form = Vec::with_capacity(body.len());
    for (at, line) in body.split(|b| *b == b'\n').enumerate() {
        if at > 0 {
            if form.last() == Some(&b'\r') {
                form.pop();
            }
            form.push(b'\n');
        }
        form.extend_from_slice(line);
    }
    form
}
