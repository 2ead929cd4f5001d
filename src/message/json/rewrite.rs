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

    /// Whether members go that are `null`.
    fn leaves_out(&self) -> bool {
        self.nothing == Nothing::NoNulls
    }

    /// Whether a token is written otherwise than it stands.
    fn changes(&self, token: &Token<'_>) -> bool {
        match token.kind {
            Kind::Number => self.numbers.change(token.traits),
            Kind::Key => self.escapes.change(token.traits),
            Kind::String => {
                self.escapes.change(token.traits)
                    || self.nothing == Nothing::Nulls && token.is_empty_string()
            }
            Kind::Object => token.span == 2 && self.nothing == Nothing::EmptyArrays,
            Kind::Array | Kind::End | Kind::Word => false,
        }
    }
}

impl Tape<'_> {
    /// Writes the text; `None` where it would grow out of all proportion.
    ///
    /// Most styles differ in a few tokens: those of the same white space and order are written by
    /// changing these tokens in a text that was written before.
    pub(crate) fn write(&mut self, style: &Style) -> Option<Vec<u8>> {
        let mut writer = Writer::new(style, self.text.len());
        if style.spacing == Spacing::Kept {
            writer.write_in_place(self.text, self.tokens(Order::Kept));
        } else if style.numbers.change(Traits::INTEGER) {
            writer.write_all(self.tokens(style.order))?;
        } else {
            let base = self.base(style)?;
            writer.write_patched(&self.bases[base]);
        }
        writer.out.extend_from_slice(style.end.as_bytes());
        Some(writer.out)
    }

    /// The place of a text with the white space and order of a style, and the members that it has, in
    /// which every token is as it stands.
    fn base(&mut self, style: &Style) -> Option<usize> {
        let style = Style {
            spacing: style.spacing,
            order: style.order,
            nothing: if style.leaves_out() {
                style.nothing
            } else {
                Nothing::Kept
            },
            ..COMPACT
        };
        if let Some(at) = self.bases.iter().position(|base| base.style == style) {
            return Some(at);
        }
        let mut writer = Writer::new(&style, self.text.len());
        writer.write_all(self.tokens(style.order))?;
        let base = Base {
            style,
            places: writer.places,
            text: writer.out,
        };
        // The longest are asked for one after the other, so that one of them is kept.
        let is_long = |style: &Style| matches!(style.spacing, Spacing::Lines { .. });
        self.bases
            .retain(|base| !is_long(&style) || !is_long(&base.style));
        self.bases.push(base);
        Some(self.bases.len() - 1)
    }
}

/// A text in which every token is as it stands.
pub(super) struct Base<'t> {
    /// How it was written.
    style: Style,
    text: Vec<u8>,
    /// Where the tokens are which some writers write in another way.
    places: Vec<(usize, Token<'t>)>,
}

/// A text that is being written.
struct Writer<'s, 't> {
    style: &'s Style,
    out: Vec<u8>,
    /// Where the tokens are which some writers write in another way, if every token is kept.
    places: Vec<(usize, Token<'t>)>,
    /// The line break with the white space of the deepest level, if there are lines.
    line: Vec<u8>,
    /// How much of it belongs to the break, and how much to each level.
    step: (usize, usize),
    /// The most bytes that it may come to.
    most: usize,
}

impl<'s, 't> Writer<'s, 't> {
    fn new(style: &'s Style, length: usize) -> Self {
        let (newline, indent) = match style.spacing {
            Spacing::Lines { newline, indent } => (newline, indent),
            _ => ("", ""),
        };
        Self {
            style,
            // Lines of common texts are half as long again.
            out: Vec::with_capacity(length + length / if newline.is_empty() { 8 } else { 1 }),
            places: Vec::new(),
            line: [newline, &indent.repeat(DEEPEST)].concat().into_bytes(),
            step: (newline.len(), indent.len()),
            // Escapes make six bytes of two, and indentation makes lines of a few bytes; only
            // brackets and little else grow more.
            most: length * 8 + 1024,
        }
    }

