//! A filter with how often it is to pass: `invoice.paid count:2`.

use jiff::Timestamp;

use super::lex::{Value, words};
use super::model::{Term, Test};
use super::read::one;
use super::scalar;
use super::{Bare, Filter, FilterError};
use crate::store::VerdictKind;

/// The key of the number; in a filter alone it is none.
const COUNT: &str = "count";

/// A filter, and how often it is to pass.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CountedFilter {
    /// The filter.
    pub(crate) filter: Filter,
    /// How often it is to pass, from 1; `None`: nothing is said of it.
    pub(crate) times: Option<u64>,
    /// The filter's terms, as they are written.
    pub(crate) terms: Vec<String>,
}

impl CountedFilter {
    /// Reads a filter, with `count:N` in any place for how often it is to pass. A word without a key
    /// is a glob over event names; durations such as `since:10m` count from `now`.
    pub(crate) fn parse(text: &str, now: Timestamp) -> Result<Self, FilterError> {
        let is_count = |key: &Value| key.text() == COUNT;
        let (counts, words): (Vec<_>, Vec<_>) = words(text)?
            .into_iter()
            .partition(|word| word.key.as_ref().is_some_and(is_count));
        let mut times = None;
        for word in &counts {
            if word.negated || times.is_some() {
                let message = "a filter is to pass so often, and is told it once: `count:2`";
                return Err(FilterError::new(message, word.place.clone()));
            }
            times = Some(one(word, scalar::count)?);
        }
        Ok(Self {
            filter: Filter::of_words(&words, text.len(), Bare::Event, now)?,
            times,
            terms: words
                .iter()
                .filter_map(|word| text.get(word.place.clone()))
                .map(str::to_owned)
                .collect(),
        })
    }
}

impl Filter {
    /// Whether it speaks of how a delivery was found or answered: of its verdict, its status or its
    /// outcome.
    pub(crate) fn judges(&self) -> bool {
        self.terms.iter().any(|term| {
            matches!(
                term.test,
                Test::Verdict(_) | Test::Status(_) | Test::Outcome(_)
            )
        })
    }

    /// Whether it tells one attempt of a delivery from another.
    pub(crate) fn names_attempts(&self) -> bool {
        self.terms
            .iter()
            .any(|term| matches!(term.test, Test::Attempt(_)))
    }

    /// What passes, and was looked at: its body was taken, and its path is known.
    pub(crate) fn of_judged(mut self) -> Self {
        self.terms.push(Term {
            negated: true,
            test: Test::Verdict(vec![None]),
        });
        self
    }

    /// What passes, and nothing speaks against the sender being who it says.
    pub(crate) fn of_believed(mut self) -> Self {
        self.terms.push(Term {
            negated: false,
            test: Test::Verdict(vec![Some(VerdictKind::Valid), Some(VerdictKind::Unchecked)]),
        });
        self
    }
}
