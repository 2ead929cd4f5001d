//! How long a wait may be that a schedule names.

use std::time::Duration;

/// How the time of a sender runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How many times faster than the platform's its waits are.
    pub(super) speed: f64,
    /// By how much of itself a wait may vary, in percent, because the platform says so.
    pub(super) jitter_percent: u32,
}

/// The shortest and the longest that a wait may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) earliest: Duration,
    pub(super) latest: Duration,
}

/// The least by which a time may differ.
const LEAST: Duration = Duration::from_secs(1);

/// By how much of itself a time may differ: a tenth, at least a second.
pub(super) fn margin(length: Duration) -> Duration {
    (length / 10).max(LEAST)
}

/// What a time may be that is never scaled.
pub(super) fn around(length: Duration) -> Span {
    Span {
        earliest: length.saturating_sub(margin(length)),
        latest: length.saturating_add(margin(length)),
    }
}

impl Pace {
    /// A wait of the platform as this sender keeps it.
    pub(super) fn scaled(self, wait: Duration) -> Duration {
        Duration::try_from_secs_f64(wait.as_secs_f64() / self.speed).unwrap_or(Duration::MAX)
    }

    /// What a wait of the platform may be.
    ///
    /// The margin is of the platform's time. Only nobody is ever late by less than a second of real
    /// time: machines do not get faster with the schedule, and they never make anybody early.
    pub(super) fn span(self, wait: Duration) -> Span {
        let jitter = wait / 100 * self.jitter_percent.min(100);
        let margin = margin(wait);
        let shortest = wait.saturating_sub(jitter).saturating_sub(margin);
        let longest = self.scaled(wait.saturating_add(jitter));
        Span {
            earliest: self.scaled(shortest),
            latest: longest.saturating_add(self.scaled(margin).max(LEAST)),
        }
    }

    /// From when on an attempt that has not come is missing, and not only late.
    pub(super) fn missing_after(self, wait: Duration) -> Duration {
        let late = self.scaled(margin(wait)).max(LEAST);
        self.span(wait).latest.saturating_add(late * 2)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Pace, Span, around};

    fn ms(earliest: u64, latest: u64) -> Span {
        Span {
            earliest: Duration::from_millis(earliest),
            latest: Duration::from_millis(latest),
        }
    }

    #[test]
    fn a_wait_has_a_tenth_or_a_second_and_the_jitter_besides() {
        for (speed, jitter_percent, seconds, span) in [
            (1.0, 0, 10, ms(9_000, 11_000)),
            (1.0, 0, 300, ms(270_000, 330_000)),
            (1.0, 0, 1, ms(0, 2_000)),
            (1.0, 20, 300, ms(210_000, 390_000)),
            // Early by a second of the platform's time, late by one of our own.
            (10.0, 0, 10, ms(900, 2_000)),
            (10.0, 0, 300, ms(27_000, 33_000)),
            (0.5, 0, 10, ms(18_000, 22_000)),
        ] {
            let pace = Pace {
                speed,
                jitter_percent,
            };
            let found = pace.span(Duration::from_secs(seconds));
            assert_eq!(found, span, "{speed}x ±{jitter_percent} % {seconds} s");
        }
    }

    #[test]
    fn what_is_missing_is_later_than_late() {
        for speed in [1.0, 60.0, 100_000.0] {
            let pace = Pace {
                speed,
                jitter_percent: 10,
            };
            for wait in [0, 1, 10, 3600].map(Duration::from_secs) {
                assert!(pace.missing_after(wait) > pace.span(wait).latest);
            }
        }
    }

    #[test]
    fn a_timeout_has_a_tenth_or_a_second() {
        assert_eq!(around(Duration::from_secs(5)), ms(4_000, 6_000));
        assert_eq!(around(Duration::from_secs(30)), ms(27_000, 33_000));
    }
}
