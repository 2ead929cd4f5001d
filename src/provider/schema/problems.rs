//! What is wrong with a file, with its place.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

/// Whether a text can stand in a header line.
pub(super) fn is_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// What is said of a text that cannot.
pub(super) const NOT_A_LINE: &str = "has a control character, which no header line can carry";

/// Something that is wrong in a provider file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// The text of the file and what was found wrong in it so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    problems: RefCell<Vec<(usize, String)>>,
    keys: RefCell<Vec<String>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            problems: RefCell::default(),
            keys: RefCell::default(),
        }
    }

    /// Notes a problem at a place of the text.
    pub(super) fn problem(&self, at: &Range<usize>, message: impl Into<String>) {
        self.problems.borrow_mut().push((at.start, message.into()));
    }

    /// Whether nothing was found wrong so far.
    pub(super) fn is_sound(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Notes a path that was asked for.
    pub(super) fn know(&self, path: String) {
        self.keys.borrow_mut().push(path);
    }

    /// Every path that was asked for.
    pub(super) fn known_paths(&self) -> Vec<String> {
        self.keys.borrow().clone()
    }

    /// The problems in the order of their places.
    pub(super) fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort();
        problems.dedup();
        let place = |(at, message): (usize, String)| {
            let before = &self.text[..at.min(self.text.len())];
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            Problem {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                message,
            }
        };
        problems.into_iter().map(place).collect()
    }
}
