//! Which delivery a name means: `#1042`, or the beginning of an id.

use rusqlite::{Row, params, params_from_iter};
use thiserror::Error;
use uuid::Uuid;

use super::prefix::{Prefix, Range, TextRange};
use super::{Reader, StoreError};

/// The deliveries that an error names.
const NAMED: usize = 5;

/// The newest deliveries among which a mistyped id is looked for.
const RECENT: i64 = 500;

/// How alike two ids must be for one to be a slip of the other; unrelated ones reach 0.4.
const ALIKE: f64 = 0.7;

/// Why a name means no delivery.
#[derive(Debug, Error)]
pub(crate) enum FindError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such delivery.
    #[error("there is no delivery `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// Those that may be meant: `#1042 0198c5c5-… msg_2`.
        near: Vec<String>,
    },
    /// There was one, and it was pruned.
    #[error("delivery `#{number}` is gone: it was pruned")]
    Gone {
        /// Its number.
        number: i64,
    },
    /// There are several.
    #[error("`{name}` names several deliveries")]
    Ambiguous {
        /// The name.
        name: String,
        /// Some of them, newest first: `#1042 0198c5c5-… msg_2`.
        candidates: Vec<String>,
    },
}

/// What names a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    number: i64,
    id: Uuid,
    webhook_id: Option<String>,
}

impl Candidate {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            id: row.get(1)?,
            webhook_id: row.get(2)?,
        })
    }

    fn shown(&self) -> String {
        let webhook_id = self.webhook_id.as_deref().unwrap_or_default();
        format!("#{} {} {webhook_id}", self.number, self.id)
            .trim_end()
            .to_owned()
    }
}

impl Reader {
    /// The number of the delivery that a name means: `#1042` or `1042`, a whole webhook id, or what
    /// only one of our ids and webhook ids begins with. Digits are a number where there is one.
    pub(crate) fn find(&self, name: &str) -> Result<i64, FindError> {
        let digits = name.strip_prefix('#').unwrap_or(name);
        if let Ok(number) = digits.parse::<u32>().map(i64::from) {
            if self.has_delivery(number)? {
                return Ok(number);
            }
            // Digits are never taken for the beginning of another's id where they were a number once.
            if number <= self.last_delivery()? {
                return Err(FindError::Gone { number });
            }
        }
        match self.named(name)?.as_slice() {
            [] => Err(FindError::Unknown {
                name: name.to_owned(),
                near: self.near(name)?,
            }),
            [one] => Ok(one.number),
            several => Err(FindError::Ambiguous {
                name: name.to_owned(),
                candidates: several.iter().map(Candidate::shown).collect(),
            }),
        }
    }

    fn last_delivery(&self) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) FROM deliveries";
        let last = self.one(sql, (), |row| row.get(0))?;
        Ok(last.unwrap_or_default())
    }

    fn has_delivery(&self, number: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM deliveries WHERE number = ?1";
        Ok(self.one(sql, params![number], |_| Ok(()))?.is_some())
    }

    /// The deliveries whose webhook id this is, else those that have an id which begins so; the
    /// first few.
    fn named(&self, name: &str) -> Result<Vec<Candidate>, StoreError> {
        let Some(prefix) = Prefix::new(name) else {
            return Ok(Vec::new());
        };
        let mut numbers = self.with_webhook_id(&prefix.webhook_ids(), NAMED)?;
        if numbers.len() == NAMED {
            // The whole one may be older than these.
            numbers.extend(self.with_webhook_id(&TextRange::only(name), NAMED)?);
        }
        if let Some(range) = prefix.own_ids() {
            numbers.extend(self.with_own_id(range, NAMED)?);
        }
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers.dedup();
        let sql = "SELECT number, id, webhook_id FROM deliveries WHERE number = ?1";
        let found = numbers
            .iter()
            .map(|number| self.one(sql, [number], Candidate::read));
        let found: Vec<_> = found.collect::<Result<_, _>>()?;
        let mut found: Vec<Candidate> = found.into_iter().flatten().collect();
        let is_whole = |one: &Candidate| one.webhook_id.as_deref() == Some(name);
        if found.iter().any(is_whole) {
            found.retain(is_whole);
        }
        found.truncate(NAMED);
        Ok(found)
    }

    /// The deliveries with an id of ours in a range, the newest first.
    pub(super) fn with_own_id(&self, range: Range, limit: usize) -> Result<Vec<i64>, StoreError> {
        let condition = range.condition;
        let sql = format!(
            "SELECT number FROM deliveries WHERE {condition} ORDER BY id DESC LIMIT {limit}"
        );
        self.all(&sql, params_from_iter(range.values), |row| row.get(0))
    }

    /// Recent deliveries with a webhook id that is like a name.
    fn near(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT number, id, webhook_id FROM deliveries ORDER BY number DESC LIMIT ?1";
        let recent = self.all(sql, params![RECENT], Candidate::read)?;
        let likeness = |one: &Candidate| {
            let webhook_id = one.webhook_id.as_deref();
            webhook_id.map_or(0.0, |webhook_id| {
                strsim::normalized_damerau_levenshtein(webhook_id, name)
            })
        };
        let mut alike: Vec<_> = recent.iter().map(|one| (likeness(one), one)).collect();
        alike.retain(|(likeness, _)| *likeness >= ALIKE);
        alike.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut near: Vec<_> = alike.into_iter().map(|(_, one)| one.shown()).collect();
        near.truncate(NAMED);
        Ok(near)
    }
}

