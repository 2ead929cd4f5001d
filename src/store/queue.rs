//! Deliveries that are not finished: a row before a timer.
//!
//! A [`Run`] is a process that sends; each row belongs to one and is worked by it alone. A run that
//! has ended without finishing its rows leaves them to whoever claims them.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::message::Headers;

use super::{
    Counted, Endpoint, EndpointSettings, Entry, Opened, Opening, Place, Reader, StoreError,
    WriteError, Writer,
};

/// A delivery that is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Queued {
    /// The delivery: a new one, or one with a number.
    pub(crate) delivery: Target,
    /// The event.
    pub(crate) event: Option<String>,
    /// The header lines that are kept from attempt to attempt, beside those that are made anew.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// When and as what the next attempt goes out.
    pub(crate) next: Next,
    /// Whether it goes out as soon as the row is there.
    pub(crate) begun: bool,
}

/// The delivery that is queued.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// It is entered with the row.
    New(Opening),
    /// It is there already.
    Known(i64),
}

/// The next attempt of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// Its number, as the sender counts.
    pub(crate) attempt: u32,
    /// The attempts that were made on this schedule before.
    pub(crate) made: u32,
    /// When it is due, by the clock on the wall.
    pub(crate) due: Timestamp,
    /// How long that was from the failure before, so that a clock that was set back stalls nothing.
    pub(crate) wait: Duration,
}

/// What became of a delivery that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enqueued {
    /// It is in the queue.
    Here(Opened),
    /// A process that is still running has it in its queue.
    Elsewhere(Opened),
}

/// What follows an attempt of a queued delivery, in the transaction that records the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// It is finished: its row goes.
    Finish,
    /// Another attempt.
    Retry(Next),
}

/// A row of the queue, without the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The number of the delivery.
    pub(crate) delivery: i64,
    /// The number of the run by whose terms it is sent.
    pub(crate) run: i64,
    /// The provider's id.
    pub(crate) provider: String,
    /// Where it goes, without credentials.
    pub(crate) endpoint: String,
    /// When and as what the next attempt goes out.
    pub(crate) next: Next,
    /// Whether that attempt was on its way when the run ended, so that nobody knows what came of it.
    pub(crate) begun: Option<Timestamp>,
}

/// All that an attempt of a queued delivery is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    /// Our id of the delivery.
    pub(crate) id: Uuid,
    /// The webhook id.
    pub(crate) webhook_id: Option<String>,
    /// The event.
    pub(crate) event: Option<String>,
    /// The header lines that are kept.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// The next attempt.
    pub(crate) next: Next,
}

/// A process that sends, for as long as it is held: its rows are nobody else's until it is dropped or
/// the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its number in the store, from 1.
    pub(crate) number: i64,
}

/// Takes the answer of the writer; runs on the writer's thread and must not block.
type Done<T> = Box<dyn FnOnce(Result<T, WriteError>) + Send>;

impl Writer {
    /// Begins a run whose deliveries are sent by these terms; the store does not read them.
    pub(crate) fn begin_run(&self, _terms: &str) -> Result<Run, WriteError> {
        todo!()
    }

    /// Puts a delivery into the queue of a run.
    pub(crate) fn enqueue(&self, _run: &Run, _queued: Box<Queued>, _done: Done<Enqueued>) {
        todo!()
    }

    /// Notes that the next attempt of a delivery goes out now. False: the row is not this run's any
    /// more, and nothing may go out.
    pub(crate) fn set_out(&self, _run: &Run, _delivery: i64, _at: Timestamp, _done: Done<bool>) {
        todo!()
    }

    /// Records an attempt of a queued delivery, and what follows.
    pub(crate) fn settle(
        &self,
        _run: &Run,
        _entry: Box<Entry>,
        _follow: Follow,
        _done: Done<Place>,
    ) {
        todo!()
    }

    /// Takes a delivery out of the queue without an attempt.
    pub(crate) fn withdraw(&self, _run: &Run, _delivery: i64) -> Result<(), WriteError> {
        todo!()
    }

    /// Makes the rows of all runs that have ended this one's; how many they are.
    pub(crate) fn claim(&self, _run: &Run) -> Result<u64, WriteError> {
        todo!()
    }

    /// Adds a named endpoint; `None`: the name is taken.
    pub(crate) fn add_endpoint(
        &self,
        _settings: EndpointSettings,
    ) -> Result<Option<Endpoint>, WriteError> {
        todo!()
    }

    /// The endpoint of a bare URL, which is entered where there is none.
    pub(crate) fn bare_endpoint(
        &self,
        _provider: &str,
        _url: &str,
    ) -> Result<Endpoint, WriteError> {
        todo!()
    }

    /// Gives an endpoint deliveries from now on, its count at 0; or none. False: there is none.
    pub(crate) fn switch_endpoint(&self, _number: i64, _active: bool) -> Result<bool, WriteError> {
        todo!()
    }

    /// Removes an endpoint; what was sent to it stays. False: there is none.
    pub(crate) fn remove_endpoint(&self, _number: i64) -> Result<bool, WriteError> {
        todo!()
    }

    /// Counts a failure of an endpoint, or starts anew after a success; at `limit` failures in a row
    /// it is disabled for the reason that is given.
    pub(crate) fn count(
        &self,
        _endpoint: i64,
        _failed: bool,
        _limit: Option<(u32, String)>,
        _done: Done<Counted>,
    ) {
        todo!()
    }
}

impl Reader {
    /// How many deliveries ended runs have left unfinished.
    pub(crate) fn unfinished(&self) -> Result<u64, StoreError> {
        todo!()
    }

    /// The terms of a run.
    pub(crate) fn terms(&self, _run: i64) -> Result<Option<String>, StoreError> {
        todo!()
    }

    /// Visits the rows that a run holds, in the order in which they were queued.
    pub(crate) fn held(&self, _run: &Run, _visit: impl FnMut(Waiting)) -> Result<(), StoreError> {
        todo!()
    }

    /// What the next attempt of a queued delivery is made of; `None`: it is not in the queue.
    pub(crate) fn load(&self, _delivery: i64) -> Result<Option<Load>, StoreError> {
        todo!()
    }

    /// The endpoints, in the order of their numbers.
    pub(crate) fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        todo!()
    }
}