    /// Writes tokens with commas, colons and the white space of the style.
    fn write_all(&mut self, tokens: &[Token<'t>]) -> Option<()> {
        let (comma, colon) = match self.style.spacing {
            Spacing::Spaced => (", ", ": "),
            Spacing::Lines { .. } => (",", ": "),
            _ => (",", ":"),
        };
        let has_lines = matches!(self.style.spacing, Spacing::Lines { .. });
        let mut depth = 0;
        // Whether it is the first in its object or array; whether it follows its key.
        let (mut is_first, mut is_set_off) = (true, true);
        let mut rest = tokens;
        while let [token, after @ ..] = rest {
            rest = after;
            if token.kind == Kind::End {
                depth -= 1;
                if has_lines && !is_first {
                    self.break_line(depth)?;
                }
                self.out.extend_from_slice(token.text.as_bytes());
                is_first = false;
                continue;
            }
            let is_left_out = token.kind == Kind::Key && self.style.leaves_out();
            if is_left_out && after.first().is_some_and(|value| value.text == "null") {
                rest = &after[1..];
                continue;
            }
            if !is_set_off {
                if !is_first {
                    self.out.extend_from_slice(comma.as_bytes());
                }
                if has_lines {
                    self.break_line(depth)?;
                }
            }
            (is_first, is_set_off) = (false, false);
            if token.differs() {
                self.places.push((self.out.len(), *token));
            }
            match token.kind {
                Kind::Object | Kind::Array if token.span > 2 => {
                    self.out.extend_from_slice(token.text.as_bytes());
                    depth += 1;
                    is_first = true;
                }
                Kind::Object | Kind::Array => {
                    self.changed(token);
                    rest = &after[1..];
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

    /// Writes a text in which some tokens are written in the style, and all else is as it stands.
    fn write_patched(&mut self, base: &Base<'_>) {
        let mut copied = 0;
        for (at, token) in &base.places {
            if self.style.changes(token) {
                self.out.extend_from_slice(&base.text[copied..*at]);
                self.changed(token);
                copied = at + token.length();
            }
        }
        self.out.extend_from_slice(&base.text[copied..]);
    }

    /// Writes the text with each of its keys, strings and numbers in the form of the style.
    fn write_in_place(&mut self, text: &str, tokens: &[Token<'_>]) {
        let mut copied = 0;
        for token in tokens.iter().filter(|token| self.style.changes(token)) {
            let at = token.text.as_ptr().addr() - text.as_ptr().addr();
            self.out.extend_from_slice(&text.as_bytes()[copied..at]);
            self.changed(token);
            copied = at + token.text.len();
        }
        self.out.extend_from_slice(&text.as_bytes()[copied..]);
    }

    /// Writes a key, a string, a number or a word.
    fn scalar(&mut self, token: &Token<'_>) {
        if self.style.changes(token) {
            self.changed(token);
        } else {
            self.out.extend_from_slice(token.text.as_bytes());
        }
    }

    /// Writes a token that the style changes, or an object or array with nothing in it.
    fn changed(&mut self, token: &Token<'_>) {
        let style = self.style;
        match token.kind {
            Kind::Number => style.numbers.rewrite(token.text, &mut self.out),
            Kind::String if style.nothing == Nothing::Nulls && token.is_empty_string() => {
                self.out.extend_from_slice(b"null");
            }
            Kind::Object if style.nothing != Nothing::EmptyArrays => {
                self.out.extend_from_slice(b"{}");
            }
            Kind::Object | Kind::Array => self.out.extend_from_slice(b"[]"),
            _ => {
                self.out.push(b'"');
                style.escapes.rewrite(token.inner(), &mut self.out);
                self.out.push(b'"');
            }
        }
    }

    /// Begins a line; `None` where the text has grown too long.
    fn break_line(&mut self, depth: usize) -> Option<()> {
        let (newline, indent) = self.step;
        let line = &self.line[..newline + indent * depth];
        self.out.extend_from_slice(line);
        (self.out.len() <= self.most).then_some(())
    }
}

#[cfg(test)]
mod tests;
