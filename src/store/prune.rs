//! Takes deliveries out: whole, and in transactions so short that whoever records beside it does not
//! notice.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::of_sqlite;
use super::plan::{USED, unsigned};
use super::schema::{Purpose, open};
use super::{Plan, StoreError, file, webhook_ids};

/// The deliveries, or the free pages, of one transaction while somebody else records: they change
/// less than a MiB, and whoever commits next has that to flush too.
const FEW: usize = 32;

/// The same while nobody does, with whom it grows step by step: fewer transactions do less work.
const MANY: usize = 1_024;

/// How long a transaction may take before it is committed, which takes as long again.
const HOLD: Duration = Duration::from_millis(10);

/// How long nobody is held up after a transaction, at the least: a few looks of whoever waits.
const REST: Duration = Duration::from_millis(3);

/// What was taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pruned {
    /// The deliveries.
    pub(crate) deliveries: u64,
    /// Their attempts.
    pub(crate) attempts: u64,
    /// Their bodies.
    pub(crate) bodies: u64,
    /// The bytes of the disk that are free again.
    pub(crate) freed: u64,
    /// The bytes of the disk that the store takes.
    pub(crate) size: u64,
}

/// How much goes into one transaction.
struct Pace {
    size: usize,
    /// Changes when somebody else commits.
    version: i64,
}

impl Pace {
    fn new() -> Self {
        Self {
            size: FEW,
            version: 0,
        }
    }

    /// The size of this transaction: twice that of the last one, or where somebody else has been at
    /// work meanwhile the least.
    fn next(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<usize> {
        let version = transaction.pragma_query_value(None, "data_version", |row| row.get(0))?;
        let is_alone = std::mem::replace(&mut self.version, version) == version;
        self.size = if is_alone {
            MANY.min(self.size * 2)
        } else {
            FEW
        };
        Ok(self.size)
    }

    /// Lets others work: while somebody does, as long as this work took. Returns the time afterwards.
    fn rest(&self, start: Instant) -> Instant {
        let took = if self.size == FEW {
            start.elapsed()
        } else {
            Duration::ZERO
        };
        thread::sleep(REST.max(took));
        Instant::now()
    }
}

/// A store that deliveries are taken out of. Whatever ends it leaves each delivery whole or gone.
pub(crate) struct Pruning {
    path: PathBuf,
    connection: Connection,
    plan: Plan,
    /// How far the plan is carried out.
    next: usize,
    pace: Pace,
    pruned: Pruned,
}

impl Pruning {
    /// Opens the store to carry out a plan that was made of it.
    pub(crate) fn open(path: &Path, plan: Plan) -> Result<Self, StoreError> {
        Ok(Self {
            path: path.to_owned(),
            connection: connect(path)?,
            plan,
            next: 0,
            pace: Pace::new(),
            pruned: Pruned::default(),
        })
    }

    /// Carries the plan out and gives what is free back to the system. What was taken out before an
    /// error stays out.
    pub(crate) fn run(mut self) -> (Pruned, Result<(), StoreError>) {
        let before = file::taken(&self.path);
        let done = self.take_out_all().and_then(|()| self.shrink());
        // Whoever closes a store last takes its log away.
        drop(self.connection);
        let size = file::taken(&self.path);
        let pruned = Pruned {
            size,
            freed: before.saturating_sub(size),
            ..self.pruned
        };
        (pruned, done.map_err(|error| of_sqlite(&self.path, &error)))
    }

    fn take_out_all(&mut self) -> rusqlite::Result<()> {
        let mut start = Instant::now();
        while self.take_out_some()? {
            start = self.pace.rest(start);
        }
        let immediate = TransactionBehavior::Immediate;
        let transaction = Transaction::new(&mut self.connection, immediate)?;
        webhook_ids::forget_chunks(&transaction)?;
        transaction.commit()
    }

