//! Rows of the tables as attempts.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Row};

use super::{
    Answered, Attempt, Direction, Fault, Judgement, Listed, Outcome, Place, VerdictKind, body,
};

/// The columns of a line of the log, in the order in which [`listed`] reads them.
macro_rules! line {
    () => {
        "a.row, a.delivery, d.id, a.nth, a.duplicate_of, d.direction, d.provider, d.endpoint, \
         a.event, d.webhook_id, a.at, a.number, a.of, a.status, a.took, a.outcome, a.verdict, \
         a.reason, a.fault, a.fault_message, a.size, a.answered"
    };
}

/// Where lines of the log are.
macro_rules! deliveries {
    () => {
        " CROSS JOIN deliveries AS d ON d.number = a.delivery"
    };
}

/// The columns of an attempt's bytes, in the order in which [`recorded::read`] reads them.
macro_rules! exchange {
    () => {
        ", h.method, h.target, h.http, h.exact, h.peer, h.request, h.response, h.answer, \
         h.truncated, b.coding, b.data"
    };
}

/// Where the bytes of an attempt are, beside its line.
macro_rules! bytes {
    () => {
        " CROSS JOIN heads AS h ON h.row = a.row LEFT JOIN bodies AS b ON b.number = a.body"
    };
}

/// Selects what [`listed`] reads. A condition may name the columns of `a` (attempts) and `d`
/// (deliveries).
pub(super) const LISTED: &str = concat!("SELECT ", line!(), " FROM attempts AS a", deliveries!());

/// As [`LISTED`], with the attempts found on a way of one's own: `attempts AS a NOT INDEXED`.
pub(super) fn listed_from(attempts: &str) -> String {
    concat!("SELECT ", line!(), " FROM ").to_owned() + attempts + deliveries!()
}

/// How many columns that are.
const COLUMNS: usize = 22;

/// A line of the log.
pub(super) fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        place: place(row)?,
        attempt: attempt(row)?,
    })
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place {
        row: row.get(0)?,
        delivery: row.get(1)?,
        id: row.get(2)?,
        nth: row.get(3)?,
        duplicate_of: row.get(4)?,
    })
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let took = u64::try_from(row.get::<_, i64>(14)?).unwrap_or_default();
    let verdict = match row.get::<_, Option<u8>>(16)? {
        Some(code) => Some(Judgement {
            kind: VerdictKind::of_code(code).ok_or_else(|| damaged(16, "verdict"))?,
            reason: row.get(17)?,
        }),
        None => None,
    };
    let fault = match row.get(18)? {
        Some(kind) => Some(Fault {
            kind,
            message: row.get::<_, Option<String>>(19)?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Attempt {
        direction: Direction::of_code(row.get(5)?).ok_or_else(|| damaged(5, "direction"))?,
        provider: row.get(6)?,
        endpoint: row.get(7)?,
        event: row.get(8)?,
        webhook_id: row.get(9)?,
        at: Timestamp::from_microsecond(row.get(10)?).map_err(|_| damaged(10, "at"))?,
        number: row.get(11)?,
        of: row.get(12)?,
        status: row.get(13)?,
        took: Duration::from_micros(took),
        outcome: Outcome::of_code(row.get(15)?).ok_or_else(|| damaged(15, "outcome"))?,
        fault,
        verdict,
        size: u64::try_from(row.get::<_, i64>(20)?).unwrap_or_default(),
        answered: answered(row.get::<_, Option<String>>(21)?.as_deref())?,
    })
}

/// What made the answer, from the text that is kept.
fn answered(text: Option<&str>) -> rusqlite::Result<Option<Answered>> {
    let read = |text| serde_json::from_str(text).map_err(|_| damaged(21, "answered"));
    text.map(read).transpose()
}

/// A value that no version of `wh` writes.
pub(super) fn damaged(column: usize, name: &str) -> Error {
    Error::InvalidColumnType(column, name.to_owned(), Type::Integer)
}

/// The body whose coding and data stand from a column on; `None` where there is none.
pub(super) fn body(row: &Row<'_>, at: usize, size: u64) -> rusqlite::Result<Option<Bytes>> {
    let Some(coding) = row.get(at)? else {
        return Ok(None);
    };
    let data = row.get_ref(at + 1)?.as_blob()?;
    let decoded = body::decode(coding, data, size);
    decoded
        .map(Some)
        .map_err(|error| Error::FromSqlConversionFailure(at + 1, Type::Blob, error.into()))
}

/// Attempts with their bytes.
pub(super) mod recorded {
    use rusqlite::Row;

    use super::super::{Exchange, Recorded, Response, lines};
    use super::{COLUMNS, attempt, body, place};
    use crate::message::Message;

    /// Selects what [`read`] reads. A condition may name the columns of `a` (attempts), `d`
    /// (deliveries), `h` (heads) and `b` (bodies).
    pub(crate) const SELECT: &str = concat!(
        "SELECT ",
        line!(),
        exchange!(),
        " FROM attempts AS a",
        deliveries!(),
        bytes!()
    );

    /// As [`SELECT`], with the attempts found on a way of one's own.
    pub(crate) fn select_from(attempts: &str) -> String {
        let columns = concat!("SELECT ", line!(), exchange!(), " FROM ");
        columns.to_owned() + attempts + concat!(deliveries!(), bytes!())
    }

    /// An attempt with its bytes.
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Recorded> {
        let at = |offset| COLUMNS + offset;
        let attempt = attempt(row)?;
        let body = body(row, at(9), attempt.size)?.unwrap_or_default();
        let response = match row.get_ref(at(6))?.as_blob_or_null()? {
            Some(head) => Some(Response {
                headers: lines::read(head),
                body: row
                    .get::<_, Option<Vec<u8>>>(at(7))?
                    .unwrap_or_default()
                    .into(),
                truncated: row.get(at(8))?,
            }),
            None => None,
        };
        let peer: Option<String> = row.get(at(4))?;
        Ok(Recorded {
            place: place(row)?,
            attempt,
            exchange: Exchange {
                request: Message {
                    method: row.get(at(0))?,
                    target: row.get(at(1))?,
                    headers: lines::read(row.get_ref(at(5))?.as_blob()?),
                    body,
                },
                http: row.get(at(2))?,
                exact: row.get(at(3))?,
                peer: peer.and_then(|peer| peer.parse().ok()),
                response,
            },
        })
    }
}
