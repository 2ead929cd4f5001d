//! What is shown at a moment.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::term::columns::columns;
use crate::term::{Safe, count};

#[cfg(test)]
mod tests;

/// How long something lasts before it is shown.
const PATIENCE: Duration = Duration::from_millis(200);

/// The most lines that are shown, the bar not counted.
const MOST_LINES: usize = 10;

/// The longest bar, in columns.
const LONGEST_BAR: usize = 24;

/// The shortest bar that says anything, in columns.
const SHORTEST_BAR: usize = 5;

/// A line that counts.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// What it begins with; it is cut where there are too few columns.
    pub(crate) head: String,
    /// What it ends with, before the time.
    pub(crate) tail: String,
    /// What is counted.
    pub(crate) moment: Moment,
}

/// A moment that time is counted to, or from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// Since then.
    Since(Instant),
    /// Until then.
    Until(Instant),
}

/// How far all is.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    /// What is done.
    pub(crate) done: u64,
    /// Where it ends.
    pub(crate) goal: Goal,
    /// Whether it says how much is done in a second.
    pub(crate) rate: bool,
    /// What else there is to say; it may be nothing.
    pub(crate) note: String,
}

/// Where a bar ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// When so much is done.
    Count(u64),
    /// When so much time has gone by.
    Time(Duration),
    /// Nobody knows.
    Open,
}

/// All that may be shown.
#[derive(Debug)]
pub(super) struct Picture {
    lines: HashMap<u128, Entry>,
    /// The place of the next line.
    fresh: u64,
    bar: Option<Bar>,
    since: Instant,
    /// Whether something is on the screen.
    is_drawn: bool,
    /// Whether nothing is drawn any more.
    pub(super) is_ended: bool,
}

#[derive(Debug)]
struct Entry {
    line: Line,
    since: Instant,
    place: u64,
}

impl Picture {
    /// Nothing yet; time runs from `now` on.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            lines: HashMap::new(),
            fresh: 0,
            bar: None,
            since: now,
            is_drawn: false,
            is_ended: false,
        }
    }

    /// Shows a line, in place of the one of that key.
    pub(super) fn line(&mut self, key: u128, line: Line, now: Instant) {
        if let Some(entry) = self.lines.get_mut(&key) {
            entry.line = line;
            return;
        }
        self.fresh += 1;
        let place = self.fresh;
        let entry = Entry {
            line,
            since: now,
            place,
        };
        self.lines.insert(key, entry);
    }

    /// Takes a line away.
    pub(super) fn end(&mut self, key: u128) {
        self.lines.remove(&key);
    }

    /// Shows the bar.
    pub(super) fn bar(&mut self, bar: Bar) {
        self.bar = Some(bar);
    }

    /// The text that is shown on so many columns and rows; `None`: nothing, and nothing was before.
    pub(super) fn draw(&mut self, now: Instant, (columns, rows): (usize, usize)) -> Option<String> {
        let lasts = |since: Instant| now.saturating_duration_since(since) >= PATIENCE;
        let mut entries: Vec<_> = self.lines.values().collect();
        entries.retain(|entry| lasts(entry.since));
        // A row each for what lies above, the bar, and what there is more.
        let room = MOST_LINES.min(rows.saturating_sub(3));
        let more = entries.len().saturating_sub(room);
        if more > 0 {
            // What is under way comes first, then what is due next.
            entries.sort_unstable_by_key(|entry| (entry.line.moment, entry.place));
            entries.truncate(room);
        }
        entries.sort_unstable_by_key(|entry| entry.place);
        let mut text: Vec<_> = entries
            .iter()
            .map(|entry| entry.line.text(now, columns))
            .collect();
        if more > 0 {
            text.push(Safe::line(format!("and {} more", count(more as u64))).truncated(columns));
        }
        if let Some(bar) = self.bar.as_ref().filter(|_| lasts(self.since)) {
            text.push(bar.text(now.saturating_duration_since(self.since), columns));
        }
        let was_drawn = std::mem::replace(&mut self.is_drawn, !text.is_empty());
        (was_drawn || self.is_drawn).then(|| text.join("\n"))
    }
}

impl Line {
    /// The line at a moment.
    fn text(&self, now: Instant, room: usize) -> String {
        let clock = match self.moment {
            Moment::Since(moment) => clock(now.saturating_duration_since(moment).as_secs()),
            Moment::Until(moment) => {
                let left = moment.saturating_duration_since(now);
                clock(left.as_secs() + u64::from(left.subsec_nanos() > 0))
            }
        };
        let end = format!("  {} {clock}", self.tail);
        let head = Safe::line(&self.head).truncated(room.saturating_sub(columns(&end)));
        Safe::line(format!("{head}{end}")).truncated(room)
    }
}

impl Bar {
    /// The bar after so long.
    fn text(&self, elapsed: Duration, room: usize) -> String {
        let done = count(self.done);
        let (part, mut words) = match self.goal {
            Goal::Count(all) => (share(self.done, all), format!("{done}/{}", count(all))),
            Goal::Time(all) => (share(millis(elapsed), millis(all)), format!("{done} done")),
            Goal::Open => (None, format!("{done} done")),
        };
        if self.rate && elapsed >= Duration::from_secs(1) {
            let rate = u128::from(self.done) * 1000 / elapsed.as_millis();
            let rate = u64::try_from(rate).unwrap_or(u64::MAX);
            let _ = write!(words, "  {}/s", count(rate));
        }
        let _ = write!(words, "  {}", clock(elapsed.as_secs()));
        if let Goal::Time(all) = self.goal {
            let _ = write!(words, " of {}", clock(all.as_secs()));
        }
        if !self.note.is_empty() {
            let _ = write!(words, "  {}", self.note);
        }
        let width = room.saturating_sub(columns(&words) + 1).min(LONGEST_BAR);
        match part.filter(|_| width >= SHORTEST_BAR) {
            Some(part) => {
                let full = usize::try_from(part * width as u128 / WHOLE).unwrap_or(width);
                let (full, rest) = ("█".repeat(full), "░".repeat(width - full));
                format!("{full}{rest} {words}")
            }
            None => Safe::line(words).truncated(room),
        }
    }
}

/// What [`share`] makes of all.
const WHOLE: u128 = 1_000_000;

/// How much of all it is; `None` where all is nothing.
fn share(part: u64, all: u64) -> Option<u128> {
    (u128::from(part.min(all)) * WHOLE).checked_div(all.into())
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds as a clock that counts: `0:07`, `12:40`, `1:02:05`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
