//! What the writer does beside appending: statements whose value is handed out once they are
//! committed, in one transaction with whatever else has queued up.

use std::sync::mpsc::sync_channel;

use super::append::Desk;
use super::writer::Job;
use super::{WriteError, Writer};

/// Something for the writer to do.
pub(super) trait Work: Send {
    /// The bytes of its body.
    fn weight(&self) -> usize;

    /// Does it; an error takes the whole transaction back.
    fn make(&mut self, desk: &mut Desk<'_>) -> rusqlite::Result<()>;

    /// Says what became of it; whoever asked may be gone.
    fn tell(self: Box<Self>, result: Result<(), WriteError>);
}

/// Takes the answer of the writer; runs on the writer's thread and must not block.
pub(crate) type Answer<T> = Box<dyn FnOnce(Result<T, WriteError>) + Send>;

/// Work that is made of two closures.
struct Task<T, M, D> {
    weight: usize,
    make: Option<M>,
    made: Option<T>,
    done: D,
}

impl<T, M, D> Work for Task<T, M, D>
where
    T: Send,
    M: FnOnce(&mut Desk<'_>) -> rusqlite::Result<T> + Send,
    D: FnOnce(Result<T, WriteError>) + Send,
{
    fn weight(&self) -> usize {
        self.weight
    }

    fn make(&mut self, desk: &mut Desk<'_>) -> rusqlite::Result<()> {
        if let Some(make) = self.make.take() {
            self.made = Some(make(desk)?);
        }
        Ok(())
    }

    fn tell(self: Box<Self>, result: Result<(), WriteError>) {
        let Self { made, done, .. } = *self;
        done(result.and_then(|()| made.ok_or_else(WriteError::ended)));
    }
}

impl Writer {
    /// Queues what `make` does; `done` learns its value once that is committed. `weight` is the bytes
    /// of a body that is written.
    pub(super) fn transact<T: Send + 'static>(
        &self,
        weight: usize,
        make: impl FnOnce(&mut Desk<'_>) -> rusqlite::Result<T> + Send + 'static,
        done: impl FnOnce(Result<T, WriteError>) + Send + 'static,
    ) {
        self.queue(Job::Work(Box::new(Task {
            weight,
            make: Some(make),
            made: None,
            done,
        })));
    }

    /// Does what `make` does and waits until that is committed.
    pub(super) fn transact_now<T: Send + 'static>(
        &self,
        make: impl FnOnce(&mut Desk<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let (tell, told) = sync_channel(1);
        self.transact(0, make, move |result| {
            // Whoever asked waits below.
            let _ = tell.send(result);
        });
        told.recv().unwrap_or_else(|_| Err(WriteError::ended()))
    }
}
