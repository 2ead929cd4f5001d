//! Which deliveries a pruning takes out.

use jiff::Timestamp;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Reader, StoreError};

/// What may stay. A delivery goes when any of these says so, and it is finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Those go whose last attempt began before this.
    pub(crate) before: Option<Timestamp>,
    /// So many stay: those whose last attempts are the newest.
    pub(crate) keep: Option<usize>,
    /// The oldest go until what is kept takes no more bytes of the file than this.
    pub(crate) max_size: Option<u64>,
}

/// A delivery by its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Aged {
    /// When its last attempt began, in microseconds since 1970.
    last: i64,
    pub(super) number: i64,
    attempts: u32,
    /// About what it takes, to be compared with other deliveries.
    weight: u64,
}

/// The deliveries that go, oldest first. Takes 32 bytes for each delivery of the store.
pub(crate) struct Plan {
    pub(super) oldest_first: Vec<Aged>,
    /// So many of the oldest go in any case.
    pub(super) certain: usize,
    /// More of them go until this holds.
    pub(super) max_size: Option<u64>,
    /// The last row of the log that it knows of.
    pub(super) row: i64,
    forecast: Forecast,
}

/// What a plan takes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forecast {
    /// The deliveries.
    pub(crate) deliveries: usize,
    /// Their attempts.
    pub(crate) attempts: u64,
    /// About the bytes of the file that they take.
    pub(crate) bytes: u64,
    /// Whether the number of deliveries is an estimate too: what makes room shows when it is made.
    pub(crate) is_estimate: bool,
    /// The last attempt of the oldest.
    pub(crate) oldest: Option<Timestamp>,
    /// The last attempt of the newest.
    pub(crate) newest: Option<Timestamp>,
}

/// The deliveries whose attempts are read in one go.
const CHUNK: i64 = 8_192;

/// What an attempt takes beside its body: header lines, its rows, their places in the indexes.
const BESIDE_BODY: u64 = 768;

/// Tells the bytes of the file that are in use.
pub(super) const USED: &str = "SELECT (p.page_count - f.freelist_count) * s.page_size
     FROM pragma_page_count AS p, pragma_freelist_count AS f, pragma_page_size AS s";

/// The first column, as a number that is not negative.
pub(super) fn unsigned(row: &Row<'_>) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default())
}

impl Reader {
    /// Finds what is to go; takes nothing out.
    pub(crate) fn pruning_plan(&self, limits: &Limits) -> Result<Plan, StoreError> {
        let row = self.last_row()?;
        let mut aged = self.aged(row)?;
        let total = aged.iter().map(|one| one.weight).sum();
        let queued = self.queued()?;
        aged.retain(|one| queued.binary_search(&one.number).is_err());
        aged.sort_unstable();
        let certain = certain(&aged, limits);
        let used = self.one(USED, (), unsigned)?.unwrap_or_default();
        let expected = match limits.max_size {
            Some(most) => certain.max(beyond(&aged, used, total, most)),
            None => certain,
        };
        let forecast = Forecast {
            is_estimate: expected > certain,
            ..forecast(&aged[..expected], used, total)
        };
        if limits.max_size.is_none() {
            aged.truncate(certain);
        }
        Ok(Plan {
            oldest_first: aged,
            certain,
            max_size: limits.max_size,
            row,
            forecast,
        })
    }

    /// The deliveries that are not finished, by their numbers: they stay.
    fn queued(&self) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT delivery FROM queue ORDER BY delivery";
        self.all(sql, (), |row| row.get(0))
    }

    /// Every delivery by its age, up to a row of the log.
    fn aged(&self, row: i64) -> Result<Vec<Aged>, StoreError> {
        let mut aged: Vec<Aged> = Vec::new();
        let mut from = 0;
        let next = "SELECT min(number) FROM deliveries WHERE number >= ?1";
        while let Some(first) = self
            .one(next, [from], |row| row.get::<_, Option<i64>>(0))?
            .flatten()
        {
            from = first + CHUNK;
            // The sign keeps SQLite from walking the whole table for the row.
            let sql = "SELECT delivery, at, size FROM attempts
                 WHERE delivery >= ?1 AND delivery < ?2 AND +row <= ?3 ORDER BY delivery";
            self.all(sql, params![first, from, row], |row| {
                let size = u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default();
                add(&mut aged, row.get(0)?, row.get(1)?, size);
                Ok(())
            })?;
            let sql = "SELECT number, id FROM deliveries
                 WHERE number >= ?1 AND number < ?2 AND attempts = 0";
            aged.extend(self.all(sql, [first, from], unattempted)?);
        }
        Ok(aged)
    }
}

