//! The curl line: the one place that quotes for a shell.

use std::fmt::Write;
use std::path::Path;

use crate::message::Headers;
use crate::store::{Direction, Recorded};

use super::wire::end_to_end;
use super::{REDACTED, Redacting};

/// Where a curl line sends what came to nobody knows where.
pub(crate) const NEAR: &str = "http://localhost:3000";

/// Where the body of a curl line comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CurlBody<'b> {
    /// These bytes, written into the line where they are text, and otherwise through `base64 -d`.
    Bytes(&'b [u8]),
    /// This file.
    File(&'b Path),
    /// Standard input.
    Stdin,
}

/// A line that sends the same request, for `sh`. Every argument is quoted.
pub(crate) fn curl(method: &str, url: &str, headers: &Headers, body: CurlBody<'_>) -> String {
    let mut words = vec![
        "curl".to_owned(),
        "-sS".to_owned(),
        "-X".to_owned(),
        quoted(method),
    ];
    for (name, value) in headers.iter() {
        // curl drops a header with an empty value, unless it ends in a semicolon.
        let line = if value.is_empty() {
            format!("{name};").into_bytes()
        } else {
            [name.as_bytes(), b": ", value].concat()
        };
        words.extend(["-H".to_owned(), quoted(&line)]);
    }
    let mut before = String::new();
    let source = match body {
        CurlBody::File(path) => Some(quoted([b"@", path.as_os_str().as_encoded_bytes()].concat())),
        CurlBody::Stdin => Some("@-".to_owned()),
        CurlBody::Bytes(bytes) => match std::str::from_utf8(bytes) {
            // A leading @ would name a file; NUL and control characters do not survive a paste.
            Ok(text) if is_pasteable(text) => Some(quoted(text)),
            _ => {
                before = format!("printf %s {} | base64 -d | ", quoted(base64_of(bytes)));
                Some("@-".to_owned())
            }
        },
    };
    words.extend(
        source
            .into_iter()
            .flat_map(|source| ["--data-binary".to_owned(), source]),
    );
    // `--url` takes what follows as a URL, whatever it begins with.
    words.extend(["--globoff".to_owned(), "--url".to_owned(), quoted(url)]);
    format!("{before}{}", words.join(" "))
}

/// The longest body that is an argument, in bytes: Linux takes 128 KiB.
const LONGEST_ARGUMENT: usize = 100 * 1024;

/// A line that makes the request of an attempt again, to `url` or to where it went: for what was
/// received [`NEAR`].
pub(crate) fn curl_again(recorded: &Recorded, url: Option<&str>, redacting: &Redacting) -> String {
    let request = &recorded.exchange.request;
    let shown = |(name, value)| {
        let is_hidden = redacting.hides(name, value);
        (
            name,
            if is_hidden {
                REDACTED.as_bytes()
            } else {
                value
            },
        )
    };
    let headers = end_to_end(&request.headers).iter().map(shown).collect();
    let url = match (url, recorded.attempt.direction) {
        (Some(url), _) => onto(url, &redacting.target(recorded)),
        (None, Direction::Sent) => recorded.attempt.endpoint.clone(),
        (None, Direction::Received) => match redacting.target(recorded) {
            target if target.starts_with('/') => format!("{NEAR}{target}"),
            _ => format!("{NEAR}/"),
        },
    };
    let body = CurlBody::Bytes(&request.body);
    curl(&request.method, &url, &headers, body)
}

/// A URL; one that names a place only gets the path and the query of what was recorded.
pub(crate) fn onto(url: &str, target: &str) -> String {
    let is_place = url::Url::parse(url).is_ok_and(|url| url.path() == "/" && url.query().is_none());
    if is_place && target.starts_with('/') {
        format!("{}{target}", url.trim_end_matches('/'))
    } else {
        url.to_owned()
    }
}

fn is_pasteable(text: &str) -> bool {
    text.len() <= LONGEST_ARGUMENT && !text.starts_with('@') && text.chars().all(is_plain)
}

/// Whether a character survives a paste, and does nothing to the terminal it is shown on.
fn is_plain(c: char) -> bool {
    c == '\n' || c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric()
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A word in single quotes, which POSIX shells take literally. What cannot be shown or pasted is
/// written in octal, for `printf` to make the word of; that takes newlines off its end, so they
/// stand behind it.
pub(crate) fn quoted(word: impl AsRef<[u8]>) -> String {
    let word = word.as_ref();
    if let Ok(text) = std::str::from_utf8(word)
        && text.chars().all(is_plain)
    {
        return in_quotes(text);
    }
    let last = word.iter().rposition(|byte| *byte != b'\n');
    let (text, newlines) = word.split_at(last.map_or(0, |last| last + 1));
    let mut format = String::new();
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '%' => format += "%%",
                '\\' => format += r"\\",
                c if is_plain(c) => format.push(c),
                c => octal(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut format),
            }
        }
        octal(chunk.invalid(), &mut format);
    }
    let made = format!("\"$(printf -- {})\"", in_quotes(&format));
    match newlines.len() {
        0 => made,
        count => made + &in_quotes(&"\n".repeat(count)),
    }
}

/// Appends bytes as `printf` reads them.
fn octal(bytes: &[u8], format: &mut String) {
    for byte in bytes {
        // A string takes everything.
        let _ = write!(format, "\\{byte:03o}");
    }
}

fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use crate::message::Headers;

    use super::{CurlBody, curl};

    #[test]
    fn every_argument_is_quoted() {
        let headers: Headers = [("X-A", "it's $HOME `id`"), ("X-Empty", "")]
            .into_iter()
            .collect();
        let line = curl(
            "POST",
            "http://h/?a=[1]&b='",
            &headers,
            CurlBody::Bytes(b"{\"a\":'x'}"),
        );
        assert_eq!(
            line,
            r#"curl -sS -X 'POST' -H 'X-A: it'\''s $HOME `id`' -H 'X-Empty;' --data-binary '{"a":'\''x'\''}' --globoff --url 'http://h/?a=[1]&b='\'''"#
        );
    }

    #[test]
    fn bytes_that_cannot_be_pasted_go_through_base64() {
        for body in [&b"\x00\xff"[..], b"@/etc/passwd", b"\x1b[2J", b"a\r\nb"] {
            let line = curl("POST", "http://h/", &Headers::new(), CurlBody::Bytes(body));
            assert!(
                line.starts_with("printf %s '") && line.contains("| base64 -d | curl"),
                "{line}"
            );
            assert!(!line.contains('\x1b') && !line.contains("passwd"));
        }
    }
}
