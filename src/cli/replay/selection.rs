//! Which deliveries are meant.

use std::collections::BTreeSet;

use crate::cli::args::{FilterFlags, is_term};
use crate::cli::context::Context;
use crate::cli::error::{Error, NOTHING_YET};
use crate::store::{Bare, Filter, KEYS, Reader, Side};

/// The deliveries that an error names.
const NAMED: usize = 3;

/// What names deliveries: ids, a filter, or how many of the newest.
pub(super) struct Selection<'s> {
    ids: Vec<&'s str>,
    terms: Vec<String>,
    flags: &'s FilterFlags,
    last: Option<u32>,
}

/// The store that has something to send again.
pub(crate) fn recorded(context: &Context) -> Result<Reader, Error> {
    let nothing = || Error::input("nothing is recorded yet").hint(NOTHING_YET);
    context.reader()?.ok_or_else(nothing)
}

/// The delivery that a name means.
fn find(reader: &Reader, name: &str) -> Result<i64, Error> {
    reader.find(name).map_err(|error| {
        let error = Error::from(error);
        if name.contains(':') {
            error.hint(format!("the keys of a filter are {}", KEYS.join(", ")))
        } else {
            error
        }
    })
}

impl<'s> Selection<'s> {
    /// What arguments name; those that begin with a key are terms of the filter.
    pub(super) fn new(names: &'s [String], flags: &'s FilterFlags, last: Option<u32>) -> Self {
        let (terms, ids): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_term(name));
        Self {
            ids: ids.into_iter().map(String::as_str).collect(),
            terms: terms.into_iter().cloned().collect(),
            flags,
            last,
        }
    }

    /// Whether nothing is named at all.
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.last.is_none() && self.text().is_empty()
    }

    /// The numbers of the deliveries, each once, in the order in which they were first recorded.
    pub(super) fn numbers(&self, reader: &Reader) -> Result<Vec<i64>, Error> {
        let named = self.ids.iter().map(|id| find(reader, id));
        let named: BTreeSet<i64> = named.collect::<Result<_, Error>>()?;
        let most = self.last.map_or(usize::MAX, |last| last as usize);
        if !named.is_empty() && self.text().is_empty() {
            let older = named.len().saturating_sub(most);
            return Ok(named.into_iter().skip(older).collect());
        }
        let filter = self.flags.filter(&self.terms, Bare::Search)?;
        let mut found = BTreeSet::new();
        let is_meant = |number: &i64| named.is_empty() || named.contains(number);
        'log: for lines in reader.list(&filter, Side::NEWEST, usize::MAX) {
            for number in lines?.iter().map(|line| line.place.delivery) {
                if found.len() == most {
                    break 'log;
                }
                found.extend(Some(number).filter(is_meant));
            }
        }
        if found.is_empty() {
            return Err(self.none(reader)?);
        }
        Ok(found.into_iter().collect())
    }

    fn text(&self) -> String {
        self.flags.text(&self.terms)
    }

    /// The error where no delivery passes, with the newest that there are.
    fn none(&self, reader: &Reader) -> Result<Error, Error> {
        let mut error = match self.text() {
            text if text.is_empty() => Error::input("no attempt is recorded yet"),
            text => Error::input(format!("no delivery passes the filter `{text}`")),
        };
        let mut newest = reader.page(&Filter::default(), None, NAMED * 2)?;
        newest.dedup_by_key(|line| line.place.delivery);
        newest.truncate(NAMED);
        if !newest.is_empty() {
            error = error.detail("the newest in the log are");
        }
        for line in &newest {
            let (attempt, number) = (&line.attempt, line.place.delivery);
            let event = attempt.event.as_deref().unwrap_or("(no event)");
            let status = attempt
                .status
                .map_or("no answer".to_owned(), |s| s.to_string());
            error = error.detail(format!("#{number} {event} {status}"));
        }
        Ok(error.hint("`wh log` with the same filter shows what passes it"))
    }
}
