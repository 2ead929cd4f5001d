//! Where the engine writes down what it does, before it does it and after.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use crate::message::{Headers, Message};
use crate::store::{
    self, Counted, Direction, Enqueued, Entry, Exchange, Fault, Follow, Opening, Outcome, Place,
    Queued, Reader, Run, Sameness, StoreError, Target, WriteError, Writer,
};

use super::{Attempt, Job, Next, Outgoing, Route};

/// The store, or for `--store none` memory.
pub(crate) enum Journal {
    /// Every attempt is recorded, and what is to come is in the queue.
    Queue {
        /// Where it is written.
        writer: Writer,
        /// Where it is read again when it is due.
        reader: Reader,
        /// Whose rows they are.
        run: Run,
    },
    /// Every attempt is recorded; there is never another one.
    Log {
        /// Where it is written.
        writer: Arc<Writer>,
        /// Whether a delivery is given its number before it goes out, so that it can be named: that
        /// is a commit more.
        names: bool,
    },
    /// Nothing is kept beyond this process.
    Nowhere {
        /// The number of the next delivery.
        next: i64,
        /// Those that wait for another attempt.
        waiting: HashMap<i64, Job>,
    },
}

/// When something is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It is by now: there is nothing to wait for.
    Already,
    /// It will be: the ear is told.
    Later,
}

/// What the journal says, later.
#[derive(Debug)]
pub(super) enum Said {
    /// The delivery is in the queue, or it is another process's.
    Entered(Result<Enqueued, WriteError>),
    /// The attempt may go out; or the row is not ours any more.
    SetOut(Result<bool, WriteError>),
    /// The attempt is recorded, with what follows.
    Settled(Result<Place, WriteError>),
    /// What the attempt did to its endpoint.
    Counted(u32, Result<Counted, WriteError>),
}

/// Where it is said: with the number of the slot that it is about.
pub(super) type Ear = UnboundedSender<(u64, Said)>;

impl Journal {
    /// Kept in memory alone.
    pub(crate) fn nowhere() -> Self {
        Self::Nowhere {
            next: 1,
            waiting: HashMap::new(),
        }
    }

    /// Puts a delivery down before its first attempt.
    pub(super) fn enter(
        &mut self,
        slot: u64,
        job: &mut Job,
        ear: &Ear,
    ) -> Result<Written, WriteError> {
        match self {
            Self::Nowhere { next, .. } => {
                job.number.get_or_insert(*next);
                *next += 1;
                Ok(Written::Already)
            }
            Self::Log { writer, names } => {
                if *names && job.number.is_none() {
                    let opened = writer.open_delivery(opening(job))?;
                    (job.number, job.id) = (Some(opened.number), opened.id);
                }
                Ok(Written::Already)
            }
            Self::Queue { writer, run, .. } => {
                let ear = ear.clone();
                let done = move |said| drop(ear.send((slot, Said::Entered(said))));
                writer.enqueue(run, Box::new(row(job, true)), Box::new(done));
                Ok(Written::Later)
            }
        }
    }

    /// Notes that the attempt of a queued delivery goes out.
    pub(super) fn set_out(&self, slot: u64, job: &Job, ear: &Ear) -> Written {
        let (Self::Queue { writer, run, .. }, Some(number)) = (self, job.number) else {
            return Written::Already;
        };
        let ear = ear.clone();
        let done = move |said| drop(ear.send((slot, Said::SetOut(said))));
        writer.set_out(run, number, Timestamp::now(), Box::new(done));
        Written::Later
    }

    /// Takes back that an attempt goes out: it does not. Where that cannot be written down, it counts
    /// as one with an unknown end.
    pub(super) fn stay(&self, job: &Job) {
        if let (Self::Queue { writer, run, .. }, Some(number)) = (self, job.number) {
            writer.stay(run, number, Box::new(drop));
        }
    }

    /// Records an attempt, and what follows.
    pub(super) fn settle(
        &mut self,
        slot: u64,
        job: &Job,
        record: Record<'_>,
        follow: Option<store::Next>,
        ear: &Ear,
    ) -> Written {
        match self {
            Self::Nowhere { waiting, .. } => {
                let (Some(number), Some(next)) = (job.number, follow) else {
                    return Written::Already;
                };
                let job = Job {
                    attempt: next.attempt,
                    made: next.made,
                    intended: None,
                    ..job.clone()
                };
                waiting.insert(number, job);
                Written::Already
            }
            Self::Log { writer, .. } => {
                let (writer, entry, ear) = (Arc::clone(writer), record.entry(), ear.clone());
                // Coding an entry takes as long as all else that is done for it here.
                tokio::spawn(async move {
                    writer.append(Box::new(entry), move |(_, said)| {
                        drop(ear.send((slot, Said::Settled(said))));
                    });
                });
                Written::Later
            }
            Self::Queue { writer, run, .. } => {
                let ear = ear.clone();
                let done = move |said| drop(ear.send((slot, Said::Settled(said))));
                let follow = follow.map_or(Follow::Finish, Follow::Retry);
                writer.settle(run, Box::new(record.entry()), follow, Box::new(done));
                Written::Later
            }
        }
    }

