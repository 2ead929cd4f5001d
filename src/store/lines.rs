//! Header lines as one blob: as they stand on the wire, compressed.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};

use crate::message::Headers;

/// What most heads are made of. Blobs can be read with this very text only: another one takes
/// another [`CODED`].
const DICTIONARY: &[u8] = include_bytes!("head.txt");

/// Begins a blob that is compressed with [`DICTIONARY`], before the length of the lines; no header's
/// name begins so.
const CODED: u8 = 1;

/// The compression that costs least.
const LEVEL: i32 = 1;

/// The longest lines that are compressed, in bytes: what servers take at most. A damaged length
/// must not cost memory.
const LONGEST: usize = 1 << 20;

thread_local! {
    // Their tables cost more to make than lines to compress.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> =
        RefCell::new(Compressor::with_dictionary(LEVEL, DICTIONARY).ok());
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> =
        RefCell::new(Decompressor::with_dictionary(DICTIONARY).ok());
}

/// The lines as a blob. No value may hold CR LF: neither HTTP nor an import lets one in.
pub(super) fn write(headers: &Headers) -> Vec<u8> {
    let mut lines = Vec::with_capacity(headers.len() * 48);
    for (name, value) in headers.iter() {
        lines.extend_from_slice(name.as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value);
        lines.extend_from_slice(b"\r\n");
    }
    if lines.len() > LONGEST {
        return lines;
    }
    let length = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let coded = COMPRESSOR.with_borrow_mut(|compressor| compressor.as_mut()?.compress(&lines).ok());
    match coded.filter(|coded| coded.len() < lines.len()) {
        Some(coded) => [&[CODED], length.to_be_bytes().as_slice(), &coded].concat(),
        None => lines,
    }
}

/// The lines of a blob. What is no line, in a damaged store, is left out.
pub(super) fn read(blob: &[u8]) -> Headers {
    match blob.split_first() {
        Some((&CODED, rest)) => decompress(rest).map_or_else(Headers::new, |lines| parse(&lines)),
        _ => parse(blob),
    }
}

fn decompress(blob: &[u8]) -> Option<Vec<u8>> {
    let (length, coded) = blob.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    DECOMPRESSOR.with_borrow_mut(|decompressor| {
        let length = length.min(LONGEST);
        decompressor.as_mut()?.decompress(coded, length).ok()
    })
}

fn parse(lines: &[u8]) -> Headers {
    let mut headers = Headers::new();
    let mut rest = lines;
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

    use super::{CODED, LONGEST, parse, read, write};

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
        assert_eq!(parse(b"no line"), Headers::new());
        assert_eq!(parse(b"no line\r\n"), Headers::new());
    }

    #[test]
    fn usual_lines_shrink_and_endless_ones_stay() {
        let usual: Headers = [("Content-Type", "application/json"), ("Accept", "*/*")]
            .into_iter()
            .collect();
        let blob = write(&usual);
        assert!(blob[0] == CODED && blob.len() < 32, "{}", blob.len());
        let endless: Headers = [("A", vec![b'a'; LONGEST])].into_iter().collect();
        assert_eq!(read(&write(&endless)), endless);
        assert_eq!(read(&[CODED, 0xff, 0, 0, 0, 0]), Headers::new());
    }
}
