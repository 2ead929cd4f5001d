//! A message as JSON: what `listen --json` writes and `verify --delivery` reads back.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Headers, Message, Shown, redact};

/// A message whose body is base64, so that every byte survives.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Record<'m> {
    /// The request method.
    #[serde(default = "post")]
    pub method: Cow<'m, str>,
    /// Path and query.
    #[serde(default = "root")]
    pub target: Cow<'m, str>,
    /// The header lines.
    pub headers: Vec<(Cow<'m, str>, RecordedValue<'m>)>,
    /// The body, standard base64.
    pub body_b64: String,
}

/// A header's value.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum RecordedValue<'m> {
    /// It is UTF-8.
    Text(Cow<'m, str>),
    /// It is not; standard base64.
    Bytes {
        /// The bytes.
        b64: String,
    },
    /// It was taken out.
    Redacted {
        /// Always true.
        redacted: bool,
    },
}

/// Why a record is no message.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RecordError {
    /// `body_b64` is not base64.
    #[error("`body_b64` is not base64")]
    Body,
    /// A header's `b64` is not base64.
    #[error("the `b64` of a header is not base64")]
    Header,
}

fn post() -> Cow<'static, str> {
    "POST".into()
}

fn root() -> Cow<'static, str> {
    "/".into()
}

impl<'m> Record<'m> {
    /// The record of a message; credentials are taken out, unless `redacting` is off.
    #[must_use]
    pub fn of(message: &'m Message, token_headers: &[&str], redacting: bool) -> Self {
        let line = |(name, value): (&'m str, &'m [u8])| {
            let shown = match redact(name, value, token_headers) {
                Shown::Redacted if redacting => RecordedValue::Redacted { redacted: true },
                _ => RecordedValue::of(value),
            };
            (name.into(), shown)
        };
        Self {
            method: message.method.as_str().into(),
            target: message.target.as_str().into(),
            headers: message.headers.iter().map(line).collect(),
            body_b64: STANDARD.encode(&message.body),
        }
    }

    /// Bytes in the one form that records have for them.
    #[must_use]
    pub fn base64(bytes: &[u8]) -> String {
        STANDARD.encode(bytes)
    }

    /// The message, without the lines that were taken out, and the names of those.
    pub fn into_message(self) -> Result<(Message, Vec<String>), RecordError> {
        let body = STANDARD
            .decode(&self.body_b64)
            .map_err(|_| RecordError::Body)?
            .into();
        let mut headers = Headers::new();
        let mut redacted = Vec::new();
        for (name, value) in self.headers {
            match value {
                RecordedValue::Text(text) => headers.push(name, text.as_bytes()),
                RecordedValue::Bytes { b64 } => {
                    headers.push(name, STANDARD.decode(b64).map_err(|_| RecordError::Header)?);
                }
                RecordedValue::Redacted { .. } => redacted.push(name.into_owned()),
            }
        }
        Ok((
            Message {
                method: self.method.into_owned(),
                target: self.target.into_owned(),
                headers,
                body,
            },
            redacted,
        ))
    }
}

impl<'m> RecordedValue<'m> {
    /// The value as it is.
    #[must_use]
    pub fn of(value: &'m [u8]) -> Self {
        match std::str::from_utf8(value) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Bytes {
                b64: STANDARD.encode(value),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::message::{Headers, Message};

    use super::Record;

    #[test]
    fn every_byte_survives_and_credentials_do_not() {
        let mut headers: Headers = [("X-A", &b"\xff\x00"[..]), ("x-a", b"text")]
            .into_iter()
            .collect();
        headers.push("Authorization", "Bearer s3cret");
        let message = Message {
            method: "PUT".into(),
            target: "/?a=%ff".into(),
            headers,
            body: vec![0, 255, 13].into(),
        };
        let json = serde_json::to_string(&Record::of(&message, &[], true)).expect("JSON");
        assert!(!json.contains("s3cret"));
        let record: Record = serde_json::from_str(&json).expect("a record");
        let (back, redacted) = record.into_message().expect("a message");
        assert_eq!(redacted, ["Authorization"]);
        assert_eq!(back.body, message.body);
        assert_eq!(
            back.headers.iter().collect::<Vec<_>>(),
            message.headers.iter().take(2).collect::<Vec<_>>()
        );
        let whole = Record::of(&message, &[], false)
            .into_message()
            .expect("a message");
        assert_eq!(whole, (message, Vec::new()));
    }
}
