//! A receiver as a value: right, or wrong in one thing.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::sleep;

use super::plans::verdict;
use crate::conformance::check::effects::EffectsError;
use crate::conformance::check::receiver::Receiver;
use crate::conformance::check::shot::Manner;
use crate::conformance::check::wire::Wire;
use crate::delivery::{Attempt, Failure, FailureKind, Response};
use crate::message::{Headers, Message};
use crate::signature::{Facts, Key, Source, Verdict, sign};

/// What a receiver makes of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// It answers with this status.
    Status(u16),
    /// It has the side effect of a delivery, and answers 200.
    Again,
    /// It answers 200, so much later.
    Late(Duration),
    /// It ends, and nothing answers from then on.
    Ends,
}

/// A wrong thing: what the receiver makes of some requests; `None`: what a right one makes of them.
pub(super) type Fault = fn(&Seen<'_>) -> Option<Answer>;

/// A request, as a receiver sees it.
pub(super) struct Seen<'m> {
    pub(super) receiver: &'m Receiver,
    pub(super) message: &'m Message,
    pub(super) manner: Manner,
    pub(super) verdict: Verdict,
    /// How a right receiver answers.
    pub(super) right: u16,
    /// By what repeats of the delivery are known.
    pub(super) key: Option<String>,
    /// What came before.
    pub(super) past: &'m Past,
}

/// What a receiver has seen.
#[derive(Clone, Default)]
pub(super) struct Past {
    /// The deliveries that were taken.
    pub(super) taken: Vec<String>,
    /// Those that were refused.
    pub(super) refused: Vec<String>,
    /// Those that are being answered.
    pub(super) under_way: Vec<Option<String>>,
    /// How many requests come slowly.
    pub(super) coming: usize,
    /// How many were taken in a row.
    pub(super) in_a_row: usize,
    /// Whether the last one was a repeat.
    pub(super) is_after_repeat: bool,
    /// Whether the last one broke off in the middle.
    pub(super) is_after_half: bool,
    /// Whether one with a very long header line was among them.
    pub(super) is_after_long_header: bool,
    effects: i64,
    has_ended: bool,
}

/// A receiver.
#[derive(Clone)]
pub(super) struct Model {
    receiver: Arc<Receiver>,
    fault: Option<Fault>,
    past: Arc<Mutex<Past>>,
}

impl Model {
    /// A receiver that is wrong in this, or right.
    pub(super) fn new(receiver: &Receiver, fault: Option<Fault>) -> Self {
        Self {
            receiver: Arc::new(receiver.clone()),
            fault,
            past: Arc::default(),
        }
    }

    fn past(&self) -> MutexGuard<'_, Past> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What comes of a request: when, and what; `Err`: nothing answers.
    fn answer(&self, message: &Message, manner: Manner) -> (Duration, Result<u16, FailureKind>) {
        let mut past = self.past();
        if past.has_ended {
            return (Duration::ZERO, Err(FailureKind::Refused));
        }
        let verdict = verdict(&self.receiver, message);
        let seen = Seen {
            receiver: &self.receiver,
            message,
            manner,
            right: right(message, &verdict),
            verdict,
            key: self.receiver.provider.dedupe_key_of(message),
            past: &past.clone(),
        };
        let answer = self.fault.and_then(|fault| fault(&seen));
        let soon = Duration::from_millis(20);
        let (after, status) = match answer {
            None => (soon, seen.right),
            Some(Answer::Status(status)) => (soon, status),
            Some(Answer::Again) => (soon, 200),
            Some(Answer::Late(after)) => (after, 200),
            Some(Answer::Ends) => {
                past.has_ended = true;
                return (soon, Err(FailureKind::ClosedEarly));
            }
        };
        past.note(&seen, status, matches!(answer, Some(Answer::Again)));
        (after, Ok(status))
    }
}

impl Past {
    /// Takes note of a request that is answered so; `again`: it has its side effect whatever was.
    fn note(&mut self, seen: &Seen<'_>, status: u16, again: bool) {
        let is_repeat = seen.is_repeat();
        let mut lines = seen.message.headers.iter();
        self.is_after_long_header |= lines.any(|(_, value)| value.len() >= 8 * 1024);
        self.is_after_repeat = is_repeat;
        self.is_after_half = false;
        if status < 300 {
            self.effects += i64::from(!is_repeat || again);
            self.taken.extend(seen.key.clone());
            self.in_a_row += 1;
        } else {
            self.refused.extend(seen.key.clone());
            self.in_a_row = 0;
        }
    }
}

