//! The delays between attempts, as a value.

use std::time::Duration;

/// The delays a sender waits after each failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// A failed delivery is not tried again.
    None,
    /// These delays, in order.
    List(Vec<Duration>),
    /// `base × factor^n`, at most `cap`, `max` times.
    Exponential {
        /// The first delay.
        base: Duration,
        /// What each delay is multiplied by.
        factor: u32,
        /// The longest delay.
        cap: Duration,
        /// How many delays there are.
        max: u32,
    },
}

impl Schedule {
    /// The delays, first one first.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wh::retry::Schedule;
    /// let schedule = Schedule::Exponential {
    ///     base: Duration::from_secs(10), factor: 2, cap: Duration::from_secs(60), max: 5,
    /// };
    /// let seconds: Vec<u64> = schedule.delays().map(|d| d.as_secs()).collect();
    /// assert_eq!(seconds, [10, 20, 40, 60, 60]);
    /// ```
    #[must_use]
    pub fn delays(&self) -> Delays<'_> {
        Delays {
            schedule: self,
            taken: 0,
        }
    }

    /// The delay after the `failures`-th failure, counted from 1; `None` where nothing is tried again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wh::retry::Schedule;
    /// let schedule = Schedule::List([10, 60, 300].map(Duration::from_secs).to_vec());
    /// assert_eq!(schedule.delay_after(2), Some(Duration::from_secs(60)));
    /// assert_eq!(schedule.delay_after(4), None);
    /// ```
    #[must_use]
    pub fn delay_after(&self, failures: u32) -> Option<Duration> {
        let nth = failures.checked_sub(1)?;
        match self {
            Self::None => None,
            Self::List(delays) => delays.get(usize::try_from(nth).ok()?).copied(),
            Self::Exponential {
                base,
                factor,
                cap,
                max,
            } => (nth < *max).then(|| base.saturating_mul(factor.saturating_pow(nth)).min(*cap)),
        }
    }

    /// How many attempts there are at most, the first one included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        1 + match self {
            Self::None => 0,
            Self::List(delays) => u32::try_from(delays.len()).unwrap_or(u32::MAX - 1),
            Self::Exponential { max, .. } => (*max).min(u32::MAX - 1),
        }
    }

    /// The schedule with at most so many attempts in all; the first one is always made.
    ///
    /// A schedule is never made longer: the platform would not try so often, and no document says
    /// what it would wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wh::retry::Schedule;
    /// let schedule = Schedule::List([10, 60, 300].map(Duration::from_secs).to_vec());
    /// assert_eq!(schedule.limited(2).delays().count(), 1);
    /// assert_eq!(schedule.limited(9), schedule);
    /// ```
    #[must_use]
    pub fn limited(&self, attempts: u32) -> Self {
        let retries = attempts.saturating_sub(1);
        match self {
            Self::None => Self::None,
            Self::List(delays) => {
                let kept = usize::try_from(retries).unwrap_or(usize::MAX);
                Self::List(delays.iter().take(kept).copied().collect())
            }
            &Self::Exponential {
                base,
                factor,
                cap,
                max,
            } => Self::Exponential {
                base,
                factor,
                cap,
                max: max.min(retries),
            },
        }
    }
}

/// The delays of a schedule, oldest first.
///
/// Yields each delay and then ends; jitter is the caller's, so that a schedule stays a plain value.
#[derive(Clone, Debug)]
pub struct Delays<'s> {
    schedule: &'s Schedule,
    taken: u32,
}

impl Iterator for Delays<'_> {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.taken = self.taken.saturating_add(1);
        self.schedule.delay_after(self.taken)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::Schedule;

    #[test]
    fn a_long_exponential_stays_at_its_cap() {
        let cap = Duration::from_secs(3600);
        let schedule = Schedule::Exponential {
            base: Duration::from_secs(10),
            factor: 2,
            cap,
            max: 100,
        };
        assert_eq!(schedule.delays().last(), Some(cap));
        assert_eq!(schedule.delays().count(), 100);
        assert_eq!(schedule.attempts(), 101);
    }

    #[test]
    fn none_ends_at_once() {
        assert_eq!(Schedule::None.delays().next(), None);
        assert_eq!(Schedule::None.attempts(), 1);
    }

    #[test]
    fn no_failure_has_no_delay() {
        for schedule in [Schedule::None, ten_seconds(0), ten_seconds(3)] {
            assert_eq!(schedule.delay_after(0), None, "{schedule:?}");
            assert_eq!(schedule.delay_after(u32::MAX), None, "{schedule:?}");
        }
    }

    #[test]
    fn a_limit_of_none_leaves_the_first_attempt() {
        for limit in [0, 1] {
            assert_eq!(ten_seconds(3).limited(limit).attempts(), 1, "{limit}");
        }
    }

    #[test]
    fn a_schedule_without_an_end_can_be_counted() {
        let schedule = Schedule::Exponential {
            base: Duration::MAX,
            factor: u32::MAX,
            cap: Duration::MAX,
            max: u32::MAX,
        };
        assert_eq!(schedule.attempts(), u32::MAX);
        assert_eq!(schedule.delay_after(u32::MAX), Some(Duration::MAX));
    }

    fn ten_seconds(times: usize) -> Schedule {
        Schedule::List(vec![Duration::from_secs(10); times])
    }

    fn schedules() -> impl Strategy<Value = Schedule> {
        let delays = proptest::collection::vec(any::<Duration>(), 0..20);
        let numbers = (
            any::<Duration>(),
            any::<u32>(),
            any::<Duration>(),
            0..50_u32,
        );
        prop_oneof![
            Just(Schedule::None),
            delays.prop_map(Schedule::List),
            numbers.prop_map(|(base, factor, cap, max)| Schedule::Exponential {
                base,
                factor,
                cap,
                max
            }),
        ]
    }

    proptest! {
        #[test]
        fn the_delays_are_those_after_each_failure(schedule in schedules()) {
            let walked: Vec<_> = schedule.delays().collect();
            let asked: Vec<_> = (1..).map_while(|nth| schedule.delay_after(nth)).collect();
            prop_assert_eq!(walked.len() + 1, usize::try_from(schedule.attempts())?);
            prop_assert_eq!(walked, asked);
        }

        #[test]
        fn an_exponential_never_falls_and_never_passes_its_cap(
            base in any::<Duration>(),
            factor in 1..10_u32,
            cap in any::<Duration>(),
        ) {
            let schedule = Schedule::Exponential { base, factor, cap, max: 40 };
            let delays: Vec<_> = schedule.delays().collect();
            prop_assert!(delays.is_sorted() && delays.iter().all(|delay| *delay <= cap));
        }

        #[test]
        fn a_limit_keeps_the_first_delays_and_adds_none(
            schedule in schedules(),
            limit in 0..60_u32,
        ) {
            let limited = schedule.limited(limit);
            prop_assert_eq!(limited.attempts(), schedule.attempts().min(limit.max(1)));
            let kept = schedule.delays().take(limited.delays().count());
            prop_assert!(limited.delays().eq(kept));
        }
    }
}
