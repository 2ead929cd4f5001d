//! Destinations: what is set of them, and whether they are given deliveries.

use rusqlite::types::Type;
use rusqlite::{Error, OptionalExtension as _, Row, params};

use super::append::Desk;
use super::transact::Answer;
use super::{Reader, StoreError, WriteError, Writer};

/// A destination, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Its number in the store, from 1.
    pub(crate) number: i64,
    /// Its settings.
    pub(crate) settings: EndpointSettings,
    /// Whether it is given deliveries.
    pub(crate) active: bool,
    /// The failures in a row, as its breaker counts them.
    pub(crate) failures: u32,
    /// Why it is given none, where that was not done by hand.
    pub(crate) disabled_because: Option<String>,
}

/// What is set of a destination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EndpointSettings {
    /// Its name; `None` of a bare URL, which is known by provider and URL.
    pub(crate) name: Option<String>,
    /// The provider's id.
    pub(crate) provider: String,
    /// Where it is, without credentials.
    pub(crate) url: String,
    /// Where its secret is found, never the secret: `file:/path`, `env:NAME`.
    pub(crate) secret: Option<String>,
    /// The events that it takes, as globs; none means all.
    pub(crate) events: Vec<String>,
    /// After how many failures in a row it is disabled, where that is not the provider's rule.
    pub(crate) disable_after: Option<u32>,
}

/// What a failure or a success did to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The failures in a row.
    pub(crate) failures: u32,
    /// Whether it is given deliveries still.
    pub(crate) active: bool,
}

/// What [`read`] reads.
const COLUMNS: &str = "number, name, provider, url, secret, events, disable_after, active, failures, \
                       disabled_because";

fn read(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let events = serde_json::from_str(row.get_ref(5)?.as_str()?)
        .map_err(|error| Error::FromSqlConversionFailure(5, Type::Text, error.into()))?;
    Ok(Endpoint {
        number: row.get(0)?,
        settings: EndpointSettings {
            name: row.get(1)?,
            provider: row.get(2)?,
            url: row.get(3)?,
            secret: row.get(4)?,
            events,
            disable_after: row.get(6)?,
        },
        active: row.get(7)?,
        failures: row.get(8)?,
        disabled_because: row.get(9)?,
    })
}

/// Enters an endpoint; `None`: there is one of the same name, or a bare one of the same URL.
fn insert(desk: &Desk<'_>, settings: &EndpointSettings) -> rusqlite::Result<Option<Endpoint>> {
    let events = serde_json::Value::from(settings.events.clone()).to_string();
    let mut insert = desk.transaction.prepare_cached(&format!(
        "INSERT INTO endpoints (name, provider, url, secret, events, disable_after, active, failures)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 0) ON CONFLICT DO NOTHING RETURNING {COLUMNS}"
    ))?;
    let values = params![
        settings.name,
        settings.provider,
        settings.url,
        settings.secret,
        events,
        settings.disable_after,
    ];
    insert.query_row(values, read).optional()
}

fn bare(desk: &Desk<'_>, provider: &str, url: &str) -> rusqlite::Result<Option<Endpoint>> {
    let mut query = desk.transaction.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM endpoints WHERE name IS NULL AND provider = ?1 AND url = ?2"
    ))?;
    query.query_row([provider, url], read).optional()
}

impl Writer {
    /// Adds a named endpoint; `None`: the name is taken.
    pub(crate) fn add_endpoint(
        &self,
        settings: EndpointSettings,
    ) -> Result<Option<Endpoint>, WriteError> {
        self.transact_now(move |desk| insert(desk, &settings))
    }

    /// The endpoint of a bare URL, which is entered where there is none.
    pub(crate) fn bare_endpoint(&self, provider: &str, url: &str) -> Result<Endpoint, WriteError> {
        let settings = EndpointSettings {
            provider: provider.to_owned(),
            url: url.to_owned(),
            ..EndpointSettings::default()
        };
        self.transact_now(move |desk| {
            let known = bare(desk, &settings.provider, &settings.url)?;
            let endpoint = known.map_or_else(|| insert(desk, &settings), |known| Ok(Some(known)));
            endpoint?.ok_or(Error::QueryReturnedNoRows)
        })
    }

    /// Gives an endpoint deliveries from now on, its count at 0; or none. False: there is none.
    pub(crate) fn switch_endpoint(&self, number: i64, active: bool) -> Result<bool, WriteError> {
        self.transact_now(move |desk| {
            let sql = if active {
                "UPDATE endpoints SET active = 1, failures = 0, disabled_because = NULL
                 WHERE number = ?1"
            } else {
                "UPDATE endpoints SET active = 0, disabled_because = NULL WHERE number = ?1"
            };
            Ok(desk.transaction.prepare_cached(sql)?.execute([number])? > 0)
        })
    }

    /// Removes an endpoint; what was sent to it stays. False: there is none.
    pub(crate) fn remove_endpoint(&self, number: i64) -> Result<bool, WriteError> {
        self.transact_now(move |desk| {
            let sql = "DELETE FROM endpoints WHERE number = ?1";
            Ok(desk.transaction.prepare_cached(sql)?.execute([number])? > 0)
        })
    }

    /// Counts a failure of an endpoint, or starts anew after a success; at `limit` failures in a row
    /// it is disabled for the reason that is given. One that was removed is given no deliveries.
    pub(crate) fn count(
        &self,
        endpoint: i64,
        failed: bool,
        limit: Option<(u32, String)>,
        done: Answer<Counted>,
    ) {
        let make = move |desk: &mut Desk<'_>| {
            let counted = if failed {
                count_failure(desk, endpoint, limit)
            } else {
                count_success(desk, endpoint)
            };
            Ok(counted.optional()?.unwrap_or(Counted {
                failures: 0,
                active: false,
            }))
        };
        self.transact(0, make, done);
    }
}

fn counted(row: &Row<'_>) -> rusqlite::Result<Counted> {
    Ok(Counted {
        failures: row.get(0)?,
        active: row.get(1)?,
    })
}

fn count_success(desk: &Desk<'_>, endpoint: i64) -> rusqlite::Result<Counted> {
    let sql = "UPDATE endpoints SET failures = 0 WHERE number = ?1 RETURNING failures, active";
    let mut update = desk.transaction.prepare_cached(sql)?;
    update.query_row([endpoint], counted)
}

/// Nothing is said anew of an endpoint that is disabled already.
fn count_failure(
    desk: &Desk<'_>,
    endpoint: i64,
    limit: Option<(u32, String)>,
) -> rusqlite::Result<Counted> {
    let (most, reason) = limit.unzip();
    let mut update = desk.transaction.prepare_cached(
        "UPDATE endpoints SET failures = failures + 1,
             active = CASE WHEN failures + 1 >= ?2 THEN 0 ELSE active END,
             disabled_because = CASE WHEN active AND failures + 1 >= ?2 THEN ?3
                 ELSE disabled_because END
         WHERE number = ?1 RETURNING failures, active",
    )?;
    update.query_row(params![endpoint, most, reason], counted)
}

impl Reader {
    /// The endpoints, in the order of their numbers.
    pub(crate) fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM endpoints ORDER BY number");
        self.all(&sql, (), read)
    }
}

#[cfg(test)]
mod tests;
