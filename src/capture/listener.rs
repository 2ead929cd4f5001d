//! Judges what comes in, has it recorded and answers it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use fail::fail_point;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use crate::message::{Headers, Message};
use crate::provider::Provider;
use crate::server::{Answer, Arrival, Fidelity, Handler, Refusal, Trouble};
use crate::signature::{Algorithm, Envelope, Key, Verdict, shown_target};
use crate::store::{
    Attempt, Direction, Entry, Exchange, Fault, Judgement, Outcome, Sameness, VerdictKind,
    WriteError,
};

use super::ledger::Entered;
use super::{Delivery, EventFilter, Ledger, Update};

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
    /// Whose deliveries they are.
    pub(crate) provider: Provider,
    /// The keys of each of the provider's schemes.
    pub(crate) keys: Vec<Vec<Key>>,
    /// The URL that senders call, for schemes that sign it.
    pub(crate) public_url: Option<String>,
    /// Whether everything is answered 200.
    pub(crate) accept_invalid: bool,
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
    room: Arc<Semaphore>,
}

/// The bodies that may wait to be told of, in KiB: a reader that stands still stops the senders
/// before it costs the machine its memory.
const WAITING_KIB: u32 = 64 * 1024;

/// When a sender may try again that could not be recorded, in seconds.
const RETRY_AFTER: &str = "5";

impl Listener {
    /// A listener that sends what happens to `updates`, in the order in which it happened on each
    /// connection; it waits where they are not taken.
    pub(crate) fn new(options: ListenerOptions, updates: mpsc::Sender<Update>) -> Self {
        Self {
            options,
            updates,
            room: Arc::new(Semaphore::new(WAITING_KIB as usize)),
        }
    }

    /// Must run while it listens; never ends.
    pub(super) async fn run(&self) -> Infallible {
        self.options.ledger.run().await
    }

    fn verify(&self, message: &Message, now: Timestamp) -> Verdict {
        let url = self.options.public_url.as_deref();
        let envelope = Envelope {
            url,
            ..Envelope::of(message)
        };
        let mut verifiers = self
            .options
            .provider
            .verifier(&self.options.keys, &envelope);
        verifiers.update(&message.body);
        verifiers.finish(now)
    }

    /// The target without the secrets that a provider may find in it.
    fn shown_target(&self, message: &Message) -> String {
        let schemes = self.options.provider.schemes.iter();
        schemes
            .zip(&self.options.keys)
            .fold(message.target.clone(), |target, (scheme, keys)| {
                shown_target(scheme, keys, &target)
            })
    }

    /// How repeats of a message are known.
    fn sameness(&self, message: &Message, webhook_id: Option<&str>) -> Sameness {
        let provider = &self.options.provider;
        let by_id = webhook_id.is_some() && provider.delivery.dedupe == provider.id_rule.from;
        match self.options.dedupe {
            Dedupe::Body => key(&provider.id, &message.body),
            Dedupe::Provider if by_id => Sameness::WebhookId,
            Dedupe::Provider => match provider.dedupe_key_of(message) {
                Some(text) => key(&provider.id, text.as_bytes()),
                None => Sameness::Never,
            },
        }
    }

    /// Whether a delivery with this verdict is answered with success.
    fn accepts(&self, verdict: &Verdict) -> bool {
        self.options.accept_invalid || matches!(verdict, Verdict::Valid(_) | Verdict::Unchecked(_))
    }

    /// The status of the answer, once the delivery is recorded.
    fn status(&self, judged: &Judged) -> u16 {
        match judged {
            Judged::Verified(verdict) if self.accepts(verdict) => 200,
            Judged::Verified(_) => 401,
            Judged::Refused(refusal) => refusal.status(),
        }
    }

