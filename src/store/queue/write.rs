//! The statements that put deliveries into the queue and take them out.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::super::append::{Blobs, Desk};
use super::super::body::Blob;
use super::super::run::has_run_ended;
use super::super::transact::Answer;
use super::super::writer::SMALL;
use super::super::{Entry, Opened, Place, Run, WriteError, Writer, lines};
use super::{Enqueued, Follow, Next, Queued, Target};

impl Writer {
    /// Puts a delivery into the queue of a run, in the place of a row that it has there or that an
    /// ended run has left. A number that is no delivery's is an error.
    pub(crate) fn enqueue(&self, run: &Run, queued: Box<Queued>, done: Answer<Enqueued>) {
        let holder = run.number;
        let weight = queued.body.len();
        // Whoever has several to queue is to go on with the next one.
        let blob = (weight <= SMALL).then(|| blob(&queued));
        let lines = lines::write(&queued.headers);
        let make = move |desk: &mut Desk<'_>| {
            let blob = blob.unwrap_or_else(|| self::blob(&queued));
            enqueue(desk, holder, &queued, &blob, &lines)
        };
        self.transact(weight, make, |made| {
            done(made.and_then(|made| {
                made.ok_or_else(|| WriteError::new("the delivery is gone: it was pruned"))
            }));
        });
    }

    /// Notes that the next attempt of a delivery goes out now. False: the row is not this run's any
    /// more, and nothing may go out.
    pub(crate) fn set_out(&self, run: &Run, delivery: i64, at: Timestamp, done: Answer<bool>) {
        self.note_begun(run, delivery, Some(at), done);
    }

    /// Takes back that the next attempt of a delivery goes out: it waits in its place as before.
    /// False: the row is not this run's any more.
    pub(crate) fn stay(&self, run: &Run, delivery: i64, done: Answer<bool>) {
        self.note_begun(run, delivery, None, done);
    }

    fn note_begun(&self, run: &Run, delivery: i64, at: Option<Timestamp>, done: Answer<bool>) {
        let (holder, begun) = (run.number, at.map(Timestamp::as_microsecond));
        let make = move |desk: &mut Desk<'_>| {
            let sql = "UPDATE queue SET begun = ?3 WHERE delivery = ?1 AND holder = ?2";
            let mut update = desk.transaction.prepare_cached(sql)?;
            Ok(update.execute(params![delivery, holder, begun])? > 0)
        };
        self.transact(0, make, done);
    }

    /// Records an attempt of a queued delivery, and what follows. Where the row is not this run's any
    /// more, the attempt alone.
    pub(crate) fn settle(&self, run: &Run, entry: Box<Entry>, follow: Follow, done: Answer<Place>) {
        let holder = run.number;
        let weight = entry.exchange.request.body.len();
        let blobs = (weight <= SMALL).then(|| Blobs::of_known(&entry));
        let make = move |desk: &mut Desk<'_>| {
            let blobs = blobs.unwrap_or_else(|| Blobs::of_known(&entry));
            let place = desk.append(&entry, &blobs)?;
            match follow {
                Follow::Finish => take_out(desk, holder, place.delivery)?,
                Follow::Retry(next) => set_next(desk, holder, place.delivery, &next)?,
            }
            Ok(place)
        };
        self.transact(weight, make, done);
    }

    /// Takes all that a run holds out of the queue without an attempt; how many they were.
    pub(crate) fn withdraw_all(&self, run: &Run) -> Result<u64, WriteError> {
        let holder = run.number;
        self.transact_now(move |desk| {
            let sql = "SELECT delivery FROM queue WHERE holder = ?1";
            let mut query = desk.transaction.prepare_cached(sql)?;
            let held = query.query_map([holder], |row| row.get(0))?;
            let held = held.collect::<rusqlite::Result<Vec<i64>>>()?;
            for delivery in &held {
                take_out(desk, holder, *delivery)?;
            }
            Ok(held.len() as u64)
        })
    }

    /// Takes a delivery out of the queue without an attempt.
    #[cfg(test)]
    pub(crate) fn withdraw(&self, run: &Run, delivery: i64) -> Result<(), WriteError> {
        let holder = run.number;
        self.transact_now(move |desk| take_out(desk, holder, delivery))
    }
}

/// What is made of the body: that of a known delivery is most likely there.
fn blob(queued: &Queued) -> Blob {
    match queued.delivery {
        Target::New(_) => Blob::of(&queued.body),
        Target::Known(_) => Blob::of_known(&queued.body),
    }
}

