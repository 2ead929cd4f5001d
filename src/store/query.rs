//! Pages of the log, by rows: each call reads what it gives and no more.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::columns::{LISTED, listed, recorded};
use super::filter::Filter;
use super::{Listed, Reader, Recorded, StoreError};

impl Reader {
    /// The newest lines that pass, newest first: those before a row, at most `limit`.
    pub(crate) fn page(
        &self,
        filter: &Filter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let (condition, values) = filter.sql();
        let sql = format!("{LISTED} WHERE a.row < ? AND {condition} ORDER BY a.row DESC LIMIT ?");
        self.all(
            &sql,
            bound(before.unwrap_or(i64::MAX), values, limit),
            listed,
        )
    }

    /// The lines that pass and come after a row, oldest first, at most `limit`.
    pub(crate) fn after(
        &self,
        filter: &Filter,
        row: i64,
        limit: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let (condition, values) = filter.sql();
        let sql = format!("{LISTED} WHERE a.row > ? AND {condition} ORDER BY a.row LIMIT ?");
        self.all(&sql, bound(row, values, limit), listed)
    }

    /// As [`after`](Self::after), with their bytes.
    pub(crate) fn records(
        &self,
        filter: &Filter,
        row: i64,
        limit: usize,
    ) -> Result<Vec<Recorded>, StoreError> {
        let (condition, values) = filter.sql();
        let select = recorded::SELECT;
        let sql = format!("{select} WHERE a.row > ? AND {condition} ORDER BY a.row LIMIT ?");
        self.all(&sql, bound(row, values, limit), recorded::read)
    }
}

/// The values of a page: where it begins, those of the condition, how long it is.
fn bound(row: i64, values: Vec<Value>, limit: usize) -> impl rusqlite::Params {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let row = std::iter::once(Value::from(row));
    params_from_iter(row.chain(values).chain([Value::from(limit)]))
}