#[cfg(test)]
mod tests {
    use super::FindError;
    use crate::store::samples::{Shelf, sample};

    /// Deliveries #1 to #4: our ids are 11…, 12…, 2a…, 2b…; the webhook ids `msg_1`, `msg_12`, `7`,
    /// none.
    fn shelf() -> Shelf {
        let shelf = Shelf::new();
        for (id, webhook_id) in [
            (0x11, Some("msg_1")),
            (0x12, Some("msg_12")),
            (0x2a, Some("7")),
            (0x2b, None),
        ] {
            let mut entry = sample();
            entry.id = uuid::Uuid::from_u128(id << 120);
            entry.attempt.webhook_id = webhook_id.map(str::to_owned);
            shelf.record(entry);
        }
        shelf
    }

    #[test]
    fn numbers_ids_and_their_beginnings_name_a_delivery() {
        let shelf = shelf();
        let reader = shelf.reader();
        for (name, number) in [
            ("#1", 1),
            ("1", 1),
            ("#4", 4),
            ("2", 2),
            ("12", 2),
            ("11000000-0000", 1),
            ("2A", 3),
            ("2b", 4),
            ("msg_1", 1),
            ("msg_12", 2),
            ("7", 3),
        ] {
            assert_eq!(reader.find(name).expect(name), number, "{name}");
        }
    }

    #[test]
    fn a_beginning_of_several_ids_is_told_with_them() {
        let shelf = shelf();
        let reader = shelf.reader();
        let error = reader.find("msg").expect_err("there are two");
        assert_eq!(error.to_string(), "`msg` names several deliveries");
        let FindError::Ambiguous { candidates, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!(
            candidates,
            [
                "#2 12000000-0000-0000-0000-000000000000 msg_12",
                "#1 11000000-0000-0000-0000-000000000000 msg_1"
            ]
        );
    }

    #[test]
    fn a_number_that_is_gone_is_no_beginning_of_an_id() {
        let shelf = Shelf::new();
        for webhook_id in ["a", "b", "277a"] {
            let mut entry = sample();
            entry.attempt.webhook_id = Some(webhook_id.to_owned());
            shelf.record(entry);
        }
        let connection = rusqlite::Connection::open(shelf.path()).expect("a database");
        let sql = "PRAGMA foreign_keys = off; DELETE FROM deliveries WHERE number = 2";
        connection.execute_batch(sql).expect("it is deleted");
        let reader = shelf.reader();
        for name in ["2", "#2"] {
            let found = reader.find(name);
            assert!(
                matches!(found, Err(FindError::Gone { number: 2 })),
                "{name}"
            );
        }
        assert_eq!(reader.find("277").expect("a delivery"), 3);
    }

    #[test]
    fn a_name_of_none_is_told_with_those_like_it() {
        let shelf = shelf();
        let reader = shelf.reader();
        for (name, near) in [
            (
                "msg_13",
                Some("#2 12000000-0000-0000-0000-000000000000 msg_12"),
            ),
            ("#99", None),
            ("", None),
            ("#", None),
            (
                "#msg_1",
                Some("#1 11000000-0000-0000-0000-000000000000 msg_1"),
            ),
            ("-", None),
            ("'; DROP TABLE deliveries; --", None),
        ] {
            let Err(FindError::Unknown { near: found, .. }) = reader.find(name) else {
                panic!("{name}");
            };
            assert_eq!(found.first().map(String::as_str), near, "{name}");
        }
        let empty = Shelf::new();
        assert!(matches!(
            empty.reader().find("1"),
            Err(FindError::Unknown { near, .. }) if near.is_empty()
        ));
    }
}
