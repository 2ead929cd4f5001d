//! The statements that record an attempt.

use std::path::Path;

use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::alike::{Alike, Common, Known};
use super::recent::Recent;
use super::{Answered, Entry, Exchange, Opened, Opening, Place, Sameness, body, import, lines};

/// The attempts of a delivery among which a body is looked for.
const MOST_BODIES: i64 = 16;

/// A transaction that records, and what it knows of the deliveries that there are.
pub(super) struct Desk<'d> {
    pub(super) transaction: &'d Transaction<'d>,
    pub(super) recent: &'d mut Recent,
    /// The path of the store.
    pub(super) path: &'d Path,
    /// Whether `recent` has what others added.
    pub(super) is_current: bool,
}

/// What takes the most time to make of an entry, so that it can be made before its turn.
pub(super) struct Blobs {
    /// Of the request's body.
    body: body::Blob,
    /// The header lines.
    request: Vec<u8>,
    /// Those of the answer.
    response: Option<Vec<u8>>,
}

impl Blobs {
    pub(super) fn of(entry: &Entry) -> Self {
        Self::with(body::Blob::of(&entry.exchange.request.body), entry)
    }

    /// As [`of`](Self::of), of an entry whose body is most likely there.
    pub(super) fn of_known(entry: &Entry) -> Self {
        Self::with(body::Blob::of_known(&entry.exchange.request.body), entry)
    }

    fn with(body: body::Blob, entry: &Entry) -> Self {
        let Exchange {
            request, response, ..
        } = &entry.exchange;
        Self {
            body,
            request: lines::write(&request.headers),
            response: response
                .as_ref()
                .map(|response| lines::write(&response.headers)),
        }
    }
}

/// When an entry was accepted, where it was.
pub(super) fn accepted_at(entry: &Entry) -> Option<i64> {
    entry.accepts().then(|| entry.attempt.at.as_microsecond())
}

/// Before when an accepted delivery is forgotten.
fn since(entry: &Entry) -> i64 {
    let window = i64::try_from(entry.window.as_micros()).unwrap_or(i64::MAX);
    entry.attempt.at.as_microsecond().saturating_sub(window)
}

impl<'d> Desk<'d> {
    pub(super) fn new(
        transaction: &'d Transaction<'d>,
        recent: &'d mut Recent,
        path: &'d Path,
    ) -> Self {
        Self {
            transaction,
            recent,
            path,
            is_current: false,
        }
    }

    /// Enters a delivery before its first attempt, unless there is one like it.
    pub(super) fn open(&mut self, opening: &Opening) -> rusqlite::Result<Opened> {
        let common = Common::from(opening);
        let known = if opening.is_new {
            None
        } else {
            self.alike(&common, i64::MAX)?.known
        };
        let known = match known {
            Some(known) => known,
            None => self.first(&common, opening.id, 0, None)?,
        };
        Ok(Opened {
            number: known.number,
            id: known.id,
        })
    }

    /// Records an attempt as one more of its delivery, or as the first of a new one.
    pub(super) fn append(&mut self, entry: &Entry, blobs: &Blobs) -> rusqlite::Result<Place> {
        if let Sameness::Imported(elsewhere) = entry.sameness {
            return import::import(self, (entry, blobs), elsewhere);
        }
        let common = Common::from(&entry.attempt);
        let Alike { known, accepted } = match entry.delivery {
            Some(number) => self.numbered(number)?,
            None if entry.sameness == Sameness::New => Alike::default(),
            None => self.alike(&common, since(entry))?,
        };
        let duplicate_of = match &entry.sameness {
            _ if !entry.is_believed() => None,
            Sameness::Never | Sameness::New | Sameness::Imported(_) => None,
            Sameness::WebhookId => accepted,
            Sameness::Key(key) => self.same(key, since(entry))?,
        };
        let known = match known {
            Some(known) => self.again(known, accepted_at(entry))?,
            None => self.first(&common, entry.id, 1, accepted_at(entry))?,
        };
        self.keep((entry, blobs), &known, duplicate_of)
    }

    /// Keeps an attempt of a delivery, as the last that is counted there.
    pub(super) fn keep(
        &self,
        (entry, blobs): (&Entry, &Blobs),
        known: &Known,
        duplicate_of: Option<i64>,
    ) -> rusqlite::Result<Place> {
        let body = match entry.exchange.request.body.as_ref() {
            b"" => None,
            bytes => {
                // One that has a number may have waited in the queue, with its body.
                let is_first = known.attempts == 1 && entry.delivery.is_none();
                let delivery = (!is_first).then_some(known.number);
                Some(self.keep_body(delivery, bytes, &blobs.body)?)
            }
        };
        let row = self.keep_attempt(entry, known, duplicate_of, body)?;
        self.keep_head(entry, blobs, row)?;
        Ok(Place {
            row,
            delivery: known.number,
            id: known.id,
            nth: known.attempts,
            duplicate_of,
        })
    }

