//! The writer against files of its own.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::super::{Attempt, Direction, Exchange, Outcome, Reader, Sameness};
use super::{Entry, WAITING, Writer};
use crate::message::{Headers, Message};

/// A folder and the path of a store in it.
fn desk() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("wh.db");
    (folder, path)
}

/// An attempt whose event says which one it is.
fn entry(event: &impl ToString) -> Box<Entry> {
    let event = event.to_string();
    Box::new(Entry {
        id: Uuid::now_v7(),
        delivery: None,
        attempt: Attempt {
            direction: Direction::Received,
            provider: "cepro".to_owned(),
            endpoint: "/".to_owned(),
            event: Some(event.clone()),
            webhook_id: None,
            at: Timestamp::UNIX_EPOCH,
            number: None,
            of: 1,
            status: Some(200),
            took: Duration::ZERO,
            outcome: Outcome::Success,
            fault: None,
            verdict: None,
            size: event.len() as u64,
            answered: None,
        },
        exchange: Exchange {
            request: Message {
                method: "POST".to_owned(),
                target: "/".to_owned(),
                headers: Headers::new(),
                body: event.into(),
            },
            http: "HTTP/1.1".to_owned(),
            exact: true,
            peer: None,
            response: None,
        },
        sameness: Sameness::Never,
        window: Duration::ZERO,
    })
}

/// The events of a store, in the order of their rows.
fn events(path: &Path) -> Vec<String> {
    let reader = Reader::open(path).expect("it opens").expect("it is there");
    let sql = "SELECT event FROM attempts ORDER BY row";
    reader.all(sql, (), |row| row.get(0)).expect("events")
}

/// Another connection, as another program may hold one.
fn other(path: &Path) -> Connection {
    Connection::open(path).expect("it opens")
}

#[test]
fn whoever_appends_more_than_may_wait_waits_and_nothing_is_lost() {
    const WRITERS: usize = 4;
    const EACH: usize = 2_500;
    let (_folder, path) = desk();
    let writer = Arc::new(Writer::open(&path).expect("it opens"));
    let lock = other(&path);
    lock.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let (tell, told) = channel();
    let begun = Arc::new(Mutex::new(0));
    let threads: Vec<_> = (0..WRITERS)
        .map(|thread| {
            let (writer, tell) = (Arc::clone(&writer), tell.clone());
            let begun = Arc::clone(&begun);
            thread::spawn(move || {
                for number in 0..EACH {
                    let tell = tell.clone();
                    *begun.lock().expect("a count") += 1;
                    writer.append(entry(&format!("{thread} {number}")), move |(_, result)| {
                        tell.send(result).expect("somebody listens");
                    });
                }
            })
        })
        .collect();
    drop(tell);
    // While nothing can be written the queue fills and then holds everybody up.
    let most = WAITING + super::BATCH + WRITERS;
    while *begun.lock().expect("a count") <= WAITING {
        thread::yield_now();
    }
    assert!(*begun.lock().expect("a count") <= most);
    lock.execute_batch("ROLLBACK").expect("no lock");
    assert!(told.iter().all(|result| result.is_ok()));
    for thread in threads {
        thread.join().expect("it ends");
    }
    drop(writer);
    let events = events(&path);
    assert_eq!(events.len(), WRITERS * EACH);
    for thread in 0..WRITERS {
        let own = events
            .iter()
            .filter_map(|event| event.strip_prefix(&format!("{thread} ")));
        assert!(
            own.eq((0..EACH).map(|number| number.to_string())),
            "out of order"
        );
    }
}

#[test]
fn what_was_appended_is_written_before_the_writer_is_closed() {
    let (_folder, path) = desk();
    let writer = Writer::open(&path).expect("it opens");
    for number in 0..WAITING {
        writer.append(entry(&number), |_| {});
    }
    drop(writer);
    assert_eq!(events(&path).len(), WAITING);
}

#[test]
fn a_place_is_told_when_it_can_be_read() {
    let (_folder, path) = desk();
    let writer = Writer::open(&path).expect("it opens");
    for number in 1..20 {
        let (tell, told) = channel();
        let path = path.clone();
        writer.append(entry(&number), move |(entry, result)| {
            tell.send((entry, result, events(&path).len()))
                .expect("somebody listens");
        });
        let (entry, result, rows) = told.recv().expect("it is told");
        let place = result.expect("it is written");
        assert_eq!((place.row, place.delivery, rows), (number, number, rows));
        assert_eq!(
            (entry.attempt.event, rows),
            (Some(number.to_string()), rows)
        );
        assert_eq!(i64::try_from(rows), Ok(number));
    }
}

