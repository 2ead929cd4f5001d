//! A line of JSON: an object with its `type` and `schema`, and nothing in it that acts on a terminal.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::term::acts;

/// An object with its `type` and `schema` in front.
#[derive(Serialize)]
pub(crate) struct Typed<T> {
    r#type: &'static str,
    schema: u8,
    #[serde(flatten)]
    body: T,
}

impl<T: Serialize> Typed<T> {
    /// An object of this type.
    pub(crate) fn new(r#type: &'static str, body: T) -> Self {
        Self {
            r#type,
            schema: 1,
            body,
        }
    }

    /// Writes it as one line; a long one in pieces, so that it need not stand in memory.
    pub(crate) fn write(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut pieces = BufWriter::with_capacity(PIECE, out);
        self.write_to(&mut pieces)?;
        pieces.flush()
    }

    /// Writes it as one line.
    pub(in crate::report) fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        write_json(self, &mut out)?;
        out.write_all(b"\n")
    }
}

/// Writes a value as compact JSON that does nothing to a terminal.
pub(crate) fn write_json(value: &impl Serialize, out: impl Write) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Harmless))?)
}

/// The most of a line that is written at once.
const PIECE: usize = 64 * 1024;

/// Compact JSON that does nothing to a terminal: what a [`Safe`](crate::term::Safe) would escape is
/// escaped here too, as JSON has it, so that programs read the same text.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(acts) {
            let (plain, hidden) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut chars = hidden.chars();
            if let Some(c) = chars.next() {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_reads_the_same() {
        for (text, written) in [
            ("plain ~ é 日本 🎉", "plain ~ é 日本 🎉"),
            ("\x1b[31m\n\"\\", r#"\u001b[31m\n\"\\"#),
            ("\x7f\u{9b}31m\u{202e}x", r"\u007f\u009b31m\u202ex"),
            ("\u{feff}\u{2028}\u{e0041}", r"\ufeff\u2028\udb40\udc41"),
        ] {
            let mut line = Vec::new();
            let body = serde_json::json!({"text": text});
            Typed::new("test", &body)
                .write(&mut line)
                .expect("a vector takes it");
            let line = String::from_utf8(line).expect("UTF-8");
            assert_eq!(
                line,
                format!("{{\"type\":\"test\",\"schema\":1,\"text\":\"{written}\"}}\n")
            );
            let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(read["text"], text);
        }
    }
}
