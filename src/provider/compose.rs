//! The message a provider would send.

use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use crate::message::{Headers, Message, json};
use crate::signature::{Facts, Field, Key, Scheme, SignError, Signer, Source, Template};

use super::tamper::damage_body;
use super::{Provider, Tamper, TamperError, When};

/// What one attempt of a delivery is made of.
#[derive(Clone, Copy)]
pub struct Draft<'d> {
    /// The event's name.
    pub event: &'d str,
    /// The body, exactly.
    pub body: &'d Bytes,
    /// The webhook id.
    pub id: &'d str,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The time of the attempt.
    pub at: Timestamp,
    /// A timestamp to write instead, as it is.
    pub timestamp: Option<&'d str>,
    /// The URL that is called.
    pub url: &'d str,
    /// Its path and query.
    pub target: &'d str,
    /// Header lines of the user's: they take the place of the provider's lines of the same name.
    pub extra: &'d Headers,
    /// The key that signs; `None` sends no signature.
    pub key: Option<&'d Key>,
    /// Damage to do.
    pub tamper: Option<Tamper>,
}

/// A message and what was signed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The message.
    pub message: Message,
    /// The bytes that were signed, body included; `None` where nothing was signed.
    pub signed: Option<Vec<u8>>,
}

/// Why a message cannot be made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ComposeError {
    /// It cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// It cannot be damaged so that anybody could notice.
    #[error(transparent)]
    Tamper(#[from] TamperError),
}

/// Makes the message of one attempt.
pub fn compose(provider: &Provider, draft: &Draft<'_>) -> Result<Composed, ComposeError> {
    if let Some(tamper) = draft.tamper {
        noticeable(provider, draft.key, tamper)?;
    }
    let signed_timestamp = timestamp_text(provider, draft, draft.at);
    let sent_timestamp = match draft.tamper {
        Some(Tamper::Timestamp) => moved(provider, draft, &signed_timestamp),
        _ => signed_timestamp.clone(),
    };
    let mut headers = own_headers(provider, draft, &sent_timestamp)?;
    let mut signed = None;
    if let Some(key) = draft.key {
        let (timestamp, id) = as_verified(provider.signing_scheme(), draft, signed_timestamp);
        let facts = Facts {
            timestamp: &timestamp,
            id: Some(&id),
            url: Some(draft.url),
            method: "POST",
            headers: &with_extra(headers.clone(), draft.extra),
        };
        let (line, bytes) = signature(provider, draft, key, &facts, &sent_timestamp)?;
        headers.push(line.0, line.1);
        signed = bytes;
    }
    let headers = with_extra(headers, draft.extra);
    let body = match draft.tamper {
        Some(Tamper::Body) => damage_body(draft.body).into(),
        _ => draft.body.clone(),
    };
    let message = Message {
        method: "POST".to_owned(),
        target: draft.target.to_owned(),
        headers,
        body,
    };
    Ok(Composed { message, signed })
}

/// Timestamp and id as a receiver reads them: where they stand in the body, it is the body that counts.
fn as_verified(scheme: &Scheme, draft: &Draft<'_>, timestamp: String) -> (String, String) {
    let in_body = |source: Option<&Source>| match source {
        Some(Source::Body(pointer)) => json::scalar(draft.body, pointer),
        _ => None,
    };
    let rule = scheme.timestamp.as_ref();
    let rule = rule.filter(|_| scheme.signs_timestamp());
    let id = scheme.id.as_ref();
    let id = id.filter(|_| scheme.signs.has(&Field::Id));
    (
        in_body(rule.map(|rule| &rule.from)).unwrap_or(timestamp),
        in_body(id).unwrap_or_else(|| draft.id.to_owned()),
    )
}

/// The lines with the user's in the place of those of the same name.
fn with_extra(mut headers: Headers, extra: &Headers) -> Headers {
    for (name, _) in extra.iter() {
        headers.remove(name);
    }
    for (name, value) in extra.iter() {
        headers.push(name, value);
    }
    headers
}

