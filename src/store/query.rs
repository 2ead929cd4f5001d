//! Pages of the log, by rows: each call reads what it gives and no more.

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::columns::{listed, listed_from, recorded};
use super::error::of_sqlite;
use super::filter::{Access, Filter, Name, WRONG};
use super::prefix::TextRange;
use super::{Listed, Reader, Recorded, StoreError};

/// The newest rows among which a filter without an index is first looked for, one after the other.
const NEWEST: i64 = 4096;

/// More deliveries than this are not looked up one by one.
const MOST_NAMED: usize = 10_000;

/// The attempts of a chunk.
const CHUNK: usize = 512;

/// The bytes of a chunk, beside the last attempt.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// A question: its condition, and where its attempts are found.
pub(super) struct Question {
    access: Access,
    condition: String,
    values: Vec<Value>,
}

/// In which order, and from where on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    /// The newest first, in this range of rows.
    Down { from: i64, before: i64 },
    /// The oldest first, behind this row.
    Up { after: i64 },
}

impl Reader {
    /// The newest lines that pass, newest first: those before a row, at most `limit`.
    pub(crate) fn page(
        &self,
        filter: &Filter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        let question = self.question(filter)?;
        let down = |from| Span::Down { from, before };
        if filter.is_empty() || question.access != Access::Rows {
            return self.asked(&question, down(0), limit, &listed_from, listed);
        }
        let from = before.min(self.last_row()? + 1).saturating_sub(NEWEST);
        let mut page = self.asked(&question, down(from), limit, &listed_from, listed)?;
        if page.len() < limit {
            let rows = self.search(filter, from, limit - page.len())?;
            page.extend(self.lines(&rows)?);
        }
        Ok(page)
    }

    /// The lines that pass and come after a row, oldest first, at most `limit`.
    pub(crate) fn after(
        &self,
        filter: &Filter,
        row: i64,
        limit: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let up = Span::Up { after: row };
        self.asked(&self.question(filter)?, up, limit, &listed_from, listed)
    }

    /// As [`after`](Self::after), with their bytes, as many as may stand in memory at once: none only
    /// where there are no more.
    pub(crate) fn chunk(&self, filter: &Filter, row: i64) -> Result<Vec<Recorded>, StoreError> {
        let mut question = self.question(filter)?;
        // The rows of several events would have to be sorted, all of them for each chunk.
        if question.access == Access::Event {
            question.access = Access::Rows;
        }
        let up = Span::Up { after: row };
        let (sql, values) = question.statement(up, CHUNK, &recorded::select_from);
        let read = || -> rusqlite::Result<Vec<Recorded>> {
            let mut query = self.connection().prepare_cached(&sql)?;
            let mut rows = query.query(params_from_iter(values))?;
            let mut chunk = Vec::with_capacity(CHUNK);
            let mut bytes = 0;
            while bytes < CHUNK_BYTES
                && let Some(row) = rows.next()?
            {
                let recorded = recorded::read(row)?;
                let response = recorded.exchange.response.as_ref();
                bytes += recorded.exchange.request.body.len();
                bytes += response.map_or(0, |response| response.body.len());
                chunk.push(recorded);
            }
            Ok(chunk)
        };
        read().map_err(|error| of_sqlite(self.path(), &error))
    }

    /// What a filter asks of this store: names of deliveries are looked up first.
    pub(super) fn question(&self, filter: &Filter) -> Result<Question, StoreError> {
        let (condition, values) = filter.sql();
        let mut question = Question {
            access: filter.access(),
            condition,
            values,
        };
        if let Some(names) = filter.names() {
            match self.deliveries(names)?.as_deref() {
                Some([number]) => question.add("a.delivery = ?", (*number).into()),
                Some(numbers) => {
                    let list = "a.delivery IN (SELECT value FROM json_each(?))";
                    question.add(list, format!("{numbers:?}").into());
                }
                None => question.access = Access::Rows,
            }
        }
        if question.access == Access::Wrong {
            question.condition.push_str(" AND ");
            question.condition.push_str(WRONG);
        }
        Ok(question)
    }

