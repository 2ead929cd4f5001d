//! What is kept of what came: deliveries, and their attempts as values.

use std::time::Duration;

use jiff::Timestamp;
use memchr::memmem;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::capture::Asked;
use crate::message::{Headers, Message, TimestampForm, json};
use crate::provider::Provider;
use crate::signature::{Source, Valid, Verdict};

use super::plan::{Scene, Step, quiet};
use super::record::Terms;

/// One attempt as it came, and how it was answered.
#[derive(Debug)]
pub(super) struct SeenAttempt {
    /// Our own id of the request.
    pub(super) request: Uuid,
    /// When it came, since the audit began.
    pub(super) at: Duration,
    pub(super) method: String,
    pub(super) headers: Headers,
    pub(super) likeness: Likeness,
    /// The sender's id of the delivery; an empty one is none.
    pub(super) webhook_id: Option<String>,
    /// The number that the sender gave it.
    pub(super) number: Option<u32>,
    /// The event that the body names, where the platform has it there.
    pub(super) event: Option<String>,
    /// The timestamp that it carries, where one can be read.
    pub(super) timestamp: Option<Timestamp>,
    pub(super) verdict: Verdict,
    /// Why it did not verify, where that was found.
    pub(super) why: Option<String>,
    /// How it was answered.
    pub(super) step: Step,
    /// Of one that was left to hang: how long the client stayed.
    pub(super) left: Option<Duration>,
    /// Of one that was redirected: the method of the request that followed.
    pub(super) followed: Option<String>,
}

/// What bodies have in common that are of one delivery: their bytes, without the id where that
/// stands in them.
pub(super) type Likeness = [u8; 32];

/// One delivery.
#[derive(Debug)]
pub(super) struct SeenDelivery {
    /// Its place among those that came, from 1.
    pub(super) nth: usize,
    /// How it is answered; empty: no scene was left for it.
    pub(super) scene: Scene,
    pub(super) attempts: Vec<SeenAttempt>,
}

/// One attempt after another.
pub(super) struct Gap<'d> {
    pub(super) before: &'d SeenAttempt,
    pub(super) after: &'d SeenAttempt,
    /// The number of failures so far, from 1.
    pub(super) failures: u32,
    /// How long the sender waited at least, and at most. `None`: nobody knows when it had given the
    /// attempt before up.
    pub(super) waited: Option<(Duration, Duration)>,
}

impl SeenAttempt {
    pub(super) fn new(now: Duration, asked: &Asked<'_>, step: Step) -> Self {
        let (provider, message) = (asked.provider, asked.message);
        let in_body = matches!(provider.event_from, Some(Source::Body(_)));
        Self {
            request: asked.id,
            at: now,
            method: message.method.clone(),
            headers: message.headers.clone(),
            likeness: likeness(provider, asked),
            webhook_id: asked
                .webhook_id
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
            number: asked.attempt,
            event: asked.event.filter(|_| in_body).map(str::to_owned),
            timestamp: timestamp(provider, asked),
            verdict: asked.verdict.clone(),
            why: None,
            step,
            left: None,
            followed: None,
        }
    }

    /// When the sender knew that it had failed: as early, and as late, as that may have been.
    ///
    /// That a client has left is noticed a little late, and never before its time was up.
    pub(super) fn failed(&self, timeout: Duration) -> Option<(Duration, Duration)> {
        match (&self.step, self.left) {
            (Step::Hang, Some(left)) => Some((self.at + left.min(timeout), self.at + left)),
            (Step::Hang, None) => None,
            _ => Some((self.at, self.at)),
        }
    }
}

