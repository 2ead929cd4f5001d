//! What the log comes to: counts and response times over everything that passes.

use std::ops::ControlFlow;
use std::time::Duration;

use hdrhistogram::Histogram;
use rusqlite::types::ValueRef;
use rusqlite::{Row, params_from_iter};

use super::error::of_sqlite;
use super::filter::{Access, Filter};
use super::query::Question;
use super::scan::Scan;
use super::{Outcome, Reader, StoreError, VerdictKind};

/// The columns that a line of the log adds to a tally, in the order in which they are read.
const COLUMNS: [&str; 5] = [
    "a.status",
    "a.took",
    "a.outcome",
    "a.verdict",
    "a.duplicate_of",
];

/// What the attempts come to that pass a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many there are.
    pub(crate) attempts: u64,
    /// Those with the outcome success.
    pub(crate) succeeded: u64,
    /// Those with the outcome failed.
    pub(crate) failed: u64,
    /// Those with the outcome retrying.
    pub(crate) retrying: u64,
    /// Those that repeat a delivery.
    pub(crate) duplicates: u64,
    /// Those whose verdict is invalid, stale, ambiguous or unsigned.
    pub(crate) unverified: u64,
    /// The time that half of the answered ones took at most; nearest rank, within 0.1 %.
    pub(crate) p50: Option<Duration>,
    /// The time that 95 % of the answered ones took at most; nearest rank, within 0.1 %.
    pub(crate) p95: Option<Duration>,
}

/// Rows that were looked at, before they are summed up.
#[derive(Default)]
struct Part {
    sum: Tally,
    took: Vec<u64>,
}

impl Part {
    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let sum = &mut self.sum;
        sum.attempts += 1;
        match Outcome::of_code(row.get(2)?) {
            Some(Outcome::Success) => sum.succeeded += 1,
            Some(Outcome::Failed) => sum.failed += 1,
            Some(Outcome::Retrying) => sum.retrying += 1,
            None => {}
        }
        let verdict = row.get::<_, Option<u8>>(3)?.and_then(VerdictKind::of_code);
        sum.unverified += u64::from(verdict.is_some_and(VerdictKind::is_failure));
        sum.duplicates += u64::from(row.get_ref(4)? != ValueRef::Null);
        if row.get_ref(0)? != ValueRef::Null {
            self.took.push(row.get(1).map(i64::unsigned_abs)?);
        }
        Ok(())
    }
}

impl Tally {
    /// Adds what other rows come to, percentiles left out.
    fn add(&mut self, other: &Self) {
        self.attempts += other.attempts;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.retrying += other.retrying;
        self.duplicates += other.duplicates;
        self.unverified += other.unverified;
    }
}

impl Reader {
    /// What everything that passes comes to.
    pub(crate) fn tally(&self, filter: &Filter) -> Result<Tally, StoreError> {
        let mut sum = Tally::default();
        let mut times = Times::default();
        let mut take = |part: Part| {
            sum.add(&part.sum);
            part.took.iter().for_each(|took| times.add(*took));
        };
        let question = self.question(filter)?;
        if question.access() == Access::Rows {
            let scan = Scan::new(filter, &COLUMNS);
            self.scan(&scan, i64::MAX, Part::add, |part| {
                take(part);
                ControlFlow::Continue(())
            })?;
        } else {
            take(self.part(&question)?);
        }
        sum.p50 = times.percentile(50.0);
        sum.p95 = times.percentile(95.0);
        Ok(sum)
    }

    /// The rows that an index leads to.
    fn part(&self, question: &Question) -> Result<Part, StoreError> {
        let (condition, values) = question.condition();
        let columns = COLUMNS.join(", ");
        let attempts = question.attempts();
        let sql = format!(
            "SELECT {columns} FROM {attempts} CROSS JOIN deliveries AS d ON d.number = a.delivery \
             WHERE {condition}"
        );
        let gather = || -> rusqlite::Result<Part> {
            let mut part = Part::default();
            let mut statement = self.connection().prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                part.add(row)?;
            }
            Ok(part)
        };
        gather().map_err(|error| of_sqlite(self.path(), &error))
    }
}