/// A row that is in the way of another.
struct Old {
    holder: i64,
    body: Option<i64>,
}

/// `None`: there is no such delivery.
fn enqueue(
    desk: &mut Desk<'_>,
    holder: i64,
    queued: &Queued,
    blob: &Blob,
    lines: &[u8],
) -> rusqlite::Result<Option<Enqueued>> {
    let (opened, is_new) = match &queued.delivery {
        Target::New(opening) => (desk.open(opening)?, opening.is_new),
        Target::Known(number) => match desk.numbered(*number)?.known {
            Some(known) => {
                let (number, id) = (known.number, known.id);
                (Opened { number, id }, false)
            }
            None => return Ok(None),
        },
    };
    let old = if is_new {
        None
    } else {
        old(desk, opened.number)?
    };
    if let Some(old) = &old
        && old.holder != holder
        && !has_run_ended(desk, old.holder)?
    {
        return Ok(Some(Enqueued::Elsewhere(opened)));
    }
    let body = match queued.body.as_ref() {
        b"" => None,
        bytes => Some(desk.keep_body((!is_new).then_some(opened.number), bytes, blob)?),
    };
    if let Some(old) = old {
        let sql = "DELETE FROM queue WHERE delivery = ?1";
        desk.transaction
            .prepare_cached(sql)?
            .execute([opened.number])?;
        if old.body != body {
            drop_body(desk, opened.number, old.body)?;
        }
    }
    insert(desk, (opened.number, holder, body), queued, lines)?;
    Ok(Some(Enqueued::Here(opened)))
}

fn old(desk: &Desk<'_>, delivery: i64) -> rusqlite::Result<Option<Old>> {
    let sql = "SELECT holder, body FROM queue WHERE delivery = ?1";
    let mut query = desk.transaction.prepare_cached(sql)?;
    let old = query.query_row([delivery], |row| {
        Ok(Old {
            holder: row.get(0)?,
            body: row.get(1)?,
        })
    });
    old.optional()
}

fn insert(
    desk: &Desk<'_>,
    (delivery, holder, body): (i64, i64, Option<i64>),
    queued: &Queued,
    lines: &[u8],
) -> rusqlite::Result<()> {
    let next = &queued.next;
    let mut insert = desk.transaction.prepare_cached(
        "INSERT INTO queue (delivery, run, holder, event, lines, size, body, attempt, made, due,
             wait, begun)
         VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        delivery,
        holder,
        queued.event,
        lines,
        i64::try_from(queued.body.len()).unwrap_or(i64::MAX),
        body,
        next.attempt,
        next.made,
        next.due.as_microsecond(),
        micros(next.wait),
        queued.begun.then(|| next.due.as_microsecond()),
    ])?;
    Ok(())
}

/// Has a row wait for another attempt.
fn set_next(desk: &Desk<'_>, holder: i64, delivery: i64, next: &Next) -> rusqlite::Result<()> {
    let mut update = desk.transaction.prepare_cached(
        "UPDATE queue SET attempt = ?3, made = ?4, due = ?5, wait = ?6, begun = NULL
         WHERE delivery = ?1 AND holder = ?2",
    )?;
    update.execute(params![
        delivery,
        holder,
        next.attempt,
        next.made,
        next.due.as_microsecond(),
        micros(next.wait),
    ])?;
    Ok(())
}

/// Takes a row of a run out.
fn take_out(desk: &Desk<'_>, holder: i64, delivery: i64) -> rusqlite::Result<()> {
    let sql = "DELETE FROM queue WHERE delivery = ?1 AND holder = ?2 RETURNING body";
    let mut delete = desk.transaction.prepare_cached(sql)?;
    let body = delete.query_row([delivery, holder], |row| row.get(0));
    drop_body(desk, delivery, body.optional()?.flatten())
}

/// Deletes a body that was in the queue, unless an attempt of the delivery had it.
fn drop_body(desk: &Desk<'_>, delivery: i64, body: Option<i64>) -> rusqlite::Result<()> {
    let mut delete = desk.transaction.prepare_cached(
        "DELETE FROM bodies WHERE number = ?2
             AND NOT EXISTS (SELECT 1 FROM attempts WHERE delivery = ?1 AND body = ?2)",
    )?;
    delete.execute(params![delivery, body])?;
    Ok(())
}

fn micros(wait: Duration) -> i64 {
    i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)
}
