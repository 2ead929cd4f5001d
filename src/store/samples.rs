//! Stores and attempts for the tests of this module.

use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use super::transact::Answer;
use super::{
    Attempt, Direction, Enqueued, Entry, Exchange, Follow, Judgement, Next, Opening, Outcome,
    Place, Queued, Reader, Response, Run, Sameness, Target, VerdictKind, WriteError, Writer,
};
use crate::message::{Headers, Message};

/// A store in a directory of its own.
pub(super) struct Shelf {
    directory: TempDir,
    writer: Writer,
}

impl Shelf {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let writer = Writer::open(&directory.path().join("store.db")).expect("a store");
        Self { directory, writer }
    }

    pub(super) fn record(&self, entry: Entry) -> Place {
        self.writer.record(Box::new(entry)).expect("it is recorded")
    }

    /// Records entries one after the other, faster than each by itself.
    pub(super) fn record_all(&self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.writer.append(Box::new(entry), |(_, written)| {
                written.expect("it is recorded");
            });
        }
        // Whatever was queued before is written before.
        self.record(sample());
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Puts a delivery into the queue of a run.
    pub(super) fn enqueue(&self, run: &Run, queued: Queued) -> Enqueued {
        answer(|done| self.writer.enqueue(run, Box::new(queued), done)).expect("it is queued")
    }

    /// Puts a new delivery into the queue of a run; its number.
    pub(super) fn enqueue_new(&self, run: &Run) -> i64 {
        match self.enqueue(run, queued()) {
            Enqueued::Here(opened) => opened.number,
            elsewhere @ Enqueued::Elsewhere(_) => panic!("{elsewhere:?}"),
        }
    }

    /// Records an attempt of a queued delivery, and what follows.
    pub(super) fn settle(&self, run: &Run, entry: Entry, follow: Follow) -> Place {
        answer(|done| self.writer.settle(run, Box::new(entry), follow, done))
            .expect("it is settled")
    }

    /// A number that a query gives.
    pub(super) fn number(&self, sql: &str) -> i64 {
        let number = self.reader().one(sql, (), |row| row.get(0));
        number.expect("it can be read").expect("a row")
    }

    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join("store.db")
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::open(&self.directory.path().join("store.db"))
            .expect("it can be read")
            .expect("it is there")
    }
}

/// Asks the writer and waits for the answer.
pub(super) fn answer<T: Send + 'static>(ask: impl FnOnce(Answer<T>)) -> Result<T, WriteError> {
    let (tell, told) = channel();
    ask(Box::new(move |result| {
        tell.send(result).expect("somebody listens");
    }));
    told.recv().expect("it is told")
}

/// A new delivery that is due.
pub(super) fn queued() -> Queued {
    let entry = sample();
    Queued {
        delivery: Target::New(Opening {
            id: entry.id,
            direction: Direction::Sent,
            provider: "cepro".to_owned(),
            endpoint: "http://127.0.0.1:4000/hooks".to_owned(),
            webhook_id: Some(entry.id.to_string()),
            is_new: true,
        }),
        event: entry.attempt.event,
        headers: entry.exchange.request.headers,
        body: entry.exchange.request.body,
        next: next(1),
        begun: false,
    }
}

/// The attempt with this number.
pub(super) fn next(attempt: u32) -> Next {
    Next {
        attempt,
        made: attempt - 1,
        due: Timestamp::UNIX_EPOCH + Duration::from_secs(attempt.into()),
        wait: Duration::from_micros(10),
    }
}

/// An attempt of a queued delivery.
pub(super) fn attempt_of(delivery: i64) -> Entry {
    Entry {
        delivery: Some(delivery),
        ..sample()
    }
}

/// A delivery that was received, is valid and was answered 200.
pub(super) fn sample() -> Entry {
    let body = Bytes::from_static(br#"{"event":"estimate.created","data":{"total":250.00}}"#);
    Entry {
        id: Uuid::now_v7(),
        delivery: None,
        attempt: Attempt {
            direction: Direction::Received,
            provider: "cepro".to_owned(),
            endpoint: "/hooks".to_owned(),
            event: Some("estimate.created".to_owned()),
            webhook_id: None,
            at: Timestamp::UNIX_EPOCH,
            number: Some(1),
            of: 4,
            status: Some(200),
            took: Duration::from_millis(23),
            outcome: Outcome::Success,
            fault: None,
            verdict: Some(Judgement {
                kind: VerdictKind::Valid,
                reason: None,
            }),
            size: body.len() as u64,
            answered: None,
        },
        exchange: Exchange {
            request: Message {
                method: "POST".to_owned(),
                target: "/hooks?a=1".to_owned(),
                headers: [("Content-Type", "application/json"), ("X-Foo", "bar")]
                    .into_iter()
                    .collect(),
                body,
            },
            http: "1.1".to_owned(),
            exact: true,
            peer: None,
            response: Some(Response {
                headers: Headers::new(),
                body: Bytes::from_static(b"ok"),
                truncated: false,
            }),
        },
        sameness: Sameness::WebhookId,
        window: Duration::from_secs(24 * 60 * 60),
    }
}
