//! The statements that record an attempt which was recorded elsewhere before.

use rusqlite::{OptionalExtension as _, Row, params};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::alike::{Common, Known};
use super::append::{Blobs, Desk, accepted_at};
use super::{Elsewhere, Entry, Place, body};

/// Records an attempt, unless it is here already.
pub(super) fn import(
    desk: &mut Desk<'_>,
    (entry, blobs): (&Entry, &Blobs),
    elsewhere: Elsewhere,
) -> rusqlite::Result<Place> {
    let known = delivery(desk, entry, elsewhere)?;
    let nth = match room(desk, entry, &known, elsewhere.nth)? {
        Room::Taken(place) => return Ok(place),
        Room::Free(nth) => nth,
    };
    let repeats = match elsewhere.duplicate_of {
        Some(id) => Some(number_of(desk, id)?.unwrap_or(known.number)),
        None => None,
    };
    count(desk, entry, &known, nth)?;
    let known = Known {
        attempts: nth,
        ..known
    };
    desk.keep((entry, blobs), &known, repeats)
}

/// The delivery of an entry; a new one where it is not here.
fn delivery(desk: &mut Desk<'_>, entry: &Entry, elsewhere: Elsewhere) -> rusqlite::Result<Known> {
    let common = Common::from(&entry.attempt);
    let id = match by_id(desk, entry, entry.id)? {
        None => entry.id,
        Some((known, true)) => return Ok(known),
        // Somebody gave the id of one delivery to another.
        Some((_, false)) => {
            let id = other_id(entry);
            match by_id(desk, entry, id)? {
                Some((known, _)) => return Ok(known),
                None => id,
            }
        }
    };
    match desk.alike(&common, i64::MAX)?.known {
        Some(known) if elsewhere.nth.is_none() => Ok(known),
        _ => desk.first(&common, id, 0, None),
    }
}

/// The delivery with an id, and whether it is the one that the entry tells of.
fn by_id(desk: &Desk<'_>, entry: &Entry, id: Uuid) -> rusqlite::Result<Option<(Known, bool)>> {
    let attempt = &entry.attempt;
    let mut query = desk.transaction.prepare_cached(
        "SELECT number, id, attempts,
             direction = ?2 AND provider = ?3 AND endpoint = ?4 AND webhook_id IS ?5
         FROM deliveries WHERE id = ?1",
    )?;
    let values = params![
        id,
        attempt.direction.code(),
        attempt.provider,
        attempt.endpoint,
        attempt.webhook_id,
    ];
    let known = |row: &Row<'_>| {
        let known = Known {
            number: row.get(0)?,
            id: row.get(1)?,
            attempts: row.get(2)?,
        };
        Ok((known, row.get(3)?))
    };
    query.query_row(values, known).optional()
}