/// How a right receiver answers.
fn right(message: &Message, verdict: &Verdict) -> u16 {
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&message.body).is_ok();
    match verdict {
        _ if message.method != "POST" => 405,
        Verdict::Valid(_) | Verdict::Unchecked(_) if is_json => 200,
        Verdict::Valid(_) | Verdict::Unchecked(_) => 400,
        _ => 401,
    }
}

impl Wire for Model {
    fn exchange(
        &self,
        message: Message,
        manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static {
        let model = self.clone();
        async move {
            let at = Timestamp::now();
            let pause = match manner {
                Manner::Half => {
                    model.past().is_after_half = true;
                    return None;
                }
                Manner::Slow(pause) => pause,
                Manner::Whole | Manner::LowerCase => Duration::ZERO,
            };
            model.past().coming += usize::from(!pause.is_zero());
            sleep(pause).await;
            model.past().coming -= usize::from(!pause.is_zero());
            let (after, outcome) = model.answer(&message, manner);
            let key = model.receiver.provider.dedupe_key_of(&message);
            model.past().under_way.push(key.clone());
            sleep(after).await;
            let mut past = model.past();
            let place = past.under_way.iter().position(|other| *other == key);
            past.under_way.swap_remove(place.expect("it is under way"));
            let response = |status| Response {
                status,
                headers: Headers::new(),
                body: Bytes::new(),
                truncated: false,
            };
            let failure = |kind| Failure {
                kind,
                detail: String::new(),
            };
            Some(Attempt {
                at,
                elapsed: pause + after,
                outcome: outcome.map(response).map_err(failure),
            })
        }
    }

    async fn effects(&self) -> Result<Option<i64>, EffectsError> {
        Ok(Some(self.past().effects))
    }
}

impl Seen<'_> {
    /// Whether the delivery was taken before.
    pub(super) fn is_repeat(&self) -> bool {
        let key = self.key.as_ref();
        key.is_some_and(|key| self.past.taken.contains(key))
    }

    /// The body as text, as far as it is.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.message.body).into_owned()
    }

    /// Whether the body has this text in it.
    pub(super) fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The text of a header line.
    pub(super) fn header(&self, name: &str) -> &str {
        self.message.headers.text(name).unwrap_or_default()
    }

    /// The value of the signature's header, as far as it is text.
    pub(super) fn value(&self) -> String {
        let scheme = self.receiver.provider.signing_scheme();
        let value = self.message.headers.first(&scheme.header);
        String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
    }

    /// What stands in the signature's place there.
    pub(super) fn tag(&self) -> String {
        let scheme = self.receiver.provider.signing_scheme();
        let value = self.message.headers.first(&scheme.header);
        let texts = scheme.value.texts(value.unwrap_or_default());
        String::from_utf8_lossy(texts.first().unwrap_or(&&b""[..])).into_owned()
    }

    /// What should stand there.
    pub(super) fn right_tag(&self) -> String {
        self.tag_of(|_| {})
    }

    /// What should stand there, were the request another one.
    pub(super) fn tag_of(&self, change: impl FnOnce(&mut Message)) -> String {
        let mut message = self.message.clone();
        change(&mut message);
        let key = self.receiver.key.clone();
        self.tag_by(&message, &key.expect("it has a secret"))
    }

    /// What should stand there by another key.
    pub(super) fn tag_by(&self, message: &Message, key: &Key) -> String {
        let scheme = self.receiver.provider.signing_scheme();
        let at = |source: Option<&Source>| match source {
            Some(Source::Header(name)) => message.headers.text(name),
            _ => None,
        };
        let facts = Facts {
            timestamp: at(scheme.timestamp.as_ref().map(|rule| &rule.from)).unwrap_or_default(),
            id: at(scheme.id.as_ref()),
            url: Some(self.receiver.url.as_str()),
            method: &message.method,
            headers: &message.headers,
        };
        let line = sign(scheme, key, &facts, &message.body).expect("all that is signed is there");
        let texts = scheme.value.texts(&line.value);
        String::from_utf8_lossy(texts[0]).into_owned()
    }
}