/// The provider's lines, in its order: content type, id, timestamp, the rest; the signature is last.
fn own_headers(
    provider: &Provider,
    draft: &Draft<'_>,
    timestamp: &str,
) -> Result<Headers, SignError> {
    let mut headers = Headers::new();
    headers.push("Content-Type", provider.content_type.as_str());
    if let Some(Source::Header(name)) = &provider.id_rule.from {
        headers.push(name.as_str(), draft.id);
    }
    let timestamp_header = provider.timestamp.as_ref().map(|rule| &rule.from);
    if let Some(Source::Header(name)) = timestamp_header {
        headers.push(name.as_str(), timestamp);
    }
    for rule in &provider.headers {
        if rule.when == When::Always || draft.attempt > 1 {
            headers.push(rule.name.as_str(), fill(&rule.value, draft, timestamp)?);
        }
    }
    Ok(headers)
}

fn fill(template: &Template, draft: &Draft<'_>, timestamp: &str) -> Result<Vec<u8>, SignError> {
    let value = |field: &Field| {
        Some(match field {
            Field::Event => draft.event.as_bytes().to_vec(),
            Field::Attempt => draft.attempt.to_string().into_bytes(),
            Field::Retry => draft.attempt.saturating_sub(1).to_string().into_bytes(),
            Field::Id => draft.id.as_bytes().to_vec(),
            Field::Timestamp => timestamp.as_bytes().to_vec(),
            _ => return None,
        })
    };
    template.fill(value).map_err(SignError::Missing)
}

/// A header line.
type Line = (String, Vec<u8>);

fn signature(
    provider: &Provider,
    draft: &Draft<'_>,
    key: &Key,
    facts: &Facts<'_>,
    sent_timestamp: &str,
) -> Result<(Line, Option<Vec<u8>>), SignError> {
    let scheme = provider.signing_scheme();
    let other;
    let key = match draft.tamper {
        Some(Tamper::Secret) => {
            other = key.another(scheme);
            &other
        }
        _ => key,
    };
    let mut signer = Signer::new(scheme, key, facts)?;
    signer.update(draft.body);
    let signer = signer.presenting(sent_timestamp);
    let line = match draft.tamper {
        Some(Tamper::Signature) => signer.spoiled().finish(),
        _ => signer.finish(),
    };
    let token = scheme.algorithm == crate::signature::Algorithm::Token;
    let bytes = if token {
        None
    } else {
        Some(scheme.signed_bytes(facts, draft.body)?)
    };
    Ok(((line.header, line.value), bytes))
}

/// The timestamp as it goes on the wire.
fn timestamp_text(provider: &Provider, draft: &Draft<'_>, at: Timestamp) -> String {
    match (draft.timestamp, &provider.timestamp) {
        (Some(text), _) => text.to_owned(),
        (None, Some(rule)) => rule.form.write(at),
        (None, None) => String::new(),
    }
}

/// Another timestamp, a second away, whatever the form of the first one is.
fn moved(provider: &Provider, draft: &Draft<'_>, text: &str) -> String {
    let second = jiff::SignedDuration::from_secs(1);
    let form = provider.timestamp.as_ref().map(|rule| rule.form);
    let later =
        form.and_then(|form| Some(form.write(form.read(text).ok()?.checked_add(second).ok()?)));
    later.unwrap_or_else(|| {
        timestamp_text(
            provider,
            &Draft {
                timestamp: None,
                ..*draft
            },
            draft.at,
        )
    })
}

/// Refuses damage that the scheme does not cover: such a test would prove nothing.
fn noticeable(provider: &Provider, key: Option<&Key>, tamper: Tamper) -> Result<(), TamperError> {
    if key.is_none() {
        return Err(TamperError::Unsigned);
    }
    let scheme = provider.signing_scheme();
    let covered = match tamper {
        Tamper::Body => scheme.signs_body(),
        // One in the body is not written here, so it cannot be written otherwise.
        Tamper::Timestamp => scheme.signs_timestamp() && !timestamp_in_body(scheme),
        Tamper::Signature | Tamper::Secret => true,
    };
    let provider = provider.id.clone();
    if covered {
        Ok(())
    } else {
        Err(TamperError::NotCovered {
            provider,
            what: tamper,
        })
    }
}

fn timestamp_in_body(scheme: &Scheme) -> bool {
    let rule = scheme.timestamp.as_ref();
    rule.is_some_and(|rule| matches!(rule.from, Source::Body(_)))
}
