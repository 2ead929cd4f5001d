//! A provider as a checked value.

use std::time::Duration;

use jiff::Timestamp;

use crate::message::{Headers, Message, json};
use crate::retry::{Breaker, Rules, Schedule};
use crate::signature::{
    Envelope, Key, Scheme, Source, Template, TimestampRule, Unchecked, Verdict, Verifier,
};

use super::{AnyEvent, Event, Handshake, TestEvent, UrlPolicy};

/// A platform that sends webhooks.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// The name used on the command line.
    pub id: String,
    /// The platform's own name.
    pub name: String,
    /// Other names for the command line.
    pub aliases: Vec<String>,
    /// The documents that the file was written from.
    pub documents: Vec<String>,
    /// Sentences that a user should see, in the platform's words where they are quoted.
    pub notes: Vec<String>,
    /// The keys whose values no document states.
    pub assumed: Vec<String>,
    /// The signature schemes: the first one signs, any may verify.
    pub schemes: Vec<Scheme>,
    /// The timestamp of a delivery.
    pub timestamp: Option<TimestampRule>,
    /// The webhook id.
    pub id_rule: IdRule,
    /// Where the event's name stands.
    pub event_from: Option<Source>,
    /// Where the attempt's number stands.
    pub attempt_from: Option<Source>,
    /// The other headers of every delivery, in order.
    pub headers: Vec<HeaderRule>,
    /// The value of `Content-Type`.
    pub content_type: String,
    /// How deliveries are made.
    pub delivery: Delivery,
    /// The catalogue, current events first.
    pub events: Vec<Event>,
    /// The body for event names that are not in the catalogue.
    pub any_event: Option<AnyEvent>,
    /// The platform's own test delivery.
    pub test: Option<TestEvent>,
}

/// Where the webhook id stands and how a new one is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdRule {
    /// Where it stands; `None` where the platform has no id.
    pub from: Option<Source>,
    /// How a new one looks.
    pub make: IdForm,
}

/// How a new webhook id looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IdForm {
    /// A random UUID.
    #[default]
    Uuid,
    /// A positive integer that JavaScript can hold (below 2^53).
    Integer,
    /// A prefix and 20 random letters and digits.
    Prefix(String),
}

/// A header of every delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderRule {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Template,
    /// On which attempts it is sent.
    pub when: When,
}

/// On which attempts a header is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On all of them.
    Always,
    /// On all but the first.
    Retry,
}

/// How deliveries are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What an answer means: success, stop, `Retry-After`.
    pub rules: Rules,
    /// How long one attempt may take in all.
    pub timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// The delays after failed attempts.
    pub retry: Schedule,
    /// By how much of itself a delay may vary, in percent, 0 to 100.
    pub jitter_percent: u32,
    /// When the endpoint is given up.
    pub breaker: Option<Breaker>,
    /// What tells a delivery from a repeat of it.
    pub dedupe: Option<Source>,
    /// How long a repeat is known as one.
    pub dedupe_window: Duration,
    /// Whether only live deliveries are sent again.
    pub live_only: bool,
    /// Which URLs the platform takes.
    pub url: UrlPolicy,
    /// What the platform asks of an endpoint before it sends to it.
    pub handshake: Option<Handshake>,
}

