//! A delivery as one JSON object.

use std::cell::RefCell;
use std::net::SocketAddr;

use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::export::AttemptLine;
use crate::message::{Message, Record};
use crate::report::Redaction;
use crate::store::{Listed, Reader, Recorded, Response, StoreError};

/// A delivery with all its attempts, whose bytes are read one attempt at a time.
#[derive(Serialize)]
pub(crate) struct DeliveryJson<'a> {
    number: i64,
    id: uuid::Uuid,
    webhook_id: Option<&'a str>,
    direction: &'static str,
    provider: &'a str,
    event: Option<&'a str>,
    endpoint: &'a str,
    redacted: bool,
    attempts: Attempts<'a>,
}

impl<'a> DeliveryJson<'a> {
    /// The delivery that these are the attempts of, the last of which is `last`.
    pub(crate) fn new(
        reader: &'a Reader,
        attempts: &'a [Listed],
        last: &'a Listed,
        redaction: &'a Redaction,
    ) -> Self {
        let attempt = &last.attempt;
        Self {
            number: last.place.delivery,
            id: last.place.id,
            webhook_id: attempt.webhook_id.as_deref(),
            direction: attempt.direction.name(),
            provider: &attempt.provider,
            event: attempt.event.as_deref(),
            endpoint: &attempt.endpoint,
            redacted: !redaction.is_off(),
            attempts: Attempts {
                reader,
                listed: attempts,
                redaction,
                failed: RefCell::default(),
            },
        }
    }

    /// Why the store could not be read on, where that is why the object has no end.
    pub(crate) fn failed(&self) -> Option<StoreError> {
        self.attempts.failed.take()
    }
}

struct Attempts<'a> {
    reader: &'a Reader,
    listed: &'a [Listed],
    redaction: &'a Redaction,
    failed: RefCell<Option<StoreError>>,
}

impl Serialize for Attempts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut attempts = serializer.serialize_seq(None)?;
        for listed in self.listed {
            match self.reader.recorded(listed.place.row) {
                Ok(Some(recorded)) => {
                    attempts.serialize_element(&attempt(listed, &recorded, self.redaction))?;
                }
                // It was pruned a moment ago.
                Ok(None) => {}
                Err(error) => {
                    let told = S::Error::custom(&error);
                    *self.failed.borrow_mut() = Some(error);
                    return Err(told);
                }
            }
        }
        attempts.end()
    }
}

#[derive(Serialize)]
struct AttemptJson<'a> {
    #[serde(flatten)]
    line: AttemptLine<'a>,
    http: &'a str,
    headers_exact: bool,
    peer: Option<SocketAddr>,
    #[serde(flatten)]
    request: Record<'a>,
    response: Option<Value>,
}

fn attempt<'a>(
    listed: &'a Listed,
    recorded: &'a Recorded,
    redaction: &'a Redaction,
) -> AttemptJson<'a> {
    let exchange = &recorded.exchange;
    let mut request = Record::of(
        &exchange.request,
        &redaction.token_headers(),
        !redaction.is_off(),
    );
    request.target = redaction.target(&exchange.request.target);
    AttemptJson {
        line: AttemptLine::of(listed),
        http: &exchange.http,
        headers_exact: exchange.exact,
        peer: exchange.peer,
        request,
        response: exchange
            .response
            .as_ref()
            .map(|kept| response(kept, redaction)),
    }
}

fn response(kept: &Response, redaction: &Redaction) -> Value {
    let message = Message {
        method: String::new(),
        target: String::new(),
        headers: kept.headers.clone(),
        body: kept.body.clone(),
    };
    let record = Record::of(&message, &redaction.token_headers(), !redaction.is_off());
    json!({
        "headers": record.headers,
        "body_b64": record.body_b64,
        "truncated": kept.truncated,
    })
}
