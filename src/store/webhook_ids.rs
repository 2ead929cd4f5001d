//! The index of webhook ids: chunks of deliveries, each sorted when it is complete.
//!
//! Ids come in random order. An index that took each at once would dirty a page of its own for every
//! delivery; here a chunk is written whole, in order, and the newest deliveries are read one by one.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::prefix::TextRange;
use super::{Reader, StoreError};

/// The deliveries of a chunk: number `n` is in chunk `(n - 1) / CHUNK`.
const CHUNK: i64 = 4096;

/// Sorts the next chunk of deliveries, where it is complete.
pub(super) fn sort_chunk(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let sql = "SELECT coalesce((SELECT max(chunk) + 1 FROM webhook_ids), 0),
         coalesce((SELECT max(number) FROM deliveries), 0)";
    let mut query = transaction.prepare_cached(sql)?;
    let ends = query.query_row((), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
    let (chunk, last) = ends.optional()?.unwrap_or_default();
    if last <= (chunk + 1) * CHUNK {
        return Ok(());
    }
    // Says that the chunk is done, also where no delivery in it has an id.
    let sql = "INSERT INTO webhook_ids (chunk, webhook_id, number) VALUES (?1, '', 0)";
    transaction.prepare_cached(sql)?.execute([chunk])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO webhook_ids (chunk, webhook_id, number)
         SELECT ?1, webhook_id, number FROM deliveries
         WHERE number > ?2 AND number <= ?3 AND webhook_id IS NOT NULL ORDER BY webhook_id, number",
    )?;
    insert.execute([chunk, chunk * CHUNK, (chunk + 1) * CHUNK])?;
    Ok(())
}

/// Takes a delivery out of its chunk, where that is sorted.
pub(super) fn take_out(
    transaction: &Transaction<'_>,
    number: i64,
    webhook_id: &str,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM webhook_ids WHERE chunk = ?1 AND webhook_id = ?2 AND number = ?3";
    let chunk = (number - 1) / CHUNK;
    let mut delete = transaction.prepare_cached(sql)?;
    delete.execute(params![chunk, webhook_id, number])?;
    Ok(())
}

/// Forgets the chunks before the first delivery that is left; the last one says where to go on.
pub(super) fn forget_chunks(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let sql = "DELETE FROM webhook_ids WHERE chunk < min(
         (SELECT max(chunk) FROM webhook_ids),
         coalesce((SELECT (min(number) - 1) / ?1 FROM deliveries), ?2))";
    transaction.execute(sql, [CHUNK, i64::MAX])?;
    Ok(())
}

impl Reader {
    /// The deliveries whose webhook id lies in a range, the newest first.
    pub(super) fn with_webhook_id(
        &self,
        range: &TextRange,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError> {
        // Every text comes before every blob.
        let until = range
            .until
            .clone()
            .map_or(Value::Blob(Vec::new()), Value::from);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(
            "WITH RECURSIVE chunks (chunk) AS (
                 SELECT min(chunk) FROM webhook_ids
                 UNION ALL SELECT chunk + 1 FROM chunks
                 WHERE chunk < (SELECT max(chunk) FROM webhook_ids))
             SELECT d.number FROM chunks AS c CROSS JOIN webhook_ids AS w
                 ON w.chunk = c.chunk AND w.webhook_id >= ?1 AND w.webhook_id < ?2
             CROSS JOIN deliveries AS d ON d.number = w.number
             UNION ALL
             SELECT number FROM deliveries
             WHERE number > coalesce((SELECT max(chunk) + 1 FROM webhook_ids), 0) * ?3
                 AND webhook_id >= ?1 AND webhook_id < ?2
             ORDER BY 1 DESC LIMIT ?4",
            params![range.from, until, CHUNK, limit],
            |row| row.get(0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::CHUNK;
    use crate::store::prefix::TextRange;
    use crate::store::samples::{Shelf, sample};

    fn range(from: &str, until: Option<&str>) -> TextRange {
        TextRange {
            from: from.to_owned(),
            until: until.map(str::to_owned),
        }
    }

    #[test]
    fn ids_are_found_in_chunks_and_behind_them() {
        let shelf = Shelf::new();
        let count = CHUNK * 2 + 100;
        shelf.record_all((1..=count).map(|number| {
            let mut entry = sample();
            // Chunks without an id come and go.
            let id = format!("{:04}-{number}", number * 7919 % 10_000);
            entry.attempt.webhook_id = (number > CHUNK || number == 5).then_some(id);
            entry
        }));
        let reader = shelf.reader();
        for number in [5, CHUNK + 1, CHUNK * 2, CHUNK * 2 + 1, count] {
            let id = format!("{:04}-{number}", number * 7919 % 10_000);
            let found = reader
                .with_webhook_id(&TextRange::only(&id), 9)
                .expect("it reads");
            assert_eq!(found, [number], "{id}");
        }
        let all = reader
            .with_webhook_id(&range("0", None), 10_000)
            .expect("it reads");
        assert_eq!(i64::try_from(all.len()), Ok(count - CHUNK + 1));
        assert!(all.is_sorted_by(|a, b| a > b));
        let few = reader
            .with_webhook_id(&range("0", Some("5")), 3)
            .expect("it reads");
        assert_eq!(few.len(), 3);
        assert!(
            reader
                .with_webhook_id(&TextRange::only("x"), 9)
                .expect("it reads")
                .is_empty()
        );
    }
}
