//! A signature scheme as plain data.

use jiff::SignedDuration;

use crate::message::TimestampForm;

use super::{Algorithm, Encoding, Field, Source, Template, ValueForm};

/// What is signed, with which algorithm, how it is encoded and where it is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// How the secret becomes a key.
    pub key: KeyRule,
    /// The text that is signed, for example `{timestamp}.{body}`.
    pub signs: Template,
    /// How the signature's bytes are written.
    pub encoding: Encoding,
    /// The header that carries the signature.
    pub header: String,
    /// Other names under which the header may come.
    pub aliases: Vec<String>,
    /// What the header's value looks like, for example `sha256={sig}`.
    pub value: ValueForm,
    /// Whether a secret in the query string alone is refused by that name, and is worth a warning
    /// beside a right header.
    pub refuses_query: bool,
    /// Where the timestamp stands and how old it may be.
    pub timestamp: Option<TimestampRule>,
    /// Where the webhook id stands.
    pub id: Option<Source>,
}

/// How a secret becomes the key of an HMAC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRule {
    /// A prefix that is taken off where it is there (`whsec_`).
    pub strip: Option<String>,
    /// How the rest is read.
    pub decode: KeyDecoding,
    /// Whether deliveries are signed at all without a secret being an error.
    pub required: bool,
}

/// How the text of a secret becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyDecoding {
    /// The bytes of the secret as they are.
    Utf8,
    /// Standard base64, with or without padding.
    Base64,
    /// Hexadecimal digits of either case.
    Hex,
}

/// The timestamp of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRule {
    /// Where it stands.
    pub from: Source,
    /// How it is written.
    pub form: TimestampForm,
    /// How far it may lie from now.
    pub tolerance: Tolerance,
}

/// How far a timestamp may lie from now; `None` is any distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// How old it may be.
    pub past: Option<SignedDuration>,
    /// How far ahead it may be.
    pub future: Option<SignedDuration>,
}

impl Tolerance {
    /// The same distance both ways.
    #[must_use]
    pub fn both(distance: SignedDuration) -> Self {
        Self {
            past: Some(distance),
            future: Some(distance),
        }
    }
}

impl Default for KeyRule {
    fn default() -> Self {
        Self {
            strip: None,
            decode: KeyDecoding::Utf8,
            required: true,
        }
    }
}

impl Scheme {
    /// Whether the timestamp is under the signature, so that every attempt is signed afresh.
    #[must_use]
    pub fn signs_timestamp(&self) -> bool {
        self.signs.has(&Field::Timestamp)
    }

    /// Whether the signature vouches for the timestamp: it covers it, or the body it stands in.
    #[must_use]
    pub fn vouches_for_timestamp(&self) -> bool {
        let in_body = |rule: &TimestampRule| matches!(rule.from, Source::Body(_));
        self.signs_timestamp() || self.signs_body() && self.timestamp.as_ref().is_some_and(in_body)
    }

    /// Whether a timestamp that is missing or cannot be read is a reason to refuse: it is signed, or
    /// there is a tolerance to hold it against.
    pub(super) fn needs_timestamp(&self) -> bool {
        let bounded = |rule: &TimestampRule| rule.tolerance != Tolerance::default();
        self.signs_timestamp() || self.timestamp.as_ref().is_some_and(bounded)
    }

    /// How a signature is written, in words: "`sha256={sig}` in lower-case hex".
    #[must_use]
    pub fn form(&self) -> String {
        let encoding = match (self.algorithm, self.encoding) {
            (Algorithm::Token, _) => "",
            (_, Encoding::Hex) => " in lower-case hex",
            (_, Encoding::Base64) => " in base64",
        };
        format!("`{}`{encoding}", self.value)
    }

    /// Whether the body is under the signature.
    #[must_use]
    pub fn signs_body(&self) -> bool {
        self.signs.has(&Field::Body)
    }

    /// Whether the scheme needs a value out of the body before it can sign or verify it.
    #[must_use]
    pub fn reads_body(&self) -> bool {
        let in_body = |source: &Source| matches!(source, Source::Body(_));
        let timestamp = self
            .timestamp
            .as_ref()
            .is_some_and(|rule| in_body(&rule.from));
        let id = self.signs.has(&Field::Id) && self.id.as_ref().is_some_and(in_body);
        timestamp || id
    }
}
