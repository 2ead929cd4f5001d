//! The tables, and how a file of an earlier schema becomes one of today's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, ffi};

use super::error::of_sqlite;
use super::file::{self, Found};
use super::{StoreError, filter};

/// Marks a database as ours: `wh!1` in ASCII.
const APPLICATION_ID: i64 = 0x7768_2131;

/// `SQLite` before this could lose committed rows when one connection writes while another
/// checkpoints (<https://sqlite.org/releaselog/3_51_3.html>).
const OLDEST_SQLITE: i32 = 3_051_003;

/// How often a statement that waits for another process looks again. `SQLite`'s own handler sleeps
/// longer and longer, and so misses the short rests of a process that writes much.
const LOOK: Duration = Duration::from_millis(1);

/// How often it looks before it gives up: for some 5 s.
const PATIENCE: i32 = 5_000;

/// Each takes a store from its place in the list to the next one. A published one never changes.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
    include_str!("migrations/3.sql"),
];

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To append and prune; makes the file where there is none.
    Write,
    /// To read.
    Read,
}

/// Opens the store at a path; nothing is changed before it is known to be one that can be used.
pub(super) fn open(path: &Path, purpose: Purpose) -> Result<Connection, StoreError> {
    assert_version();
    if purpose == Purpose::Write {
        file::prepare(path).map_err(|source| cannot_open(path, source))?;
    }
    look(path)?;
    let connection = connect(path, purpose).map_err(|error| of_sqlite(path, &error))?;
    let version = check(&connection, path)?;
    if version == known() {
        return Ok(connection);
    }
    let mut writer = match purpose {
        Purpose::Write => connection,
        Purpose::Read => connect(path, Purpose::Write).map_err(|error| of_sqlite(path, &error))?,
    };
    migrate(&mut writer).map_err(|error| of_sqlite(path, &error))?;
    match purpose {
        Purpose::Write => Ok(writer),
        Purpose::Read => connect(path, purpose).map_err(|error| of_sqlite(path, &error)),
    }
}

/// The number of the schema that this version writes.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// A build that links another `SQLite` is a build that loses rows.
fn assert_version() {
    let version = rusqlite::version_number();
    assert!(version >= OLDEST_SQLITE, "SQLite {version} is too old");
}

fn connect(path: &Path, purpose: Purpose) -> rusqlite::Result<Connection> {
    let access = match purpose {
        Purpose::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Purpose::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let mut connection =
        Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_handler(Some(wait))?;
    connection.set_prepared_statement_cache_capacity(64);
    // Without it some statements are planned anew for each value that is bound to them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    filter::register(&connection)?;
    Ok(connection)
}

/// Waits a moment for another process; false: it has taken too long.
fn wait(times: i32) -> bool {
    std::thread::sleep(LOOK);
    times < PATIENCE
}

/// The schema's number, of a database that is ours or empty.
fn check(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    // One statement: another process may be making the store right now.
    let sql = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
         FROM pragma_application_id, pragma_user_version";
    let read = || -> rusqlite::Result<(i64, i64, i64)> {
        connection.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    };
    let (application, version, tables) = read().map_err(|error| of_sqlite(path, &error))?;
    let ours = application == APPLICATION_ID || (application == 0 && version == 0 && tables == 0);
    if !ours {
        return Err(foreign(path));
    }
    not_newer(path, version)?;
    Ok(version)
}

/// The files that this process has looked at. A second look would close a file that `SQLite` may have
/// open, and with that take `SQLite`'s locks away (sqlite.org/howtocorrupt.html, section 2.2).
static LOOKED_AT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Refuses what can be told from the file alone, before anything touches it.
fn look(path: &Path) -> Result<(), StoreError> {
    let cannot = |source| cannot_open(path, source);
    let place = path.canonicalize().map_err(cannot)?;
    let mut looked_at = LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner);
    if looked_at.contains(&place) {
        return Ok(());
    }
    match file::look(&place).map_err(cannot)? {
        Found::Blank => {}
        Found::Database {
            application,
            version,
        } if i64::from(application) == APPLICATION_ID => not_newer(path, version.into())?,
        Found::Database { .. } | Found::Other => return Err(foreign(path)),
        Found::Cut => {
            return Err(StoreError::Corrupt {
                path: path.to_owned(),
                detail: "the file is shorter than it says".to_owned(),
            });
        }
    }
    looked_at.insert(place);
    Ok(())
}

fn foreign(path: &Path) -> StoreError {
    StoreError::Foreign {
        path: path.to_owned(),
    }
}

fn not_newer(path: &Path, version: i64) -> Result<(), StoreError> {
    if version <= known() {
        return Ok(());
    }
    Err(StoreError::Newer {
        path: path.to_owned(),
        found: version,
        known: known(),
    })
}

/// Applies what is missing. Several processes may try at once: the second finds it done.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", 8192)?;
    // So that the file can shrink without a copy of it. It can be set before the first table only.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    use_log(connection)?;
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let version: u8 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for migration in MIGRATIONS.iter().skip(version.into()) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit()
}

/// Has commits go to a write-ahead log.
pub(super) fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    let mut times = 0;
    loop {
        match switch_to_log(connection) {
            // Where several processes make a store at once, `SQLite` waits for none of them here.
            Err(error) if is_busy(&error) && wait(times) => times += 1,
            switched => return switched,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn switch_to_log(connection: &Connection) -> rusqlite::Result<()> {
    let mut pragma = connection.prepare("PRAGMA journal_mode = wal")?;
    let modes = pragma.query_map((), |row| row.get::<_, String>(0))?;
    // The new mode comes first; whether it could be written down is known after that.
    let modes: Vec<_> = modes.collect::<rusqlite::Result<_>>()?;
    if modes == ["wal"] {
        return Ok(());
    }
    let error = ffi::Error::new(ffi::SQLITE_IOERR);
    let detail = "it cannot have a write-ahead log".to_owned();
    Err(rusqlite::Error::SqliteFailure(error, Some(detail)))
}

fn cannot_open(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::Open {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::super::samples::{answer, queued};
    use super::super::{Reader, Writer};
    use super::{APPLICATION_ID, MIGRATIONS, known};

    /// A store of the first schema, with one delivery.
    fn first() -> (TempDir, PathBuf) {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("store.db");
        let connection = Connection::open(&path).expect("a database");
        let schema = MIGRATIONS.first().expect("it is the first");
        connection.execute_batch(schema).expect("tables");
        let sql = "INSERT INTO deliveries (id, direction, provider, endpoint, attempts)
             VALUES (zeroblob(16), 0, 'cepro', '/', 0)";
        connection.execute_batch(sql).expect("a row");
        connection
            .pragma_update(None, "application_id", APPLICATION_ID)
            .and_then(|()| connection.pragma_update(None, "user_version", 1))
            .expect("it is ours");
        (folder, path)
    }

    #[test]
    fn a_store_of_the_first_schema_becomes_one_of_todays() {
        for reads_first in [true, false] {
            let (_folder, path) = first();
            if reads_first {
                let reader = Reader::open(&path).expect("it opens").expect("a store");
                assert_eq!(reader.unfinished().expect("it reads"), 0);
            }
            let writer = Writer::open(&path).expect("it opens");
            let run = writer.begin_run("terms").expect("a run");
            answer(|done| writer.enqueue(&run, Box::new(queued()), done)).expect("it is queued");
            let reader = Reader::open(&path).expect("it opens").expect("a store");
            let health = reader.health().expect("it is well");
            assert_eq!((health.schema, health.deliveries), (known(), 2));
            assert!(reader.load(2).expect("it reads").is_some());
        }
    }
}
