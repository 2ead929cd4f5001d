//! Makes the requests: deliveries as the platform sends them, and such as it never would.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use memchr::memmem;
use serde_json::Value;
use uuid::Uuid;

use crate::message::json::{Edit, scalar};
use crate::message::{Headers, Message, TimestampForm};
use crate::provider::{Draft, Prepared, Provider, Tamper, Wish, compose, prepare};
use crate::signature::{Key, Scheme, Source};

use super::bodies;
use super::receiver::Receiver;
use super::shot::{Manner, Plan, Round, Shot, Wants};

/// A maker of requests.
pub(super) struct Workshop<'r> {
    pub(super) receiver: &'r Receiver,
    /// Whether there are to be few.
    pub(super) quick: bool,
}

/// A delivery that is about to be made.
#[derive(Clone)]
pub(super) struct Parcel {
    /// The event.
    pub(super) event: String,
    /// The webhook id.
    pub(super) id: String,
    /// The body.
    pub(super) body: Bytes,
    /// The number of the attempt.
    pub(super) attempt: u32,
    /// When it is made, from now.
    pub(super) offset: SignedDuration,
    /// A timestamp to write and sign, as it is.
    pub(super) timestamp: Option<String>,
    /// What signs.
    pub(super) key: Option<Key>,
    /// Damage that is done once it is signed.
    pub(super) tamper: Option<Tamper>,
}

/// One after the other.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a plan may say that there is no such rule"
)]
pub(super) fn each(shots: Vec<Shot>) -> Plan {
    Ok(vec![Round::Each(shots)])
}

/// A request as it is, that wants something of its answer.
pub(super) fn raw(label: impl Into<String>, message: Message, wants: Wants) -> Shot {
    Shot {
        label: label.into(),
        message,
        parcel: None,
        manner: Manner::Whole,
        wants,
    }
}

impl<'r> Workshop<'r> {
    /// A maker of requests to a receiver.
    pub(super) fn new(receiver: &'r Receiver, quick: bool) -> Self {
        Self { receiver, quick }
    }

