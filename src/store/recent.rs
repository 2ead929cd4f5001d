//! The webhook ids of the newest deliveries, by which an attempt finds the delivery it belongs to.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};

use rusqlite::{Transaction, params};

/// The deliveries that are looked among. Their ids come in random order: an index of them on disk
/// would cost more than all other writing together.
const MOST: usize = 262_144;

/// What was read of the deliveries; good for as long as the connection whose transactions read it.
#[derive(Default)]
pub(super) struct Recent {
    hasher: RandomState,
    /// The newest delivery of an id, by the id's hash.
    newest: HashMap<u64, i64>,
    order: VecDeque<(i64, u64)>,
    /// The last delivery that was read.
    last: i64,
}

impl Recent {
    /// Takes in what other processes, or this one without asking, have added since.
    pub(super) fn refresh(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut newer = transaction.prepare_cached(
            "SELECT number, direction, provider, webhook_id FROM deliveries
             WHERE number > max(?1, (SELECT coalesce(max(number), 0) FROM deliveries) - ?2)
             AND webhook_id IS NOT NULL ORDER BY number",
        )?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let mut rows = newer.query(params![self.last, most])?;
        while let Some(row) = rows.next()? {
            let (provider, webhook_id) = (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
            let key = self.key(row.get(1)?, provider, webhook_id);
            self.add(row.get(0)?, key);
        }
        Ok(())
    }

    /// The key of an id.
    pub(super) fn key(&self, direction: u8, provider: &str, webhook_id: &str) -> u64 {
        self.hasher.hash_one((direction, provider, webhook_id))
    }

    /// The newest delivery with a key; another id may have the same one.
    pub(super) fn newest(&self, key: u64) -> Option<i64> {
        self.newest.get(&key).copied()
    }

    /// Adds a delivery; nothing older is added after it.
    pub(super) fn add(&mut self, number: i64, key: u64) {
        self.last = number;
        self.newest.insert(key, number);
        self.order.push_back((number, key));
        if self.order.len() > MOST
            && let Some((number, key)) = self.order.pop_front()
            && self.newest(key) == Some(number)
        {
            self.newest.remove(&key);
        }
    }
}
