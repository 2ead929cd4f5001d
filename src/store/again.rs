//! What is read of a delivery that is to be sent again.

use rusqlite::params;

use super::columns::{LISTED, listed, recorded};
use super::prefix::TextRange;
use super::{Direction, Listed, Reader, Recorded, StoreError};

/// The deliveries of one webhook id that are looked at: they went to as many endpoints.
const MOST_ALIKE: usize = 1000;

impl Reader {
    /// The last line of the log of a delivery; `None` where none is recorded.
    pub(crate) fn last_line(&self, delivery: i64) -> Result<Option<Listed>, StoreError> {
        let sql = format!("{LISTED} WHERE a.delivery = ?1 ORDER BY a.row DESC LIMIT 1");
        self.one(&sql, [delivery], listed)
    }

    /// The last attempt of a delivery, with its bytes; `None` where none is recorded.
    pub(crate) fn last_attempt(&self, delivery: i64) -> Result<Option<Recorded>, StoreError> {
        let select = recorded::SELECT;
        let sql = format!("{select} WHERE a.delivery = ?1 ORDER BY a.row DESC LIMIT 1");
        self.one(&sql, [delivery], recorded::read)
    }

    /// The last line of the delivery of this webhook id that went to an endpoint; `None` where there
    /// is none.
    pub(crate) fn last_sent(
        &self,
        provider: &str,
        endpoint: &str,
        webhook_id: &str,
    ) -> Result<Option<Listed>, StoreError> {
        let sql = "SELECT number FROM deliveries
             WHERE number = ?1 AND direction = ?2 AND provider = ?3 AND endpoint = ?4";
        for number in self.with_webhook_id(&TextRange::only(webhook_id), MOST_ALIKE)? {
            let values = params![number, Direction::Sent.code(), provider, endpoint];
            if let Some(number) = self.one(sql, values, |row| row.get(0))? {
                return self.last_line(number);
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Direction;
    use crate::store::samples::{Shelf, sample};

    #[test]
    fn the_delivery_that_went_to_an_endpoint_is_found() {
        let shelf = Shelf::new();
        for (direction, endpoint, number) in [
            (Direction::Received, "/hooks", 1),
            (Direction::Sent, "http://a/", 1),
            (Direction::Sent, "http://b/", 1),
            (Direction::Sent, "http://a/", 2),
        ] {
            let mut entry = sample();
            entry.attempt.direction = direction;
            entry.attempt.endpoint = endpoint.to_owned();
            entry.attempt.webhook_id = Some("msg_1".to_owned());
            entry.attempt.number = Some(number);
            shelf.record(entry);
        }
        let reader = shelf.reader();
        let provider = &sample().attempt.provider;
        let last = |provider, endpoint, id| {
            let line = reader.last_sent(provider, endpoint, id).expect("is read");
            line.map(|line| (line.place.delivery, line.attempt.number))
        };
        assert_eq!(last(provider, "http://a/", "msg_1"), Some((2, Some(2))));
        assert_eq!(last(provider, "http://b/", "msg_1"), Some((3, Some(1))));
        assert_eq!(last(provider, "/hooks", "msg_1"), None);
        assert_eq!(last(provider, "http://a/", "msg_"), None);
        assert_eq!(last("another", "http://a/", "msg_1"), None);
    }
}
