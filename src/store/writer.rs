//! The one thread that writes: what has queued up is committed as one transaction.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use fail::fail_point;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::append::{Blobs, Desk};
use super::error::of_sqlite;
use super::recent::Recent;
use super::schema::{Purpose, open, use_log};
use super::transact::Work;
use super::webhook_ids::sort_chunk;
use super::{Entry, Opened, Opening, Place, StoreError};

/// The entries that may wait.
pub(crate) const WAITING: usize = 1024;

/// The entries of one transaction: more make each wait longer and gain nothing.
const BATCH: usize = 256;

/// The bytes of a body that is compressed before it is queued; longer ones would hold up whoever
/// appends them.
pub(super) const SMALL: usize = 64 * 1024;

/// The bytes of bodies in one transaction, beside the last one.
const BATCH_BYTES: usize = 32 * 1024 * 1024;

/// The pages that the write-ahead log may hold before they are copied into the file: 2 MiB.
pub(super) const CHECKPOINT_PAGES: i32 = 256;

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

/// What is queued for the writer.
pub(super) enum Job {
    /// An entry, with what was made of it before its turn.
    Append(Box<Entry>, Option<Blobs>, Done),
    /// Anything else.
    Work(Box<dyn Work>),
}

impl Job {
    /// The bytes of its body.
    fn weight(&self) -> usize {
        match self {
            Self::Append(entry, ..) => entry.exchange.request.body.len(),
            Self::Work(work) => work.weight(),
        }
    }

    /// Does it; gives the place of an entry.
    fn make(&mut self, desk: &mut Desk<'_>) -> rusqlite::Result<Option<Place>> {
        match self {
            Self::Append(entry, Some(blobs), _) => desk.append(entry, blobs).map(Some),
            Self::Append(entry, None, _) => {
                let blobs = Blobs::of(entry);
                desk.append(entry, &blobs).map(Some)
            }
            Self::Work(work) => work.make(desk).map(|()| None),
        }
    }

    /// Says what became of it; whoever asked may be gone.
    fn tell(self, result: Result<Option<Place>, WriteError>) {
        match self {
            Self::Append(entry, _, done) => {
                let place = result.and_then(|place| place.ok_or_else(WriteError::ended));
                done((entry, place));
            }
            Self::Work(work) => work.tell(result.map(|_| ())),
        }
    }
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
        let office = Office {
            path: path.to_owned(),
            session: Some(Session::new(connection)),
        };
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || office.work(&queue))
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
        // Whoever has several to append is to go on with the next one.
        let is_small = entry.exchange.request.body.len() <= SMALL;
        let blobs = is_small.then(|| Blobs::of(&entry));
        self.queue(Job::Append(entry, blobs, Box::new(done)));
    }

    /// Enters a delivery before its first attempt, unless there is one like it; waits until that is
    /// done.
    pub(crate) fn open_delivery(&self, opening: Opening) -> Result<Opened, WriteError> {
        self.transact_now(move |desk| desk.open(&opening))
    }

    /// Queues a job; waits where [`WAITING`] wait.
    pub(super) fn queue(&self, job: Job) {
        let Some(jobs) = &self.jobs else { return };
        if let Err(unsent) = jobs.send(job) {
            unsent.0.tell(Err(WriteError::ended()));
        }
    }

    /// Records an entry and waits until that is done.
    #[cfg(test)]
    pub(crate) fn record(&self, entry: Box<Entry>) -> Result<Place, WriteError> {
        let (tell, told) = sync_channel(1);
        self.append(entry, move |(_, result)| {
            // Whoever asked waits below.
            let _ = tell.send(result);
        });
        told.recv().unwrap_or_else(|_| Err(WriteError::ended()))
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
    /// An error that is not for want of room.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            is_full: false,
            reason: reason.into(),
        }
    }

    /// The error of whoever is not answered any more.
    pub(super) fn ended() -> Self {
        Self::new("the writer has ended")
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
        use_log(&connection)?;
        connection.pragma_update(None, "synchronous", synchronous())?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
        // What a row refers to was written or read in the same transaction.
        connection.pragma_update(None, "foreign_keys", false)
    };
    configure().map_err(|error| of_sqlite(path, &error))?;
    Ok(connection)
}

/// What a commit waits for: `full` is the disk itself. The crash point shows what less would lose.
fn synchronous() -> &'static str {
    fail_point!("synchronous_normal", |_| "normal");
    "full"
}

/// What the thread works with.
struct Office {
    path: PathBuf,
    /// `None` after an error: what a handle says after a failed write is not to be trusted.
    session: Option<Session>,
}

/// A connection, and what was read by it.
struct Session {
    connection: Connection,
    recent: Recent,
}

impl Office {
    fn work(mut self, queue: &Receiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH);
        while let Ok(job) = queue.recv() {
            let mut bytes = job.weight();
            batch.push(job);
            while batch.len() < BATCH && bytes < BATCH_BYTES {
                let Ok(job) = queue.try_recv() else { break };
                bytes += job.weight();
                batch.push(job);
            }
            self.write(&mut batch);
        }
    }

    /// Commits a batch whole or not at all, then says so.
    fn write(&mut self, batch: &mut Vec<Job>) {
        match self.commit(batch) {
            Ok(made) => {
                for (job, made) in batch.drain(..).zip(made) {
                    job.tell(Ok(made));
                }
            }
            Err(error) => {
                self.session = None;
                let error = WriteError::of(&error);
                for job in batch.drain(..) {
                    job.tell(Err(error.clone()));
                }
            }
        }
    }

    fn commit(&mut self, batch: &mut [Job]) -> Result<Vec<Option<Place>>, StoreError> {
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::new(connect(&self.path)?),
        };
        let session = self.session.insert(session);
        fail_point!("before_begin");
        let made = session
            .insert(batch, &self.path)
            .map_err(|error| of_sqlite(&self.path, &error))?;
        fail_point!("after_commit");
        Ok(made)
    }
}

impl Session {
    fn new(connection: Connection) -> Self {
        Self {
            connection,
            recent: Recent::default(),
        }
    }

    fn insert(&mut self, batch: &mut [Job], path: &Path) -> rusqlite::Result<Vec<Option<Place>>> {
        let immediate = TransactionBehavior::Immediate;
        let transaction = Transaction::new(&mut self.connection, immediate)?;
        let mut desk = Desk::new(&transaction, &mut self.recent, path);
        let made = batch
            .iter_mut()
            .map(|job| job.make(&mut desk))
            .collect::<rusqlite::Result<_>>()?;
        sort_chunk(&transaction)?;
        transaction.commit()?;
        Ok(made)
    }
}

#[cfg(test)]
mod tests;
