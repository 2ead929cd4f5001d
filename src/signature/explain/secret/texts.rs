//! Texts that a secret may have been, or have become.

use percent_encoding::percent_decode;

use crate::signature::Secret;

use super::{Make, Row};

const FILE: &str = "Write the secret with `printf %s`, not with `echo`, and trim what is read from a file: a file or variable holds a newline after it.";
const SPACE: &str = "Trim the secret where it is read: it was copied with white space around it.";
const QUOTES: &str = "Give the secret without quotes: of a settings file `.env` readers take them off, `docker run --env-file` and YAML inside YAML keep them.";
const LINE: &str = "Give what follows the `=`: it was the whole line of a settings file.";
const BEARER: &str = "Give the token alone: `Bearer` belongs to the header.";
const CASE: &str =
    "Copy the secret as the platform shows it: its letters are not alike in both cases.";
const TEXT: &str = "Save the secret as plain UTF-8: the file was saved with a byte order mark or as UTF-16 (PowerShell's `>`).";
const URL: &str = "Decode `%` in the secret before it is used: it was taken from a URL or a form.";
const DOLLAR: &str = "Quote the secret where it is set: Compose files and Make write a `$` as `$$`, and shells replace `$name`.";

/// These forms, most likely first.
pub(super) const COMMON: &[Row] = &[
    Row {
        id: "secret-newline-removed",
        words: "the secret's final newline is removed",
        fix: FILE,
        make: Make::Text(|text| {
            let rest = text.strip_suffix(b"\n")?;
            Some(Secret::new(rest.strip_suffix(b"\r").unwrap_or(rest)))
        }),
    },
    Row {
        id: "secret-newline-added",
        words: "a final newline is added to the secret",
        fix: FILE,
        make: Make::Text(|text| Some(around(b"", text, b"\n"))),
    },
    Row {
        id: "secret-crlf-added",
        words: "a final CRLF is added to the secret",
        fix: FILE,
        make: Make::Text(|text| Some(around(b"", text, b"\r\n"))),
    },
    Row {
        id: "secret-trimmed",
        words: "the white space around the secret is removed",
        fix: SPACE,
        make: Make::Text(|text| Some(Secret::new(text.trim_ascii()))),
    },
    Row {
        id: "secret-quotes-removed",
        words: "the quotes around the secret are removed",
        fix: QUOTES,
        make: Make::Text(|text| unquoted(text.trim_ascii()).map(Secret::new)),
    },
    Row {
        id: "secret-quotes-added",
        words: "the secret stands in double quotes",
        fix: QUOTES,
        make: Make::Text(|text| Some(around(b"\"", text, b"\""))),
    },
    Row {
        id: "secret-single-quotes-added",
        words: "the secret stands in single quotes",
        fix: QUOTES,
        make: Make::Text(|text| Some(around(b"'", text, b"'"))),
    },
    Row {
        id: "secret-name-removed",
        words: "the name and the `=` before the secret are removed",
        fix: LINE,
        make: Make::Text(assigned),
    },
    Row {
        id: "secret-bearer-removed",
        words: "the `Bearer` before the secret is removed",
        fix: BEARER,
        make: Make::Text(|text| {
            let (scheme, rest) = text.split_at_checked("Bearer ".len())?;
            let is_bearer = scheme.eq_ignore_ascii_case(b"Bearer ");
            is_bearer.then(|| Secret::new(rest.trim_ascii()))
        }),
    },
];

/// These are rare.
pub(super) const RARE: &[Row] = &[
    Row {
        id: "secret-percent-decoded",
        words: "the percent-encoding of the secret is decoded",
        fix: URL,
        make: Make::Text(|text| {
            let is_encoded = text.contains(&b'%');
            is_encoded.then(|| Secret::new(percent_decode(text).collect::<Vec<_>>()))
        }),
    },
    Row {
        id: "secret-lower-case",
        words: "the secret is in lower case",
        fix: CASE,
        make: Make::Text(|text| Some(Secret::new(text.to_ascii_lowercase()))),
    },
    Row {
        id: "secret-upper-case",
        words: "the secret is in upper case",
        fix: CASE,
        make: Make::Text(|text| Some(Secret::new(text.to_ascii_uppercase()))),
    },
    Row {
        id: "secret-bom-removed",
        words: "the byte order mark before the secret is removed",
        fix: TEXT,
        make: Make::Text(|text| text.strip_prefix(b"\xef\xbb\xbf").map(Secret::new)),
    },
    Row {
        id: "secret-utf16-decoded",
        words: "the secret is read as UTF-16",
        fix: TEXT,
        make: Make::Text(|text| {
            let (units, []) = text.strip_prefix(b"\xff\xfe")?.as_chunks::<2>() else {
                return None;
            };
            let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
            let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
            Some(Secret::new(text?.trim()))
        }),
    },
    Row {
        id: "secret-first-word",
        words: "only the first word of the secret is taken",
        fix: "Give the first alone, or each by itself: a comment, or a second secret, stands after the secret.",
        make: Make::Text(|text| {
            let is_white = |b: &u8| b.is_ascii_whitespace() || *b == b',';
            Some(Secret::new(text.split(is_white).next()?))
        }),
    },
    Row {
        id: "secret-dollars-halved",
        words: "each `$$` in the secret is one `$`",
        fix: DOLLAR,
        make: Make::Text(|text| {
            let has_two = text.windows(2).any(|pair| pair == b"$$");
            has_two.then(|| Secret::new(replaced(text, b"$$", b"$")))
        }),
    },
    Row {
        id: "secret-dollars-doubled",
        words: "each `$` in the secret is `$$`",
        fix: DOLLAR,
        make: Make::Text(|text| {
            text.contains(&b'$')
                .then(|| Secret::new(replaced(text, b"$", b"$$")))
        }),
    },
];

/// A text with something before and after it.
fn around(before: &[u8], text: &[u8], after: &[u8]) -> Secret {
    Secret::new([before, text, after].concat())
}

/// What stands in a pair of quotes.
fn unquoted(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] | [b'`', inner @ .., b'`'] => {
            Some(inner)
        }
        _ => None,
    }
}

/// The value of a line `NAME=value` of an env-file or a shell.
fn assigned(text: &[u8]) -> Option<Secret> {
    let line = text.trim_ascii();
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let at = line.iter().position(|b| *b == b'=')?;
    let (name, value) = (&line[..at], line[at + 1..].trim_ascii());
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    // Base64 has its `=` at its end.
    let is_line = !name.is_empty() && name.trim_ascii_end().iter().all(is_name);
    let is_padding = value.iter().all(|b| *b == b'=');
    (is_line && !is_padding).then(|| Secret::new(unquoted(value).unwrap_or(value)))
}

/// A text with each `from` replaced; no copy is left behind that is not wiped.
fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    // The most that it can become, so that it never moves.
    let mut form = Vec::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.first() {
        if let Some(after) = rest.strip_prefix(from) {
            form.extend_from_slice(to);
            rest = after;
        } else {
            form.push(*first);
            rest = &rest[1..];
        }
    }
    form
}
