//! A sender made of values: it has a clock that it moves itself, and may be broken in one way.

mod broken;
mod message;
mod waits;

use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::capture::{Asked, Choice, Manner};
use crate::conformance::Findings;
use crate::conformance::audit::pace::Pace;
use crate::conformance::audit::record::{Record, Terms};
use crate::message::{Headers, Message};
use crate::provider::{Prepared, Provider, Wish, prepare};
use crate::signature::{Envelope, Key, Secret};

pub(super) use broken::Broken;

pub(super) struct Model {
    provider: Provider,
    key: Key,
    broken: Option<Broken>,
    record: Record,
    is_verified: bool,
    /// Whether it closes its side of each connection with the request.
    half_closes: bool,
    /// By how much later it is noticed that it has left.
    notice: Duration,
    now: Duration,
    made: u128,
}

/// A delivery on its way.
struct Parcel {
    prepared: Prepared,
    attempt: u32,
    began: Timestamp,
    first: Option<Message>,
    /// When its next attempt goes out; `None`: it is over.
    due: Option<Duration>,
}

/// How long an answer is on its way.
const LATENCY: Duration = Duration::from_millis(5);

impl Model {
    pub(super) fn new(provider: Provider, broken: Option<Broken>) -> Self {
        let key = Key::new(provider.signing_scheme(), &Secret::new("s3cret"));
        Self {
            key: key.expect("a key"),
            record: Record::new(Terms {
                pace: Pace {
                    speed: 1.0,
                    jitter_percent: provider.delivery.jitter_percent,
                },
                provider: provider.clone(),
                left_out: Vec::new(),
            }),
            provider,
            broken,
            is_verified: true,
            half_closes: false,
            notice: Duration::ZERO,
            now: Duration::from_secs(1),
            made: 0,
        }
    }

    pub(super) fn at(mut self, speed: f64) -> Self {
        self.record.terms.pace.speed = speed;
        self
    }

    pub(super) fn without(mut self, rules: &[&str]) -> Self {
        let mut terms = self.record.terms.clone();
        terms.left_out = rules.iter().copied().map(str::to_owned).collect();
        self.record = Record::new(terms);
        self
    }

    pub(super) fn unverified(self) -> Self {
        Self {
            is_verified: false,
            ..self
        }
    }

    pub(super) fn half_closing(self) -> Self {
        Self {
            half_closes: true,
            ..self
        }
    }

    pub(super) fn noticed_late(self, notice: Duration) -> Self {
        Self { notice, ..self }
    }

    /// Sends one delivery after another, until there is nothing more to see.
    pub(super) fn audited(mut self) -> Findings {
        for _ in 0..self.record.plan.len() {
            self.delivers();
            self.rests();
        }
        self.findings()
    }

    /// The same, with all deliveries at once.
    pub(super) fn audited_together(mut self) -> Findings {
        let mut parcels: Vec<_> = (0..self.record.plan.len()).map(|_| self.packs()).collect();
        loop {
            let due = parcels.iter_mut().filter(|parcel| parcel.due.is_some());
            let Some(parcel) = due.min_by_key(|parcel| parcel.due) else {
                break;
            };
            self.sends(parcel);
        }
        self.rests();
        self.findings()
    }

    pub(super) fn findings(&self) -> Findings {
        self.record.findings(self.now)
    }

    pub(super) fn progress(&self) -> (usize, usize) {
        self.record.progress(self.now)
    }

    pub(super) fn passes(&mut self, time: Duration) {
        self.now += time;
    }

    /// Lets so much time pass that nothing can come any more.
    pub(super) fn rests(&mut self) {
        self.passes(Duration::from_secs(100_000));
    }

    /// Sends one delivery to its end.
    pub(super) fn delivers(&mut self) {
        let mut parcel = self.packs();
        while parcel.due.is_some() {
            self.sends(&mut parcel);
        }
    }

    /// Sends an attempt that is answered as if there was no audit.
    pub(super) fn delivers_unseen(&mut self) {
        let parcel = self.packs();
        let message = self.message(&parcel);
        assert_eq!(self.hands_over(&message), Choice::Own);
    }

    /// Asks for a page, as a browser does.
    pub(super) fn browses(&mut self) {
        let message = Message {
            method: "GET".to_owned(),
            target: "/favicon.ico".to_owned(),
            headers: Headers::new(),
            body: Bytes::new(),
        };
        assert_eq!(self.hands_over(&message), Choice::Own);
    }

    fn wall(&self) -> Timestamp {
        let begun: Timestamp = "2026-03-08T14:30:00Z".parse().expect("RFC 3339");
        begun + SignedDuration::try_from(self.now).expect("it fits")
    }

    fn packs(&mut self) -> Parcel {
        self.made += 1;
        let event = self
            .provider
            .events
            .first()
            .map_or("a.b", |event| &event.name);
        let wish = Wish {
            event: Some(event),
            ..Wish::default()
        };
        let random = self.made << 70 | self.made;
        let prepared = prepare(&self.provider, &wish, self.wall(), random);
        Parcel {
            prepared: prepared.expect("the event is known"),
            attempt: 1,
            began: self.wall(),
            first: None,
            due: Some(self.now),
        }
    }

    /// Makes an attempt, and finds out when the next one is due.
    fn sends(&mut self, parcel: &mut Parcel) {
        self.now = self.now.max(parcel.due.take().unwrap_or_default());
        let message = self.message(parcel);
        parcel.first.get_or_insert_with(|| message.clone());
        let at = self.now;
        let Choice::Scripted(mut answer) = self.hands_over(&message) else {
            panic!("a delivery is answered");
        };
        let failed = match answer.manner {
            Manner::Hung(request) => match self.patience() {
                Some(patience) => {
                    self.record.left(request, patience + self.notice);
                    at + LATENCY + patience
                }
                None => return,
            },
            _ => at + LATENCY,
        };
        if self.broken == Some(Broken::FollowsRedirects)
            && let Some(location) = answer.headers.text("Location")
        {
            let message = Message {
                method: "GET".to_owned(),
                target: location.to_owned(),
                headers: Headers::new(),
                body: Bytes::new(),
            };
            if let Choice::Scripted(followed) = self.hands_over(&message) {
                answer = followed;
            }
        }
        if let Some(wait) = self.wait(parcel.attempt, &answer) {
            parcel.due = Some(failed + self.record.terms.pace.scaled(wait));
            parcel.attempt += 1;
        }
    }

    /// Hands a message to the audit.
    fn hands_over(&mut self, message: &Message) -> Choice {
        let keys = if self.is_verified {
            vec![vec![self.key.clone()]]
        } else {
            vec![Vec::new()]
        };
        let mut verifier = self.provider.verifier(&keys, &Envelope::of(message));
        verifier.update(&message.body);
        let received_at = self.wall();
        let verdict = verifier.finish(received_at);
        let event = self.provider.event_of(message);
        let webhook_id = self.provider.webhook_id_of(message);
        self.made += 1;
        let asked = Asked {
            id: Uuid::from_u128(self.made),
            provider: &self.provider,
            message,
            shown_target: &message.target,
            event: event.as_deref(),
            webhook_id: webhook_id.as_deref(),
            attempt: self.provider.attempt_of(message),
            verdict: &verdict,
            received_at,
        };
        self.record.arrives(self.now, &asked)
    }
}
