//! Stores and attempts for the tests of this module.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    Attempt, Direction, Entry, Exchange, Judgement, Outcome, Place, Reader, Response, Sameness,
    VerdictKind, Writer,
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

    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join("store.db")
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::open(&self.directory.path().join("store.db"))
            .expect("it can be read")
            .expect("it is there")
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
