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

    /// How many attempts there are at most, the first one included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        1 + match self {
            Self::None => 0,
            Self::List(delays) => u32::try_from(delays.len()).unwrap_or(u32::MAX - 1),
            Self::Exponential { max, .. } => *max,
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
        let nth = self.taken;
        self.taken = nth.saturating_add(1);
        match self.schedule {
            Schedule::None => None,
            Schedule::List(delays) => delays.get(usize::try_from(nth).ok()?).copied(),
            Schedule::Exponential {
                base,
                factor,
                cap,
                max,
            } => (nth < *max).then(|| base.saturating_mul(factor.saturating_pow(nth)).min(*cap)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
}
