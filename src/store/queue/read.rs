//! What is read of the queue.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Row;

use super::super::columns::{body, damaged};
use super::super::{Reader, Run, StoreError, lines};
use super::{Load, Next, Waiting};

impl Reader {
    /// Visits the rows that a run holds, in the order in which they were queued.
    pub(crate) fn held(&self, run: &Run, mut visit: impl FnMut(Waiting)) -> Result<(), StoreError> {
        let sql =
            "SELECT q.attempt, q.made, q.due, q.wait, q.delivery, q.run, d.provider, d.endpoint,
                 q.begun
             FROM queue AS q CROSS JOIN deliveries AS d ON d.number = q.delivery
             WHERE q.holder = ?1 ORDER BY q.place";
        self.all(sql, [run.number], |row| {
            visit(waiting(row)?);
            Ok(())
        })?;
        Ok(())
    }

    /// What the next attempt of a queued delivery is made of; `None`: it is not in the queue.
    pub(crate) fn load(&self, delivery: i64) -> Result<Option<Load>, StoreError> {
        let sql = "SELECT q.attempt, q.made, q.due, q.wait, d.id, d.webhook_id, q.event, q.lines,
                 q.size, b.coding, b.data
             FROM queue AS q CROSS JOIN deliveries AS d ON d.number = q.delivery
             LEFT JOIN bodies AS b ON b.number = q.body
             WHERE q.delivery = ?1";
        self.one(sql, [delivery], load)
    }
}

/// The first columns of a row.
fn next(row: &Row<'_>) -> rusqlite::Result<Next> {
    let wait = u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default();
    Ok(Next {
        attempt: row.get(0)?,
        made: row.get(1)?,
        due: time(row.get(2)?, 2, "due")?,
        wait: Duration::from_micros(wait),
    })
}

fn time(micros: i64, column: usize, name: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|_| damaged(column, name))
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    let begun = row.get::<_, Option<i64>>(8)?;
    Ok(Waiting {
        delivery: row.get(4)?,
        run: row.get(5)?,
        provider: row.get(6)?,
        endpoint: row.get(7)?,
        next: next(row)?,
        begun: begun.map(|at| time(at, 8, "begun")).transpose()?,
    })
}

fn load(row: &Row<'_>) -> rusqlite::Result<Load> {
    let size = u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default();
    let body = match body(row, 9, size)? {
        // Another body must not go out in the place of one that is lost.
        None if size > 0 => return Err(damaged(9, "body")),
        body => body.unwrap_or_default(),
    };
    Ok(Load {
        id: row.get(4)?,
        webhook_id: row.get(5)?,
        event: row.get(6)?,
        headers: lines::read(row.get_ref(7)?.as_blob()?),
        body,
        next: next(row)?,
    })
}