/// Adds an attempt to the last delivery, or as the first of the next one.
fn add(aged: &mut Vec<Aged>, number: i64, at: i64, size: u64) {
    let weight = size.saturating_add(BESIDE_BODY);
    match aged.last_mut() {
        Some(one) if one.number == number => {
            one.last = one.last.max(at);
            one.attempts += 1;
            one.weight = one.weight.saturating_add(weight);
        }
        _ => aged.push(Aged {
            last: at,
            number,
            attempts: 1,
            weight,
        }),
    }
}

/// A delivery whose first attempt was never recorded: as old as its id.
fn unattempted(row: &Row<'_>) -> rusqlite::Result<Aged> {
    let made = row.get::<_, Uuid>(1)?.get_timestamp();
    let (seconds, nanoseconds) = made.map_or((0, 0), |made| made.to_unix());
    let seconds = i64::try_from(seconds).unwrap_or_default();
    Ok(Aged {
        last: seconds * 1_000_000 + i64::from(nanoseconds) / 1_000,
        number: row.get(0)?,
        attempts: 0,
        weight: BESIDE_BODY,
    })
}

/// How many of the oldest go by their age and their number.
fn certain(oldest_first: &[Aged], limits: &Limits) -> usize {
    let old = limits.before.map_or(0, |before| {
        oldest_first.partition_point(|one| one.last < before.as_microsecond())
    });
    let many = limits
        .keep
        .map_or(0, |keep| oldest_first.len().saturating_sub(keep));
    old.max(many)
}

/// About how many of the oldest have to go before the rest takes at most so many bytes.
fn beyond(oldest_first: &[Aged], used: u64, total: u64, most: u64) -> usize {
    let mut gone = 0;
    oldest_first
        .iter()
        .take_while(|one| {
            let more = used.saturating_sub(share(used, gone, total)) > most;
            gone += one.weight;
            more
        })
        .count()
}

/// What a part of the weight takes of the bytes.
fn share(bytes: u64, part: u64, total: u64) -> u64 {
    let share = u128::from(bytes) * u128::from(part) / u128::from(total.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

fn forecast(doomed: &[Aged], used: u64, total: u64) -> Forecast {
    let last = |one: Option<&Aged>| Timestamp::from_microsecond(one?.last).ok();
    let weight = doomed.iter().map(|one| one.weight).sum();
    Forecast {
        deliveries: doomed.len(),
        attempts: doomed.iter().map(|one| u64::from(one.attempts)).sum(),
        bytes: share(used, weight, total),
        is_estimate: false,
        oldest: last(doomed.first()),
        newest: last(doomed.last()),
    }
}

impl Plan {
    /// What it takes out.
    pub(crate) fn forecast(&self) -> &Forecast {
        &self.forecast
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Aged, Limits, beyond, certain};

    fn aged(weights: &[u64]) -> Vec<Aged> {
        let one = |(at, weight): (i64, &u64)| Aged {
            last: at,
            number: at,
            attempts: 1,
            weight: *weight,
        };
        (0..).zip(weights).map(one).collect()
    }

    #[test]
    fn whatever_any_limit_names_goes() {
        let before = |at| Timestamp::from_microsecond(at).ok();
        for (at, keep, expected) in [
            (None, None, 0),
            (before(0), None, 0),
            (before(2), None, 2),
            (before(99), None, 4),
            (None, Some(0), 4),
            (None, Some(3), 1),
            (None, Some(9), 0),
            (before(1), Some(1), 3),
            (before(3), Some(3), 3),
        ] {
            let limits = Limits {
                before: at,
                keep,
                max_size: None,
            };
            assert_eq!(certain(&aged(&[1; 4]), &limits), expected, "{limits:?}");
        }
    }

    #[test]
    fn the_oldest_make_room() {
        for (weights, used, most, expected) in [
            (&[1, 1, 1, 1][..], 400, 400, 0),
            (&[1, 1, 1, 1], 400, 399, 1),
            (&[1, 1, 1, 1], 400, 200, 2),
            (&[2, 1, 1], 400, 200, 1),
            (&[1, 1, 2], 400, 200, 2),
            (&[1, 1], 400, 0, 2),
            (&[], 400, 0, 0),
        ] {
            let total = weights.iter().sum();
            assert_eq!(beyond(&aged(weights), used, total, most), expected);
        }
    }
}
