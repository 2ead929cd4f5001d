//! What is reported of the log, and by whom.

use std::io;

use crate::store::{Listed, Side, Tally};

/// Renders the log. An error is the stream's own; a broken pipe among them is a quiet end.
pub(crate) trait LogReporter {
    /// The next lines of a listing, which [`end`](Self::end) finishes.
    fn list(&mut self, lines: Vec<Listed>) -> io::Result<()>;
    /// The listing is complete.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
    /// A line by itself, as it comes.
    fn line(&mut self, line: &Listed) -> io::Result<()>;
    /// What was waited for did not come.
    fn unmet(&mut self, unmet: &Unmet<'_>) -> io::Result<()>;
}

/// What a listing comes to.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// The attempts, counted.
    pub(crate) tally: Tally,
    /// The last row of the log.
    pub(crate) cursor: i64,
    /// Where the next page begins, if there is one.
    pub(crate) more: Option<Side>,
}

/// What came while something else was waited for.
#[derive(Debug)]
pub(crate) struct Unmet<'u> {
    /// The filter that nothing passed.
    pub(crate) expected: &'u str,
    /// How long was waited, in words.
    pub(crate) waited: String,
    /// How many attempts came.
    pub(crate) others: u64,
    /// The last of them, oldest first.
    pub(crate) last: Vec<Listed>,
    /// The last row of the log.
    pub(crate) cursor: i64,
}