    /// A new delivery, of which so many attempts are counted.
    pub(super) fn first(
        &mut self,
        common: &Common<'_>,
        id: Uuid,
        attempts: u32,
        accepted_at: Option<i64>,
    ) -> rusqlite::Result<Known> {
        let key = common.webhook_id.map(|webhook_id| {
            self.recent
                .key(common.direction, common.provider, webhook_id)
        });
        let previous = key.and_then(|key| self.recent.newest(key));
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO deliveries (id, direction, provider, endpoint, webhook_id, attempts,
                 accepted_at, previous)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let number = insert.insert(params![
            id,
            common.direction,
            common.provider,
            common.endpoint,
            common.webhook_id,
            attempts,
            accepted_at,
            previous,
        ])?;
        if let Some(key) = key.filter(|_| self.is_current) {
            self.recent.add(number, key);
        }
        Ok(Known {
            number,
            id,
            attempts,
        })
    }

    fn again(&self, known: Known, accepted_at: Option<i64>) -> rusqlite::Result<Known> {
        let mut update = self.transaction.prepare_cached(
            "UPDATE deliveries SET attempts = attempts + 1, accepted_at = coalesce(?2, accepted_at)
             WHERE number = ?1",
        )?;
        update.execute(params![known.number, accepted_at])?;
        Ok(Known {
            attempts: known.attempts.saturating_add(1),
            ..known
        })
    }

    /// The number of a body, which the attempts of a delivery share; `None` of a new delivery.
    pub(super) fn keep_body(
        &self,
        delivery: Option<i64>,
        bytes: &[u8],
        blob: &body::Blob,
    ) -> rusqlite::Result<i64> {
        if let Some(delivery) = delivery
            && let Some(number) = self.shared_body(delivery, &blob.hash)?
        {
            return Ok(number);
        }
        let coded = blob.coded(bytes);
        let sql = "INSERT INTO bodies (hash, coding, data) VALUES (?1, ?2, ?3)";
        let data = coded.data.as_deref().unwrap_or(bytes);
        let mut insert = self.transaction.prepare_cached(sql)?;
        insert.insert(params![blob.hash, coded.coding, data])
    }

    /// The body with this hash, where an earlier attempt of a delivery had it or the next one has it.
    fn shared_body(&self, delivery: i64, hash: &[u8; 32]) -> rusqlite::Result<Option<i64>> {
        let mut query = self.transaction.prepare_cached(
            "SELECT b.number FROM (SELECT body FROM queue WHERE delivery = ?1
                 UNION ALL SELECT body FROM (SELECT body FROM attempts WHERE delivery = ?1
                     ORDER BY row DESC LIMIT ?3)) AS a
             CROSS JOIN bodies AS b ON b.number = a.body WHERE b.hash = ?2 LIMIT 1",
        )?;
        let number = query.query_row(params![delivery, hash, MOST_BODIES], |row| row.get(0));
        number.optional()
    }

    fn keep_attempt(
        &self,
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
        let verdict = attempt.verdict.as_ref();
        let fault = attempt.fault.as_ref();
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO attempts (delivery, nth, at, event, number, of, status, took, outcome,
                 verdict, reason, fault, fault_message, duplicate_of, same, size, body, answered)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        )?;
        insert.insert(params![
            known.number,
            known.attempts,
            attempt.at.as_microsecond(),
            attempt.event,
            attempt.number,
            attempt.of,
            attempt.status,
            i64::try_from(attempt.took.as_micros()).unwrap_or(i64::MAX),
            attempt.outcome.code(),
            verdict.map(|verdict| verdict.kind.code()),
            verdict.and_then(|verdict| verdict.reason.as_ref()),
            fault.map(|fault| &fault.kind),
            fault.map(|fault| &fault.message),
            duplicate_of,
            same,
            i64::try_from(attempt.size).unwrap_or(i64::MAX),
            body,
            attempt.answered.as_ref().map(Answered::to_text),
        ])
    }

    fn keep_head(&self, entry: &Entry, blobs: &Blobs, row: i64) -> rusqlite::Result<()> {
        let exchange = &entry.exchange;
        let response = exchange.response.as_ref();
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO heads (row, method, target, http, exact, peer, request, response, answer,
                 truncated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        insert.insert(params![
            row,
            exchange.request.method,
            exchange.request.target,
            exchange.http,
            exchange.exact,
            exchange.peer.map(|peer| peer.to_string()),
            blobs.request,
            blobs.response,
            response.map(|response| response.body.as_ref()),
            response.is_some_and(|response| response.truncated),
        ])?;
        Ok(())
    }
}
