//! What stands in each column of the log.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::report::cells;
use crate::store::{Answered, Direction, Listed};
use crate::term::{Cell, Paint, Safe, Style, Table, clock, duration};

/// The columns that an event may take.
const LONGEST_EVENT: usize = 60;

/// The columns that most events take: the endpoint gives way before them.
const COMMON_EVENT: u16 = 24;

/// The columns that an endpoint may take.
const LONGEST_ENDPOINT: usize = 120;

/// A column of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The number of the delivery.
    Number,
    /// When it began.
    Time,
    /// The same, without the year and the seconds of other days.
    ShortTime,
    /// Who made the request.
    Direction,
    /// What verification found.
    Verdict,
    /// The provider.
    Provider,
    /// The event.
    Event,
    /// Which attempt it is, of how many.
    Attempt,
    /// The status, or why there is none.
    Status,
    /// The time until the answer.
    Took,
    /// What came of it.
    Outcome,
    /// The URL or the path.
    Endpoint,
}

/// Those of a terminal of any width.
pub(super) const NARROW: [Column; 9] = [
    Column::Number,
    Column::ShortTime,
    Column::Direction,
    Column::Verdict,
    Column::Event,
    Column::Attempt,
    Column::Status,
    Column::Took,
    Column::Outcome,
];

/// Those of a terminal with room for the endpoint.
pub(super) const MEDIUM: [Column; 10] = [
    Column::Number,
    Column::ShortTime,
    Column::Direction,
    Column::Verdict,
    Column::Event,
    Column::Attempt,
    Column::Status,
    Column::Took,
    Column::Outcome,
    Column::Endpoint,
];

/// All there are.
pub(super) const WIDE: [Column; 11] = [
    Column::Number,
    Column::Time,
    Column::Direction,
    Column::Verdict,
    Column::Provider,
    Column::Event,
    Column::Attempt,
    Column::Status,
    Column::Took,
    Column::Outcome,
    Column::Endpoint,
];

/// What decides how a time reads.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
}

impl Calendar {
    /// The time of day; on other days, the day in front.
    fn long(&self, at: Timestamp) -> String {
        let time = self.zone.to_datetime(at);
        if self.is_today(at) {
            clock(at, &self.zone)
        } else {
            time.strftime("%Y-%m-%d %H:%M:%S").to_string()
        }
    }

    fn short(&self, at: Timestamp) -> String {
        let time = self.zone.to_datetime(at);
        if self.is_today(at) {
            clock(at, &self.zone)
        } else if time.year() == self.zone.to_datetime(self.now).year() {
            time.strftime("%m-%d %H:%M").to_string()
        } else {
            time.strftime("%Y-%m-%d").to_string()
        }
    }

    fn is_today(&self, at: Timestamp) -> bool {
        self.zone.to_datetime(at).date() == self.zone.to_datetime(self.now).date()
    }
}

impl Column {
    const fn header(self) -> &'static str {
        match self {
            Self::Number => "#",
            Self::Time | Self::ShortTime => "TIME",
            Self::Direction => "",
            Self::Verdict => "VERDICT",
            Self::Provider => "PROVIDER",
            Self::Event => "EVENT",
            Self::Attempt => "TRY",
            Self::Status => "STATUS",
            Self::Took => "TOOK",
            Self::Outcome => "OUTCOME",
            Self::Endpoint => "ENDPOINT",
        }
    }

    /// The columns of the screen that it takes at least in a line by itself.
    pub(super) const fn width(self) -> usize {
        match self {
            Self::Direction | Self::Attempt => 3,
            Self::Number => 4,
            Self::Took => 5,
            Self::Provider => 6,
            Self::Status => 7,
            Self::Time | Self::ShortTime | Self::Outcome => 8,
            Self::Verdict => 11,
            Self::Event => 16,
            Self::Endpoint => 0,
        }
    }

    /// Whether it gives way to the others.
    const fn yields(self) -> bool {
        matches!(self, Self::Provider | Self::Event | Self::Endpoint)
    }

    /// What it says of an attempt.
    pub(super) fn cell(self, line: &Listed, calendar: &Calendar) -> Cell {
        let attempt = &line.attempt;
        match self {
            Self::Number => format!("#{}", line.place.delivery).into(),
            Self::Time => Cell::styled(Style::Dim, calendar.long(attempt.at)),
            Self::ShortTime => Cell::styled(Style::Dim, calendar.short(attempt.at)),
            Self::Direction => match attempt.direction {
                Direction::Received => "<--".into(),
                Direction::Sent => "-->".into(),
            },
            Self::Verdict => cells::verdict(line),
            Self::Provider => Safe::line(&attempt.provider)
                .truncated(LONGEST_EVENT)
                .into(),
            Self::Event => event(line),
            Self::Attempt => cells::counted(line).into(),
            Self::Status => cells::status(line),
            Self::Took => duration(attempt.took).into(),
            Self::Outcome => outcome(line),
            Self::Endpoint => Safe::line(&attempt.endpoint)
                .truncated(LONGEST_ENDPOINT)
                .into(),
        }
    }
}

/// An attempt as a line by itself, whose columns stand below those of others.
pub(super) fn line(columns: &[Column], line: &Listed, calendar: &Calendar, paint: Paint) -> String {
    let cells = columns.iter().map(|column| {
        let (cell, width) = (column.cell(line, calendar), column.width());
        let painted = cell.painted(paint);
        if *column == Column::Took {
            format!("{painted:>width$}")
        } else {
            format!("{painted:<width$}")
        }
    });
    let line = cells.collect::<Vec<_>>().join("  ");
    format!("{}\n", line.trim_end())
}

/// A table of these columns, one line a row.
pub(super) fn table<const N: usize>(
    columns: [Column; N],
    lines: &[Listed],
    calendar: &Calendar,
) -> Table<N> {
    let mut table = Table::new(columns.map(Column::header));
    table.cut();
    for (at, column) in columns.into_iter().enumerate() {
        if column == Column::Took {
            table.right(at);
        }
        if !column.yields() {
            table.whole(at);
        }
        if column == Column::Event && columns.contains(&Column::Endpoint) {
            table.at_least(at, COMMON_EVENT);
        }
    }
    for line in lines {
        table.row(columns.map(|column| column.cell(line, calendar)));
    }
    table
}

fn event(line: &Listed) -> Cell {
    match line.attempt.event.as_deref() {
        None | Some("") => Cell::styled(Style::Dim, "(no event)"),
        Some(event) => Cell::styled(Style::Name, Safe::line(event).truncated(LONGEST_EVENT)),
    }
}

/// What came of it, whether it came before, and what answered it where that was not the verdict.
fn outcome(line: &Listed) -> Cell {
    let outcome = line.attempt.outcome;
    let duplicate = line.place.duplicate_of.map(|_| "duplicate");
    let answered = line
        .attempt
        .answered
        .as_ref()
        .map(|answered| match answered {
            Answered::Script(_) => "scripted",
            Answered::Audit(_) => "audited",
            Answered::Forward(_) => "forwarded",
            Answered::Handshake(_) => "handshake",
        });
    let words = std::iter::once(cells::word(outcome))
        .chain(duplicate)
        .chain(answered);
    let text = words.collect::<Vec<_>>().join(", ");
    Cell::styled(cells::style(outcome), text)
}
