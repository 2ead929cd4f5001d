//! Processes that send, and which of them have ended.
//!
//! A run holds an exclusive lock on a file of its own beside the store; that is the lease on its rows.
//! The kernel ends it with the process, however that ends. No clock is asked: one that jumps takes
//! nothing from a run that goes on, and one that was stopped keeps what it has.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::append::Desk;
use super::error::of_sqlite;
use super::plan::unsigned;
use super::{Reader, StoreError, WriteError, Writer, file};

/// What stands between the store's name and the run's id.
const ENDING: &str = ".run-";

/// A process that sends, for as long as it is held: its rows are nobody else's until it is dropped or
/// the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its number in the store, from 1.
    pub(crate) number: i64,
    lock: Lock,
}

impl Run {
    /// Its end by force: the kernel lets the lock go, and the file stays.
    #[cfg(test)]
    pub(super) fn crash(&self) {
        self.lock.file.unlock().expect("it is held");
    }

    /// The file whose lock it holds.
    #[cfg(test)]
    pub(super) fn path(&self) -> &Path {
        &self.lock.path
    }
}

/// A file that is locked, and goes when this is dropped.
#[derive(Debug)]
struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    fn take(store: &Path, id: Uuid) -> io::Result<Self> {
        let path = path_of(store, id)?;
        let file = file::private_file(&path)?;
        let lock = Self { file, path };
        // Whoever looks at it meanwhile is done in a moment.
        lock.file.lock()?;
        Ok(lock)
    }

    /// Lets the lock go, and the file with it; a second time does nothing.
    fn let_go(&self) {
        // A file that cannot be deleted says the same once nobody holds its lock.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.lock.let_go();
    }
}

/// The file of a run. Like `SQLite`'s own files it is beside the store itself, not beside a link to it.
fn path_of(store: &Path, id: Uuid) -> io::Result<PathBuf> {
    let store = store.canonicalize()?;
    Ok(file::beside(&store, &format!("{ENDING}{id}")))
}

/// Whether a run has ended; in doubt it goes on.
fn has_ended(store: &Path, id: Uuid) -> bool {
    let opened = path_of(store, id).and_then(File::open);
    match opened {
        // Others may look at the same time.
        Ok(file) => file.try_lock_shared().is_ok(),
        Err(error) => error.kind() == ErrorKind::NotFound && store.exists(),
    }
}

/// Whether the run with a number has ended.
pub(super) fn has_run_ended(desk: &Desk<'_>, run: i64) -> rusqlite::Result<bool> {
    let mut query = desk
        .transaction
        .prepare_cached("SELECT id FROM runs WHERE number = ?1")?;
    let id = query.query_row([run], |row| row.get(0)).optional()?;
    Ok(id.is_none_or(|id| has_ended(desk.path, id)))
}

/// The runs that have ended and hold rows.
fn ended_holders(connection: &Connection, store: &Path) -> rusqlite::Result<Vec<i64>> {
    let mut query = connection.prepare_cached(
        "SELECT number, id FROM runs WHERE EXISTS (SELECT 1 FROM queue WHERE holder = runs.number)",
    )?;
    let mut rows = query.query(())?;
    let mut ended = Vec::new();
    while let Some(row) = rows.next()? {
        if has_ended(store, row.get(1)?) {
            ended.push(row.get(0)?);
        }
    }
    Ok(ended)
}

/// Takes away what ended runs have left and nobody needs. A run begins in a transaction, and this is
/// one: no file is seen before it is locked.
fn tidy(desk: &Desk<'_>) -> rusqlite::Result<()> {
    // What cannot be taken away does no harm.
    let _ = remove_files(desk.path);
    let mut idle = desk.transaction.prepare_cached(
        "SELECT number, id FROM runs
         WHERE NOT EXISTS (SELECT 1 FROM queue WHERE holder = runs.number)
             AND NOT EXISTS (SELECT 1 FROM queue WHERE run = runs.number AND run <> holder)",
    )?;
    let idle = idle.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (number, id) in idle.collect::<rusqlite::Result<Vec<(i64, Uuid)>>>()? {
        if has_ended(desk.path, id) {
            let mut delete = desk
                .transaction
                .prepare_cached("DELETE FROM runs WHERE number = ?1")?;
            delete.execute([number])?;
        }
    }
    Ok(())
}

/// Deletes the files of runs that have ended: without one a run has ended as well.
fn remove_files(store: &Path) -> io::Result<()> {
    let store = store.canonicalize()?;
    let (Some(folder), Some(name)) = (store.parent(), store.file_name()) else {
        return Ok(());
    };
    let start = [name.as_encoded_bytes(), ENDING.as_bytes()].concat();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let id = name.as_encoded_bytes().strip_prefix(start.as_slice());
        // Whatever else is called so is not ours.
        if id.is_none_or(|id| Uuid::try_parse_ascii(id).is_err()) {
            continue;
        }
        // It may have gone meanwhile. Whoever looks at it now is to find it ended too.
        if File::open(entry.path()).is_ok_and(|file| file.try_lock_shared().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The error of a run that cannot have its file.
fn cannot_lock(error: &io::Error) -> WriteError {
    WriteError {
        is_full: error.kind() == ErrorKind::StorageFull,
        ..WriteError::new(format!("cannot lock a file beside the store: {error}"))
    }
}

impl Writer {
    /// Begins a run whose deliveries are sent by these terms; the store does not read them.
    pub(crate) fn begin_run(&self, terms: &str) -> Result<Run, WriteError> {
        let terms = terms.to_owned();
        let started_at = Timestamp::now().as_microsecond();
        let begun = self.transact_now(move |desk| {
            tidy(desk)?;
            let id = Uuid::new_v4();
            // It is locked before anybody can see the row, and gone again if nobody ever will.
            let lock = match Lock::take(desk.path, id) {
                Ok(lock) => lock,
                Err(error) => return Ok(Err(cannot_lock(&error))),
            };
            let mut insert = desk
                .transaction
                .prepare_cached("INSERT INTO runs (id, started_at, terms) VALUES (?1, ?2, ?3)")?;
            let number = insert.insert(params![id, started_at, terms])?;
            Ok(Ok(Run { number, lock }))
        });
        begun?
    }

    /// Makes the rows of all runs that have ended this one's; how many they are.
    pub(crate) fn claim(&self, run: &Run) -> Result<u64, WriteError> {
        let own = run.number;
        self.transact_now(move |desk| {
            let mut claimed = 0;
            for ended in ended_holders(desk.transaction, desk.path)? {
                let sql = "UPDATE queue SET holder = ?2 WHERE holder = ?1 AND holder <> ?2";
                let mut update = desk.transaction.prepare_cached(sql)?;
                claimed += update.execute([ended, own])?;
            }
            tidy(desk)?;
            Ok(u64::try_from(claimed).unwrap_or(u64::MAX))
        })
    }
}

impl Reader {
    /// How many deliveries ended runs have left unfinished.
    pub(crate) fn unfinished(&self) -> Result<u64, StoreError> {
        let ended = ended_holders(self.connection(), self.path())
            .map_err(|error| of_sqlite(self.path(), &error))?;
        let mut unfinished = 0;
        for run in ended {
            let sql = "SELECT count(*) FROM queue WHERE holder = ?1";
            unfinished += self.one(sql, [run], unsigned)?.unwrap_or_default();
        }
        Ok(unfinished)
    }

    /// The terms of a run.
    pub(crate) fn terms(&self, run: i64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT terms FROM runs WHERE number = ?1";
        self.one(sql, [run], |row| row.get(0))
    }
}

#[cfg(test)]
mod tests;
