//! A filter's text as words, each with its place.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use super::FilterError;

/// `-key:value,"other value"`.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) negated: bool,
    pub(super) key: Option<Value>,
    /// What stands between the commas; at least one.
    pub(super) values: Vec<Value>,
    pub(super) place: Range<usize>,
}

/// Characters without the quotes around them.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    letters: Vec<Letter>,
    pub(super) place: Range<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Letter {
    c: char,
    at: usize,
    quoted: bool,
}

impl Value {
    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.c).collect()
    }

    /// Whether nothing stands here, not even quotes.
    pub(super) fn is_missing(&self) -> bool {
        self.place.is_empty()
    }

    /// What stands before and behind the first `=` outside quotes.
    pub(super) fn split(&self) -> Option<(Self, Self)> {
        let is_equals = |letter: &Letter| letter.c == '=' && !letter.quoted;
        let nth = self.letters.iter().position(is_equals)?;
        let at = self.letters[nth].at;
        let before = Self {
            letters: self.letters[..nth].to_vec(),
            place: self.place.start..at,
        };
        let behind = Self {
            letters: self.letters[nth + 1..].to_vec(),
            place: at + 1..self.place.end,
        };
        Some((before, behind))
    }
}

fn is_key(letters: &[Letter]) -> bool {
    let is_plain = |letter: &Letter| letter.c.is_ascii_alphabetic() && !letter.quoted;
    !letters.is_empty() && letters.iter().all(is_plain)
}

/// The words of a text.
pub(super) fn words(text: &str) -> Result<Vec<Word>, FilterError> {
    let mut reader = Reader {
        rest: text.char_indices().peekable(),
        length: text.len(),
    };
    let mut words = Vec::new();
    loop {
        while reader.takes(char::is_whitespace) {}
        if reader.rest.peek().is_none() {
            return Ok(words);
        }
        words.push(reader.word()?);
    }
}

struct Reader<'t> {
    rest: Peekable<CharIndices<'t>>,
    length: usize,
}

impl Reader<'_> {
    fn word(&mut self) -> Result<Word, FilterError> {
        let start = self.at();
        let negated = self.takes(|c| c == '-');
        let mut key = None;
        let mut values = Vec::new();
        let mut value = self.value(true)?;
        if self.takes(|c| c == ':') {
            key = Some(std::mem::replace(&mut value, self.value(false)?));
        }
        values.push(value);
        while self.takes(|c| c == ',') {
            values.push(self.value(false)?);
        }
        Ok(Word {
            negated,
            key,
            values,
            place: start..self.at(),
        })
    }

    /// What comes before a comma, a space or the end; or before a colon, if that makes it a key.
    fn value(&mut self, may_be_key: bool) -> Result<Value, FilterError> {
        let start = self.at();
        let mut letters = Vec::new();
        while let Some(&(at, c)) = self.rest.peek() {
            match c {
                '"' => self.quoted(&mut letters)?,
                ',' => break,
                ':' if may_be_key && is_key(&letters) => break,
                c if c.is_whitespace() => break,
                c => {
                    self.rest.next();
                    let quoted = false;
                    letters.push(Letter { c, at, quoted });
                }
            }
        }
        Ok(Value {
            letters,
            place: start..self.at(),
        })
    }

    fn quoted(&mut self, letters: &mut Vec<Letter>) -> Result<(), FilterError> {
        let start = self.at();
        self.rest.next();
        while let Some((at, c)) = self.rest.next() {
            let c = match c {
                '"' => return Ok(()),
                '\\' => self
                    .rest
                    .next_if(|(_, c)| matches!(c, '"' | '\\'))
                    .map_or(c, |(_, c)| c),
                c => c,
            };
            let quoted = true;
            letters.push(Letter { c, at, quoted });
        }
        Err(FilterError::new(
            "the quote is not closed",
            start..start + 1,
        ))
    }

    fn takes(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        self.rest.next_if(|(_, c)| wanted(*c)).is_some()
    }

    /// The place of the next character.
    fn at(&mut self) -> usize {
        self.rest.peek().map_or(self.length, |(at, _)| *at)
    }
}
