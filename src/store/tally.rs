//! What the log comes to: counts and response times over everything that passes.

use std::ops::ControlFlow;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Row, params_from_iter};

use super::error::of_sqlite;
use super::filter::{Access, Filter};
use super::query::Question;
use super::scan::Scan;
use super::{Outcome, Reader, StoreError, VerdictKind};

/// The columns that a line of the log adds to a tally, in the order in which they are read.
const COLUMNS: [&str; 5] = ["a.at", "a.took", "a.outcome", "a.verdict", "a.duplicate_of"];

/// What the attempts come to that pass a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many there are.
    pub(crate) attempts: u64,
    /// Those with the outcome success.
    pub(crate) success: u64,
    /// Those with the outcome failed.
    pub(crate) failed: u64,
    /// Those with the outcome retrying.
    pub(crate) retrying: u64,
    /// Those that repeat a delivery.
    pub(crate) duplicates: u64,
    /// Those whose verdict is invalid, stale, ambiguous or unsigned.
    pub(crate) unverified: u64,
    /// The time that half of them took at most; nearest rank, within 0.1 %.
    pub(crate) p50: Option<Duration>,
    /// The time that 95 % of them took at most; nearest rank, within 0.1 %.
    pub(crate) p95: Option<Duration>,
    /// When the earliest one began.
    pub(crate) first: Option<Timestamp>,
    /// When the latest one began.
    pub(crate) last: Option<Timestamp>,
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
            Some(Outcome::Success) => sum.success += 1,
            Some(Outcome::Failed) => sum.failed += 1,
            Some(Outcome::Retrying) => sum.retrying += 1,
            None => {}
        }
        let verdict = row.get::<_, Option<u8>>(3)?.and_then(VerdictKind::of_code);
        sum.unverified += u64::from(verdict.is_some_and(VerdictKind::is_failure));
        sum.duplicates += u64::from(row.get_ref(4)? != rusqlite::types::ValueRef::Null);
        let at = Timestamp::from_microsecond(row.get(0)?).ok();
        sum.first = earlier(sum.first, at);
        sum.last = sum.last.max(at);
        self.took.push(row.get(1).map(i64::unsigned_abs)?);
        Ok(())
    }
}

impl Tally {
    /// Adds what other rows come to, percentiles left out.
    fn add(&mut self, other: &Self) {
        self.attempts += other.attempts;
        self.success += other.success;
        self.failed += other.failed;
        self.retrying += other.retrying;
        self.duplicates += other.duplicates;
        self.unverified += other.unverified;
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
    }
}

/// The earlier of two times that may be missing.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

impl Reader {
    /// What everything that passes comes to.
    pub(crate) fn tally(&self, filter: &Filter) -> Result<Tally, StoreError> {
        let mut sum = Tally::default();
        let mut times = Histogram::default();
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
        sum.p50 = times.percentile(50);
        sum.p95 = times.percentile(95);
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

/// How many steps there are from a number to its double: a step is at most 0.2 % wide.
const STEPS: u32 = 512;

/// How often each time was taken, in steps that widen with the time; exact below 1,024.
#[derive(Default)]
struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    fn add(&mut self, value: u64) {
        let widening = value
            .checked_ilog2()
            .unwrap_or(0)
            .saturating_sub(STEPS.ilog2());
        let step = u64::from(widening * STEPS) + (value >> widening);
        let step = usize::try_from(step).unwrap_or_default();
        if self.counts.len() <= step {
            self.counts.resize(step + 1, 0);
        }
        self.counts[step] += 1;
        self.total += 1;
    }

    /// The middle of the step in which the value of this rank lies, in microseconds.
    fn percentile(&self, percent: u64) -> Option<Duration> {
        let rank = (self.total * percent).div_ceil(100);
        let mut passed = 0;
        let step = self.counts.iter().position(|count| {
            passed += count;
            passed >= rank && rank > 0
        })?;
        let (step, steps) = (step as u64, u64::from(STEPS));
        let widening = (step / steps).saturating_sub(1);
        let low = (step - widening * steps) << widening;
        Some(Duration::from_micros(low + ((1 << widening) >> 1)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{Histogram, Tally};
    use crate::store::filter::{Bare, Filter};
    use crate::store::samples::{Shelf, sample};
    use crate::store::{Entry, Judgement, Outcome, VerdictKind};

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        for values in [
            (1..=100).collect::<Vec<u64>>(),
            vec![7],
            vec![0, 0, 1023],
            (0..2000).map(|n| n * n * 37).collect(),
            vec![u64::from(u32::MAX) * 9; 20],
        ] {
            let mut histogram = Histogram::default();
            for value in &values {
                histogram.add(*value);
            }
            for percent in [1, 50, 95, 100] {
                let rank = (values.len() as u64 * percent).div_ceil(100);
                let exact = values[usize::try_from(rank).expect("it is small") - 1];
                let found = histogram
                    .percentile(percent)
                    .expect("there are some")
                    .as_micros();
                let error = found.abs_diff(u128::from(exact));
                assert!(
                    error * 1000 <= u128::from(exact),
                    "{percent}: {exact} as {found}"
                );
            }
        }
        assert_eq!(Histogram::default().percentile(50), None);
    }

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
        let at = |second| Timestamp::from_second(second).ok();
        let about = |found: Option<Duration>, ms: u64| {
            found.is_some_and(|found| {
                found.as_micros().abs_diff(u128::from(ms * 1000)) <= u128::from(ms)
            })
        };
        for (
            text,
            attempts,
            success,
            failed,
            retrying,
            unverified,
            duplicates,
            p50,
            p95,
            first,
            last,
        ) in [
            ("", 4, 2, 1, 1, 1, 1, 200, 400, 1, 4),
            ("outcome:success", 2, 2, 0, 0, 0, 1, 100, 300, 1, 3),
            ("outcome:failed", 1, 0, 1, 0, 1, 0, 200, 200, 2, 2),
            ("event:b", 3, 1, 1, 1, 1, 0, 300, 400, 2, 4),
            (
                "provider:cepro body:total",
                4,
                2,
                1,
                1,
                1,
                1,
                200,
                400,
                1,
                4,
            ),
            ("id:#1 -event:a", 3, 1, 1, 1, 1, 0, 300, 400, 2, 4),
        ] {
            let filter = Filter::parse(text, Bare::Search, Timestamp::UNIX_EPOCH).expect(text);
            let tally = shelf.reader().tally(&filter).expect("a tally");
            assert!(
                about(tally.p50, p50) && about(tally.p95, p95),
                "{text}: {tally:?}"
            );
            let expected = Tally {
                attempts,
                success,
                failed,
                retrying,
                unverified,
                duplicates,
                p50: tally.p50,
                p95: tally.p95,
                first: at(first),
                last: at(last),
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
