//! A look at every row, on all processors.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::error::of_sqlite;
use super::filter::{Filter, Split};
use super::schema::{Purpose, open};
use super::{Reader, StoreError, body};

/// The rows that a thread looks at before it takes others: enough to be worth its query, few enough
/// for a page to be full soon.
const PART: i64 = 8192;

/// More threads than this wait for memory and not for a processor.
const MOST_THREADS: usize = 8;

/// What is asked of the rows of a part.
pub(super) struct Scan<'f> {
    sql: String,
    split: Split<'f>,
    /// The columns that are read, beside those of the body.
    columns: usize,
}

impl<'f> Scan<'f> {
    /// Reads these columns of `a` (attempts) where a filter passes.
    pub(super) fn new(filter: &'f Filter, columns: &[&str]) -> Self {
        let split = filter.split();
        // Ascending: descending reads of what is not in memory are several times slower.
        let deliveries = if split.asks_delivery {
            " CROSS JOIN deliveries AS d ON d.number = a.delivery"
        } else {
            ""
        };
        let (bytes, bodies) = if split.asks_body() {
            let bodies = " LEFT JOIN bodies AS b ON b.number = a.body";
            (", a.size, b.coding, b.data", bodies)
        } else {
            ("", "")
        };
        let sql = format!(
            "SELECT {}{bytes} FROM attempts AS a NOT INDEXED{deliveries}{bodies} \
             WHERE a.row >= ? AND a.row < ? AND {} ORDER BY a.row",
            columns.join(", "),
            split.condition,
        );
        Self {
            sql,
            columns: columns.len(),
            split,
        }
    }

    /// Looks at the rows of a range that pass, oldest first.
    fn each(
        &self,
        connection: &Connection,
        range: &Range<i64>,
        mut look: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let ends = [range.start, range.end].map(Value::from);
        let values = ends.into_iter().chain(self.split.values.iter().cloned());
        let mut statement = connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if self.takes(row)? {
                look(row)?;
            }
        }
        Ok(())
    }

    fn takes(&self, row: &Row<'_>) -> rusqlite::Result<bool> {
        if !self.split.asks_body() {
            return Ok(true);
        }
        let Some(coding) = row.get::<_, Option<u8>>(self.columns + 1)? else {
            return Ok(self.split.takes(b""));
        };
        let size = u64::try_from(row.get::<_, i64>(self.columns)?).unwrap_or_default();
        let data = row.get_ref(self.columns + 2)?.as_blob()?;
        body::decoded(coding, data, size, |body| self.split.takes(body))
            .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
    }
}

impl Reader {
    /// The newest rows before one that pass, newest first, at most `limit`.
    pub(super) fn search(
        &self,
        filter: &Filter,
        before: i64,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let mut found = Vec::new();
        let scan = Scan::new(filter, &["a.row"]);
        self.scan(
            &scan,
            before,
            |rows: &mut Vec<i64>, row| {
                rows.push(row.get(0)?);
                Ok(())
            },
            |rows| {
                found.extend(rows.into_iter().rev().take(limit - found.len()));
                if found.len() < limit {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            },
        )?;
        Ok(found)
    }

    /// Looks at the rows before one, in parts. Of each part `look` gathers what passes, oldest first;
    /// `take` gets the parts, newest first, until it breaks off.
    pub(super) fn scan<T: Default + Send>(
        &self,
        scan: &Scan<'_>,
        before: i64,
        look: impl Fn(&mut T, &Row<'_>) -> rusqlite::Result<()> + Sync,
        take: impl FnMut(T) -> ControlFlow<()> + Send,
    ) -> Result<(), StoreError> {
        let sql = "SELECT coalesce(min(row), 1) FROM attempts";
        let first = self.one(sql, (), |row| row.get(0))?.unwrap_or(1);
        let before = before.min(self.last_row()? + 1);
        let desk = Mutex::new(Desk {
            left: first..before,
            next: 0,
            taken: 0,
            waiting: BTreeMap::new(),
            take,
        });
        let gather = |connection: &Connection, range: &Range<i64>| {
            let mut gathered = T::default();
            scan.each(connection, range, |row| look(&mut gathered, row))?;
            Ok(gathered)
        };
        let parts = usize::try_from((before - first) / PART + 1).unwrap_or(1);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let path = self.path();
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads.min(parts).min(MOST_THREADS))
                .map(|_| {
                    scope.spawn(|| {
                        let connection = open(path, Purpose::Read)?;
                        work(&desk, |range| gather(&connection, range))
                            .map_err(|error| of_sqlite(path, &error))
                    })
                })
                .collect();
            let own = work(&desk, |range| gather(self.connection(), range))
                .map_err(|error| of_sqlite(path, &error));
            others
                .into_iter()
                .map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .fold(own, Result::and)
        })
    }
}