    /// What is to be recorded of a request.
    fn entry(&self, arrival: Arrival, judged: &Judged, begun: Instant) -> Entry {
        let provider = &self.options.provider;
        let message = arrival.message;
        let status = self.status(judged);
        let attempt = Attempt {
            direction: Direction::Received,
            provider: provider.id.clone(),
            endpoint: message.path().to_owned(),
            event: provider.event_of(&message),
            webhook_id: provider.webhook_id_of(&message),
            at: arrival.received_at,
            number: provider.attempt_of(&message),
            of: provider.delivery.retry.attempts(),
            status: Some(status),
            took: begun.elapsed(),
            outcome: match status {
                200..=299 => Outcome::Success,
                _ => Outcome::Failed,
            },
            fault: judged.fault(),
            verdict: judged.judgement(),
            size: message.body.len() as u64,
        };
        Entry {
            id: Uuid::now_v7(),
            delivery: None,
            sameness: self.sameness(&message, attempt.webhook_id.as_deref()),
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

    /// The answer to what was recorded; its text tells a sender why, and nothing that is derived from
    /// the secret.
    fn reply(&self, status: u16, judged: &Judged, duplicate: bool) -> Answer {
        let text = match (judged, status, duplicate) {
            // The server answers these by itself.
            (Judged::Refused(_), ..) => String::new(),
            (_, 200, false) => "ok\n".to_owned(),
            (_, 200, true) => "ok, already received\n".to_owned(),
            (Judged::Verified(verdict), ..) => format!("{verdict}\n"),
        };
        let mut headers = Headers::new();
        headers.push("Content-Type", "text/plain; charset=utf-8");
        let token = self.options.provider.signing_scheme().algorithm == Algorithm::Token;
        if status == 401 && token {
            headers.push("WWW-Authenticate", "Bearer");
        }
        Answer {
            status,
            headers,
            body: text.into(),
        }
    }

    /// Which of several secrets matched, from 1.
    fn secret(&self, judged: &Judged) -> Option<usize> {
        let several = self.options.keys.first().is_some_and(|keys| keys.len() > 1);
        match judged {
            Judged::Verified(Verdict::Valid(valid)) if several => Some(valid.secret + 1),
            _ => None,
        }
    }

    /// Hands a delivery on; `false` where nobody takes it any more.
    async fn tell(&self, delivery: Delivery) -> bool {
        if !self.options.events.takes(delivery.attempt.event.as_deref()) {
            return self.updates.send(Update::Hidden).await.is_ok();
        }
        let kib = u32::try_from(delivery.exchange.request.body.len() / 1024).unwrap_or(u32::MAX);
        let place = Arc::clone(&self.room)
            .acquire_many_owned(kib.min(WAITING_KIB))
            .await;
        let update = Update::Delivery(Box::new(delivery), place.ok());
        self.updates.send(update).await.is_ok()
    }
}

/// A request that was verified, or whose body was not taken.
enum Judged {
    Verified(Verdict),
    Refused(Refusal),
}

impl Judged {
    fn judgement(&self) -> Option<Judgement> {
        let Self::Verified(verdict) = self else {
            return None;
        };
        Some(Judgement {
            kind: VerdictKind::of_name(verdict.kind())?,
            reason: verdict.reason(),
        })
    }

    fn fault(&self) -> Option<Fault> {
        let Self::Refused(refusal) = self else {
            return None;
        };
        Some(Fault {
            kind: refusal.name().to_owned(),
            message: refusal.to_string(),
        })
    }

    fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Verified(verdict) => Some(verdict),
            Self::Refused(_) => None,
        }
    }

    fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Verified(_) => None,
            Self::Refused(refusal) => Some(*refusal),
        }
    }
}

/// A key that no other provider's deliveries have.
fn key(provider: &str, bytes: &[u8]) -> Sameness {
    let hash = Sha256::new()
        .chain_update(provider)
        .chain_update([0])
        .chain_update(bytes)
        .finalize();
    Sameness::Key(std::array::from_fn(|at| hash[at]))
}

/// The answer to a delivery that is not kept: the sender keeps it.
fn unkept(status: u16, text: &str, retry_after: &str) -> Answer {
    Answer {
        status,
        headers: [("Retry-After", retry_after)].into_iter().collect(),
        body: format!("{text}\n").into(),
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
        let judged = match arrival.refused {
            None => Judged::Verified(self.verify(&arrival.message, arrival.received_at)),
            Some(refusal) => Judged::Refused(refusal),
        };
        let entry = self.entry(arrival, &judged, begun);
        let Some(entered) = self.options.ledger.enter(Box::new(entry)).await else {
            return unkept(503, "this could not be recorded", RETRY_AFTER);
        };
        if let Some(news) = entered.news {
            // An end of the listener is told below.
            let _ = self.updates.send(Update::Store(news)).await;
        }
        let Entered { entry, result, .. } = entered;
        let place = result.as_ref().ok();
        let duplicate_of = place.and_then(|place| place.duplicate_of);
        let answer = match &result {
            Ok(_) => self.reply(self.status(&judged), &judged, duplicate_of.is_some()),
            Err(error) => unrecorded(error),
        };
        let delivery = Delivery {
            number: place.map(|place| place.delivery),
            id: place.map_or(entry.id, |place| place.id),
            shown_target: self.shown_target(&entry.exchange.request),
            attempt: entry.attempt,
            exchange: entry.exchange,
            secret: self.secret(&judged),
            duplicate_of,
            refused: judged.refusal(),
            verdict: judged.verdict(),
            status: answer.status,
            latency: begun.elapsed(),
        };
        if !self.tell(delivery).await {
            return unkept(503, "the listener is about to end", "1");
        }
        fail_point!("before_answer");
        answer
    }

    fn trouble(&self, trouble: Trouble) {
        // Troubles are counted by the server: one that finds no room is told with the next.
        let _ = self.updates.try_send(Update::Trouble(trouble));
    }
}
