//! Which delivery an entry belongs to, and which it repeats.

use rusqlite::{OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::append::Desk;
use super::{Attempt, Opening};

/// The deliveries of one webhook id that are looked at: whoever makes more does so on purpose.
const MOST_ALIKE: usize = 64;

/// A delivery that an entry may belong to.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) id: Uuid,
    pub(super) attempts: u32,
}

/// What the attempts of a delivery have in common.
pub(super) struct Common<'c> {
    pub(super) direction: u8,
    pub(super) provider: &'c str,
    pub(super) endpoint: &'c str,
    pub(super) webhook_id: Option<&'c str>,
}

/// What is known of a webhook id.
#[derive(Default)]
pub(super) struct Alike {
    /// The delivery with all in common.
    pub(super) known: Option<Known>,
    /// A delivery of the same id, wherever it went, that was accepted within the window.
    pub(super) accepted: Option<i64>,
}

impl<'c> From<&'c Attempt> for Common<'c> {
    fn from(attempt: &'c Attempt) -> Self {
        Self {
            direction: attempt.direction.code(),
            provider: &attempt.provider,
            endpoint: &attempt.endpoint,
            webhook_id: attempt.webhook_id.as_deref(),
        }
    }
}

impl<'c> From<&'c Opening> for Common<'c> {
    fn from(opening: &'c Opening) -> Self {
        Self {
            direction: opening.direction.code(),
            provider: &opening.provider,
            endpoint: &opening.endpoint,
            webhook_id: opening.webhook_id.as_deref(),
        }
    }
}

impl Desk<'_> {
    /// The delivery with a number.
    pub(super) fn numbered(&self, number: i64) -> rusqlite::Result<Alike> {
        let sql = "SELECT id, attempts FROM deliveries WHERE number = ?1";
        let mut query = self.transaction.prepare_cached(sql)?;
        let known = query.query_row([number], |row| {
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

    /// Looks for deliveries with the same webhook id, the newest first.
    pub(super) fn alike(&mut self, common: &Common<'_>, since: i64) -> rusqlite::Result<Alike> {
        let mut alike = Alike::default();
        let Some(webhook_id) = common.webhook_id else {
            return Ok(alike);
        };
        if !self.is_current {
            self.recent.refresh(self.transaction)?;
            self.is_current = true;
        }
        let key = self
            .recent
            .key(common.direction, common.provider, webhook_id);
        let mut next = self.recent.newest(key);
        if next.is_none() {
            return Ok(alike);
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT endpoint = ?5, id, attempts, accepted_at, previous FROM deliveries
             WHERE number = ?1 AND direction = ?2 AND provider = ?3 AND webhook_id = ?4",
        )?;
        for _ in 0..MOST_ALIKE {
            let Some(number) = next else { break };
            let values = params![
                number,
                common.direction,
                common.provider,
                webhook_id,
                common.endpoint
            ];
            let read = |row: &Row<'_>| alike.take(number, row, since);
            // It may have been pruned, or be of another id with the same key.
            next = query.query_row(values, read).optional()?.flatten();
        }
        Ok(alike)
    }

    /// The delivery that was accepted with this key.
    pub(super) fn same(&self, key: &[u8], since: i64) -> rusqlite::Result<Option<i64>> {
        let sql = "SELECT delivery FROM attempts WHERE same = ?1 AND at >= ?2 LIMIT 1";
        let mut query = self.transaction.prepare_cached(sql)?;
        let delivery = query.query_row(params![key, since], |row| row.get(0));
        delivery.optional()
    }
}

impl Alike {
    /// Takes a delivery in; gives the one before it.
    fn take(&mut self, number: i64, row: &Row<'_>, since: i64) -> rusqlite::Result<Option<i64>> {
        let is_same = row.get(0)?;
        let accepted_at: Option<i64> = row.get(3)?;
        let is_accepted = accepted_at.is_some_and(|at| at >= since);
        if is_accepted && (is_same || self.accepted.is_none()) {
            self.accepted = Some(number);
        }
        if is_same && self.known.is_none() {
            self.known = Some(Known {
                number,
                id: row.get(1)?,
                attempts: row.get(2)?,
            });
        }
        row.get(4)
    }
}
