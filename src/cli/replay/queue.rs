//! Into the queue: rows before anything is sent.

use std::sync::mpsc::channel;

use crate::cli::error::Error;
use crate::delivery::{Job, Journal, row};
use crate::store::{Enqueued, Reader, Run, Writer};

/// What a command works with to send by the queue.
pub(super) fn parts(journal: &Journal) -> Result<(&Writer, &Reader, &Run), Error> {
    match journal {
        Journal::Queue {
            writer,
            reader,
            run,
        } => Ok((writer, reader, run)),
        _ => Err(Error::unexpected("there is no queue")),
    }
}

/// What became of deliveries that were to be queued.
#[derive(Default)]
pub(super) struct Enlisted {
    /// How many are in the queue.
    pub(super) here: usize,
    /// Those that another process is sending.
    pub(super) elsewhere: Vec<i64>,
}

/// Puts deliveries into the queue of a run.
pub(super) fn enlist(
    writer: &Writer,
    run: &Run,
    jobs: impl Iterator<Item = Result<Job, Error>>,
) -> Result<Enlisted, Error> {
    let (tell, told) = channel();
    let mut enlisted = Enlisted::default();
    let mut hear = |told| -> Result<(), Error> {
        match told? {
            Enqueued::Here(_) => enlisted.here += 1,
            Enqueued::Elsewhere(opened) => enlisted.elsewhere.push(opened.number),
        }
        Ok(())
    };
    for job in jobs {
        let tell = tell.clone();
        // Whoever asked may have given up.
        let done = move |enqueued| drop(tell.send(enqueued));
        writer.enqueue(run, Box::new(row(&job?, false)), Box::new(done));
        told.try_iter().try_for_each(&mut hear)?;
    }
    drop(tell);
    told.iter().try_for_each(&mut hear)?;
    Ok(enlisted)
}
