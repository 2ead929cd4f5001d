//! A listing of the log: read in parts, and counted on the way.

use std::time::Duration;

use super::{Attempt, Filter, Listed, Outcome, Reader, StoreError, Tally};

/// The lines that are read at once.
const MOST: usize = 1_000;

/// Where lines begin, and which way they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Those before a row, newest first.
    Before(i64),
    /// Those after a row, oldest first.
    After(i64),
}

impl Side {
    /// The newest lines.
    pub(crate) const NEWEST: Self = Self::Before(i64::MAX);

    const fn beyond(self, row: i64) -> Self {
        match self {
            Self::Before(_) => Self::Before(row),
            Self::After(_) => Self::After(row),
        }
    }
}

/// Lines that are being read.
pub(crate) struct Listing<'r> {
    reader: &'r Reader,
    filter: &'r Filter,
    side: Side,
    left: usize,
    is_more: bool,
    count: Count,
}

impl Reader {
    /// Lists the lines that pass, at most `limit`.
    pub(crate) fn list<'r>(&'r self, filter: &'r Filter, side: Side, limit: usize) -> Listing<'r> {
        Listing {
            reader: self,
            filter,
            side,
            left: limit,
            is_more: true,
            count: Count::default(),
        }
    }
}

impl Listing<'_> {
    /// What the lines that were read come to, and where those begin that were not.
    pub(crate) fn finish(self) -> (Tally, Option<Side>) {
        (self.count.finish(), self.is_more.then_some(self.side))
    }

    fn read(&mut self) -> Result<Vec<Listed>, StoreError> {
        let size = self.left.min(MOST);
        // One more than is given tells whether there are more.
        let mut lines = match self.side {
            Side::Before(row) => self.reader.page(self.filter, Some(row), size + 1)?,
            Side::After(row) => self.reader.after(self.filter, row, size + 1)?,
        };
        self.is_more = lines.len() > size;
        lines.truncate(size);
        self.left -= lines.len();
        if let Some(last) = lines.last() {
            self.side = self.side.beyond(last.place.row);
        }
        for line in &lines {
            self.count.add(line);
        }
        Ok(lines)
    }
}

impl Iterator for Listing<'_> {
    type Item = Result<Vec<Listed>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.is_more && self.left > 0).then(|| self.read())
    }
}

/// A tally of lines.
#[derive(Debug, Default)]
struct Count {
    tally: Tally,
    answered: Vec<Duration>,
}

impl Count {
    fn add(&mut self, line: &Listed) {
        let Listed { place, attempt } = line;
        let tally = &mut self.tally;
        tally.attempts += 1;
        *match attempt.outcome {
            Outcome::Success => &mut tally.succeeded,
            Outcome::Failed => &mut tally.failed,
            Outcome::Retrying => &mut tally.retrying,
        } += 1;
        tally.duplicates += u64::from(place.duplicate_of.is_some());
        tally.unverified += u64::from(is_unverified(attempt));
        if attempt.status.is_some() {
            self.answered.push(attempt.took);
        }
    }

    fn finish(mut self) -> Tally {
        self.answered.sort_unstable();
        // The least of them that so many in a hundred do not exceed.
        let percentile = |hundredths: usize| {
            let rank = (self.answered.len() * hundredths).div_ceil(100);
            self.answered.get(rank.saturating_sub(1)).copied()
        };
        Tally {
            p50: percentile(50),
            p95: percentile(95),
            ..self.tally
        }
    }
}

fn is_unverified(attempt: &Attempt) -> bool {
    let verdict = attempt.verdict.as_ref();
    verdict.is_some_and(|verdict| verdict.kind.is_failure())
}

#[cfg(test)]
mod tests;