/// What the threads share.
struct Desk<T, F> {
    /// The rows that nobody looks at yet.
    left: Range<i64>,
    /// The part that is given out next.
    next: usize,
    /// The part that is taken next.
    taken: usize,
    /// Parts that were done before an earlier one.
    waiting: BTreeMap<usize, T>,
    take: F,
}

impl<T, F: FnMut(T) -> ControlFlow<()>> Desk<T, F> {
    /// The newest rows that nobody looks at yet.
    fn part(&mut self) -> Option<(usize, Range<i64>)> {
        if self.left.is_empty() {
            return None;
        }
        let start = self.left.start.max(self.left.end - PART);
        let range = start..self.left.end;
        self.left.end = start;
        self.next += 1;
        Some((self.next - 1, range))
    }

    fn done(&mut self, part: usize, gathered: T) {
        self.waiting.insert(part, gathered);
        while let Some(gathered) = self.waiting.remove(&self.taken) {
            self.taken += 1;
            if (self.take)(gathered).is_break() {
                self.stop();
            }
        }
    }

    fn stop(&mut self) {
        self.left.end = self.left.start;
        self.waiting.clear();
        self.taken = usize::MAX;
    }
}

/// One thread's share.
fn work<T, F: FnMut(T) -> ControlFlow<()>>(
    desk: &Mutex<Desk<T, F>>,
    gather: impl Fn(&Range<i64>) -> rusqlite::Result<T>,
) -> rusqlite::Result<()> {
    let lock = || desk.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let Some((part, range)) = lock().part() else {
            return Ok(());
        };
        match gather(&range) {
            Ok(gathered) => lock().done(part, gathered),
            Err(error) => {
                lock().stop();
                return Err(error);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ops::ControlFlow;
    use std::sync::Mutex;
    use std::thread;

    use super::{Desk, PART, work};

    /// The rows that three threads find in a log of 20 parts, until there are so many.
    fn found(enough: usize) -> Vec<i64> {
        let mut found = Vec::new();
        let desk = Mutex::new(Desk {
            left: 1..PART * 20 + 7,
            next: 0,
            taken: 0,
            waiting: BTreeMap::new(),
            take: |rows: Vec<i64>| {
                found.extend(rows.into_iter().rev());
                if found.len() < enough {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            },
        });
        let share = || {
            work(&desk, |range| {
                Ok(range.clone().filter(|row| row % 1000 == 0).collect())
            })
        };
        thread::scope(|scope| {
            let shares = [(); 3].map(|()| scope.spawn(share));
            for share in shares {
                share.join().expect("it ends").expect("it reads");
            }
        });
        drop(desk);
        found
    }

    #[test]
    fn parts_are_taken_newest_first_whoever_is_done_first() {
        let all: Vec<i64> = (1..PART * 20 + 7)
            .rev()
            .filter(|row| row % 1000 == 0)
            .collect();
        assert_eq!(found(usize::MAX), all);
    }

    #[test]
    fn nothing_is_taken_after_enough() {
        let found = found(10);
        assert!((10..20).contains(&found.len()), "{}", found.len());
        assert!(found.is_sorted_by(|a, b| a - b == 1000));
    }

    #[test]
    fn an_error_ends_the_work() {
        let desk = Mutex::new(Desk {
            left: 1..PART * 20,
            next: 0,
            taken: 0,
            waiting: BTreeMap::new(),
            take: |_: i64| ControlFlow::Continue(()),
        });
        let fails = |_: &_| Err(rusqlite::Error::InvalidQuery);
        assert!(work(&desk, fails).is_err());
        assert!(work(&desk, fails).is_ok());
    }
}
