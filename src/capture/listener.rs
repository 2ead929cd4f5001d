//! Judges what comes in and answers it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use crate::message::{Headers, Message};
use crate::provider::Provider;
use crate::server::{Answer, Arrival, Handler, Trouble};
use crate::signature::{Algorithm, Envelope, Key, Verdict, shown_target};

use super::seen::Seen;
use super::{Delivery, EventFilter, Update};

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
}

/// A receiver that verifies, flags repeats, answers and tells.
pub(crate) struct Listener {
    options: ListenerOptions,
    seen: Mutex<Seen>,
    number: AtomicU64,
    updates: mpsc::Sender<Update>,
    room: Arc<Semaphore>,
}

/// The bodies that may wait to be told of, in KiB: a reader that stands still stops the senders
/// before it costs the machine its memory.
const WAITING_KIB: u32 = 64 * 1024;

impl Listener {
    /// A listener that sends what happens to `updates`, in the order in which it happened on each
    /// connection; it waits where they are not taken.
    pub(crate) fn new(options: ListenerOptions, updates: mpsc::Sender<Update>) -> Self {
        let seen = Mutex::new(Seen::new(options.provider.delivery.dedupe_window));
        let room = Arc::new(Semaphore::new(WAITING_KIB as usize));
        Self {
            options,
            seen,
            number: AtomicU64::new(1),
            updates,
            room,
        }
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

    /// The key by which repeats of a message are known.
    fn dedupe_key(&self, message: &Message) -> Option<String> {
        match self.options.dedupe {
            Dedupe::Provider => self.options.provider.dedupe_key_of(message),
            Dedupe::Body => Some(hex::encode(Sha256::digest(&message.body))),
        }
    }

    /// Whether a delivery with this verdict is answered with success.
    fn accepts(&self, verdict: &Verdict) -> bool {
        self.options.accept_invalid || matches!(verdict, Verdict::Valid(_) | Verdict::Unchecked(_))
    }

    fn claim(&self, message: &Message, number: u64, now: Timestamp) -> Option<u64> {
        let key = self.dedupe_key(message)?;
        self.seen.lock().ok()?.claim(&key, number, now)
    }

    /// The answer; its text tells a sender why, and nothing that is derived from the secret.
    fn reply(&self, verdict: &Verdict, duplicate: bool) -> Answer {
        let accepted = self.accepts(verdict);
        let text = match (accepted, duplicate) {
            (true, false) => "ok\n".to_owned(),
            (true, true) => "ok, already received\n".to_owned(),
            (false, _) => format!("{verdict}\n"),
        };
        let mut headers = Headers::new();
        headers.push("Content-Type", "text/plain; charset=utf-8");
        let token = self.options.provider.signing_scheme().algorithm == Algorithm::Token;
        if !accepted && token {
            headers.push("WWW-Authenticate", "Bearer");
        }
        Answer {
            status: if accepted { 200 } else { 401 },
            headers,
            body: text.into(),
        }
    }

    /// Hands a delivery on; `false` where nobody takes it any more.
    async fn tell(&self, delivery: Delivery) -> bool {
        if !self.options.events.takes(delivery.event.as_deref()) {
            return self.updates.send(Update::Hidden).await.is_ok();
        }
        let kib = u32::try_from(delivery.message.body.len() / 1024).unwrap_or(u32::MAX);
        let place = Arc::clone(&self.room)
            .acquire_many_owned(kib.min(WAITING_KIB))
            .await;
        let update = Update::Delivery(Box::new(delivery), place.ok());
        self.updates.send(update).await.is_ok()
    }
}

/// The answer to a delivery that nobody was told of: the sender keeps it.
fn untold() -> Answer {
    let headers = [("Retry-After", "1")].into_iter().collect();
    Answer {
        status: 503,
        headers,
        body: "the listener is about to end\n".into(),
    }
}

impl Handler for Listener {
    async fn answer(&self, arrival: Arrival) -> Answer {
        let begun = Instant::now();
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let provider = &self.options.provider;
        let message = arrival.message;
        let now = arrival.received_at;
        let (verdict, duplicate_of, answer) = match arrival.refused {
            None => {
                let verdict = self.verify(&message, now);
                // A forged delivery that is accepted all the same must not take the id of the real one.
                let believed = matches!(verdict, Verdict::Valid(_) | Verdict::Unchecked(_));
                let duplicate = believed
                    .then(|| self.claim(&message, number, now))
                    .flatten();
                let answer = self.reply(&verdict, duplicate.is_some());
                (Some(verdict), duplicate, answer)
            }
            Some(refusal) => {
                let nothing = Answer {
                    status: refusal.status(),
                    headers: Headers::new(),
                    body: "".into(),
                };
                (None, None, nothing)
            }
        };
        let several = self.options.keys.first().is_some_and(|keys| keys.len() > 1);
        let secret = match &verdict {
            Some(Verdict::Valid(valid)) if several => Some(valid.secret + 1),
            _ => None,
        };
        let delivery = Delivery {
            number,
            id: Uuid::now_v7(),
            received_at: now,
            peer: arrival.peer,
            http: arrival.http,
            fidelity: arrival.fidelity,
            provider: provider.id.clone(),
            event: provider.event_of(&message),
            webhook_id: provider.webhook_id_of(&message),
            attempt: provider.attempt_of(&message),
            shown_target: self.shown_target(&message),
            of: provider.delivery.retry.attempts(),
            message,
            verdict,
            secret,
            duplicate_of,
            refused: arrival.refused,
            status: answer.status,
            latency: begun.elapsed(),
        };
        if self.tell(delivery).await {
            answer
        } else {
            untold()
        }
    }

    fn trouble(&self, trouble: Trouble) {
        // Troubles are counted by the server: one that finds no room is told with the next.
        let _ = self.updates.try_send(Update::Trouble(trouble));
    }
}
