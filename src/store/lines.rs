//! Header lines as one blob, written as they stand on the wire.

use crate::message::Headers;

/// The lines, each with CR LF. No value may hold either: neither HTTP nor an import lets one in.
pub(super) fn write(headers: &Headers) -> Vec<u8> {
    let mut blob = Vec::with_capacity(headers.len() * 48);
    for (name, value) in headers.iter() {
        blob.extend_from_slice(name.as_bytes());
        blob.extend_from_slice(b": ");
        blob.extend_from_slice(value);
        blob.extend_from_slice(b"\r\n");
    }
    blob
}

/// The lines of a blob. What is no line, in a damaged store, is left out.
pub(super) fn read(blob: &[u8]) -> Headers {
    let mut headers = Headers::new();
    let mut rest = blob;
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let line = &rest[..end];
        rest = &rest[end + 2..];
        let colon = line.windows(2).position(|pair| pair == b": ");
        let name = colon.and_then(|colon| std::str::from_utf8(&line[..colon]).ok());
        if let (Some(colon), Some(name)) = (colon, name) {
            headers.push(name, &line[colon + 2..]);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use crate::message::Headers;

    use super::{read, write};

    #[test]
    fn every_line_survives() {
        let headers: Headers = [
            ("X-A", &b"1: 2"[..]),
            ("x-a", b""),
            ("B", b"\xff\x80 a\tb"),
            ("C:", b":"),
        ]
        .into_iter()
        .collect();
        assert_eq!(read(&write(&headers)), headers);
        assert_eq!(read(b"no line"), Headers::new());
        assert_eq!(read(b"no line\r\n"), Headers::new());
    }
}
