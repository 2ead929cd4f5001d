//! What the deliveries of a run came to.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::{Attempt, FailureKind, Next};

/// Times, each to three digits.
#[derive(Clone, Debug)]
pub(crate) struct Times(Option<Histogram<u64>>);

/// Figures of a run.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// Attempts that were made.
    pub(crate) attempts: u64,
    /// Attempts beyond the first of their delivery.
    pub(crate) retried: u64,
    /// Deliveries that the receiver took.
    pub(crate) delivered: u64,
    /// Deliveries whose schedule came to its end.
    pub(crate) failed: u64,
    /// Deliveries that the receiver stopped.
    pub(crate) stopped: u64,
    /// Deliveries held back because their endpoint was disabled.
    pub(crate) held: u64,
    /// Deliveries that are left to another process.
    pub(crate) elsewhere: u64,
    /// Attempts of which nobody knows what came of them.
    pub(crate) unknown: u64,
    /// Attempts that got an answer.
    pub(crate) answered: u64,
    /// Answers by status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Attempts without an answer, by kind.
    pub(crate) failures: BTreeMap<FailureKind, u64>,
    /// From the request to the whole answer.
    pub(crate) latency: Times,
    /// The same from the time at which the request should have gone out, where a rate was asked for.
    pub(crate) from_intended: Option<Times>,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            attempts: 0,
            retried: 0,
            delivered: 0,
            failed: 0,
            stopped: 0,
            held: 0,
            elsewhere: 0,
            unknown: 0,
            answered: 0,
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            latency: Times::new(),
            from_intended: None,
        }
    }

    /// Counts an attempt; `late` is how long after its intended time it went out, where it had one.
    pub(super) fn count(
        &mut self,
        attempt: &Attempt,
        next: &Next,
        nth: u32,
        late: Option<Duration>,
    ) {
        self.attempts += 1;
        self.retried += u64::from(nth > 1);
        match &attempt.outcome {
            Ok(response) => {
                self.answered += 1;
                *self.statuses.entry(response.status).or_default() += 1;
            }
            Err(failure) => *self.failures.entry(failure.kind).or_default() += 1,
        }
        self.latency.record(attempt.elapsed);
        if let Some(late) = late {
            let whole = self.from_intended.get_or_insert_with(Times::new);
            whole.record(late + attempt.elapsed);
        }
        match next {
            Next::Delivered => self.delivered += 1,
            Next::Failed => self.failed += 1,
            Next::Stopped(_) => self.stopped += 1,
            Next::Retry(_) => {}
        }
    }
}

impl Times {
    /// None yet.
    pub(crate) fn new() -> Self {
        // Only a number of digits that there is no counter for can be wrong.
        Self(Histogram::new(3).ok())
    }

    /// Counts one.
    pub(crate) fn record(&mut self, time: Duration) {
        if let Some(histogram) = &mut self.0 {
            let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
            // It grows with what it is given; only memory that there is none of stops it.
            let _ = histogram.record(micros);
        }
    }

    /// The time that so many of a hundred do not exceed; `None` where there was none.
    pub(crate) fn percentile(&self, percent: f64) -> Option<Duration> {
        let histogram = self.0.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(Duration::from_micros(
            histogram.value_at_percentile(percent),
        ))
    }

    /// How many there were, and the least and the longest of them.
    pub(crate) fn extent(&self) -> (u64, Duration, Duration) {
        let Some(histogram) = &self.0 else {
            return (0, Duration::ZERO, Duration::ZERO);
        };
        let [least, most] = [histogram.min(), histogram.max()].map(Duration::from_micros);
        (histogram.len(), least, most)
    }

    /// How many lie above `from` and not above `to`.
    pub(crate) fn between(&self, from: Duration, to: Duration) -> u64 {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let histogram = self.0.as_ref();
        histogram.map_or(0, |histogram| {
            histogram.count_between(micros(from).saturating_add(1), micros(to))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Times;

    #[test]
    fn long_times_are_kept_as_they_are() {
        let mut times = Times::new();
        for seconds in [0.0004, 0.25, 30.0, 86_400.0] {
            times.record(Duration::from_secs_f64(seconds));
        }
        let at = |percent| times.percentile(percent).map(|time| time.as_secs_f64());
        for (percent, seconds) in [
            (25.0, 0.0004),
            (50.0, 0.25),
            (75.0, 30.0),
            (100.0, 86_400.0),
        ] {
            let found = at(percent).unwrap_or_default();
            assert!((found / seconds - 1.0).abs() < 0.001, "{percent}: {found}");
        }
        assert_eq!(Times::new().percentile(50.0), None);
    }
}
