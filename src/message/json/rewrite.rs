//! Writes a JSON text anew, in the way of other writers.

use super::number::Numbers;
use super::string::Escapes;
use super::tape::{DEEPEST, Kind, Order, Tape, Token};
use super::traits::Traits;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// The white space between tokens.
    pub(crate) spacing: Spacing,
    /// The order of members.
    pub(crate) order: Order,
    /// The form of strings.
    pub(crate) escapes: Escapes,
    /// The form of numbers.
    pub(crate) numbers: Numbers,
    /// What becomes of values that are nothing.
    pub(crate) nothing: Nothing,
    /// What follows the text.
    pub(crate) end: &'static str,
}

/// The white space between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// What is there; the order is kept too.
    Kept,
    /// None.
    Compact,
    /// A space after each comma and colon.
    Spaced,
    /// Each member and element on a line of its own.
    Lines {
        /// What begins a line.
        newline: &'static str,
        /// What each level is indented by.
        indent: &'static str,
    },
}

/// What becomes of values that are nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// They stay.
    Kept,
    /// A member that is `null` is left out.
    NoNulls,
    /// An empty object becomes an empty array.
    EmptyArrays,
    /// An empty string becomes `null`.
    Nulls,
}

/// Only white space between the tokens is changed: there is none.
pub(crate) const COMPACT: Style = Style {
    spacing: Spacing::Compact,
    order: Order::Kept,
    escapes: Escapes::KEPT,
    numbers: Numbers::Kept,
    nothing: Nothing::Kept,
    end: "",
};

impl Style {
    /// The same for a text, so that styles by which it is written alike are equal.
    pub(crate) fn reduced(self, tape: &Tape<'_>) -> Self {
        let facts = tape.facts;
        let needs = match self.nothing {
            Nothing::Kept => Traits::NONE,
            Nothing::NoNulls => Traits::NULL,
            Nothing::EmptyArrays => Traits::EMPTY_OBJECT,
            Nothing::Nulls => Traits::EMPTY_STRING,
        };
        let (has_space, has_parts) = (facts.meets(Traits::SPACE), facts.meets(Traits::PARTS));
        Self {
            spacing: match self.spacing {
                Spacing::Kept if has_space => Spacing::Kept,
                spacing if has_parts && spacing != Spacing::Kept => spacing,
                _ => Spacing::Compact,
            },
            order: tape.reduced(self.order),
            escapes: self.escapes.reduced(facts),
            numbers: self.numbers.reduced(facts),
            nothing: if facts.meets(needs) {
                self.nothing
            } else {
                Nothing::Kept
            },
            end: self.end,
        }
    }
}

impl Tape<'_> {
    /// Writes the text; `None` where it would grow out of all proportion.
    pub(crate) fn write(&self, style: &Style) -> Option<Vec<u8>> {
        let mut writer = Writer::new(style, self.text.len());
        if style.spacing == Spacing::Kept {
            writer.write_in_place(self.text, self.tokens(Order::Kept));
        } else {
            writer.write_all(self.tokens(style.order))?;
        }
        writer.out.extend_from_slice(style.end.as_bytes());
        Some(writer.out)
    }
}

/// A text that is being written.
struct Writer<'s> {
    style: &'s Style,
    out: Vec<u8>,
    /// The line break with the white space of the deepest level, if there are lines.
    line: Vec<u8>,
    /// How much of it belongs to the break, and how much to each level.
    step: (usize, usize),
    /// The most bytes that it may come to.
    most: usize,
}

impl<'s> Writer<'s> {
    fn new(style: &'s Style, length: usize) -> Self {
        let (newline, indent) = match style.spacing {
            Spacing::Lines { newline, indent } => (newline, indent),
            _ => ("", ""),
        };
        Self {
            style,
            out: Vec::with_capacity(length + length / 8),
            line: [newline, &indent.repeat(DEEPEST)].concat().into_bytes(),
            step: (newline.len(), indent.len()),
            // Escapes make six bytes of two, and indentation makes lines of a few bytes; only
            // brackets and little else grow more.
            most: length * 8 + 1024,
        }
    }

