//! The way to the attempts that a filter takes.

use rusqlite::types::Value;

use super::Filter;
use super::leaf::Text;
use super::model::{Name, Status, Term, Test};
use super::sql::{condition, exact};
use crate::store::{Outcome, VerdictKind};

/// What is walked to find the attempts that pass; in the order of their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Access {
    /// Every row.
    Rows,
    /// The rows of one event.
    Event,
    /// The rows of what went wrong.
    Wrong,
    /// The rows of the deliveries that are named.
    Deliveries,
}

/// The condition of the index on what went wrong, as the schema spells it: `SQLite` compares the text.
pub(in crate::store) const WRONG: &str =
    "(a.status IS NOT 200 OR a.outcome <> 0 OR a.verdict BETWEEN 1 AND 4)";

/// A filter in two parts: a condition of SQL, and the texts that a body must hold or not hold.
///
/// `SQLite` would call a function for each body; a scan of all of them looks for itself.
pub(in crate::store) struct Split<'f> {
    pub(in crate::store) condition: String,
    pub(in crate::store) values: Vec<Value>,
    /// Whether the condition names `d` (deliveries).
    pub(in crate::store) asks_delivery: bool,
    bodies: Vec<(bool, &'f [Text])>,
}

impl Filter {
    /// The shortest way.
    pub(in crate::store) fn access(&self) -> Access {
        if self.names().is_some() {
            return Access::Deliveries;
        }
        if self.terms.iter().any(Term::is_wrong) {
            return Access::Wrong;
        }
        let one_event = |term: &Term| match &term.test {
            Test::Event(globs) if !term.negated => {
                matches!(globs.as_slice(), [glob] if exact(glob).is_some())
            }
            _ => false,
        };
        if self.terms.iter().any(one_event) {
            return Access::Event;
        }
        Access::Rows
    }

    /// What names the deliveries, one of which it must be.
    pub(in crate::store) fn names(&self) -> Option<&[Name]> {
        self.terms.iter().find_map(|term| match &term.test {
            Test::Id(names) if !term.negated => Some(names.as_slice()),
            _ => None,
        })
    }

    /// The filter in two parts.
    pub(in crate::store) fn split(&self) -> Split<'_> {
        let is_body = |term: &&Term| matches!(term.test, Test::Body(_));
        let others = || self.terms.iter().filter(|term| !is_body(term));
        let (condition, values) = condition(others());
        let bodies = self.terms.iter().filter_map(|term| match &term.test {
            Test::Body(texts) => Some((term.negated, texts.as_slice())),
            _ => None,
        });
        Split {
            condition,
            values,
            asks_delivery: others().any(|term| term.test.asks_delivery()),
            bodies: bodies.collect(),
        }
    }
}

impl Split<'_> {
    /// Whether the body decides.
    pub(in crate::store) fn asks_body(&self) -> bool {
        !self.bodies.is_empty()
    }

    /// Whether a body passes.
    pub(in crate::store) fn takes(&self, body: &[u8]) -> bool {
        let holds = |texts: &[Text]| texts.iter().any(|text| text.is_in(body));
        self.bodies
            .iter()
            .all(|(negated, texts)| holds(texts) != *negated)
    }
}

impl Term {
    /// Whether all that it takes stands in the index on what went wrong.
    fn is_wrong(&self) -> bool {
        // Of each choice: what the term leaves is a part of what the index has.
        let takes = |is_listed: bool| is_listed != self.negated;
        match &self.test {
            Test::Status(wanted) => !takes(wanted.iter().any(|one| Status::has(one, Some(200)))),
            Test::Outcome(wanted) => !takes(wanted.contains(&Outcome::Success)),
            Test::Verdict(wanted) => {
                let others = VerdictKind::ALL
                    .iter()
                    .filter(|kind| !kind.is_failure())
                    .map(|kind| Some(*kind));
                !others.chain([None]).any(|one| takes(wanted.contains(&one)))
            }
            _ => false,
        }
    }
}

impl Test {
    fn asks_delivery(&self) -> bool {
        match self {
            Self::Provider(_) | Self::Direction(_) => true,
            Self::Id(names) => names.iter().any(|name| !matches!(name, Name::Number(_))),
            _ => false,
        }
    }
}