    /// One transaction. True: there is more to take out.
    fn take_out_some(&mut self) -> rusqlite::Result<bool> {
        let transaction = Transaction::new(&mut self.connection, TransactionBehavior::Immediate)?;
        let plan = &self.plan;
        let mut pruned = self.pruned;
        let until = Instant::now() + HOLD;
        let mut is_more = true;
        for _ in 0..self.pace.next(&transaction)? {
            let is_certain = self.next < plan.certain;
            is_more = self.next < plan.oldest_first.len()
                && (is_certain || exceeds(&transaction, plan.max_size)?);
            if !is_more || Instant::now() > until {
                break;
            }
            let number = plan.oldest_first[self.next].number;
            self.next += 1;
            take_out(&transaction, number, plan.row, &mut pruned)?;
        }
        transaction.commit()?;
        self.pruned = pruned;
        Ok(is_more)
    }

    /// Gives the free pages of the file back to the system.
    fn shrink(&mut self) -> rusqlite::Result<()> {
        let mut start = Instant::now();
        while give_back_some(&mut self.connection, &mut self.pace)? {
            start = self.pace.rest(start);
        }
        // The file is cut when all of the log is copied into it; a reader may be in the way, and
        // then it is cut later.
        self.connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, Purpose::Write)?;
    let configure = || -> rusqlite::Result<()> {
        // A power cut may bring back what was deleted; the file stays whole.
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "wal_autocheckpoint", super::writer::CHECKPOINT_PAGES)?;
        // To see that no attempt refers to a body, SQLite would read every attempt, for each body.
        connection.pragma_update(None, "foreign_keys", false)
    };
    configure().map_err(|error| of_sqlite(path, &error))?;
    Ok(connection)
}

/// Whether what is in use takes more of the file than it may.
fn exceeds(transaction: &Transaction<'_>, most: Option<u64>) -> rusqlite::Result<bool> {
    let Some(most) = most else { return Ok(false) };
    let mut query = transaction.prepare_cached(USED)?;
    Ok(query.query_row((), unsigned)? > most)
}

/// Takes a delivery out, with all that is of no use without it. One that had another attempt since
/// the row of the plan, or is to have one, is not old any more, and stays.
fn take_out(
    transaction: &Transaction<'_>,
    number: i64,
    row: i64,
    pruned: &mut Pruned,
) -> rusqlite::Result<()> {
    let mut query =
        transaction.prepare_cached("SELECT row, body FROM attempts WHERE delivery = ?1")?;
    let attempts = query.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let attempts = attempts.collect::<rusqlite::Result<Vec<(i64, Option<i64>)>>>()?;
    if attempts.iter().any(|attempt| attempt.0 > row) || is_queued(transaction, number)? {
        return Ok(());
    }
    let delete = |sql, number: i64| transaction.prepare_cached(sql)?.execute([number]);
    for (row, body) in attempts {
        delete("DELETE FROM heads WHERE row = ?1", row)?;
        delete("DELETE FROM attempts WHERE row = ?1", row)?;
        pruned.attempts += 1;
        // Another attempt of the delivery may have had the same one.
        if let Some(body) = body {
            pruned.bodies += u64::from(delete("DELETE FROM bodies WHERE number = ?1", body)? > 0);
        }
    }
    let sql = "DELETE FROM deliveries WHERE number = ?1 RETURNING webhook_id";
    let mut delete = transaction.prepare_cached(sql)?;
    let mut deleted = delete.query([number])?;
    // Another pruning may have been faster.
    while let Some(delivery) = deleted.next()? {
        pruned.deliveries += 1;
        if let Some(webhook_id) = delivery.get_ref(0)?.as_str_or_null()? {
            webhook_ids::take_out(transaction, number, webhook_id)?;
        }
    }
    Ok(())
}

/// Whether a delivery is not finished.
fn is_queued(transaction: &Transaction<'_>, delivery: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM queue WHERE delivery = ?1";
    transaction.prepare_cached(sql)?.exists([delivery])
}

