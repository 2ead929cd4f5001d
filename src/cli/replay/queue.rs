//! Into the queue: rows before anything is sent.

use std::sync::mpsc::channel;

use crate::cli::error::Error;
use crate::delivery::{Job, Journal, row};
use crate::store::{Enqueued, Reader, Run, Writer};
use crate::term::count;

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

/// Puts deliveries into the queue of a run. Where one cannot go, the error says how many are there
/// by then.
pub(super) fn enlist(
    writer: &Writer,
    run: &Run,
    jobs: impl Iterator<Item = Result<Job, Error>>,
) -> Result<Enlisted, Error> {
    let mut enlisted = Enlisted::default();
    match enter(writer, run, jobs, &mut enlisted) {
        Ok(()) => Ok(enlisted),
        Err(error) if enlisted.here == 0 => Err(error),
        Err(error) => Err(error.detail(format!(
            "{} in the queue by then: wh replay --resume sends what is there, --discard gives it up",
            count(enlisted.here as u64)
        ))),
    }
}

fn enter(
    writer: &Writer,
    run: &Run,
    mut jobs: impl Iterator<Item = Result<Job, Error>>,
    enlisted: &mut Enlisted,
) -> Result<(), Error> {
    let (tell, told) = channel();
    let mut hear = |told| -> Result<(), Error> {
        match told? {
            Enqueued::Here(_) => enlisted.here += 1,
            Enqueued::Elsewhere(opened) => enlisted.elsewhere.push(opened.number),
        }
        Ok(())
    };
    let entered = jobs.try_for_each(|job| {
        let tell = tell.clone();
        // Whoever asked may have given up.
        let done = move |enqueued| drop(tell.send(enqueued));
        writer.enqueue(run, Box::new(row(&job?, false)), Box::new(done));
        told.try_iter().try_for_each(&mut hear)
    });
    drop(tell);
    // What was asked for before is there in any case.
    told.iter().try_for_each(&mut hear)?;
    entered
}
