//! Judges what comes in, has it recorded and answers it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fail::fail_point;
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use crate::server::{Answer, Arrival, Fidelity, Handler, Manner, Shutdown, Trouble};
use crate::signature::Verdict;
use crate::store::{Attempt, Direction, Entry, Exchange, Outcome, WriteError};

use super::judged::Judged;
use super::ledger::Entered;
use super::reply::Reply;
use super::responder::{Asked, Choice, Responder};
use super::waiting::Waiting;
use super::{Delivery, EventFilter, Forwarder, Ledger, Parties, Update};

/// How repeats of a delivery are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dedupe {
    /// By what the provider says.
    Provider,
    /// By the bytes of the body.
    Body,
}

/// How a listener judges and answers.
pub(crate) struct ListenerOptions {
    /// Whose deliveries come in.
    pub(crate) parties: Parties,
    /// Whether everything is accepted, whatever the verdict.
    pub(crate) accept_invalid: bool,
    /// Chooses the answer to what is accepted.
    pub(crate) responder: Box<dyn Responder>,
    /// Where deliveries go that the responder has forwarded.
    pub(crate) forwarder: Option<Forwarder>,
    /// How repeats are known.
    pub(crate) dedupe: Dedupe,
    /// Which events are told of.
    pub(crate) events: EventFilter,
    /// Where deliveries are recorded.
    pub(crate) ledger: Ledger,
}

/// A receiver that verifies, records, flags repeats, answers and tells.
pub(crate) struct Listener {
    options: ListenerOptions,
    updates: mpsc::Sender<Update>,
    shutdown: Shutdown,
    room: Arc<Semaphore>,
    waiting: Waiting,
}

/// The bodies that may wait to be told of, in KiB: a reader that stands still stops the senders
/// before it costs the machine its memory.
const WAITING_KIB: u32 = 64 * 1024;

/// When a sender may try again that could not be recorded, in seconds.
const RETRY_AFTER: &str = "5";

impl Listener {
    /// A listener that sends what happens to `updates`, in the order in which it happened on each
    /// connection; it waits where they are not taken.
    pub(crate) fn new(
        options: ListenerOptions,
        updates: mpsc::Sender<Update>,
        shutdown: Shutdown,
    ) -> Self {
        Self {
            options,
            updates,
            shutdown,
            room: Arc::new(Semaphore::new(WAITING_KIB as usize)),
            waiting: Waiting::default(),
        }
    }

    /// Must run while it listens; never ends.
    pub(super) async fn run(&self) -> Infallible {
        self.options.ledger.run().await
    }

    /// Whether a delivery with this verdict is accepted.
    fn accepts(&self, verdict: &Verdict) -> bool {
        self.options.accept_invalid || matches!(verdict, Verdict::Valid(_) | Verdict::Unchecked(_))
    }

    /// The answer to a request. What is not accepted is answered by its verdict, whatever is scripted.
    async fn reply(&self, judged: &Judged<'_>, entry: &Entry, shown_target: &str) -> Reply {
        let Some(verdict) = judged.verdict().filter(|verdict| self.accepts(verdict)) else {
            return Reply::by_verdict(judged, false);
        };
        let attempt = &entry.attempt;
        if let Some((handshake, shaken)) = judged.party.handshake(&entry.exchange.request, verdict)
        {
            return Reply::handshake(handshake, shaken);
        }
        let asked = Asked {
            id: entry.id,
            provider: &judged.party.provider,
            message: &entry.exchange.request,
            shown_target,
            event: attempt.event.as_deref(),
            webhook_id: attempt.webhook_id.as_deref(),
            attempt: attempt.number,
            verdict,
            received_at: attempt.at,
        };
        match (
            self.options.responder.choose(&asked),
            &self.options.forwarder,
        ) {
            (Choice::Scripted(scripted), _) => Reply::scripted(scripted),
            (Choice::Forward, Some(forwarder)) => forwarder
                .forward(&asked, &self.updates)
                .await
                .unwrap_or_else(|| Reply::unforwarded(judged)),
            (Choice::Own | Choice::Forward, _) => Reply::by_verdict(judged, true),
        }
    }

    /// What is to be recorded of a request; its answer is entered by [`answered`].
    fn entry(&self, arrival: Arrival, judged: &Judged<'_>, shown_target: &str) -> Entry {
        let party = judged.party;
        let provider = &party.provider;
        let message = arrival.message;
        let attempt = Attempt {
            direction: Direction::Received,
            provider: provider.id.clone(),
            endpoint: path_of(shown_target).to_owned(),
            event: provider.event_of(&message),
            webhook_id: provider.webhook_id_of(&message),
            at: arrival.received_at,
            number: provider.attempt_of(&message),
            of: provider.delivery.retry.attempts(),
            status: None,
            took: Duration::ZERO,
            outcome: Outcome::Failed,
            fault: None,
            verdict: judged.judgement(),
            size: message.body.len() as u64,
            answered: None,
        };
        Entry {
            id: Uuid::now_v7(),
            delivery: None,
            sameness: party.sameness(self.options.dedupe, &message, attempt.webhook_id.as_deref()),
            window: provider.delivery.dedupe_window,
            attempt,
            exchange: Exchange {
                request: message,
                http: arrival.http.to_owned(),
                exact: arrival.fidelity == Fidelity::Exact,
                peer: Some(arrival.peer),
                response: None,
            },
        }
    }