/// One transaction. True: there is more to give back.
fn give_back_some(connection: &mut Connection, pace: &mut Pace) -> rusqlite::Result<bool> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let free =
        || transaction.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0));
    let before = free()?;
    let pages = pace.next(&transaction)?;
    let until = Instant::now() + HOLD;
    // Each row is a page.
    let mut vacuum = transaction.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut steps = vacuum.query(())?;
    while steps.next()?.is_some() && Instant::now() < until {}
    drop(steps);
    drop(vacuum);
    let left = free()?;
    transaction.commit()?;
    // A file that was made without the ability keeps its length.
    Ok(left > 0 && left < before)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Shelf, queued, sample};
    use super::super::{Entry, Limits, Queued, Target};
    use super::{Plan, Pruned, Pruning, file};

    /// An attempt of the delivery of this webhook id.
    fn attempt(webhook_id: &str) -> Entry {
        let mut entry = sample();
        entry.attempt.webhook_id = Some(webhook_id.to_owned());
        entry
    }

    fn shelf(webhook_ids: &[&str]) -> Shelf {
        let shelf = Shelf::new();
        for webhook_id in webhook_ids {
            shelf.record(attempt(webhook_id));
        }
        shelf
    }

    fn plan(shelf: &Shelf) -> Plan {
        let limits = Limits {
            keep: Some(0),
            ..Limits::default()
        };
        shelf.reader().pruning_plan(&limits).expect("a plan")
    }

    fn run(shelf: &Shelf, plan: Plan) -> Pruned {
        let (pruned, done) = Pruning::open(&shelf.path(), plan).expect("a store").run();
        done.expect("nothing is in the way");
        pruned
    }

    fn rows(shelf: &Shelf, delivery: i64) -> Vec<i64> {
        let attempts = shelf.reader().timeline(delivery).expect("it can be read");
        attempts.iter().map(|one| one.place.row).collect()
    }

    #[test]
    fn what_is_recorded_after_the_plan_was_made_stays() {
        let shelf = shelf(&["a", "b", "c"]);
        let plan = plan(&shelf);
        // One more attempt of an old delivery, and a new one.
        for webhook_id in ["b", "d"] {
            shelf.record(attempt(webhook_id));
        }
        let pruned = run(&shelf, plan);
        assert_eq!(
            (pruned.deliveries, pruned.attempts, pruned.bodies),
            (2, 2, 2)
        );
        let left = [1, 2, 3, 4].map(|delivery| rows(&shelf, delivery));
        assert_eq!(left, [vec![], vec![2, 4], vec![], vec![5]]);
    }

    #[test]
    fn what_is_queued_stays() {
        let shelf = shelf(&["a"]);
        let run = shelf.writer().begin_run("").expect("a run");
        let before = shelf.enqueue_new(&run);
        let plan = plan(&shelf);
        assert_eq!(plan.forecast().deliveries, 1);
        // One more after the plan was made: it has an attempt, and is to have another.
        let again = Queued {
            delivery: Target::Known(1),
            ..queued()
        };
        shelf.enqueue(&run, again);
        assert_eq!(
            self::run(&shelf, plan),
            Pruned {
                size: file::taken(&shelf.path()),
                ..Pruned::default()
            }
        );
        for delivery in [1, before] {
            let load = shelf.reader().load(delivery).expect("it can be read");
            assert_eq!(load.expect("it is queued").body, queued().body);
            shelf.writer().withdraw(&run, delivery).expect("it goes");
        }
        let pruned = self::run(&shelf, self::plan(&shelf));
        assert_eq!((pruned.deliveries, pruned.bodies), (2, 1));
        assert_eq!(shelf.number("SELECT count(*) FROM bodies"), 0);
    }

    #[test]
    fn two_may_prune_at_once() {
        let shelf = shelf(&["a", "b"]);
        let (one, other) = (plan(&shelf), plan(&shelf));
        assert_eq!(run(&shelf, one).deliveries, 2);
        shelf.record(attempt("c"));
        assert_eq!(run(&shelf, other).deliveries, 0);
        assert_eq!(rows(&shelf, 3), [3]);
    }
}
