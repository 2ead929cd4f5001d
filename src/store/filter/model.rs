//! A filter as a value.

use jiff::Timestamp;
use rusqlite::types::Value;

use super::FilterError;
use crate::store::Recorded;

/// Terms that must all hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {}

/// What a word without a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// A glob over event names.
    Event,
    /// A text in the body.
    Search,
}

impl Filter {
    /// Reads a filter; durations such as `since:10m` count from `now`.
    pub(crate) fn parse(_text: &str, _bare: Bare, _now: Timestamp) -> Result<Self, FilterError> {
        Ok(Self::default())
    }

    /// Whether an attempt passes.
    pub(crate) fn matches(&self, _recorded: &Recorded) -> bool {
        true
    }

    /// The condition on `a` (attempts), `d` (deliveries), `h` (heads) and `b` (bodies), and the values
    /// bound in it, in order.
    pub(in crate::store) fn sql(&self) -> (String, Vec<Value>) {
        ("1".to_owned(), Vec::new())
    }
}

/// The keys of the language, in the order in which they are told.
pub(crate) const KEYS: &[&str] = &[
    "event",
    "provider",
    "status",
    "outcome",
    "verdict",
    "direction",
    "id",
    "path",
    "header",
    "body",
    "json",
    "since",
    "until",
    "larger",
    "smaller",
    "slower",
    "faster",
    "attempt",
    "duplicate",
];
