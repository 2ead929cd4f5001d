//! Attempts as rows for a spreadsheet.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use crate::message::Record;
use crate::store::{Answered, Forwarded, Recorded};

/// The columns, with or without the two for the body.
const COLUMNS: [&str; 21] = [
    "number",
    "id",
    "webhook_id",
    "direction",
    "provider",
    "event",
    "url_or_path",
    "at",
    "attempt",
    "of",
    "status",
    "response_ms",
    "outcome",
    "error",
    "verdict",
    "reason",
    "duplicate_of",
    "answered_by",
    "size",
    "body",
    "body_encoding",
];

/// How many columns are the body's.
const BODY_COLUMNS: usize = 2;

/// Rows that no spreadsheet takes for formulas.
pub(crate) struct Csv<W: Write> {
    rows: Writer<W>,
    /// Text as it may be shown.
    shown: fn(&str) -> String,
    bodies: bool,
}

impl<W: Write> Csv<W> {
    /// Writes the names of the columns. Text goes through `shown`, but for bodies: one that `shown`
    /// would change is written as base64.
    pub(crate) fn new(out: W, bodies: bool, shown: fn(&str) -> String) -> io::Result<Self> {
        let mut builder = WriterBuilder::new();
        builder
            .quote_style(QuoteStyle::Always)
            .terminator(Terminator::CRLF);
        let mut csv = Self {
            rows: builder.from_writer(out),
            shown,
            bodies,
        };
        csv.write(COLUMNS.map(str::to_owned))?;
        Ok(csv)
    }

    /// Writes the row of an attempt.
    pub(crate) fn add(&mut self, recorded: &Recorded) -> io::Result<()> {
        let attempt = &recorded.attempt;
        let place = &recorded.place;
        let text = |text: Option<&str>| text.map(self.shown).unwrap_or_default();
        let verdict = attempt.verdict.as_ref();
        let (body, encoding) = if self.bodies {
            self.body(&recorded.exchange.request.body)
        } else {
            Default::default()
        };
        let row = [
            place.delivery.to_string(),
            place.id.to_string(),
            text(attempt.webhook_id.as_deref()),
            attempt.direction.name().to_owned(),
            text(Some(&attempt.provider)),
            text(attempt.event.as_deref()),
            text(Some(&attempt.endpoint)),
            format!("{:.3}", attempt.at),
            attempt.number.unwrap_or(place.nth).to_string(),
            attempt.of.to_string(),
            optional(attempt.status),
            attempt.took.as_millis().to_string(),
            attempt.outcome.name().to_owned(),
            text(attempt.fault.as_ref().map(|fault| &*fault.message)),
            text(verdict.map(|verdict| verdict.kind.name())),
            text(verdict.and_then(|verdict| verdict.reason.as_deref())),
            optional(place.duplicate_of),
            text(attempt.answered.as_ref().map(answered_by).as_deref()),
            attempt.size.to_string(),
            body,
            encoding,
        ];
        self.write(row)
    }

    /// Passes on what is not written yet.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()
    }

    fn body(&self, body: &[u8]) -> (String, String) {
        // Line ends and tabs do nothing in a quoted cell.
        let is_plain = |text: &&str| {
            let line = text.replace(['\n', '\t'], " ");
            (self.shown)(&line) == line
        };
        match std::str::from_utf8(body).ok().filter(is_plain) {
            Some(text) => (text.to_owned(), "text".to_owned()),
            None => (Record::base64(body), "base64".to_owned()),
        }
    }

    fn write(&mut self, row: [String; COLUMNS.len()]) -> io::Result<()> {
        let bodies = if self.bodies { 0 } else { BODY_COLUMNS };
        let cells = row.into_iter().take(COLUMNS.len() - bodies);
        self.rows
            .write_record(cells.map(harmless))
            .map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                other => io::Error::other(format!("{other:?}")),
            })
    }
}

/// What made an answer: `script 500x2`, or `forward http://localhost:3000/hooks 500`.
fn answered_by(answered: &Answered) -> String {
    match answered {
        Answered::Script(entry) => format!("script {entry}"),
        Answered::Audit(told) => format!("audit {told}"),
        Answered::Handshake(name) => format!("handshake {name}"),
        Answered::Forward(forwarded) => {
            let Forwarded {
                url, status, fault, ..
            } = &**forwarded;
            let fault = fault.as_ref().map(|fault| fault.kind.clone());
            let status = status.map(|status| status.to_string()).or(fault);
            format!("forward {url} {}", status.unwrap_or_default())
        }
    }
}

fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula: one that begins like one has a quote in front.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}
