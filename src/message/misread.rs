//! A text of a little language that cannot be read, and the place where it cannot.

use std::ops::Range;

use thiserror::Error;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_width::UnicodeWidthChar;

/// Why a text cannot be read: a filter, a script.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub(crate) struct Misread {
    /// What is wrong, in one line.
    pub(crate) message: String,
    /// Where in the text, as a range of bytes.
    pub(crate) place: Range<usize>,
}

/// The columns of the text that are shown before the place, in it and behind it.
const SHOWN: usize = 40;

impl Misread {
    /// What is wrong, and where.
    pub(crate) fn new(message: impl Into<String>, place: Range<usize>) -> Self {
        Self {
            message: message.into(),
            place,
        }
    }

    /// The text around the place, and a line that points at it from below.
    ///
    /// Characters that a terminal must not get are shown as `�`: as escapes they would move the
    /// place.
    pub(crate) fn pointed(&self, text: &str) -> [String; 2] {
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        let before: Vec<_> = part(0..self.place.start).chars().rev().collect();
        let before: Vec<_> = first_columns(before).into_iter().rev().collect();
        let inside = first_columns(part(self.place.clone()).chars());
        let after = first_columns(part(self.place.end..text.len()).chars());
        let line = [&before[..], &inside, &after].concat();
        let lead = " ".repeat(columns(&before));
        let carets = "^".repeat(columns(&inside).max(1));
        [line.into_iter().collect(), format!("{lead}{carets}")]
    }
}

/// A text in a message, in backticks and one line.
pub(crate) fn quoted(text: &str) -> String {
    let text: String = first_columns(text.chars()).into_iter().collect();
    format!("`{text}`")
}

/// The characters that fit, with `…` behind them where some do not.
fn first_columns(text: impl IntoIterator<Item = char>) -> Vec<char> {
    let mut fit = Vec::new();
    let mut taken = 0;
    for c in text.into_iter().map(shown) {
        taken += columns(&[c]);
        // Without the second limit, accents without end would make a line without end.
        if taken > SHOWN || fit.len() > 4 * SHOWN {
            fit.push('…');
            break;
        }
        fit.push(c);
    }
    fit
}

fn columns(text: &[char]) -> usize {
    text.iter().filter_map(|c| c.width()).sum()
}

fn shown(c: char) -> char {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};
    match c.general_category() {
        Control | Format | LineSeparator | ParagraphSeparator => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::Misread;

    #[test]
    fn the_place_is_pointed_at_by_columns() {
        let long = format!("{} status:9xx {}", "a".repeat(90), "b".repeat(90));
        for (text, place, line, carets) in [
            ("status:9xx", 7..10, "status:9xx", "       ^^^"),
            ("a", 1..1, "a", " ^"),
            ("", 0..0, "", "^"),
            ("日本 x:1", 7..8, "日本 x:1", "     ^"),
            ("e\u{301} x:1", 4..5, "e\u{301} x:1", "  ^"),
            ("\u{1b}[31m\u{202e} x:1", 9..10, "�[31m� x:1", "       ^"),
            (
                &long,
                98..101,
                &format!("…{} status:9xx {}…", "a".repeat(32), "b".repeat(39)),
                &format!("{}^^^", " ".repeat(41)),
            ),
        ] {
            let error = Misread::new("", place);
            assert_eq!(error.pointed(text), [line, carets], "{text:?}");
        }
    }
}
