//! The one thread that writes: what has queued up is committed as one transaction.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use fail::fail_point;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::append::append;
use super::error::of_sqlite;
use super::schema::{Purpose, open};
use super::{Entry, Place, StoreError};

/// The entries that may wait.
pub(crate) const WAITING: usize = 1024;

/// The entries of one transaction: more make each wait longer and gain nothing.
const BATCH: usize = 256;

/// The bytes of bodies in one transaction, beside the last one.
const BATCH_BYTES: usize = 32 * 1024 * 1024;

/// The pages that the write-ahead log may hold before they are copied into the file: 1 MiB.
const CHECKPOINT_PAGES: i32 = 128;

/// The most that the write-ahead log keeps of the disk once it was copied, in bytes.
const LOG_LIMIT: i64 = 64 * 1024 * 1024;

/// What became of an entry: its place, or why nothing of it is kept. The entry comes back with it.
pub(crate) type Written = (Box<Entry>, Result<Place, WriteError>);

/// Takes what became of an entry; runs on the writer's thread and must not block.
type Done = Box<dyn FnOnce(Written) + Send>;

/// Why an entry could not be recorded.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{reason}")]
pub(crate) struct WriteError {
    /// Whether it is for want of room.
    pub(crate) is_full: bool,
    /// The reason, in a sentence.
    pub(crate) reason: String,
}

struct Job {
    entry: Box<Entry>,
    done: Done,
}

/// A store that is being written to. Whatever was appended is written before it is closed.
pub(crate) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Opens the store at a path, which is made where there is none, and starts the thread.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = connect(path)?;
        let (jobs, queue) = sync_channel(WAITING);
        let desk = Desk {
            path: path.to_owned(),
            connection: Some(connection),
        };
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || desk.work(&queue))
            .map_err(|source| StoreError::Open {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Queues an entry; `done` learns what became of it. Waits where [`WAITING`] entries wait.
    pub(crate) fn append(&self, entry: Box<Entry>, done: impl FnOnce(Written) + Send + 'static) {
        let job = Job {
            entry,
            done: Box::new(done),
        };
        let Some(jobs) = &self.jobs else { return };
        if let Err(unsent) = jobs.send(job) {
            let Job { entry, done } = unsent.0;
            done((entry, Err(WriteError::new("the writer has ended"))));
        }
    }

    /// Records an entry and waits until that is done.
    pub(crate) fn record(&self, entry: Box<Entry>) -> Result<Place, WriteError> {
        let (tell, told) = sync_channel(1);
        self.append(entry, move |(_, result)| {
            // Whoever asked waits below.
            let _ = tell.send(result);
        });
        told.recv()
            .unwrap_or_else(|_| Err(WriteError::new("the writer has ended")))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic has been told already.
            let _ = thread.join();
        }
    }
}

impl WriteError {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            is_full: false,
            reason: reason.into(),
        }
    }

    fn of(error: &StoreError) -> Self {
        Self {
            is_full: matches!(error, StoreError::Full { .. }),
            reason: error.to_string(),
        }
    }
}

/// A connection that writes, durably: a commit that has returned survives a power cut.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, Purpose::Write)?;
    let configure = || -> rusqlite::Result<()> {
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)
    };
    configure().map_err(|error| of_sqlite(path, &error))?;
    Ok(connection)
}

/// What the thread works with.
struct Desk {
    path: PathBuf,
    /// `None` after an error: what a handle says after a failed write is not to be trusted.
    connection: Option<Connection>,
}

impl Desk {
    fn work(mut self, queue: &Receiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH);
        while let Ok(job) = queue.recv() {
            let mut bytes = job.entry.exchange.request.body.len();
            batch.push(job);
            while batch.len() < BATCH && bytes < BATCH_BYTES {
                let Ok(job) = queue.try_recv() else { break };
                bytes += job.entry.exchange.request.body.len();
                batch.push(job);
            }
            self.write(&mut batch);
        }
    }

    /// Commits a batch whole or not at all, then says so.
    fn write(&mut self, batch: &mut Vec<Job>) {
        match self.commit(batch) {
            Ok(places) => {
                for (job, place) in batch.drain(..).zip(places) {
                    (job.done)((job.entry, Ok(place)));
                }
            }
            Err(error) => {
                self.connection = None;
                let error = WriteError::of(&error);
                for job in batch.drain(..) {
                    (job.done)((job.entry, Err(error.clone())));
                }
            }
        }
    }

    fn commit(&mut self, batch: &[Job]) -> Result<Vec<Place>, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        let connection = self.connection.insert(connection);
        fail_point!("before_begin");
        let places = insert(connection, batch).map_err(|error| of_sqlite(&self.path, &error))?;
        fail_point!("after_commit");
        Ok(places)
    }
}

fn insert(connection: &mut Connection, batch: &[Job]) -> rusqlite::Result<Vec<Place>> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let places = batch
        .iter()
        .map(|job| append(&transaction, &job.entry))
        .collect::<rusqlite::Result<_>>()?;
    transaction.commit()?;
    Ok(places)
}