    /// The platform.
    pub(super) fn provider(&self) -> &'r Provider {
        &self.receiver.provider
    }

    /// The scheme that signs.
    pub(super) fn scheme(&self) -> &'r Scheme {
        self.provider().signing_scheme()
    }

    /// Path and query of the receiver.
    pub(super) fn target(&self) -> &'r str {
        &self.receiver.url[url::Position::BeforePath..url::Position::AfterQuery]
    }

    /// The platform's usual event: the first of its catalogue that is no legacy, or any.
    pub(super) fn usual_event(&self) -> String {
        let provider = self.provider();
        let mut events = provider.events.iter();
        let event = events.find(|event| !event.legacy).map(|event| &event.name);
        event.cloned().unwrap_or_else(|| "wh.check".to_owned())
    }

    /// A delivery of the usual event, with a body that most programs would write in the same bytes:
    /// who parses it and writes it anew before verifying fails by the rules on bodies, not by all.
    pub(super) fn usual(&self) -> Parcel {
        let parcel = self.parcel(&self.usual_event());
        let body = match bodies::compact(&parcel.body) {
            // No sample: there are to be blanks to change, and a byte.
            empty if &empty[..] == b"{}" => bodies::with_members(&empty, b"\"by\":\"wh check\""),
            body => body,
        };
        Parcel { body, ..parcel }
    }

    /// The same, or why nothing is signed.
    pub(super) fn signed(&self) -> Result<Parcel, String> {
        match self.receiver.key {
            Some(_) => Ok(self.usual()),
            None => Err("no secret is given, so nothing is signed".to_owned()),
        }
    }

    /// The same, or why a change of the body cannot be noticed.
    pub(super) fn sealed(&self) -> Result<Parcel, String> {
        if self.scheme().signs_body() {
            self.signed()
        } else {
            Err("the signature does not cover the body".to_owned())
        }
    }

    /// A delivery of an event, with an id of its own, and the event's sample for a body.
    pub(super) fn parcel(&self, event: &str) -> Parcel {
        self.wished(&Wish {
            event: Some(event),
            force: true,
            ..Wish::default()
        })
    }

    /// The platform's own test delivery; `None` where it documents none.
    pub(super) fn test(&self) -> Option<Parcel> {
        self.provider().test.as_ref().map(|_| {
            self.wished(&Wish {
                test: true,
                ..Wish::default()
            })
        })
    }

    fn wished(&self, wish: &Wish<'_>) -> Parcel {
        let random = Uuid::new_v4().as_u128();
        let prepared = prepare(self.provider(), wish, Timestamp::now(), random);
        // A name that is forced has a body, whatever it is.
        let prepared = prepared.unwrap_or_else(|_| Prepared {
            event: wish.event.unwrap_or_default().to_owned(),
            id: Uuid::new_v4().to_string(),
            body: Bytes::from_static(b"{}"),
        });
        Parcel {
            body: self.named(&prepared),
            event: prepared.event,
            id: prepared.id,
            attempt: 1,
            offset: SignedDuration::ZERO,
            timestamp: None,
            key: self.receiver.key.clone(),
            tamper: None,
        }
    }

    /// The body with event and id, where they stand in it and its sample has none.
    fn named(&self, prepared: &Prepared) -> Bytes {
        let provider = self.provider();
        let places = [
            (provider.event_from.as_ref(), &prepared.event),
            (provider.id_rule.from.as_ref(), &prepared.id),
        ];
        places.into_iter().fold(
            prepared.body.clone(),
            |body, (source, value)| match source {
                Some(Source::Body(pointer)) if scalar(&body, pointer).is_none() => {
                    put(body, pointer, Value::from(value.as_str()))
                }
                _ => body,
            },
        )
    }

    /// The request of a delivery, signed as the platform signs.
    pub(super) fn message(&self, parcel: &Parcel) -> Message {
        self.composed(parcel, &self.stamped(parcel))
    }

    /// The same with this body, whatever the platform writes into its own.
    pub(super) fn composed(&self, parcel: &Parcel, body: &Bytes) -> Message {
        let draft = Draft {
            event: &parcel.event,
            body,
            id: &parcel.id,
            attempt: parcel.attempt,
            at: Timestamp::now() + parcel.offset,
            timestamp: parcel.timestamp.as_deref(),
            url: self.receiver.url.as_str(),
            target: self.target(),
            extra: &self.receiver.extra,
            key: parcel.key.as_ref(),
            tamper: parcel.tamper,
        };
        let composed = compose(self.provider(), &draft);
        // What can keep a delivery from being signed was told before the check began.
        composed.map_or_else(|_| self.blank(body), |composed| composed.message)
    }

    /// The body with the time of the delivery, where the platform writes it there.
    fn stamped(&self, parcel: &Parcel) -> Bytes {
        let Some(rule) = &self.provider().timestamp else {
            return parcel.body.clone();
        };
        let Source::Body(pointer) = &rule.from else {
            return parcel.body.clone();
        };
        let text = match &parcel.timestamp {
            Some(text) => text.clone(),
            None => rule.form.write(Timestamp::now() + parcel.offset),
        };
        let number = match rule.form {
            TimestampForm::Unix | TimestampForm::UnixMs => text.parse::<i64>().ok(),
            TimestampForm::Rfc3339 | TimestampForm::Rfc3339Ms => None,
        };
        let value = number.map_or_else(|| Value::from(text), Value::from);
        put(parcel.body.clone(), pointer, value)
    }

    fn blank(&self, body: &Bytes) -> Message {
        Message {
            method: "POST".to_owned(),
            target: self.target().to_owned(),
            headers: Headers::new(),
            body: body.clone(),
        }
    }

    /// A request that wants something of its answer.
    pub(super) fn shot(&self, label: &str, parcel: &Parcel, wants: Wants) -> Shot {
        raw(label, self.message(parcel), wants)
    }

    /// The same, made anew when it goes out: for those that others go before.
    pub(super) fn fresh_shot(&self, label: &str, parcel: &Parcel, wants: Wants) -> Shot {
        Shot {
            parcel: Some(parcel.clone()),
            ..self.shot(label, parcel, wants)
        }
    }

    /// A request as it goes out now.
    pub(super) fn anew(&self, shot: Shot) -> Shot {
        let message = shot.parcel.as_ref().map(|parcel| self.message(parcel));
        let message = message.unwrap_or_else(|| shot.message.clone());
        Shot { message, ..shot }
    }

    /// One after the other, in a quick check so many only.
    pub(super) fn or_few(&self, mut shots: Vec<Shot>, few: usize) -> Plan {
        if self.quick {
            shots.truncate(few);
        }
        each(shots)
    }

    /// The value of the signature header.
    pub(super) fn value(&self, message: &Message) -> Vec<u8> {
        let value = message.headers.first(&self.scheme().header);
        value.unwrap_or_default().to_vec()
    }

    /// The text of the signature in that value.
    pub(super) fn tag(&self, message: &Message) -> Vec<u8> {
        let value = self.value(message);
        let texts = self.scheme().value.texts(&value);
        texts.first().copied().unwrap_or_default().to_vec()
    }

    /// The request with another value of the signature header.
    pub(super) fn with_value(&self, message: &Message, value: impl AsRef<[u8]>) -> Message {
        let mut message = message.clone();
        message.headers.set(&self.scheme().header, value);
        message
    }

    /// The value of the signature header with another text in the signature's place.
    pub(super) fn value_of(&self, message: &Message, tag: &[u8]) -> Vec<u8> {
        let (value, old) = (self.value(message), self.tag(message));
        let at = memmem::rfind(&value, &old).unwrap_or_default();
        [&value[..at], tag, &value[at + old.len()..]].concat()
    }

    /// The request with another text in the signature's place.
    pub(super) fn with_tag(&self, message: &Message, tag: &[u8]) -> Message {
        self.with_value(message, self.value_of(message, tag))
    }
}

/// The body with this value at the pointer, where there is room for it.
fn put(body: Bytes, pointer: &str, value: Value) -> Bytes {
    let text = std::str::from_utf8(&body).ok();
    let edited = text.and_then(|text| Edit::put(pointer, value).apply(text).ok());
    edited.map_or(body, Bytes::from)
}
