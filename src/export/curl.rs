//! The curl line: the one place that quotes for a shell.

use std::path::Path;

use crate::message::Headers;

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
        let value = String::from_utf8_lossy(value);
        // curl drops a header with an empty value, unless it ends in a semicolon.
        let line = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        words.extend(["-H".to_owned(), quoted(&line)]);
    }
    let mut before = String::new();
    let source = match body {
        CurlBody::File(path) => Some(quoted(&format!("@{}", path.display()))),
        CurlBody::Stdin => Some("@-".to_owned()),
        CurlBody::Bytes(bytes) => match std::str::from_utf8(bytes) {
            // A leading @ would name a file; NUL and control characters do not survive a paste.
            Ok(text) if is_pasteable(text) => Some(quoted(text)),
            _ => {
                before = format!("printf %s {} | base64 -d | ", quoted(&base64_of(bytes)));
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

fn is_pasteable(text: &str) -> bool {
    !text.starts_with('@')
        && text
            .chars()
            .all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric())
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A word in single quotes, which POSIX shells take literally.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
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
