//! Why a filter does not take an attempt.

use std::time::Duration;

use super::Filter;
use super::matches::Candidate;
use super::model::Test;
use super::{leaf, model::Term};
use crate::message::json;
use crate::store::VerdictKind;

/// A term that an attempt does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Miss {
    /// Which of the filter's terms it is, from 0.
    pub(crate) nth: usize,
    /// What it asks about.
    pub(crate) key: &'static str,
    /// What is there.
    pub(crate) there: There,
}

/// What stands where a term looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum There {
    /// Nothing, or nothing that can be said in a word.
    Nothing,
    /// This text.
    Text(String),
    /// The value of this header line, which may be a credential.
    Header(String, Vec<u8>),
}

/// The longest text that is kept, in characters.
const LONGEST: usize = 200;

impl Filter {
    /// The terms that an attempt does not pass.
    pub(crate) fn misses(&self, candidate: &Candidate<'_>) -> Vec<Miss> {
        let miss = |(nth, term): (usize, &Term)| {
            let (key, there) = term.test.found(candidate);
            Miss { nth, key, there }
        };
        let terms = self.terms.iter().enumerate();
        terms
            .filter(|(_, term)| !term.takes(candidate))
            .map(miss)
            .collect()
    }
}

impl Test {
    /// The key of what it asks about, and what is there.
    fn found(&self, candidate: &Candidate<'_>) -> (&'static str, There) {
        let Candidate {
            attempt, request, ..
        } = candidate;
        let took = |took: Duration| text(format!("{}ms", took.as_millis()));
        match self {
            Self::Event(_) => ("event", of(attempt.event.as_deref())),
            Self::Provider(_) => ("provider", text(&attempt.provider)),
            Self::Status(_) => {
                let status = attempt.status.map(|status| status.to_string());
                ("status", of(status.as_deref()))
            }
            Self::Outcome(_) => ("outcome", text(attempt.outcome.name())),
            Self::Verdict(_) => {
                let kind = attempt.verdict.as_ref().map(|verdict| verdict.kind);
                ("verdict", of(kind.map(VerdictKind::name)))
            }
            Self::Direction(_) => ("direction", text(attempt.direction.name())),
            Self::Id(_) => {
                let number = format!("#{}", candidate.delivery);
                let id = attempt.webhook_id.as_deref();
                let both = id.map(|id| format!("{number}, {id}"));
                ("id", text(both.unwrap_or(number)))
            }
            Self::Path(_) => ("path", text(leaf::path(candidate.target))),
            Self::Header(tests) => {
                let lines = tests.iter().find_map(|test| {
                    let value = request.headers.all(&test.name).next()?;
                    let value = value.get(..LONGEST).unwrap_or(value);
                    Some(There::Header(test.name.clone(), value.to_vec()))
                });
                ("header", lines.unwrap_or(There::Nothing))
            }
            Self::Body(_) => ("body", There::Nothing),
            Self::Json(tests) => {
                let found = tests
                    .iter()
                    .find_map(|test| json::scalar(&request.body, &test.pointer));
                ("json", of(found.as_deref()))
            }
            Self::Since(_) | Self::Until(_) => ("time", text(attempt.at.to_string())),
            Self::Larger(_) | Self::Smaller(_) => ("size", text(format!("{} B", attempt.size))),
            Self::Slower(_) | Self::Faster(_) => ("response time", took(attempt.took)),
            Self::Attempt(_) => ("attempt", text(candidate.number().to_string())),
            Self::Duplicate(_) => {
                let is_duplicate = candidate.duplicate_of.is_some();
                ("duplicate", text(if is_duplicate { "yes" } else { "no" }))
            }
        }
    }
}

fn text(text: impl AsRef<str>) -> There {
    There::Text(text.as_ref().chars().take(LONGEST).collect())
}

fn of(found: Option<&str>) -> There {
    found.map_or(There::Nothing, text)
}
