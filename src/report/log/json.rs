//! The log for programs.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use crate::export::AttemptLine;
use crate::report::Typed;
use crate::store::{Listed, Side};
use crate::term::Streams;

use super::{LogReporter, Summary, Unmet};

/// Writes the log as JSON lines.
pub(crate) struct JsonLog {
    streams: Streams,
}

impl JsonLog {
    /// A log on standard output.
    pub(crate) fn new(streams: Streams) -> Self {
        Self { streams }
    }
}

impl LogReporter for JsonLog {
    fn list(&mut self, lines: Vec<Listed>) -> io::Result<()> {
        let mut text = Vec::new();
        for line in &lines {
            Typed::new("attempt", AttemptLine::of(line)).write_to(&mut text)?;
        }
        self.streams.out().write_all(&text)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let tally = &summary.tally;
        let (before, after) = match summary.more {
            Some(Side::Before(row)) => (Some(row), None),
            Some(Side::After(row)) => (None, Some(row)),
            None => (None, None),
        };
        let body = json!({
            "attempts": tally.attempts,
            "succeeded": tally.succeeded,
            "failed": tally.failed,
            "retrying": tally.retrying,
            "duplicates": tally.duplicates,
            "unverified": tally.unverified,
            "p50_ms": tally.p50.map(milliseconds),
            "p95_ms": tally.p95.map(milliseconds),
            "cursor": summary.cursor,
            "before": before,
            "after": after,
        });
        Typed::new("summary", body).write(self.streams.out())
    }

    fn line(&mut self, line: &Listed) -> io::Result<()> {
        Typed::new("attempt", AttemptLine::of(line)).write(self.streams.out())?;
        self.streams.flush()
    }

    fn unmet(&mut self, unmet: &Unmet<'_>) -> io::Result<()> {
        let last: Vec<_> = unmet.last.iter().map(AttemptLine::of).collect();
        let body = json!({
            "met": false,
            "expected": unmet.expected,
            "others": unmet.others,
            "last": last,
            "cursor": unmet.cursor,
        });
        Typed::new("expectation", body).write(self.streams.out())
    }
}

/// Whole milliseconds, as an attempt's own.
fn milliseconds(time: Duration) -> Value {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).into()
}
