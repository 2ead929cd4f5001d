//! The times at which the deliveries of a load begin.

use std::time::Duration;

use tokio::time::Instant;

/// When deliveries begin, from the first one on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// How many a second; `None`: each as soon as it can.
    rate: Option<f64>,
    /// The time after which none begins.
    lasting: Option<Duration>,
    /// When the first one began.
    start: Option<Instant>,
    /// How many had their turn.
    begun: u64,
}

/// When the next delivery begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// As soon as it can.
    Now,
    /// At a time, which may have passed: a slow receiver moves no later time.
    At(Instant),
    /// Not at all: the time is over.
    Over,
}

impl Pace {
    /// So many a second, for so long.
    pub(crate) fn new(rate: Option<f64>, lasting: Option<Duration>) -> Self {
        Self {
            rate,
            lasting,
            start: None,
            begun: 0,
        }
    }

    /// The turn of the next one; the first call is the start.
    pub(crate) fn turn(&mut self) -> Turn {
        let now = Instant::now();
        let start = *self.start.get_or_insert(now);
        if self.lasting.is_some_and(|lasting| now >= start + lasting) {
            return Turn::Over;
        }
        let Some(rate) = self.rate else {
            return Turn::Now;
        };
        // Exact up to 2^53 deliveries.
        #[expect(clippy::cast_precision_loss, reason = "nobody sends that many")]
        let after = self.begun as f64 / rate;
        self.begun += 1;
        let after = Duration::try_from_secs_f64(after).unwrap_or(Duration::MAX);
        if self.lasting.is_some_and(|lasting| after >= lasting) {
            return Turn::Over;
        }
        start.checked_add(after).map_or(Turn::Over, Turn::At)
    }

    /// How many of `count` were due by the rate within the time and had no turn.
    pub(crate) fn missed(&self, count: u64) -> u64 {
        let (Some(rate), Some(lasting)) = (self.rate, self.lasting) else {
            return 0;
        };
        // The last one is due before the end: one at the end itself is not, however it is rounded.
        let last = (lasting.as_secs_f64() * rate - 1e-6).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it saturates"
        )]
        let due = last as u64 + 1;
        due.min(count).saturating_sub(self.begun)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance, sleep_until};

    use super::{Pace, Turn};

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[tokio::test(start_paused = true)]
    async fn times_are_kept_whoever_is_late() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(100.0), None);
        assert_eq!(pace.turn(), Turn::At(start));
        advance(ms(500)).await;
        for nth in 1..100 {
            assert_eq!(pace.turn(), Turn::At(start + ms(10 * nth)), "{nth}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_begin_in_a_time() {
        for (rate, seconds, count) in [(500.0, 30, 15_000), (0.5, 10, 5), (3.0, 1, 3)] {
            let mut pace = Pace::new(Some(rate), Some(Duration::from_secs(seconds)));
            let mut begun = 0;
            while let Turn::At(at) = pace.turn() {
                sleep_until(at).await;
                begun += 1;
            }
            assert_eq!(begun, count, "{rate}/s for {seconds} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_had_no_turn_in_the_time_is_counted() {
        for (rate, seconds, missed) in [(500.0, 30, 14_998), (3.0, 1, 1), (1.0 / 60.0, 120, 0)] {
            let mut pace = Pace::new(Some(rate), Some(Duration::from_secs(seconds)));
            for _ in 0..2 {
                assert_ne!(pace.turn(), Turn::Over);
            }
            advance(Duration::from_secs(seconds)).await;
            assert_eq!(pace.turn(), Turn::Over);
            assert_eq!(pace.missed(u64::MAX), missed, "{rate}/s for {seconds} s");
            assert_eq!(pace.missed(2), 0);
        }
        for (rate, lasting) in [(None, Some(ms(1))), (Some(1.0), None)] {
            assert_eq!(Pace::new(rate, lasting).missed(u64::MAX), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn none_begins_when_the_time_is_over() {
        for rate in [None, Some(1000.0)] {
            let mut pace = Pace::new(rate, Some(ms(100)));
            assert_ne!(pace.turn(), Turn::Over);
            advance(ms(99)).await;
            assert_ne!(pace.turn(), Turn::Over, "{rate:?}");
            advance(ms(1)).await;
            assert_eq!(pace.turn(), Turn::Over, "{rate:?}");
        }
    }
}
