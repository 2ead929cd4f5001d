//! The log for people.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::store::{Listed, Side, Tally};
use crate::term::{Paint, Safe, Streams, duration, sparkline};

use super::columns::{Calendar, Column, MEDIUM, NARROW, WIDE, line, table};
use super::{LogReporter, Summary, Unmet};

/// The columns of a terminal from which on all is shown.
const WIDE_FROM: usize = 120;

/// The columns of a terminal from which on there is room for endpoints.
const MEDIUM_FROM: usize = 96;

/// Writes the log as a table.
pub(crate) struct HumanLog {
    streams: Streams,
    zone: TimeZone,
    /// Whether remarks are left out.
    quiet: bool,
    lines: Vec<Listed>,
}

impl HumanLog {
    /// A log in the local time zone.
    pub(crate) fn new(streams: Streams, quiet: bool) -> Self {
        Self {
            streams,
            zone: TimeZone::system(),
            quiet,
            lines: Vec::new(),
        }
    }

    fn calendar(&self) -> Calendar {
        Calendar {
            now: Timestamp::now(),
            zone: self.zone.clone(),
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.streams.out().write_all(text.as_bytes())
    }

    fn alone(&self, attempt: &Listed, paint: Paint) -> String {
        let columns: &[Column] = match self.streams.wrap() {
            None | Some(WIDE_FROM..) => &WIDE,
            Some(MEDIUM_FROM..) => &MEDIUM,
            Some(_) => &NARROW,
        };
        line(columns, attempt, &self.calendar(), paint)
    }
}

impl LogReporter for HumanLog {
    fn list(&mut self, mut lines: Vec<Listed>) -> io::Result<()> {
        self.lines.append(&mut lines);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let (width, paint) = (self.streams.wrap(), self.streams.paint_out());
        let (lines, calendar) = (std::mem::take(&mut self.lines), self.calendar());
        if !lines.is_empty() {
            let text = match width {
                None | Some(WIDE_FROM..) => table(WIDE, &lines, &calendar).render(paint, width),
                Some(MEDIUM_FROM..) => table(MEDIUM, &lines, &calendar).render(paint, width),
                Some(_) => table(NARROW, &lines, &calendar).render(paint, width),
            };
            self.write(&text)?;
        }
        if let Some(text) =
            width.and_then(|width| response_times(&lines, summary.tally.p50?, width))
        {
            self.write(&format!("{text}\n"))?;
        }
        self.write(&format!("{}\n", in_words(&summary.tally)))?;
        let hint = match summary.more.filter(|_| !self.quiet) {
            Some(Side::Before(row)) => format!("--before {row} shows older ones"),
            Some(Side::After(row)) => format!("--after {row} shows later ones"),
            None => return Ok(()),
        };
        let paint = self.streams.paint_err();
        writeln!(self.streams.err(), "{} {hint}", paint.name("hint:"))
    }

    fn line(&mut self, line: &Listed) -> io::Result<()> {
        let text = self.alone(line, self.streams.paint_out());
        self.write(&text)?;
        self.streams.flush()
    }

    fn unmet(&mut self, unmet: &Unmet<'_>) -> io::Result<()> {
        let paint = self.streams.paint_err();
        let (expected, waited) = (Safe::line(unmet.expected), &unmet.waited);
        let came = match unmet.others {
            0 => "none came at all".to_owned(),
            1 => "1 came that does not pass:".to_owned(),
            others if others == unmet.last.len() as u64 => {
                format!("{others} came that do not pass:")
            }
            others => format!(
                "{others} came that do not pass; the last {}:",
                unmet.last.len()
            ),
        };
        let mut text = format!(
            "{} no attempt passed `{expected}` within {waited}\n  {came}\n",
            paint.bad("error:")
        );
        for attempt in &unmet.last {
            text += "  ";
            text += &self.alone(attempt, paint);
        }
        self.streams.err().write_all(text.as_bytes())
    }
}

/// How the response times of the answered attempts went, oldest first, as a line of that many
/// columns. `None`: too few for a line to say anything.
fn response_times(lines: &[Listed], median: Duration, width: usize) -> Option<String> {
    let answered = lines.iter().filter(|line| line.attempt.status.is_some());
    let mut times: Vec<_> = answered
        .map(|line| (line.place.row, line.attempt.took))
        .collect();
    times.sort_unstable();
    let times: Vec<_> = times.into_iter().map(|(_, took)| took).collect();
    let (least, most) = (times.iter().min()?, times.iter().max()?);
    if times.len() < 2 {
        return None;
    }
    let [least, median, most] = [*least, median, *most].map(duration);
    let words = format!("  min {least}, median {median}, max {most} (oldest to newest)");
    let micros = |took: &Duration| u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let heights: Vec<_> = times.iter().map(micros).collect();
    let blocks = sparkline(&heights, width.saturating_sub(words.len()));
    Some(format!("{blocks}{words}"))
}

/// A tally in words: `50 attempts: 96% success, p50 12ms, p95 40ms, 1 duplicate`.
fn in_words(tally: &Tally) -> String {
    let count = |count: u64, one: &str, more: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    };
    let attempts = count(tally.attempts, "attempt", "attempts");
    let Some(rate) = (u128::from(tally.succeeded) * 100).checked_div(tally.attempts.into()) else {
        return attempts;
    };
    // Neither end is reached by rounding.
    let mut parts = vec![match rate {
        0 if tally.succeeded > 0 => "<1% success".to_owned(),
        rate => format!("{rate}% success"),
    }];
    for (name, time) in [("p50", tally.p50), ("p95", tally.p95)] {
        parts.extend(time.map(|time| format!("{name} {}", duration(time))));
    }
    for (number, one, more) in [
        (tally.retrying, "retrying", "retrying"),
        (tally.duplicates, "duplicate", "duplicates"),
        (
            tally.unverified,
            "verification failure",
            "verification failures",
        ),
    ] {
        parts.extend((number > 0).then(|| count(number, one, more)));
    }
    format!("{attempts}: {}", parts.join(", "))
}

#[cfg(test)]
mod tests;
