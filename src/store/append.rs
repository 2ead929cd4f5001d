//! The statements that record an attempt.

use rusqlite::{OptionalExtension as _, Transaction, named_params, params};

use super::{Entry, Opened, Opening, Place, Sameness, body, lines};

/// The deliveries of one webhook id that are looked at: whoever makes more does so on purpose.
const MOST_ALIKE: i64 = 64;

/// A delivery that an entry may belong to.
struct Known {
    number: i64,
    id: uuid::Uuid,
    attempts: u32,
}

/// Enters a delivery before its first attempt, unless there is one like it.
pub(super) fn open(transaction: &Transaction<'_>, opening: &Opening) -> rusqlite::Result<Opened> {
    let known = match alike(transaction, opening, i64::MAX)?.known {
        Some(known) => known,
        None => first(transaction, opening, 0, None)?,
    };
    Ok(Opened {
        number: known.number,
        id: known.id,
    })
}

/// Records an attempt as one more of its delivery, or as the first of a new one.
pub(super) fn append(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<Place> {
    let at = entry.attempt.at.as_microsecond();
    let opening = Opening {
        id: entry.id,
        direction: entry.attempt.direction,
        provider: entry.attempt.provider.clone(),
        endpoint: entry.attempt.endpoint.clone(),
        webhook_id: entry.attempt.webhook_id.clone(),
    };
    let Alike { known, accepted } = match entry.delivery {
        Some(number) => numbered(transaction, number)?,
        None => alike(transaction, &opening, since(entry))?,
    };
    let duplicate_of = match &entry.sameness {
        _ if !entry.is_believed() => None,
        Sameness::Never => None,
        Sameness::WebhookId => accepted,
        Sameness::Key(key) => same(transaction, key, since(entry))?,
    };
    let accepted_at = entry.accepts().then_some(at);
    let known = match known {
        Some(known) => again(transaction, known, accepted_at)?,
        None => first(transaction, &opening, 1, accepted_at)?,
    };
    let body = match entry.exchange.request.body.as_ref() {
        b"" => None,
        bytes => Some(keep_body(transaction, bytes)?),
    };
    let row = keep_attempt(transaction, entry, &known, duplicate_of, body)?;
    keep_head(transaction, entry, row)?;
    Ok(Place {
        row,
        delivery: known.number,
        id: known.id,
        nth: known.attempts,
        duplicate_of,
    })
}

/// Before when an accepted delivery is forgotten.
fn since(entry: &Entry) -> i64 {
    let window = i64::try_from(entry.window.as_micros()).unwrap_or(i64::MAX);
    entry.attempt.at.as_microsecond().saturating_sub(window)
}

/// What is known of an entry's webhook id.
#[derive(Default)]
struct Alike {
    /// The delivery that the entry belongs to.
    known: Option<Known>,
    /// A delivery of the same id that was accepted within the window.
    accepted: Option<i64>,
}

fn numbered(transaction: &Transaction<'_>, number: i64) -> rusqlite::Result<Alike> {
    let sql = "SELECT id, attempts FROM deliveries WHERE number = ?1";
    let known = transaction.prepare_cached(sql)?.query_row([number], |row| {
        Ok(Known {
            number,
            id: row.get(0)?,
            attempts: row.get(1)?,
        })
    });
    Ok(Alike {
        // It may have been pruned since.
        known: known.optional()?,
        accepted: None,
    })
}

fn alike(transaction: &Transaction<'_>, opening: &Opening, since: i64) -> rusqlite::Result<Alike> {
    let mut alike = Alike::default();
    let Some(webhook_id) = &opening.webhook_id else {
        return Ok(alike);
    };
    let mut query = transaction.prepare_cached(
        "SELECT number, id, attempts, accepted_at, endpoint = ?4 FROM deliveries
         WHERE webhook_id = ?1 AND direction = ?2 AND provider = ?3
         ORDER BY number DESC LIMIT ?5",
    )?;
    let mut rows = query.query(params![
        webhook_id,
        opening.direction.code(),
        opening.provider,
        opening.endpoint,
        MOST_ALIKE,
    ])?;
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        let is_same = row.get(4)?;
        let accepted_at: Option<i64> = row.get(3)?;
        let is_accepted = accepted_at.is_some_and(|at| at >= since);
        if is_accepted && (is_same || alike.accepted.is_none()) {
            alike.accepted = Some(number);
        }
        if is_same && alike.known.is_none() {
            alike.known = Some(Known {
                number,
                id: row.get(1)?,
                attempts: row.get(2)?,
            });
        }
    }
    Ok(alike)
}