impl SeenDelivery {
    /// The attempts in pairs.
    pub(super) fn gaps(&self, timeout: Duration) -> impl Iterator<Item = Gap<'_>> {
        let pairs = self.attempts.windows(2).zip(1..);
        pairs.map(move |(pair, failures)| Gap {
            before: &pair[0],
            after: &pair[1],
            failures,
            waited: pair[0].failed(timeout).map(|(early, late)| {
                let at = pair[1].at;
                (at.saturating_sub(late), at.saturating_sub(early))
            }),
        })
    }

    /// The attempts with their numbers, from 1.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (u32, &SeenAttempt)> {
        (1..).zip(&self.attempts)
    }

    /// How many attempts there were.
    pub(super) fn made(&self) -> u32 {
        u32::try_from(self.attempts.len()).unwrap_or(u32::MAX)
    }

    /// The wait that the schedule has after the last attempt; `None`: no other one is to come.
    pub(super) fn due(&self, terms: &Terms) -> Option<Duration> {
        let last = self.attempts.last()?;
        let delay = terms.provider.delivery.retry.delay_after(self.made());
        delay
            .filter(|_| last.step.is_retried())
            .map(|delay| last.step.wait(delay))
    }

    /// From when on the attempt that is due is missing. `None`: none is due, or nobody knows when.
    pub(super) fn missing_from(&self, terms: &Terms) -> Option<Duration> {
        let wait = self.due(terms)?;
        let (_, failed) = self.attempts.last()?.failed(terms.timeout())?;
        Some(failed.saturating_add(terms.pace.missing_after(wait)))
    }

    /// From when on nothing comes any more. `None`: another attempt is due, or nobody knows when
    /// the last one was given up.
    pub(super) fn silent_from(&self, terms: &Terms) -> Option<Duration> {
        if self.due(terms).is_some() {
            return None;
        }
        let last = self.attempts.last()?;
        let (_, failed) = last.failed(terms.timeout())?;
        let wait = quiet(&terms.provider.delivery.retry, self.made());
        Some(failed.saturating_add(terms.pace.span(wait).latest))
    }

    /// Whether nothing is to come any more: it was ended, or the one that is due is missing.
    pub(super) fn is_over(&self, terms: &Terms, now: Duration) -> bool {
        let is_ended = self
            .attempts
            .last()
            .is_some_and(|last| !last.step.is_retried());
        is_ended || now >= self.settled_from(terms)
    }

    /// From when on there is nothing more to see in it, if nothing comes.
    pub(super) fn settled_from(&self, terms: &Terms) -> Duration {
        let hanging = || {
            let last = self.attempts.last()?;
            Some(last.at.saturating_add(terms.hangs_from()))
        };
        let silent = self.missing_from(terms).or_else(|| self.silent_from(terms));
        silent.or_else(hanging).unwrap_or_default()
    }
}

fn likeness(provider: &Provider, asked: &Asked<'_>) -> Likeness {
    let body = &asked.message.body;
    let in_body = matches!(provider.id_rule.from, Some(Source::Body(_)));
    let id = asked.webhook_id.filter(|id| in_body && !id.is_empty());
    let found = id.and_then(|id| Some((memmem::find(body, id.as_bytes())?, id.len())));
    let hash = match found {
        Some((at, length)) => Sha256::new()
            .chain_update(&body[..at])
            .chain_update(&body[at + length..]),
        None => Sha256::new().chain_update(body),
    };
    let hash = hash.finalize();
    std::array::from_fn(|at| hash[at])
}

/// The timestamp of a message, where it can be read.
fn timestamp(provider: &Provider, asked: &Asked<'_>) -> Option<Timestamp> {
    let rule = provider.timestamp.as_ref()?;
    let text = match &rule.from {
        Source::Header(name) => asked.message.headers.text(name)?.to_owned(),
        Source::Body(pointer) => json::scalar(&asked.message.body, pointer)?,
        Source::Signature => return by_age(asked),
    };
    let read = rule
        .form
        .read(&text)
        .or_else(|_| TimestampForm::read_any(&text));
    read.ok()
}

/// The timestamp in a signature header, as verification has read it: to the second.
fn by_age(asked: &Asked<'_>) -> Option<Timestamp> {
    let age = match asked.verdict {
        Verdict::Valid(Valid { age, .. }) => *age,
        Verdict::Stale { age, .. } => Some(*age),
        _ => None,
    };
    asked.received_at.checked_sub(age?).ok()
}

/// Whether a message has nothing of a delivery: no body, and none of the lines that the platform's
/// deliveries have. Browsers and tunnels send such.
pub(super) fn is_none(provider: &Provider, message: &Message) -> bool {
    let mut made = provider.made_headers().into_iter();
    message.body.is_empty() && !made.any(|name| message.headers.first(name).is_some())
}
