//! What is read from a store. Every call is one short transaction, so that the writer's log does not grow.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::columns::{LISTED, listed, recorded};
use super::error::of_sqlite;
use super::schema::{Purpose, open};
use super::{Listed, Place, Recorded, StoreError};

/// A store that is being read.
pub(crate) struct Reader {
    path: PathBuf,
    connection: Connection,
}

impl Reader {
    /// Opens the store at a path; `None` where there is none.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        match std::fs::metadata(path) {
            // One that was made and never written to is as good as none.
            Ok(file) if file.is_file() && file.len() == 0 => return Ok(None),
            Ok(_) => {}
            // A link that leads nowhere is none of that.
            Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => {
                return Ok(None);
            }
            Err(source) => {
                return Err(StoreError::Open {
                    path: path.to_owned(),
                    source,
                });
            }
        }
        Ok(Some(Self {
            path: path.to_owned(),
            connection: open(path, Purpose::Read)?,
        }))
    }

    /// The last row of the log; 0 where there is none.
    pub(crate) fn last_row(&self) -> Result<i64, StoreError> {
        self.one("SELECT coalesce(max(row), 0) FROM attempts", (), |row| {
            row.get(0)
        })
        .map(Option::unwrap_or_default)
    }

    /// A number that changes with every commit of another connection
    /// (<https://sqlite.org/pragma.html#pragma_data_version>).
    pub(crate) fn data_version(&self) -> Result<i64, StoreError> {
        self.one("PRAGMA data_version", (), |row| row.get(0))
            .map(Option::unwrap_or_default)
    }

    /// The lines of the log of a delivery, oldest first.
    pub(crate) fn timeline(&self, delivery: i64) -> Result<Vec<Listed>, StoreError> {
        let sql = format!("{LISTED} WHERE a.delivery = ?1 ORDER BY a.row");
        self.all(&sql, params![delivery], listed)
    }

    /// An attempt with its bytes, by its row.
    pub(crate) fn recorded(&self, row: i64) -> Result<Option<Recorded>, StoreError> {
        let sql = format!("{} WHERE a.row = ?1", recorded::SELECT);
        self.one(&sql, params![row], recorded::read)
    }

    /// The row of the attempt before another: of its delivery, else the last one of the newest
    /// delivery before with the same webhook id.
    pub(crate) fn before(&self, listed: &Listed) -> Result<Option<i64>, StoreError> {
        let Place { delivery, row, .. } = listed.place;
        let sql = "SELECT coalesce(
                (SELECT max(row) FROM attempts WHERE delivery = ?1 AND row < ?2),
                (SELECT max(row) FROM attempts WHERE delivery =
                    (SELECT max(number) FROM deliveries WHERE webhook_id = ?3 AND number < ?1)))";
        let values = params![delivery, row, listed.attempt.webhook_id];
        self.one(sql, values, |row| row.get(0)).map(Option::flatten)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Every row of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let query = || -> rusqlite::Result<Vec<T>> {
            self.connection
                .prepare_cached(sql)?
                .query_map(values, read)?
                .collect()
        };
        query().map_err(|error| of_sqlite(&self.path, &error))
    }

    /// The first row of a query.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let query = || {
            self.connection
                .prepare_cached(sql)?
                .query_row(values, read)
                .optional()
        };
        query().map_err(|error| of_sqlite(&self.path, &error))
    }
}
