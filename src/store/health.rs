//! What can be told of a store's health, and of the disk that it is on.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::error::of_sqlite;
use super::file::{beside, prepare};
use super::{Reader, StoreError};

/// What a store says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Health {
    /// The number of its schema.
    pub(crate) schema: i64,
    /// The deliveries in it.
    pub(crate) deliveries: i64,
    /// Their attempts.
    pub(crate) attempts: i64,
    /// The bytes of the file.
    pub(crate) size: u64,
    /// The bytes of the log beside it that are not copied into it, or will be written over.
    pub(crate) log: u64,
}

/// How long commits take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommitTimes {
    /// Half of them are faster.
    pub(crate) median: Duration,
    /// The slowest.
    pub(crate) max: Duration,
}

/// The commits that are measured.
const COMMITS: usize = 21;

/// The version of `SQLite` that is built in.
pub(crate) fn sqlite_version() -> &'static str {
    rusqlite::version()
}

impl Reader {
    /// What the store says of itself.
    pub(crate) fn health(&self) -> Result<Health, StoreError> {
        let number = |sql| {
            let value = self.one(sql, (), |row| row.get::<_, i64>(0))?;
            Ok::<_, StoreError>(value.unwrap_or_default())
        };
        let length = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        Ok(Health {
            schema: number("PRAGMA user_version")?,
            deliveries: number("SELECT count(*) FROM deliveries")?,
            attempts: number("SELECT count(*) FROM attempts")?,
            size: length(self.path()),
            log: length(&beside(self.path(), "-wal")),
        })
    }

    /// Reads all of the store; the first fault that `SQLite` finds.
    pub(crate) fn fault(&self) -> Result<Option<String>, StoreError> {
        let found: Option<String> = self.one("PRAGMA quick_check(1)", (), |row| row.get(0))?;
        Ok(found.filter(|found| found != "ok"))
    }
}

/// Measures durable commits, as the writer makes them, in a file of its own that is gone afterwards.
pub(crate) fn measure_commits(directory: &Path) -> Result<CommitTimes, StoreError> {
    let trial = Trial(directory.join(format!(".wh-doctor-{}.db", uuid::Uuid::new_v4())));
    prepare(&trial.0).map_err(|source| StoreError::Open {
        path: trial.0.clone(),
        source,
    })?;
    commits(&trial.0).map_err(|error| of_sqlite(&trial.0, &error))
}

fn commits(path: &Path) -> rusqlite::Result<CommitTimes> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch("CREATE TABLE trial (data BLOB)")?;
    let mut times = Vec::with_capacity(COMMITS);
    for _ in 0..COMMITS {
        let start = Instant::now();
        connection.execute("INSERT INTO trial VALUES (zeroblob(1024))", ())?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(CommitTimes {
        median: times[COMMITS / 2],
        max: times[COMMITS - 1],
    })
}

/// A database that is deleted when this is dropped.
struct Trial(PathBuf);

impl Drop for Trial {
    fn drop(&mut self) {
        for path in files(&self.0) {
            // What was not made cannot be deleted.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The files of a store, whether they are there or not.
pub(crate) fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| beside(path, ending))
}

/// The bytes of the disk that this user may still take; `None` where the system does not tell.
#[cfg(unix)]
pub(crate) fn free_space(directory: &Path) -> io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(directory)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

/// The bytes of the disk that this user may still take; `None` where the system does not tell.
#[cfg(not(unix))]
pub(crate) fn free_space(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}
