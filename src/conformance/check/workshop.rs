//! Makes the requests: deliveries as the platform sends them, and such as it never would.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::message::Message;
use crate::provider::{Draft, Provider, Wish, compose, prepare};
use crate::signature::Key;

use super::receiver::Receiver;
use super::shot::{Manner, Shot, Wants};

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

    /// The platform's usual event: the first of its catalogue that is no legacy, or any.
    pub(super) fn usual_event(&self) -> String {
        let provider = self.provider();
        let mut events = provider.events.iter();
        let event = events.find(|event| !event.legacy).map(|event| &event.name);
        event.cloned().unwrap_or_else(|| "wh.check".to_owned())
    }

    /// A delivery of the usual event.
    pub(super) fn usual(&self) -> Parcel {
        self.parcel(&self.usual_event())
    }

    /// A delivery of an event, with an id of its own, and the event's sample for a body.
    pub(super) fn parcel(&self, event: &str) -> Parcel {
        let wish = Wish {
            event: Some(event),
            force: true,
            ..Wish::default()
        };
        let random = Uuid::new_v4().as_u128();
        let prepared = prepare(self.provider(), &wish, Timestamp::now(), random);
        // A name that is forced has a body, whatever it is.
        let (id, body) = prepared.map_or_else(
            |_| (Uuid::new_v4().to_string(), Bytes::from_static(b"{}")),
            |prepared| (prepared.id, prepared.body),
        );
        Parcel {
            event: event.to_owned(),
            id,
            body,
            attempt: 1,
            offset: SignedDuration::ZERO,
            timestamp: None,
            key: self.receiver.key.clone(),
        }
    }

    /// The request of a delivery, signed as the platform signs.
    pub(super) fn message(&self, parcel: &Parcel) -> Message {
        let draft = Draft {
            event: &parcel.event,
            body: &parcel.body,
            id: &parcel.id,
            attempt: parcel.attempt,
            at: Timestamp::now() + parcel.offset,
            timestamp: parcel.timestamp.as_deref(),
            url: self.receiver.url.as_str(),
            target: &self.receiver.url[url::Position::BeforePath..url::Position::AfterQuery],
            extra: &self.receiver.extra,
            key: parcel.key.as_ref(),
            tamper: None,
        };
        let composed = compose(self.provider(), &draft);
        // What can keep a delivery from being signed was told before the check began.
        composed.map_or_else(|_| blank(parcel), |composed| composed.message)
    }

    /// A request that wants something of its answer.
    pub(super) fn shot(&self, label: &str, parcel: &Parcel, wants: Wants) -> Shot {
        Shot {
            label: label.to_owned(),
            message: self.message(parcel),
            parcel: None,
            manner: Manner::Whole,
            wants,
        }
    }

    /// A request as it goes out now.
    pub(super) fn anew(&self, shot: Shot) -> Shot {
        let message = shot.parcel.as_ref().map(|parcel| self.message(parcel));
        let message = message.unwrap_or_else(|| shot.message.clone());
        Shot { message, ..shot }
    }

    /// The same, made anew when it goes out: for those that others go before.
    pub(super) fn fresh_shot(&self, label: &str, parcel: &Parcel, wants: Wants) -> Shot {
        Shot {
            parcel: Some(parcel.clone()),
            ..self.shot(label, parcel, wants)
        }
    }
}

fn blank(parcel: &Parcel) -> Message {
    Message {
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers: crate::message::Headers::new(),
        body: parcel.body.clone(),
    }
}
