//! A cause of a failure, in words.

/// Something that keeps a signature from matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its name for programs and tests; it never changes: `body-newline-added`.
    pub id: &'static str,
    /// How the words are to be read.
    pub kind: Kind,
    /// What it is: a condition ("the final newline is removed"), or a whole sentence ("is
    /// `WhiteLabelCRO`'s scheme with this secret"). Nothing in it is derived from a secret.
    pub words: String,
    /// What to change in the user's code or call; empty where that goes without saying.
    pub fix: String,
}

/// How the words of a cause are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// After "matches if".
    Condition,
    /// After "the signature", as they stand.
    Statement,
}

impl Cause {
    /// A condition: "the final newline is removed".
    pub(super) fn condition(
        id: &'static str,
        words: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(id, Kind::Condition, words.into(), fix.into())
    }

    /// A sentence without its subject: "stands twice".
    pub(super) fn statement(
        id: &'static str,
        words: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(id, Kind::Statement, words.into(), fix.into())
    }

    fn new(id: &'static str, kind: Kind, words: String, fix: String) -> Self {
        Self {
            id,
            kind,
            words,
            fix,
        }
    }
}
