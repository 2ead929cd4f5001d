//! The log as it grows, whoever writes it.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{Filter, Listed, Reader, StoreError};

/// How often the store is asked whether anything was committed.
const PAUSE: Duration = Duration::from_millis(50);

/// The lines that are read at once.
const MOST: usize = 1_000;

/// A place in the log behind which every line is given once. The store need not exist yet.
pub(crate) struct Tail {
    path: PathBuf,
    reader: Option<Reader>,
    /// The row behind which it began.
    start: i64,
    /// The last row that was looked at.
    row: i64,
    /// The state of the store in which nothing more was there.
    state: Option<i64>,
}

impl Tail {
    /// The tail behind a row; `None`: behind the last one there is.
    pub(crate) fn after(path: &Path, row: Option<i64>) -> Result<Self, StoreError> {
        let reader = open(path)?;
        let row = match (row, &reader) {
            (Some(row), _) => row,
            (None, Some(reader)) => reader.last_row()?,
            (None, None) => 0,
        };
        Ok(Self {
            path: path.to_owned(),
            reader,
            start: row,
            row,
            state: None,
        })
    }

    /// The last lines that pass, oldest first, and the tail behind them.
    pub(crate) fn behind(
        path: &Path,
        filter: &Filter,
        last: usize,
    ) -> Result<(Self, Vec<Listed>), StoreError> {
        let mut tail = Self::after(path, None)?;
        let mut lines = match &tail.reader {
            Some(reader) => reader.page(filter, None, last)?,
            None => Vec::new(),
        };
        lines.reverse();
        tail.pass(&lines);
        Ok((tail, lines))
    }

    /// Whether there is a store by now.
    pub(crate) const fn has_store(&self) -> bool {
        self.reader.is_some()
    }

    /// The last row that was looked at.
    pub(crate) const fn row(&self) -> i64 {
        self.row
    }

    /// How many lines were looked at, whether they pass or not, and the last of them, oldest first.
    pub(crate) fn seen(&self, last: usize) -> Result<(u64, Vec<Listed>), StoreError> {
        let Some(reader) = &self.reader else {
            return Ok((0, Vec::new()));
        };
        let all = Filter::default();
        let mut lines = reader.page(&all, Some(self.row.saturating_add(1)), last)?;
        lines.retain(|line| line.place.row > self.start);
        lines.reverse();
        let count = u64::try_from(self.row - self.start).unwrap_or_default();
        Ok((count, lines))
    }

    /// The next lines that pass, oldest first. Waits until there are some; none: the time is up.
    pub(crate) fn next(
        &mut self,
        filter: &Filter,
        until: Option<Instant>,
    ) -> Result<Vec<Listed>, StoreError> {
        loop {
            let lines = self.look(filter)?;
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if !lines.is_empty() || left.is_some_and(|left| left.is_zero()) {
                return Ok(lines);
            }
            thread::sleep(left.unwrap_or(PAUSE).min(PAUSE));
        }
    }

    /// What was committed since the last look and passes.
    fn look(&mut self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        if self.reader.is_none() {
            self.reader = open(&self.path)?;
        }
        let Some(reader) = &self.reader else {
            return Ok(Vec::new());
        };
        let state = reader.data_version()?;
        if self.state == Some(state) {
            return Ok(Vec::new());
        }
        // Asked before the lines are: what is committed in between is among them or comes later.
        let last = reader.last_row()?;
        let lines = reader.after(filter, self.row, MOST)?;
        if lines.len() < MOST {
            self.row = self.row.max(last);
            self.state = Some(state);
        }
        self.pass(&lines);
        Ok(lines)
    }

    fn pass(&mut self, lines: &[Listed]) {
        let last = lines.last().map(|line| line.place.row);
        self.row = self.row.max(last.unwrap_or_default());
    }
}

/// The store, where it is ready to be read: one that another process is just making is not.
fn open(path: &Path) -> Result<Option<Reader>, StoreError> {
    match Reader::open(path) {
        Err(StoreError::Busy { .. }) => Ok(None),
        opened => opened,
    }
}

#[cfg(test)]
mod tests;
