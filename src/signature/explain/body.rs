//! The forms that a body takes on its way through editors, frameworks and proxies.

mod decoded;
mod dialects;
mod json;
mod lines;
mod lost;
mod wrapped;

use std::borrow::Cow;
use std::slice;
use std::sync::OnceLock;

use crate::message::json::{Style, Tape};

use super::{Cause, Kind};

/// A form of the body: its cause, and how it is made.
struct Row {
    id: &'static str,
    /// A condition, after "matches if".
    words: &'static str,
    fix: &'static str,
    make: Make,
}

/// How a form is made of a body.
enum Make {
    /// Of its bytes; `None` where it has no such form.
    Bytes(for<'b> fn(&'b [u8]) -> Option<Cow<'b, [u8]>>),
    /// Of its JSON, which is written anew.
    Json(Style),
}

/// The forms that are tried of every body, in the order of their likelihood.
const ROWS: [&[Row]; 6] = [
    lines::ROWS,
    json::WRITTEN,
    json::SORTED,
    dialects::ROWS,
    decoded::ROWS,
    lost::ROWS,
];

/// The forms that are tried of a small body only: each costs more of a large one than it tells.
const RARE: [&[Row]; 4] = [json::RARE, dialects::RARE, wrapped::ROWS, lost::RARE];

/// The most bytes of a body of which rare forms are tried.
const SMALL: usize = 256 * 1024;

/// The forms of a body beside itself, each made when it is asked for, and each once; a sender may
/// have signed one of them, and a receiver may verify one.
pub(crate) fn body_forms(body: &[u8]) -> impl Iterator<Item = (Cause, Cow<'_, [u8]>)> {
    let rare = RARE.iter().filter(|_| body.len() <= SMALL);
    Forms {
        body,
        rows: ROWS.iter().chain(rare).flat_map(|rows| rows.iter()),
        tape: OnceLock::new(),
        styles: Vec::new(),
        seen: vec![Print::of(body)],
    }
}

/// The forms that are yet to come.
struct Forms<'b, R> {
    body: &'b [u8],
    rows: R,
    /// The body read as JSON, if it is any, once a form asks for it.
    tape: OnceLock<Option<Tape<'b>>>,
    /// The styles it was written in.
    styles: Vec<Style>,
    /// What was made, and the body.
    seen: Vec<Print>,
}

impl<'b, R: Iterator<Item = &'static Row>> Iterator for Forms<'b, R> {
    type Item = (Cause, Cow<'b, [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = self.rows.next()?;
            let made = match &row.make {
                Make::Bytes(make) => make(self.body),
                Make::Json(style) => self.write(style).map(Cow::Owned),
            };
            let Some(form) = made else { continue };
            let print = Print::of(&form);
            if !self.seen.contains(&print) {
                self.seen.push(print);
                return Some((row.cause(), form));
            }
        }
    }
}

impl<R> Forms<'_, R> {
    /// Writes the JSON of the body in a style, unless it was written in a like one.
    fn write(&mut self, style: &Style) -> Option<Vec<u8>> {
        self.tape.get_or_init(|| Tape::read(self.body));
        let tape = self.tape.get_mut()?.as_mut()?;
        let style = style.reduced(tape);
        if self.styles.contains(&style) {
            return None;
        }
        self.styles.push(style);
        tape.write(&style)
    }
}

impl Row {
    fn cause(&self) -> Cause {
        Cause {
            id: self.id,
            kind: Kind::Condition,
            words: self.words.to_owned(),
            fix: self.fix.to_owned(),
        }
    }
}

/// What tells a form from others: length and a hash. Two forms with one print cost a diagnosis,
/// nothing else, so the hash need not stand up to anybody.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Print(usize, [u64; LANES]);

/// So many words are hashed side by side: one alone would wait for its own result.
const LANES: usize = 4;

impl Print {
    fn of(bytes: &[u8]) -> Self {
        // 2^64 divided by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let (words, rest) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let mut lanes = [0; LANES];
        let mut add = |lane: usize, word: [u8; 8]| {
            let hash: u64 = lanes[lane];
            let word = u64::from_le_bytes(word);
            lanes[lane] = (hash.rotate_left(5) ^ word).wrapping_mul(SPREAD);
        };
        let (groups, few) = words.as_chunks::<LANES>();
        for group in groups {
            for (lane, word) in group.iter().enumerate() {
                add(lane, *word);
            }
        }
        for (lane, word) in few.iter().chain(slice::from_ref(&last)).enumerate() {
            add(lane, *word);
        }
        Self(bytes.len(), lanes)
    }
}

#[cfg(test)]
mod tests;
