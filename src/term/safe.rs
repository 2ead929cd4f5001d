//! `Safe`: text from outside, shown so that it cannot act on a terminal.

use std::fmt::{self, Display, Formatter};
use std::iter;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::columns::{BYTES_PER_COLUMN, Cut, clusters};

#[cfg(test)]
mod tests;

/// Bytes from outside on their way to a terminal or a file.
///
/// Displays valid UTF-8 as it is, except for what could act on a terminal or deceive a reader,
/// which is shown as an escape: C0 and DEL (`\x1b`), C1 (`\u{9b}`), U+2028, U+2029 and everything
/// of the general category Format: the bidirectional controls, zero-width characters, byte order
/// marks and tags (`\u{202e}`). A byte that is not UTF-8 is shown as `\x9b`. Private use and
/// unassigned characters pass.
///
/// For reading, not for parsing: a backslash stays one backslash, so that the four characters
/// `\x1b` and the one control character look alike, and showing twice equals showing once. Width
/// and precision of the format are ignored; [`Painted`](super::Painted) pads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Safe<T> {
    bytes: T,
    shape: Shape,
}

/// Which control characters are layout rather than danger.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// None: the text is one line.
    Line,
    /// `\n` and `\t`: the text is a body.
    Block,
}

/// A stretch of the text as it is shown.
enum Piece<'a> {
    /// Shown as it is.
    Plain(&'a str),
    /// A character shown as its escape.
    Hidden(char),
    /// A byte that is not UTF-8, shown as its escape.
    Stray(u8),
}

impl<T: AsRef<[u8]>> Safe<T> {
    /// A field of one line: a name, a header value, a path. `\n`, `\r` and `\t` are shown as those
    /// escapes.
    pub(crate) const fn line(bytes: T) -> Self {
        Self {
            bytes,
            shape: Shape::Line,
        }
    }

    /// A body of several lines: `\n` and `\t` stay, `\r` is shown as an escape.
    pub(crate) const fn block(bytes: T) -> Self {
        Self {
            bytes,
            shape: Shape::Block,
        }
    }

    /// The text as one line of at most `max_columns` columns on the screen, ending in `…` where
    /// something was cut.
    ///
    /// Wide characters count two columns; an escape or a letter with its accents is never cut in
    /// two. A block is cut as a line would be, with `\n` and `\t` as escapes.
    pub(crate) fn truncated(&self, max_columns: usize) -> String {
        let bytes = self.bytes.as_ref();
        // Each byte shows as one or more, so the text is full before the end of what is looked at;
        // the 4 more bytes are for a character that this end tears.
        let limit = max_columns.saturating_mul(BYTES_PER_COLUMN);
        let seen = bytes.len().min(limit.saturating_add(4));
        let mut cut = Cut::new(max_columns);
        for piece in Safe::line(&bytes[..seen]).pieces() {
            let fits = match piece {
                Piece::Plain(text) => clusters(text).all(|cluster| cut.push(cluster)),
                escape => cut.push(&escape.to_string()),
            };
            if !fits {
                break;
            }
        }
        cut.into_text()
    }

    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let shape = self.shape;
        self.bytes.as_ref().utf8_chunks().flat_map(move |chunk| {
            let stray = chunk.invalid().iter().copied().map(Piece::Stray);
            split(chunk.valid(), shape).chain(stray)
        })
    }
}

impl<T: AsRef<[u8]>> Display for Safe<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| piece.fmt(f))
    }
}

impl Display for Piece<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Plain(text) => f.write_str(text),
            Self::Hidden('\n') => f.write_str(r"\n"),
            Self::Hidden('\r') => f.write_str(r"\r"),
            Self::Hidden('\t') => f.write_str(r"\t"),
            Self::Hidden(c) if c.is_ascii() => write!(f, r"\x{:02x}", u32::from(c)),
            Self::Hidden(c) => write!(f, r"\u{{{:x}}}", u32::from(c)),
            Self::Stray(byte) => write!(f, r"\x{byte:02x}"),
        }
    }
}

/// Whether a character could act on a terminal or deceive a reader, layout among it.
pub(crate) fn acts(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\0'..='\u{9f}' | '\u{2028}' | '\u{2029}' => true,
        _ => c.general_category() == GeneralCategory::Format,
    }
}

impl Shape {
    /// Whether the character must not reach a terminal as it is.
    fn hides(self, c: char) -> bool {
        match c {
            '\n' | '\t' => matches!(self, Self::Line),
            _ => acts(c),
        }
    }
}

/// The text in the longest stretches that pass, with the characters that do not between them.
fn split(text: &str, shape: Shape) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    iter::from_fn(move || {
        let first = rest.chars().next()?;
        if shape.hides(first) {
            rest = &rest[first.len_utf8()..];
            return Some(Piece::Hidden(first));
        }
        let end = rest.find(|c| shape.hides(c)).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at(end);
        rest = tail;
        Some(Piece::Plain(plain))
    })
}
