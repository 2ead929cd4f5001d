//! When a failed delivery is tried again, and how much is done at once.

use std::str::FromStr;

use clap::Args;

use crate::delivery::{Limits, Terms};

use super::LoadArgs;

/// The deliveries that are under way at the same time where their order is let go and no number is
/// given, and the endpoints that are where it is kept.
const AT_ONCE: usize = 16;

/// The attempts at the same time where there is a rate and no number is given.
const WITH_RATE: u16 = 64;

/// When a failed delivery is tried again, and how much is done at once.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Schedule")]
pub(crate) struct ScheduleArgs {
    /// Attempts at most [default: as the platform]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_attempts: Option<u32>,
    /// Let each wait vary by so much of itself, in percent [default: as the platform]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    jitter: Option<u32>,
    /// Shorten the waits so many times: 60x makes a minute a second [default: 1x]
    #[arg(long, value_name = "FACTOR")]
    speed: Option<Speed>,
    /// Disable the endpoint after so many failures in a row [default: as the platform]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    disable_after: Option<u32>,
    /// Do not wait for one delivery to end before the next one to the same endpoint begins
    #[arg(long)]
    unordered: bool,
    /// Attempts at the same time, in no order [default: one for each endpoint]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    concurrency: Option<u16>,
}

/// How many times faster than the platform's the waits are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Speed(f64);

/// The slowest and the fastest: beyond, a wait is none, or for ever.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.001..=1_000_000.0;

impl ScheduleArgs {
    /// The platform's own schedule at a speed.
    pub(crate) fn at(speed: Speed) -> Self {
        Self {
            max_attempts: None,
            jitter: None,
            speed: Some(speed),
            disable_after: None,
            unordered: false,
            concurrency: None,
        }
    }

    /// Whether anything is said that only counts where failures are followed by retries.
    pub(crate) fn shapes_retries(&self) -> bool {
        let is_counted = self.max_attempts.is_some() || self.disable_after.is_some();
        is_counted || self.jitter.is_some() || self.speed.is_some()
    }

    /// How much is done at once. Several attempts at a time to one endpoint keep no order.
    pub(crate) fn limits(&self) -> Limits {
        let given = self.concurrency.map(usize::from);
        Limits {
            concurrency: given.unwrap_or(AT_ONCE),
            ordered: !self.unordered && given.is_none_or(|given| given == 1),
        }
    }

    /// How much of a load is done at once: with a rate, deliveries wait for no other one.
    pub(crate) fn limits_of_load(&self, load: &LoadArgs) -> Limits {
        let free = || load.rate().map(|_| WITH_RATE);
        let concurrency = self.concurrency.or_else(free);
        Self {
            concurrency,
            ..*self
        }
        .limits()
    }

    /// Terms with what is said here.
    pub(crate) fn terms(&self, terms: Terms) -> Terms {
        Terms {
            max_attempts: self.max_attempts,
            jitter: self.jitter,
            speed: self.speed.map_or(1.0, Speed::factor),
            disable_after: self.disable_after,
            ..terms
        }
    }
}

impl Speed {
    /// The factor.
    pub(crate) fn factor(self) -> f64 {
        self.0
    }
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix(['x', 'X']).unwrap_or(text);
        let speed = number.parse().ok().filter(|speed| SPEEDS.contains(speed));
        speed.map(Self).ok_or_else(|| {
            format!("`{text}` is no speed: write 60x for sixty times faster, up to 1000000x")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Speed;

    #[test]
    fn a_speed_is_a_number_with_or_without_its_x() {
        for (text, speed) in [("60x", 60.0), ("60", 60.0), ("1.5X", 1.5), ("0.5x", 0.5)] {
            assert_eq!(text.parse(), Ok(Speed(speed)), "{text}");
        }
        for text in ["", "x", "0", "0x", "-1x", "inf", "NaN", "1e9x", "60s"] {
            assert!(text.parse::<Speed>().is_err(), "{text}");
        }
    }
}
