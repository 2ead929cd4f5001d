//! A filter as a value.

use std::time::Duration;

use jiff::Timestamp;
use wildmatch::WildMatch;

use super::leaf::Text;
use crate::retry::StatusSet;
use crate::store::prefix::Prefix;
use crate::store::{Direction, Outcome, VerdictKind};

/// Terms that must all hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    pub(super) terms: Vec<Term>,
}

/// What a word without a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// A glob over event names.
    Event,
    /// A text in the body.
    Search,
}

/// One term.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// Whether it takes what its test does not.
    pub(super) negated: bool,
    pub(super) test: Test,
}

/// What is asked of an attempt; of several values, any may hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// The event's name; an attempt without one passes none.
    Event(Vec<WildMatch>),
    /// The provider's id.
    Provider(Vec<WildMatch>),
    /// The status of the answer.
    Status(Vec<Status>),
    /// What came of it.
    Outcome(Vec<Outcome>),
    /// What verification found; `None`: there was none.
    Verdict(Vec<Option<VerdictKind>>),
    /// Who made the request.
    Direction(Vec<Direction>),
    /// The delivery.
    Id(Vec<Name>),
    /// The path of the request's target.
    Path(Vec<WildMatch>),
    /// A header line of the request.
    Header(Vec<HeaderTest>),
    /// Bytes in the request's body.
    Body(Vec<Text>),
    /// A scalar in the request's body.
    Json(Vec<JsonTest>),
    /// It began then or later.
    Since(Timestamp),
    /// It began earlier.
    Until(Timestamp),
    /// The request's body has more bytes.
    Larger(u64),
    /// It has fewer.
    Smaller(u64),
    /// It took longer.
    Slower(Duration),
    /// It took less.
    Faster(Duration),
    /// Its number, as it is shown.
    Attempt(Vec<u32>),
    /// Whether it repeats a delivery.
    Duplicate(bool),
}

/// The status of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// There was no answer.
    Missing,
    /// It is one of these.
    In(StatusSet),
}

impl Status {
    /// Whether an answer's status is meant; `None`: there was no answer.
    pub(super) fn has(&self, status: Option<u16>) -> bool {
        match (self, status) {
            (Self::Missing, status) => status.is_none(),
            (Self::In(set), Some(status)) => set.contains(status),
            (Self::In(_), None) => false,
        }
    }
}

/// What names a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) enum Name {
    /// `#1042`.
    Number(i64),
    /// `1042`: the number, or all of a webhook id. A beginning of ids would take too many.
    Digits(i64, String),
    /// The beginning of our id or of the webhook id.
    Prefix(Prefix),
}

/// A header line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HeaderTest {
    /// Its name, in any letter case.
    pub(super) name: String,
    /// The value of one line of that name; `None`: any.
    pub(super) value: Option<WildMatch>,
}

/// A place in a JSON body that holds a string, a number or a boolean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonTest {
    /// RFC 6901.
    pub(super) pointer: String,
    /// Its text, as [`scalar`](crate::message::json::scalar) gives it; `None`: any.
    pub(super) value: Option<String>,
}

impl Filter {
    /// Whether everything passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}
