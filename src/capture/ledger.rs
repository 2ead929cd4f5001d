//! Where deliveries are entered before they are answered.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, oneshot};

use crate::store::{Entry, Place, Sameness, WAITING, WriteError, Writer, Written};

use super::seen::Seen;

/// A store, or for `--store none` a memory that knows repeats and nothing else.
pub(crate) enum Ledger {
    /// Kept on disk.
    Store {
        /// Writes it.
        writer: Writer,
        /// As many entries may be on the way as the writer has room for: it must never block a task.
        room: Arc<Semaphore>,
        /// Whether the last entry could not be written.
        fails: AtomicBool,
    },
    /// Not kept.
    Memory {
        /// The number of the next delivery.
        next: AtomicI64,
        /// What was accepted before.
        seen: Mutex<Seen>,
    },
}

/// A change in what the store takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// From now on nothing can be recorded, so nothing is answered 2xx.
    Degraded {
        /// Why.
        reason: String,
    },
    /// Deliveries are recorded again.
    Restored,
}

/// What became of an entry.
pub(super) struct Entered {
    /// The entry, given back.
    pub(super) entry: Box<Entry>,
    /// Where it stands; otherwise nothing of it is kept.
    pub(super) result: Result<Place, WriteError>,
    /// Whether that is news.
    pub(super) news: Option<Health>,
}

impl Ledger {
    /// A ledger in a store.
    pub(crate) fn stored(writer: Writer) -> Self {
        Self::Store {
            writer,
            room: Arc::new(Semaphore::new(WAITING)),
            fails: AtomicBool::new(false),
        }
    }

    /// A ledger that forgets.
    pub(crate) fn memory() -> Self {
        Self::Memory {
            next: AtomicI64::new(1),
            seen: Mutex::new(Seen::default()),
        }
    }

    /// Enters a delivery; returns when it is on disk. `None`: the writer is gone, and the entry with it.
    pub(super) async fn enter(&self, entry: Box<Entry>) -> Option<Entered> {
        let (entry, result) = match self {
            Self::Memory { next, seen } => {
                let place = remember(&entry, next.fetch_add(1, Ordering::Relaxed), seen);
                (entry, Ok(place))
            }
            Self::Store { writer, room, .. } => write(writer, room, entry).await?,
        };
        let news = self.news(result.as_ref().err());
        Some(Entered {
            entry,
            result,
            news,
        })
    }

    /// What changes with this result.
    fn news(&self, error: Option<&WriteError>) -> Option<Health> {
        let Self::Store { fails, .. } = self else {
            return None;
        };
        match (fails.swap(error.is_some(), Ordering::Relaxed), error) {
            (false, Some(error)) => Some(Health::Degraded {
                reason: error.to_string(),
            }),
            (true, None) => Some(Health::Restored),
            _ => None,
        }
    }
}

async fn write(writer: &Writer, room: &Arc<Semaphore>, entry: Box<Entry>) -> Option<Written> {
    let place = Arc::clone(room).acquire_owned().await.ok()?;
    let (tell, told) = oneshot::channel();
    writer.append(entry, move |written| {
        drop(place);
        // Whoever waits may have been cut off by the end of a drain.
        let _ = tell.send(written);
    });
    told.await.ok()
}

fn remember(entry: &Entry, number: i64, seen: &Mutex<Seen>) -> Place {
    let key = match &entry.sameness {
        Sameness::Never | Sameness::Imported(_) => None,
        Sameness::WebhookId => entry.attempt.webhook_id.as_deref().map(str::as_bytes),
        Sameness::Key(key) => Some(key.as_slice()),
    };
    let claim = |key| {
        let mut seen = seen.lock().ok()?;
        seen.claim(key, number, entry.attempt.at, entry.window)
    };
    Place {
        row: number,
        delivery: number,
        id: entry.id,
        nth: 1,
        duplicate_of: key.filter(|_| entry.accepts()).and_then(claim),
    }
}