/// An id for a delivery whose own is another's here: the same whenever it is imported.
fn other_id(entry: &Entry) -> Uuid {
    let attempt = &entry.attempt;
    let webhook_id = attempt.webhook_id.as_deref();
    let hash = Sha256::new()
        .chain_update(entry.id)
        .chain_update([attempt.direction.code(), u8::from(webhook_id.is_some())]);
    let texts = [
        attempt.provider.as_str(),
        &attempt.endpoint,
        webhook_id.unwrap_or_default(),
    ];
    let hash = texts.iter().fold(hash, |hash, text| {
        hash.chain_update(text.len().to_be_bytes())
            .chain_update(text)
    });
    let bytes: [u8; 32] = hash.finalize().into();
    let random = bytes.first_chunk().copied().unwrap_or_default();
    let at = u64::try_from(attempt.at.as_millisecond()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(at, &random).into_uuid()
}

/// Where an attempt stands among those of its delivery.
enum Room {
    /// It is here already.
    Taken(Place),
    /// It comes here.
    Free(u32),
}

fn room(desk: &Desk<'_>, entry: &Entry, known: &Known, nth: Option<u32>) -> rusqlite::Result<Room> {
    let at = entry.attempt.at.as_microsecond();
    // A time of whole milliseconds, without a place, may have lost its microseconds on the way.
    let until = match (nth, at % 1000) {
        (None, 0) => at + 999,
        _ => at,
    };
    let mut query = desk.transaction.prepare_cached(
        "SELECT a.row, a.nth, a.duplicate_of, a.at BETWEEN ?3 AND ?4, b.hash
         FROM attempts AS a LEFT JOIN bodies AS b ON b.number = a.body
         WHERE a.delivery = ?1 AND (a.nth IS ?2 OR a.at BETWEEN ?3 AND ?4)",
    )?;
    let mut rows = query.query(params![known.number, nth, at, until])?;
    let mut same = None;
    let mut is_free = nth.is_some();
    while let Some(row) = rows.next()? {
        let place = Place {
            row: row.get(0)?,
            delivery: known.number,
            id: known.id,
            nth: row.get(1)?,
            duplicate_of: row.get(2)?,
        };
        let hash: Option<[u8; 32]> = row.get(4)?;
        let is_same = row.get(3)? && hash == hash_of(&entry.exchange.request.body);
        if nth == Some(place.nth) {
            is_free = false;
        }
        match (is_same, nth == Some(place.nth)) {
            (true, true) => return Ok(Room::Taken(place)),
            (true, false) => same = Some(place),
            (false, _) => {}
        }
    }
    Ok(match (nth, same) {
        (Some(nth), _) if is_free => Room::Free(nth),
        (_, Some(place)) => Room::Taken(place),
        (_, None) => Room::Free(known.attempts.saturating_add(1)),
    })
}

fn hash_of(bytes: &[u8]) -> Option<[u8; 32]> {
    (!bytes.is_empty()).then(|| body::hash(bytes))
}

fn number_of(desk: &Desk<'_>, id: Uuid) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT number FROM deliveries WHERE id = ?1";
    let mut query = desk.transaction.prepare_cached(sql)?;
    query.query_row([id], |row| row.get(0)).optional()
}

/// Counts an attempt that may be older than those that are here.
fn count(desk: &Desk<'_>, entry: &Entry, known: &Known, nth: u32) -> rusqlite::Result<()> {
    let mut update = desk.transaction.prepare_cached(
        "UPDATE deliveries SET attempts = max(attempts, ?2),
             accepted_at = max(coalesce(accepted_at, ?3), coalesce(?3, accepted_at))
         WHERE number = ?1",
    )?;
    update.execute(params![known.number, nth, accepted_at(entry)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use crate::store::samples::{Shelf, sample};
    use crate::store::{Elsewhere, Entry, Filter, Sameness};

    fn entry(id: u128, at: &str, nth: Option<u32>) -> Entry {
        let mut entry = sample();
        entry.id = Uuid::from_u128(id);
        entry.attempt.webhook_id = Some("a".to_owned());
        entry.attempt.at = format!("2026-01-28T10:30:{at}Z").parse().expect("a time");
        entry.sameness = Sameness::Imported(Elsewhere {
            nth,
            duplicate_of: None,
        });
        entry
    }

    #[test]
    fn what_is_here_is_not_recorded_again() {
        let shelf = Shelf::new();
        let attempts = [
            (7, "00.000001", Some(1)),
            (7, "00.000001", Some(2)),
            // Its place is another's.
            (7, "01", Some(2)),
            (7, "02.5", Some(9)),
            (8, "00.000001", Some(1)),
            // By the webhook id, with the attempts of 8.
            (9, "03.123", None),
        ];
        let add = || attempts.map(|(id, at, nth)| shelf.record(entry(id, at, nth)));
        let places = add();
        let stands = places.map(|place| (place.delivery, place.nth));
        assert_eq!(stands, [(1, 1), (1, 2), (1, 3), (1, 9), (2, 1), (2, 2)]);
        assert_eq!(add(), places);
        let page = shelf.reader().page(&Filter::default(), None, 100);
        assert_eq!(page.expect("a page").len(), 6);
        // A millisecond is not enough to tell it from the one that is here.
        assert_eq!(shelf.record(entry(8, "00", None)).row, 5);
        assert_eq!(shelf.record(entry(8, "00.000002", None)).row, 7);
    }

    #[test]
    fn the_id_of_another_delivery_is_not_taken() {
        let shelf = Shelf::new();
        let other = || {
            let mut other = entry(7, "00", Some(1));
            other.attempt.endpoint = "/other".to_owned();
            other
        };
        let first = shelf.record(entry(7, "00", Some(1)));
        let second = shelf.record(other());
        assert_eq!((first.delivery, second.delivery), (1, 2));
        assert_ne!(first.id, second.id);
        assert_eq!(shelf.record(other()), second);
    }

    #[test]
    fn a_repeat_names_what_it_repeats() {
        let shelf = Shelf::new();
        let repeat = |id, of| {
            let mut repeat = entry(id, "05", Some(1));
            repeat.sameness = Sameness::Imported(Elsewhere {
                nth: Some(1),
                duplicate_of: Some(Uuid::from_u128(of)),
            });
            shelf.record(repeat).duplicate_of
        };
        shelf.record(entry(7, "00", Some(1)));
        assert_eq!(repeat(8, 7), Some(1));
        assert_eq!(repeat(9, 99), Some(3), "what it repeats is not here");
    }

    #[test]
    fn later_deliveries_find_what_was_imported() {
        let shelf = Shelf::new();
        shelf.record(entry(7, "00", Some(3)));
        let mut live = entry(8, "10", None);
        live.sameness = Sameness::WebhookId;
        let place = shelf.record(live);
        assert_eq!(
            (place.delivery, place.nth, place.duplicate_of),
            (1, 4, Some(1))
        );
    }
}