impl Provider {
    /// Whether no document states the value of this key.
    #[must_use]
    pub fn assumes(&self, key: &str) -> bool {
        self.assumed.iter().any(|assumed| {
            key.strip_prefix(assumed.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether the delay after this failure, counted from 1, comes from a value that no document
    /// states.
    #[must_use]
    pub fn assumes_delay(&self, failures: u32) -> bool {
        let assumes = |key: &str| self.assumes(&format!("delivery.retry.{key}"));
        let Schedule::Exponential { cap, .. } = self.delivery.retry else {
            return self.assumes("delivery.retry");
        };
        if self.delivery.retry.delay_after(failures) == Some(cap) {
            return assumes("cap");
        }
        assumes("base") || failures > 1 && assumes("factor")
    }

    /// The scheme that signs what is sent.
    #[must_use]
    pub fn signing_scheme(&self) -> &Scheme {
        // The schema refuses a file without one.
        &self.schemes[0]
    }

    /// Whether deliveries may go out without a signature when no secret is given.
    #[must_use]
    pub fn signs_optionally(&self) -> bool {
        self.schemes.iter().all(|scheme| !scheme.key.required)
    }

    /// The headers in which the secret itself travels.
    #[must_use]
    pub fn token_headers(&self) -> Vec<&str> {
        use crate::signature::Algorithm::Token;
        let token = self
            .schemes
            .iter()
            .filter(|scheme| scheme.algorithm == Token);
        token
            .flat_map(|scheme| std::iter::once(&scheme.header).chain(&scheme.aliases))
            .map(String::as_str)
            .collect()
    }

    /// The headers that are made for each attempt: the signature's, the timestamp's, the id's and the
    /// provider's others, `Content-Type` apart.
    #[must_use]
    pub fn made_headers(&self) -> Vec<&str> {
        let of_scheme = self.schemes.iter().flat_map(|scheme| {
            let sources = scheme
                .timestamp
                .iter()
                .map(|rule| &rule.from)
                .chain(&scheme.id);
            std::iter::once(&scheme.header)
                .chain(&scheme.aliases)
                .chain(sources.filter_map(header_of))
        });
        let own = self.timestamp.iter().map(|rule| &rule.from);
        let own = own.chain(&self.id_rule.from).filter_map(header_of);
        let others = self.headers.iter().map(|rule| &rule.name);
        of_scheme
            .chain(own)
            .chain(others)
            .map(String::as_str)
            .collect()
    }

    /// The event of this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The name of the event that a message carries, of at most 1,024 bytes.
    #[must_use]
    pub fn event_of(&self, message: &Message) -> Option<String> {
        self.event_from
            .as_ref()
            .and_then(|source| name_at(source, message))
    }

    /// The webhook id that a message carries, of at most 1,024 bytes.
    #[must_use]
    pub fn webhook_id_of(&self, message: &Message) -> Option<String> {
        self.id_rule
            .from
            .as_ref()
            .and_then(|source| name_at(source, message))
    }

    /// Whether a message says that it is a test delivery.
    #[must_use]
    pub fn is_test(&self, message: &Message) -> bool {
        let mark = self.test.as_ref().and_then(|test| test.mark.as_ref());
        mark.and_then(|mark| value_at(mark, message)).as_deref() == Some("true")
    }

    /// The number of the attempt that a message says it is.
    #[must_use]
    pub fn attempt_of(&self, message: &Message) -> Option<u32> {
        self.attempt_from
            .as_ref()
            .and_then(|source| value_at(source, message))?
            .parse()
            .ok()
    }

    /// The value by which repeats of a delivery are known.
    #[must_use]
    pub fn dedupe_key_of(&self, message: &Message) -> Option<String> {
        self.delivery
            .dedupe
            .as_ref()
            .and_then(|source| value_at(source, message))
    }

    /// Starts verifying by every scheme of the provider; `keys` holds each scheme's keys, in order.
    #[must_use]
    pub fn verifier<'p>(&'p self, keys: &[Vec<Key>], envelope: &Envelope<'_>) -> Verifiers<'p> {
        let start = |(scheme, keys): (&'p Scheme, &Vec<Key>)| Verifier::new(scheme, keys, envelope);
        Verifiers(self.schemes.iter().zip(keys).map(start).collect())
    }
}

/// One verification by several schemes, of which any may match.
pub struct Verifiers<'p>(Vec<Verifier<'p>>);

impl Verifiers<'_> {
    /// Takes in the next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        self.0
            .iter_mut()
            .for_each(|verifier| verifier.update(piece));
    }

    /// The verdict as of `now`: a valid one where there is one, else the one that says most.
    #[must_use]
    pub fn finish(self, now: Timestamp) -> Verdict {
        let rank = |verdict: &Verdict| match verdict {
            Verdict::Valid(_) => 0,
            Verdict::Stale { .. } => 1,
            Verdict::Ambiguous(_) => 2,
            Verdict::Invalid(_) => 3,
            Verdict::Unsigned { .. } => 4,
            Verdict::Unchecked(_) => 5,
        };
        let verdicts = self.0.into_iter().map(|verifier| verifier.finish(now));
        verdicts
            .min_by_key(rank)
            .unwrap_or(Verdict::Unchecked(Unchecked::NoSecret))
    }
}

/// The header in which a value stands.
fn header_of(source: &Source) -> Option<&String> {
    match source {
        Source::Header(name) => Some(name),
        Source::Body(_) | Source::Signature => None,
    }
}

/// The longest name or id that is taken for one, in bytes: no platform comes near, and a body may be
/// one text of 25 MiB.
const LONGEST_NAME: usize = 1024;

/// A value that names something.
fn name_at(source: &Source, message: &Message) -> Option<String> {
    value_at(source, message).filter(|name| name.len() <= LONGEST_NAME)
}

/// The value at a source; what stands twice is no value.
fn value_at(source: &Source, message: &Message) -> Option<String> {
    match source {
        Source::Header(name) => single(&message.headers, name),
        Source::Body(pointer) => json::scalar(&message.body, pointer),
        Source::Signature => None,
    }
}

fn single(headers: &Headers, name: &str) -> Option<String> {
    let mut values = headers.all(name);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(String::from_utf8_lossy(value).into_owned()),
        _ => None,
    }
}