#[test]
fn several_writers_share_a_file() {
    const EACH: usize = 200;
    let (_folder, path) = desk();
    thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            let path = &path;
            scope.spawn(move || {
                let writer = Writer::open(path).expect("it opens");
                for number in 0..EACH {
                    writer
                        .record(entry(&format!("{name} {number}")))
                        .expect("it is written");
                }
            });
        }
    });
    let events = events(&path);
    assert_eq!(events.len(), 3 * EACH);
    for name in ["a", "b", "c"] {
        let own = events
            .iter()
            .filter_map(|event| event.strip_prefix(&format!("{name} ")));
        assert!(
            own.eq((0..EACH).map(|number| number.to_string())),
            "out of order"
        );
    }
}

#[test]
fn a_store_is_opened_anew_after_an_error() {
    let (folder, path) = desk();
    let writer = Writer::open(&path).expect("it opens");
    writer.record(entry(&"before")).expect("it is written");
    let other = other(&path);
    other
        .execute_batch("ALTER TABLE heads RENAME TO gone")
        .expect("it is renamed");
    let error = writer
        .record(entry(&"lost"))
        .expect_err("there is no such table");
    assert!(
        !error.is_full && error.reason.contains("no such table"),
        "{error}"
    );
    // What is opened now is another file.
    drop(other);
    for name in ["wh.db", "wh.db-wal", "wh.db-shm"] {
        let _ = std::fs::rename(
            folder.path().join(name),
            folder.path().join(format!("old {name}")),
        );
    }
    writer.record(entry(&"after")).expect("it is written");
    drop(writer);
    assert_eq!(events(&path), ["after"]);
}

#[test]
fn a_batch_is_written_whole_or_not_at_all() {
    let (_folder, path) = desk();
    let writer = Writer::open(&path).expect("it opens");
    let lock = other(&path);
    lock.execute_batch(
        "CREATE TRIGGER no BEFORE INSERT ON attempts WHEN NEW.event = 'bad'
         BEGIN SELECT RAISE(ABORT, 'bad'); END; BEGIN IMMEDIATE",
    )
    .expect("a lock");
    let (tell, told) = channel();
    for name in ["first", "good", "bad", "good"] {
        let tell = tell.clone();
        writer.append(entry(&name), move |(entry, result)| {
            let event = entry.attempt.event.expect("it has one");
            tell.send((event, result.is_ok()))
                .expect("somebody listens");
        });
    }
    drop(tell);
    lock.execute_batch("ROLLBACK").expect("no lock");
    let told: Vec<_> = told.iter().collect();
    let good: Vec<_> = told
        .iter()
        .filter(|(_, is_kept)| *is_kept)
        .map(|(event, _)| event)
        .collect();
    assert_eq!(told.len(), 4);
    assert!(!told.contains(&("bad".to_owned(), true)));
    assert!(events(&path).iter().eq(good));
}

#[test]
fn a_store_that_is_held_too_long_is_an_error_and_then_free() {
    let (_folder, path) = desk();
    let writer = Writer::open(&path).expect("it opens");
    let lock = other(&path);
    lock.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let error = writer.record(entry(&"lost")).expect_err("it is held");
    assert!(
        error.reason.ends_with("is held by another process"),
        "{error}"
    );
    lock.execute_batch("ROLLBACK").expect("no lock");
    writer.record(entry(&"kept")).expect("it is free");
    assert_eq!(events(&path), ["kept"]);
}

#[test]
fn a_store_without_a_log_is_given_one() {
    let (_folder, path) = desk();
    drop(Writer::open(&path).expect("it opens"));
    let mode = |sql: &str| other(&path).query_row(sql, (), |row| row.get::<_, String>(0));
    assert_eq!(
        mode("PRAGMA journal_mode = delete"),
        Ok("delete".to_owned())
    );
    drop(Writer::open(&path).expect("it opens"));
    assert_eq!(mode("PRAGMA journal_mode"), Ok("wal".to_owned()));
}