/// Response times, counted.
struct Times(Option<Histogram<u64>>);

impl Default for Times {
    fn default() -> Self {
        // Three digits are counted apart: 0.1 %.
        Self(Histogram::new(3).ok())
    }
}

impl Times {
    fn add(&mut self, micros: u64) {
        if let Some(histogram) = &mut self.0 {
            // A time of centuries is no reason to fail.
            let _ = histogram.record(micros);
        }
    }

    fn percentile(&self, percent: f64) -> Option<Duration> {
        let histogram = self.0.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(Duration::from_micros(
            histogram.value_at_percentile(percent),
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::Tally;
    use crate::store::filter::{Bare, Filter};
    use crate::store::samples::{Shelf, sample};
    use crate::store::{Entry, Judgement, Outcome, VerdictKind};

    fn entry(nth: u32, outcome: Outcome, verdict: Option<VerdictKind>) -> Entry {
        let mut entry = sample();
        let attempt = &mut entry.attempt;
        attempt.event = Some(if nth > 1 { "b" } else { "a" }.to_owned());
        attempt.at = Timestamp::UNIX_EPOCH + Duration::from_secs(u64::from(nth));
        attempt.took = Duration::from_millis(u64::from(nth * 100));
        attempt.outcome = outcome;
        attempt.verdict = verdict.map(|kind| Judgement { kind, reason: None });
        // The same id: the second that was accepted repeats the first.
        attempt.webhook_id = Some("msg_1".to_owned());
        entry
    }

    fn shelf() -> Shelf {
        let shelf = Shelf::new();
        for entry in [
            entry(3, Outcome::Success, Some(VerdictKind::Valid)),
            entry(1, Outcome::Success, Some(VerdictKind::Unchecked)),
            entry(2, Outcome::Failed, Some(VerdictKind::Stale)),
            entry(4, Outcome::Retrying, None),
        ] {
            shelf.record(entry);
        }
        shelf
    }

    #[test]
    fn everything_that_passes_is_counted() {
        let shelf = shelf();
        let about = |found: Option<Duration>, ms: u64| {
            found.is_some_and(|found| {
                found.as_micros().abs_diff(u128::from(ms * 1000)) <= u128::from(ms)
            })
        };
        for (text, attempts, succeeded, failed, retrying, unverified, duplicates, p50, p95) in [
            ("", 4, 2, 1, 1, 1, 1, 200, 400),
            ("outcome:success", 2, 2, 0, 0, 0, 1, 100, 300),
            ("outcome:failed", 1, 0, 1, 0, 1, 0, 200, 200),
            ("event:b", 3, 1, 1, 1, 1, 0, 300, 400),
            ("provider:cepro body:total", 4, 2, 1, 1, 1, 1, 200, 400),
            ("id:#1 -event:a", 3, 1, 1, 1, 1, 0, 300, 400),
        ] {
            let filter = Filter::parse(text, Bare::Search, Timestamp::UNIX_EPOCH).expect(text);
            let tally = shelf.reader().tally(&filter).expect("a tally");
            assert!(
                about(tally.p50, p50) && about(tally.p95, p95),
                "{text}: {tally:?}"
            );
            let expected = Tally {
                attempts,
                succeeded,
                failed,
                retrying,
                unverified,
                duplicates,
                p50: tally.p50,
                p95: tally.p95,
            };
            assert_eq!(tally, expected, "{text}");
        }
    }

    #[test]
    fn nothing_comes_to_nothing() {
        let shelf = shelf();
        let filter = |text| Filter::parse(text, Bare::Search, Timestamp::UNIX_EPOCH).expect(text);
        for text in ["event:none", "event:none*", "id:#99", "status:5xx"] {
            let tally = shelf.reader().tally(&filter(text)).expect("a tally");
            assert_eq!(tally, Tally::default(), "{text}");
        }
        let duplicates = shelf
            .reader()
            .tally(&filter("duplicate:yes"))
            .expect("a tally");
        assert_eq!((duplicates.attempts, duplicates.duplicates), (1, 1));
    }
}