    /// Has a failure or a success of a watched endpoint counted where that is kept; whether it is.
    pub(super) fn count(
        &self,
        (slot, lane): (u64, u32),
        endpoint: Option<i64>,
        failed: bool,
        limit: u32,
        ear: &Ear,
    ) -> bool {
        let (Self::Queue { writer, .. }, Some(endpoint)) = (self, endpoint) else {
            return false;
        };
        let ear = ear.clone();
        let done = move |said| drop(ear.send((slot, Said::Counted(lane, said))));
        let noun = if limit == 1 { "failure" } else { "failures" };
        let because = format!("{limit} {noun} in a row");
        writer.count(endpoint, failed, Some((limit, because)), Box::new(done));
        true
    }

    /// The delivery that is due; `None`: it is gone.
    pub(super) fn take(
        &mut self,
        number: i64,
        route: &Arc<Route>,
    ) -> Result<Option<Job>, StoreError> {
        match self {
            Self::Nowhere { waiting, .. } => Ok(waiting.remove(&number)),
            Self::Log { .. } => Ok(None),
            Self::Queue { reader, .. } => {
                let load = reader.load(number)?;
                Ok(load.map(|load| Job::of_load(number, route, load)))
            }
        }
    }
}

/// A row of the queue for a job's next attempt, due now.
pub(crate) fn row(job: &Job, begun: bool) -> Queued {
    Queued {
        delivery: match job.number {
            Some(number) => Target::Known(number),
            None => Target::New(opening(job)),
        },
        event: Some(job.event.clone()).filter(|event| !event.is_empty()),
        headers: job.headers.clone(),
        body: job.body.clone(),
        next: store::Next {
            attempt: job.attempt,
            made: job.made,
            due: Timestamp::now(),
            wait: std::time::Duration::ZERO,
        },
        begun,
    }
}

/// A job's delivery before its first attempt.
fn opening(job: &Job) -> Opening {
    Opening {
        id: job.id,
        direction: Direction::Sent,
        provider: job.route.provider.id.clone(),
        endpoint: job.route.shown.clone(),
        webhook_id: job.webhook_id.clone(),
        is_new: job.is_new,
    }
}

/// An attempt as it is recorded.
pub(super) struct Record<'r> {
    pub(super) outgoing: &'r Outgoing,
    /// The header lines that went out.
    pub(super) lines: Headers,
    pub(super) message: Message,
    pub(super) attempt: &'r Attempt,
    pub(super) next: &'r Next,
    pub(super) is_new: bool,
}

impl Record<'_> {
    fn entry(self) -> Entry {
        let Self {
            outgoing,
            attempt,
            message,
            ..
        } = self;
        let response = attempt.outcome.as_ref().ok();
        let failure = attempt.outcome.as_ref().err();
        Entry {
            id: outgoing.id,
            delivery: outgoing.number,
            sameness: if self.is_new {
                Sameness::New
            } else {
                Sameness::Never
            },
            window: std::time::Duration::ZERO,
            attempt: store::Attempt {
                direction: Direction::Sent,
                provider: outgoing.provider.clone(),
                endpoint: outgoing.url.clone(),
                event: Some(outgoing.event.clone()).filter(|event| !event.is_empty()),
                webhook_id: outgoing.webhook_id.clone(),
                at: attempt.at,
                number: Some(outgoing.attempt),
                of: outgoing.of,
                status: attempt.status(),
                took: attempt.elapsed,
                outcome: match self.next {
                    Next::Delivered => Outcome::Success,
                    Next::Retry(_) => Outcome::Retrying,
                    Next::Failed | Next::Stopped(_) => Outcome::Failed,
                },
                fault: failure.map(|failure| Fault {
                    kind: failure.kind.name().to_owned(),
                    message: failure.to_string(),
                }),
                verdict: None,
                size: message.body.len() as u64,
                answered: None,
            },
            exchange: Exchange {
                request: Message {
                    headers: self.lines,
                    ..message
                },
                http: "HTTP/1.1".to_owned(),
                exact: true,
                peer: None,
                response: response.map(|response| store::Response {
                    headers: response.headers.clone(),
                    body: response.body.clone(),
                    truncated: response.truncated,
                }),
            },
        }
    }
}
