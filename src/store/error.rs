//! What can go wrong with a store.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};
use thiserror::Error;

/// Why a store cannot be used.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    /// The file or its directory cannot be made or opened.
    #[error("cannot open the store `{path}`")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is a database of something else, or no database.
    #[error("`{path}` is not a store of wh")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later version.
    #[error("the store `{path}` has schema {found}; this version of wh reads up to {known}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema of the file.
        found: i64,
        /// The last schema that is known.
        known: i64,
    },
    /// The file is damaged.
    #[error("the store `{path}` is damaged: {detail}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
    /// There is no room on the disk.
    #[error("the store `{path}` cannot be written: the disk is full")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file or its directory may not be written to.
    #[error("the store `{path}` cannot be written: it is read-only")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another process holds the store for too long.
    #[error("the store `{path}` is held by another process")]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Anything else that `SQLite` says.
    #[error("the store `{path}` fails: {detail}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
}

/// The error of `SQLite` as one of ours.
pub(super) fn of_sqlite(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error.sqlite_error_code() {
        // What is shared between processes finds no room; SQLite calls that an I/O error.
        Some(_) if is(error, ffi::SQLITE_IOERR_SHMSIZE) => StoreError::Full { path },
        Some(ErrorCode::NotADatabase) => StoreError::Foreign { path },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { path, detail },
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path },
        _ => StoreError::Failed { path, detail },
    }
}

/// Whether an error has this extended code.
fn is(error: &rusqlite::Error, code: i32) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == code)
}
