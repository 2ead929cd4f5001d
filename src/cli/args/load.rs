//! How many deliveries there are, how fast they begin, and what goes wrong on purpose.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::report::{Detail, Prospect};

use super::DurationArg;

/// How many deliveries there are, how fast they begin, and what goes wrong on purpose.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Load")]
pub(crate) struct LoadArgs {
    /// Send so many deliveries, each with an id, a timestamp and a signature of its own
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Begin so many a second, or 30/m, at fixed times, and measure latency from these too; -c 64
    /// unless given [default: as fast as they are answered]
    #[arg(long, value_name = "RATE")]
    rate: Option<Rate>,
    /// Begin none after this time; without -n as many as fit
    #[arg(long, value_name = "TIME")]
    duration: Option<DurationArg>,
    /// Send each delivery a second time with this chance: 0.1, or 10%
    #[arg(long, value_name = "CHANCE", conflicts_with = "retry")]
    duplicate: Option<Share>,
    /// Mix the order among so many at a time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shuffle: Option<u32>,
    /// Make ids, sample values and disorder from this number: the same again
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// Deliveries a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate(pub(crate) f64);

/// A share of all, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share(pub(crate) f64);

/// The deliveries up to which each attempt is told of.
const TOLD: u64 = 20;

impl LoadArgs {
    /// Whether there is more than one delivery, or anything special about it.
    pub(crate) fn is_given(&self) -> bool {
        let special = self.rate.is_some() || self.duplicate.is_some() || self.shuffle.is_some();
        special || self.count.is_some() || self.duration.is_some() || self.seed.is_some()
    }

    /// Whether more than one webhook id is needed.
    pub(crate) fn is_several(&self) -> bool {
        self.count() > 1
    }

    /// The deliveries, duplicates not counted; where only the time ends them, no end.
    pub(crate) fn count(&self) -> u64 {
        let endless = if self.duration.is_some() { u64::MAX } else { 1 };
        self.count.unwrap_or(endless)
    }

    /// Whether they are few enough to be told of one by one.
    pub(crate) fn is_small(&self) -> bool {
        self.count() <= TOLD
    }

    /// What is known of the run before it begins; duplicates come to it by chance.
    pub(crate) fn prospect(&self, is_told: bool) -> Prospect {
        Prospect {
            deliveries: self.count.filter(|_| self.duplicate.is_none()),
            duration: self.duration(),
            detail: if is_told {
                Detail::Each
            } else {
                Detail::Summary
            },
        }
    }

    /// Deliveries a second, where they are asked for.
    pub(crate) fn rate(&self) -> Option<f64> {
        self.rate.map(|rate| rate.0)
    }

    /// After how long none begins.
    pub(crate) fn duration(&self) -> Option<Duration> {
        self.duration.map(|duration| duration.0)
    }

    /// The chance of a second time.
    pub(crate) fn duplicate(&self) -> f64 {
        self.duplicate.map_or(0.0, |share| share.0)
    }

    /// Among how many the order is mixed.
    pub(crate) fn shuffle(&self) -> usize {
        self.shuffle
            .and_then(|window| usize::try_from(window).ok())
            .unwrap_or_default()
    }

    /// The number that all is made from, where one is given.
    pub(crate) fn seed(&self) -> Option<u64> {
        self.seed
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, seconds) = match text.split_once('/') {
            None | Some((_, "s")) => (text.trim_end_matches("/s"), 1.0),
            Some((number, "m")) => (number, 60.0),
            Some((number, "h")) => (number, 3600.0),
            Some(_) => ("", 1.0),
        };
        let rate = number.parse().ok().map(|number: f64| number / seconds);
        let rate = rate.filter(|rate| (1e-6..=1e6).contains(rate));
        rate.map(Self)
            .ok_or_else(|| format!("`{text}` is no rate: write 500 for so many a second, or 30/m"))
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let share = match text.strip_suffix('%') {
            Some(percent) => percent.parse().map(|percent: f64| percent / 100.0),
            None => text.parse(),
        };
        let share = share.ok().filter(|share| (0.0..=1.0).contains(share));
        share
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no chance: write 0.1 or 10%"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Rate, Share};

    #[test]
    fn a_rate_is_a_number_a_second_or_by_another_unit() {
        for (text, rate) in [
            ("500", 500.0),
            ("0.5", 0.5),
            ("100/s", 100.0),
            ("30/m", 0.5),
            ("36/h", 0.01),
        ] {
            assert_eq!(text.parse(), Ok(Rate(rate)), "{text}");
        }
        for text in [
            "", "/s", "0", "-1", "inf", "NaN", "5/d", "5/", "1e9", "5/s/s",
        ] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_chance_is_a_share_or_a_percentage() {
        for (text, share) in [("0", 0.0), ("0.25", 0.25), ("25%", 0.25), ("100%", 1.0)] {
            assert_eq!(text.parse(), Ok(Share(share)), "{text}");
        }
        for text in ["", "%", "-0.1", "1.1", "101%", "NaN", "ten"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