    /// The numbers of the deliveries that are named; `None` where they are too many.
    fn deliveries(&self, names: &[Name]) -> Result<Option<Vec<i64>>, StoreError> {
        let limit = MOST_NAMED + 1;
        let mut numbers = Vec::new();
        for name in names {
            match name {
                Name::Number(number) => numbers.push(*number),
                Name::Digits(number, text) => {
                    numbers.push(*number);
                    numbers.extend(self.with_webhook_id(&TextRange::only(text), limit)?);
                }
                Name::Prefix(prefix) => {
                    numbers.extend(self.with_webhook_id(&prefix.webhook_ids(), limit)?);
                    if let Some(range) = prefix.own_ids() {
                        numbers.extend(self.with_own_id(range, limit)?);
                    }
                }
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok((numbers.len() <= MOST_NAMED).then_some(numbers))
    }

    /// What a question finds.
    fn asked<T>(
        &self,
        question: &Question,
        span: Span,
        limit: usize,
        select: &dyn Fn(&str) -> String,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let (sql, values) = question.statement(span, limit, select);
        self.all(&sql, params_from_iter(values), read)
    }

    /// The lines at these rows, in this order; without those that are gone.
    fn lines(&self, rows: &[i64]) -> Result<Vec<Listed>, StoreError> {
        let sql = listed_from("attempts AS a") + " WHERE a.row = ?1";
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.extend(self.one(&sql, [row], listed)?);
        }
        Ok(lines)
    }
}

impl Question {
    /// The condition, and the values bound in it; it names `a` (attempts) and `d` (deliveries).
    pub(super) fn condition(&self) -> (&str, &[Value]) {
        (&self.condition, &self.values)
    }

    pub(super) fn access(&self) -> Access {
        self.access
    }

    /// The attempts, found on the way that the condition is made for.
    ///
    /// `SQLite` has no statistics of a store and might take another: nothing of the log would be in
    /// order then.
    pub(super) fn attempts(&self) -> &'static str {
        match self.access {
            Access::Rows => "attempts AS a NOT INDEXED",
            Access::Event => "attempts AS a INDEXED BY attempts_event",
            Access::Wrong => "attempts AS a INDEXED BY attempts_wrong",
            Access::Deliveries => "attempts AS a INDEXED BY attempts_delivery",
        }
    }

    fn add(&mut self, condition: &str, value: Value) {
        self.condition.push_str(" AND ");
        self.condition.push_str(condition);
        self.values.push(value);
    }

    fn statement(
        &self,
        span: Span,
        limit: usize,
        select: &dyn Fn(&str) -> String,
    ) -> (String, Vec<Value>) {
        let (range, order, ends) = match span {
            Span::Down { from, before } => (
                "a.row < ? AND a.row >= ?",
                "a.row DESC",
                vec![before.into(), from.into()],
            ),
            Span::Up { after } => ("a.row > ?", "a.row", vec![after.into()]),
        };
        let select = select(self.attempts());
        let condition = &self.condition;
        let sql = format!("{select} WHERE {range} AND {condition} ORDER BY {order} LIMIT ?");
        let limit = Value::from(i64::try_from(limit).unwrap_or(i64::MAX));
        let values = ends.into_iter().chain(self.values.iter().cloned());
        (sql, values.chain([limit]).collect())
    }
}

#[cfg(test)]
impl Reader {
    /// What `SQLite` does for a page, in its words.
    pub(super) fn plan(&self, filter: &Filter) -> Result<Vec<String>, StoreError> {
        let (from, before) = (0, i64::MAX);
        let question = self.question(filter)?;
        let (sql, _) = question.statement(Span::Down { from, before }, 50, &listed_from);
        self.explained(&sql)
    }

    /// What `SQLite` does for a statement, in its words.
    pub(super) fn explained(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let explain = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self
                .connection()
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            statement.raw_query().mapped(|row| row.get(3)).collect()
        };
        explain().map_err(|error| of_sqlite(self.path(), &error))
    }
}