/// The delivery that was accepted with this key.
fn same(transaction: &Transaction<'_>, key: &[u8], since: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT delivery FROM attempts WHERE same = ?1 AND at >= ?2 LIMIT 1";
    let mut query = transaction.prepare_cached(sql)?;
    query
        .query_row(params![key, since], |row| row.get(0))
        .optional()
}

fn first(
    transaction: &Transaction<'_>,
    opening: &Opening,
    attempts: u32,
    accepted_at: Option<i64>,
) -> rusqlite::Result<Known> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO deliveries (id, direction, provider, endpoint, webhook_id, attempts, accepted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let number = insert.insert(params![
        opening.id,
        opening.direction.code(),
        opening.provider,
        opening.endpoint,
        opening.webhook_id,
        attempts,
        accepted_at,
    ])?;
    Ok(Known {
        number,
        id: opening.id,
        attempts,
    })
}

fn again(
    transaction: &Transaction<'_>,
    known: Known,
    accepted_at: Option<i64>,
) -> rusqlite::Result<Known> {
    let mut update = transaction.prepare_cached(
        "UPDATE deliveries SET attempts = attempts + 1, accepted_at = coalesce(?2, accepted_at)
         WHERE number = ?1",
    )?;
    update.execute(params![known.number, accepted_at])?;
    Ok(Known {
        attempts: known.attempts.saturating_add(1),
        ..known
    })
}

/// The number of a body, which is kept once however often it comes.
fn keep_body(transaction: &Transaction<'_>, bytes: &[u8]) -> rusqlite::Result<i64> {
    let (hash, key) = body::hash(bytes);
    let sql = "SELECT number FROM bodies WHERE key = ?1 AND hash = ?2";
    let mut query = transaction.prepare_cached(sql)?;
    if let Some(number) = query
        .query_row(params![key, hash], |row| row.get(0))
        .optional()?
    {
        return Ok(number);
    }
    let coded = body::code(bytes);
    let sql = "INSERT INTO bodies (key, hash, coding, data) VALUES (?1, ?2, ?3, ?4)";
    let data = coded.data.as_deref().unwrap_or(bytes);
    transaction
        .prepare_cached(sql)?
        .insert(params![key, hash, coded.coding, data])
}

fn keep_attempt(
    transaction: &Transaction<'_>,
    entry: &Entry,
    known: &Known,
    duplicate_of: Option<i64>,
    body: Option<i64>,
) -> rusqlite::Result<i64> {
    let attempt = &entry.attempt;
    let same = match &entry.sameness {
        Sameness::Key(key) if entry.accepts() => Some(key.as_slice()),
        _ => None,
    };
    let mut insert = transaction.prepare_cached(
        "INSERT INTO attempts (delivery, nth, at, event, number, of, status, took, outcome, verdict,
             reason, fault, fault_message, duplicate_of, same, size, body)
         VALUES (:delivery, :nth, :at, :event, :number, :of, :status, :took, :outcome, :verdict,
             :reason, :fault, :fault_message, :duplicate_of, :same, :size, :body)",
    )?;
    insert.insert(named_params! {
        ":delivery": known.number,
        ":nth": known.attempts,
        ":at": attempt.at.as_microsecond(),
        ":event": attempt.event,
        ":number": attempt.number,
        ":of": attempt.of,
        ":status": attempt.status,
        ":took": i64::try_from(attempt.took.as_micros()).unwrap_or(i64::MAX),
        ":outcome": attempt.outcome.code(),
        ":verdict": attempt.verdict.as_ref().map(|verdict| verdict.kind.code()),
        ":reason": attempt.verdict.as_ref().and_then(|verdict| verdict.reason.as_ref()),
        ":fault": attempt.fault.as_ref().map(|fault| &fault.kind),
        ":fault_message": attempt.fault.as_ref().map(|fault| &fault.message),
        ":duplicate_of": duplicate_of,
        ":same": same,
        ":size": i64::try_from(attempt.size).unwrap_or(i64::MAX),
        ":body": body,
    })
}

fn keep_head(transaction: &Transaction<'_>, entry: &Entry, row: i64) -> rusqlite::Result<()> {
    let exchange = &entry.exchange;
    let response = exchange.response.as_ref();
    let mut insert = transaction.prepare_cached(
        "INSERT INTO heads (row, method, target, http, exact, peer, request, response, answer, truncated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    insert.insert(params![
        row,
        exchange.request.method,
        exchange.request.target,
        exchange.http,
        exchange.exact,
        exchange.peer.map(|peer| peer.to_string()),
        lines::write(&exchange.request.headers),
        response.map(|response| lines::write(&response.headers)),
        response.map(|response| response.body.as_ref()),
        response.is_some_and(|response| response.truncated),
    ])?;
    Ok(())
}
