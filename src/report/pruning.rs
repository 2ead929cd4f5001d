//! What a pruning takes out, in words and as JSON.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::message::TimestampForm;
use crate::store::{Forecast, Pruned};
use crate::term::{bytes, count};

/// A result that people and programs read.
pub(crate) trait Told {
    /// For people: lines, each with its end.
    fn text(&self) -> String;
    /// For programs.
    fn json(&self) -> Value;
}

impl Told for Forecast {
    fn text(&self) -> String {
        match time(self.oldest).zip(time(self.newest)) {
            Some((oldest, newest)) => format!(
                "would delete {}\nlast attempts from {oldest} to {newest}\n",
                doomed(self)
            ),
            None => "would delete nothing\n".to_owned(),
        }
    }

    fn json(&self) -> Value {
        json!({
            "dry_run": true,
            "deliveries": self.deliveries,
            "attempts": self.attempts,
            "bytes": self.bytes,
            "estimate": self.is_estimate,
            "oldest": time(self.oldest),
            "newest": time(self.newest),
        })
    }
}

impl Told for Pruned {
    fn text(&self) -> String {
        if self.deliveries == 0 {
            return "nothing to delete\n".to_owned();
        }
        format!(
            "deleted {} with {}; the store takes {}, {} less\n",
            deliveries(self.deliveries),
            attempts(self.attempts),
            bytes(self.size),
            bytes(self.freed)
        )
    }

    fn json(&self) -> Value {
        json!({
            "dry_run": false,
            "deliveries": self.deliveries,
            "attempts": self.attempts,
            "bodies": self.bodies,
            "freed_bytes": self.freed,
            "size_bytes": self.size,
        })
    }
}

/// What is to go: `1,204 deliveries with 1,310 attempts (about 3.1 MiB)`.
pub(crate) fn doomed(forecast: &Forecast) -> String {
    let about = if forecast.is_estimate { "about " } else { "" };
    format!(
        "{about}{} with {} (about {})",
        deliveries(forecast.deliveries as u64),
        attempts(forecast.attempts),
        bytes(forecast.bytes)
    )
}

/// So many deliveries: `1,204 deliveries`.
pub(crate) fn deliveries(number: u64) -> String {
    let noun = if number == 1 {
        "delivery"
    } else {
        "deliveries"
    };
    format!("{} {noun}", count(number))
}

fn attempts(number: u64) -> String {
    let noun = if number == 1 { "attempt" } else { "attempts" };
    format!("{} {noun}", count(number))
}

fn time(at: Option<Timestamp>) -> Option<String> {
    Some(TimestampForm::Rfc3339Ms.write(at?))
}
