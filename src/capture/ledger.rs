//! Where deliveries are entered before they are answered.

use std::convert::Infallible;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc, oneshot};

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
        /// When an entry could last not be written, until that is over.
        failed: Mutex<Option<Instant>>,
        /// Takes what was written from the writer's thread to whoever waits for it.
        desk: Desk,
    },
    /// Not kept.
    Memory {
        /// The number of the next delivery.
        next: AtomicI64,
        /// What was accepted before.
        seen: Mutex<Seen>,
    },
}

/// How long nothing may fail before all is said to be well: on a disk that is nearly full small
/// entries still find room, and large ones between them do not.
const CALM: Duration = Duration::from_secs(1);

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
            failed: Mutex::new(None),
            desk: Desk::new(),
        }
    }

    /// A ledger that forgets.
    pub(crate) fn memory() -> Self {
        Self::Memory {
            next: AtomicI64::new(1),
            seen: Mutex::new(Seen::default()),
        }
    }

    /// Must run while deliveries are entered; never ends.
    pub(super) async fn run(&self) -> Infallible {
        if let Self::Store { desk, .. } = self {
            desk.hand_out().await;
        }
        std::future::pending().await
    }

    /// Enters a delivery; returns when it is on disk. `None`: the writer is gone, and the entry with it.
    pub(super) async fn enter(&self, entry: Box<Entry>) -> Option<Entered> {
        let (entry, result) = match self {
            Self::Memory { next, seen } => {
                let place = remember(&entry, next.fetch_add(1, Ordering::Relaxed), seen);
                (entry, Ok(place))
            }
            Self::Store {
                writer, room, desk, ..
            } => write(writer, room, desk, entry).await?,
        };
        let news = match self {
            Self::Memory { .. } => None,
            Self::Store { failed, .. } => news(failed, result.as_ref().err(), Instant::now()),
        };
        Some(Entered {
            entry,
            result,
            news,
        })
    }
}

/// What changes with this result.
fn news(
    failed: &Mutex<Option<Instant>>,
    error: Option<&WriteError>,
    now: Instant,
) -> Option<Health> {
    let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
    match (*failed, error) {
        (before, Some(error)) => {
            *failed = Some(now);
            before.is_none().then(|| Health::Degraded {
                reason: error.to_string(),
            })
        }
        (Some(last), None) if now.duration_since(last) >= CALM => {
            *failed = None;
            Some(Health::Restored)
        }
        (_, None) => None,
    }
}

async fn write(
    writer: &Writer,
    room: &Arc<Semaphore>,
    desk: &Desk,
    entry: Box<Entry>,
) -> Option<Written> {
    let place = Arc::clone(room).acquire_owned().await.ok()?;
    let (waiting, told) = oneshot::channel();
    let done = desk.done.clone();
    writer.append(entry, move |written| {
        drop(place);
        // The listener may be gone.
        let _ = done.send((waiting, written));
    });
    told.await.ok()
}

/// What was written, and who waits for it.
type Done = (oneshot::Sender<Written>, Written);

/// Where the writer's thread puts down a whole batch for one wake-up of the runtime: each by itself
/// would cost a system call for every delivery.
pub(crate) struct Desk {
    done: mpsc::UnboundedSender<Done>,
    taken: tokio::sync::Mutex<mpsc::UnboundedReceiver<Done>>,
}

/// What is handed out at once.
const HANDFUL: usize = 256;

impl Desk {
    fn new() -> Self {
        let (done, taken) = mpsc::unbounded_channel();
        Self {
            done,
            taken: tokio::sync::Mutex::new(taken),
        }
    }

    /// Hands out what is put down, without end.
    async fn hand_out(&self) {
        let mut taken = self.taken.lock().await;
        let mut batch = Vec::with_capacity(HANDFUL);
        while taken.recv_many(&mut batch, HANDFUL).await > 0 {
            for (waiting, written) in batch.drain(..) {
                // Whoever waits may have been cut off by the end of a drain.
                let _ = waiting.send(written);
            }
        }
    }
}

fn remember(entry: &Entry, number: i64, seen: &Mutex<Seen>) -> Place {
    let key = match &entry.sameness {
        Sameness::Never | Sameness::New | Sameness::Imported(_) => None,
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use super::{CALM, Health, news};
    use crate::store::WriteError;

    #[test]
    fn what_fails_is_told_once_and_its_end_when_it_has_lasted() {
        let error = WriteError {
            is_full: true,
            reason: "full".to_owned(),
        };
        let degraded = Some(Health::Degraded {
            reason: "full".to_owned(),
        });
        let (failed, begun) = (Mutex::new(None), Instant::now());
        for (calms, fails, told) in [
            (0, false, None),
            (0, true, degraded.clone()),
            (1, true, None),
            // One that fits beside others that do not.
            (1, false, None),
            (1, true, None),
            (2, false, Some(Health::Restored)),
            (3, false, None),
            (3, true, degraded),
        ] {
            let now = begun + calms * CALM;
            let error = fails.then_some(&error);
            assert_eq!(news(&failed, error, now), told, "{calms} {fails}");
        }
    }
}
