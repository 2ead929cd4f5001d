//! The message of an attempt, and what is wrong in it.

use bytes::Bytes;
use uuid::Uuid;

use crate::message::{Headers, Message};
use crate::provider::{Draft, Prepared, Tamper, compose};
use crate::signature::Source;

use super::{Broken, Model, Parcel};

impl Model {
    /// The message of an attempt, with what is wrong in it.
    pub(super) fn message(&self, parcel: &Parcel) -> Message {
        let Prepared { event, id, body } = &parcel.prepared;
        let is_retry = parcel.attempt > 1;
        let is_old = self.broken == Some(Broken::Timestamp);
        let changed = self.changed_body(body, id, parcel.attempt);
        let other = Uuid::from_u128(self.made << 32).to_string();
        let odd = format!("id {id}");
        let draft = Draft {
            event,
            body: &changed,
            id: match self.broken {
                Some(Broken::Id) if is_retry => &other,
                Some(Broken::IdForm) => &odd,
                Some(Broken::OneId) => "8c1f4c3a-7b0e-4a53-9f2e-0d2c5a6b7e8f",
                _ => id,
            },
            attempt: match self.broken {
                Some(Broken::NumberStays) => 1,
                Some(Broken::NumberFromZero) => parcel.attempt - 1,
                _ => parcel.attempt,
            },
            at: if is_old { parcel.began } else { self.wall() },
            timestamp: None,
            url: "http://localhost/",
            target: "/",
            extra: &Headers::new(),
            key: (self.broken != Some(Broken::Unsigned)).then_some(&self.key),
            tamper: (self.broken == Some(Broken::Secret)).then_some(Tamper::Secret),
        };
        let composed = compose(&self.provider, &draft).expect("it can be made");
        let mut message = composed.message;
        self.break_lines(&mut message, parcel);
        message
    }

    /// The body of an attempt.
    fn changed_body(&self, body: &Bytes, id: &str, attempt: u32) -> Bytes {
        let text = String::from_utf8_lossy(body);
        match self.broken {
            Some(Broken::Body) if attempt > 1 => text.replacen('}', " }", 1).into(),
            Some(Broken::Id) if matches!(self.provider.id_rule.from, Some(Source::Body(_))) => {
                text.replacen(id, &format!("{id}{attempt}"), 1).into()
            }
            _ => body.clone(),
        }
    }

    fn break_lines(&self, message: &mut Message, parcel: &Parcel) {
        let headers = &mut message.headers;
        match self.broken {
            Some(Broken::Method) => "PUT".clone_into(&mut message.method),
            Some(Broken::ContentType) => headers.set("Content-Type", "text/\u{202e}plain"),
            Some(Broken::NoContentType) => headers.remove("Content-Type"),
            Some(Broken::No(name)) => headers.remove(name),
            Some(Broken::Twice(name)) => headers.push(name, "again"),
            Some(Broken::Event) => headers.set("X-Event", "other"),
            Some(Broken::SignedOnce) => {
                let first = parcel.first.as_ref();
                if let Some(signature) = first.and_then(|first| first.headers.first("X-Sig")) {
                    headers.set("X-Sig", signature);
                }
            }
            _ => {}
        }
    }
}