    /// Writes tokens with commas, colons and the white space of the style.
    fn write_all(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        let (comma, colon) = match self.style.spacing {
            Spacing::Spaced => (", ", ": "),
            Spacing::Lines { .. } => (",", ": "),
            _ => (",", ":"),
        };
        let mut depth = 0;
        // Whether it is the first in its object or array; whether it follows its key.
        let (mut is_first, mut is_set_off) = (true, true);
        let mut rest = tokens;
        while let [token, after @ ..] = rest {
            rest = after;
            if token.kind == Kind::End {
                depth -= 1;
                if !is_first {
                    self.break_line(depth)?;
                }
                self.out.extend_from_slice(token.text.as_bytes());
                is_first = false;
                continue;
            }
            if token.kind == Kind::Key && self.leaves_out(after) {
                rest = &after[1..];
                continue;
            }
            if !is_set_off {
                if !is_first {
                    self.out.extend_from_slice(comma.as_bytes());
                }
                self.break_line(depth)?;
            }
            (is_first, is_set_off) = (false, false);
            match token.kind {
                Kind::Object | Kind::Array if token.span == 2 => {
                    self.empty(token);
                    rest = &after[1..];
                }
                Kind::Object | Kind::Array => {
                    self.out.extend_from_slice(token.text.as_bytes());
                    depth += 1;
                    is_first = true;
                }
                Kind::Key => {
                    self.scalar(token);
                    self.out.extend_from_slice(colon.as_bytes());
                    is_set_off = true;
                }
                _ => self.scalar(token),
            }
        }
        Some(())
    }

    /// Writes the text with each of its keys, strings and numbers in the form of the style.
    fn write_in_place(&mut self, text: &str, tokens: &[Token<'_>]) {
        let mut copied = 0;
        for token in tokens {
            let at = token.text.as_ptr().addr() - text.as_ptr().addr();
            self.out.extend_from_slice(&text.as_bytes()[copied..at]);
            self.scalar(token);
            copied = at + token.text.len();
        }
        self.out.extend_from_slice(&text.as_bytes()[copied..]);
    }

    /// Whether the member is left out whose value these tokens begin with.
    fn leaves_out(&self, value: &[Token<'_>]) -> bool {
        self.style.nothing == Nothing::NoNulls
            && value.first().is_some_and(|value| value.text == "null")
    }

    /// Writes an object or array with nothing in it.
    fn empty(&mut self, token: &Token<'_>) {
        let is_array = token.kind == Kind::Array || self.style.nothing == Nothing::EmptyArrays;
        self.out
            .extend_from_slice(if is_array { b"[]" } else { b"{}" });
    }

    /// Writes any other token.
    fn scalar(&mut self, token: &Token<'_>) {
        let Style {
            escapes, numbers, ..
        } = self.style;
        match token.kind {
            Kind::Number if numbers.change(token.traits) => {
                numbers.rewrite(token.text, &mut self.out);
            }
            Kind::String if self.style.nothing == Nothing::Nulls && token.text == "\"\"" => {
                self.out.extend_from_slice(b"null");
            }
            Kind::Key | Kind::String if escapes.change(token.traits) => {
                self.out.push(b'"');
                escapes.rewrite(token.inner(), &mut self.out);
                self.out.push(b'"');
            }
            _ => self.out.extend_from_slice(token.text.as_bytes()),
        }
    }

    /// Begins a line, where the style has any; `None` where the text has grown too long.
    fn break_line(&mut self, depth: usize) -> Option<()> {
        let (newline, indent) = self.step;
        let line = &self.line[..newline + indent * depth];
        self.out.extend_from_slice(line);
        (self.out.len() <= self.most).then_some(())
    }
}

#[cfg(test)]
mod tests;
