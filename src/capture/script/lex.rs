//! A script's text as words, each with its place.

use std::ops::Range;

use crate::message::Misread;

/// What stands between two commas: words between semicolons, at least one.
#[derive(Debug)]
pub(super) struct Piece<'t> {
    pub(super) words: Vec<Word<'t>>,
    pub(super) place: Range<usize>,
}

/// `name`, or `name=value`; both may be empty.
#[derive(Debug)]
pub(super) struct Word<'t> {
    pub(super) name: &'t str,
    pub(super) value: Option<Value<'t>>,
    pub(super) place: Range<usize>,
}

/// What stands behind a `=`.
#[derive(Debug)]
pub(super) struct Value<'t> {
    /// Its characters, without quotes.
    pub(super) text: String,
    /// What stands behind the quotes; `None`: there are none.
    pub(super) behind: Option<&'t str>,
    pub(super) place: Range<usize>,
}

/// The pieces of a text, at least one.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Misread> {
    let mut reader = Reader { text, at: 0 };
    let mut pieces = vec![reader.piece()?];
    while reader.takes(',') {
        pieces.push(reader.piece()?);
    }
    Ok(pieces)
}

/// Reads on from a place; it stops before a comma, a semicolon or the end.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn piece(&mut self) -> Result<Piece<'t>, Misread> {
        let first = self.word()?;
        let start = first.place.start;
        let mut words = vec![first];
        while self.takes(';') {
            words.push(self.word()?);
        }
        let end = words.last().map_or(start, |word| word.place.end);
        Ok(Piece {
            words,
            place: start..end,
        })
    }

    fn word(&mut self) -> Result<Word<'t>, Misread> {
        self.skip_blanks();
        let start = self.at;
        let name = self.until(&['=', ',', ';']);
        let value = if self.takes('=') {
            Some(self.value()?)
        } else {
            None
        };
        let end = match &value {
            Some(value) => value.place.end,
            None => start + name.len(),
        };
        Ok(Word {
            name,
            value,
            place: start..end,
        })
    }

    fn value(&mut self) -> Result<Value<'t>, Misread> {
        self.skip_blanks();
        let start = self.at;
        let quoted = if self.takes('"') {
            Some(self.quoted()?)
        } else {
            None
        };
        let from = self.at;
        let rest = self.until(&[',', ';']);
        let place = start..from + rest.len();
        match quoted {
            Some(text) => Ok(Value {
                text,
                behind: Some(rest),
                place,
            }),
            None if rest.contains(char::is_whitespace) => {
                let wrong = "a value with blanks is put in double quotes";
                Err(Misread::new(wrong, place))
            }
            None => Ok(Value {
                text: rest.to_owned(),
                behind: None,
                place,
            }),
        }
    }

    /// The characters up to a closing quote; the opening one is read.
    fn quoted(&mut self) -> Result<String, Misread> {
        let start = self.at - 1;
        let mut text = String::new();
        let mut rest = self.rest().char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => {
                    let escaped = rest.next_if(|(_, c)| matches!(c, '"' | '\\'));
                    text.push(escaped.map_or('\\', |(_, c)| c));
                }
                c => text.push(c),
            }
        }
        let place = start..start + 1;
        Err(Misread::new("the quote is not closed", place))
    }

    /// What stands before one of these characters or the end, without the blanks behind it.
    fn until(&mut self, ends: &[char]) -> &'t str {
        let rest = self.rest();
        let length = rest.find(ends).unwrap_or(rest.len());
        self.at += length;
        rest[..length].trim_end()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, wanted: char) -> bool {
        let is_there = self.rest().starts_with(wanted);
        if is_there {
            self.at += wanted.len_utf8();
        }
        is_there
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }
}