    /// Hands a delivery on; `false` where nobody takes it any more.
    async fn tell(&self, delivery: Delivery, manner: Manner) -> bool {
        let is_shown = self.options.events.takes(delivery.attempt.event.as_deref());
        if let (Manner::Hung(id), Some(number)) = (manner, delivery.number)
            && is_shown
        {
            self.waiting.begin(id, number);
        }
        let kib = u32::try_from(delivery.exchange.request.body.len() / 1024).unwrap_or(u32::MAX);
        let place = Arc::clone(&self.room)
            .acquire_many_owned(kib.min(WAITING_KIB))
            .await;
        let update = if is_shown {
            Update::Delivery(Box::new(delivery), place.ok())
        } else {
            Update::Hidden(Box::new(delivery), place.ok())
        };
        self.updates.send(update).await.is_ok()
    }
}

/// A target without its query.
fn path_of(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

/// Enters the answer into what is to be recorded.
fn answered(entry: &mut Entry, reply: &Reply, begun: Instant) {
    let attempt = &mut entry.attempt;
    attempt.status = reply.status();
    attempt.took = begun.elapsed() + reply.answer.after;
    attempt.outcome = reply.outcome();
    attempt.fault.clone_from(&reply.fault);
    attempt.answered.clone_from(&reply.answered);
    entry.exchange.response = reply.response();
}

/// The answer to a delivery that is not kept: the sender keeps it.
fn unkept(status: u16, text: &str, retry_after: &str) -> Answer {
    Answer {
        status,
        headers: [("Retry-After", retry_after)].into_iter().collect(),
        body: format!("{text}\n").into(),
        ..Answer::default()
    }
}

fn unrecorded(error: &WriteError) -> Answer {
    let (status, text) = if error.is_full {
        (507, "there is no room to record this")
    } else {
        (503, "this could not be recorded")
    };
    unkept(status, text, RETRY_AFTER)
}

impl Handler for Listener {
    async fn answer(&self, arrival: Arrival) -> Answer {
        let begun = Instant::now();
        fail_point!("after_body");
        let judged = self.options.parties.judge(&arrival);
        let parties = &self.options.parties;
        let shown_target = parties.shown_target(judged.party, &arrival.message);
        let mut entry = self.entry(arrival, &judged, &shown_target);
        let reply = self.reply(&judged, &entry, &shown_target).await;
        answered(&mut entry, &reply, begun);
        let (patience, is_unforwarded) = (reply.patience, reply.is_unforwarded);
        // A secret in the target is kept nowhere.
        let target = std::mem::replace(&mut entry.exchange.request.target, shown_target.clone());
        let Some(entered) = self.options.ledger.enter(Box::new(entry)).await else {
            return unkept(503, "this could not be recorded", RETRY_AFTER);
        };
        if let Some(news) = entered.news {
            // An end of the listener is told below.
            let _ = self.updates.send(Update::Store(news)).await;
        }
        let Entered {
            mut entry, result, ..
        } = entered;
        entry.exchange.request.target = target;
        let place = result.as_ref().ok();
        let duplicate_of = place.and_then(|place| place.duplicate_of);
        let answer = match &result {
            Ok(_) => reply.into_answer(duplicate_of.is_some()),
            Err(error) => {
                let answer = unrecorded(error);
                self.options.responder.unrecorded(entry.id, answer.status);
                answer
            }
        };
        let delivery = Delivery {
            number: place.map(|place| place.delivery),
            id: place.map_or(entry.id, |place| place.id),
            request: entry.id,
            nth: place.map_or(1, |place| place.nth),
            shown_target,
            attempt: entry.attempt,
            exchange: entry.exchange,
            secret: judged.secret(),
            duplicate_of,
            refused: judged.refusal(),
            paths: judged.paths(),
            verdict: judged.verdict().cloned(),
            status: answer.manner.has_status().then_some(answer.status),
            latency: begun.elapsed() + answer.after,
            patience,
            is_unforwarded,
        };
        if !self.tell(delivery, answer.manner).await {
            return unkept(503, "the listener is about to end", "1");
        }
        fail_point!("before_answer");
        answer
    }

    fn trouble(&self, trouble: Trouble) {
        // Troubles are counted by the server: one that finds no room is told with the next.
        let _ = self.updates.try_send(Update::Trouble(trouble));
    }

    fn left(&self, id: Uuid, after: Duration) {
        let number = self.waiting.end(id);
        if self.shutdown.is_said() {
            // It did not leave: it was let go.
            return;
        }
        self.options.responder.left(id, after);
        // Whose delivery is hidden leaves without a word; so does, where there is no room, anybody.
        if let Some(number) = number {
            let _ = self.updates.try_send(Update::Left { number, after });
        }
    }
}
