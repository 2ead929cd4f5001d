//! What a delivery presents to be verified: signatures, timestamp and id, read where the scheme
//! says they stand.

use crate::message::{Headers, Message, json};

use super::value::Found;
use super::{Ambiguity, Field, Invalid, Scheme, Source, Verdict};

/// A delivery without its body, and the body where the scheme looks into it.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'m> {
    /// The header lines.
    pub headers: &'m Headers,
    /// The request method.
    pub method: &'m str,
    /// Path and query.
    pub target: &'m str,
    /// The URL that the sender called, for schemes that sign it.
    pub url: Option<&'m str>,
    /// The whole body; needed only where [`Scheme::reads_body`].
    pub body: Option<&'m [u8]>,
}

/// More signatures in one header than any rotation needs.
const MOST_SIGNATURES: usize = 16;

/// What was presented, in the scheme's form.
pub(super) struct Presented<'m> {
    pub(super) signatures: Vec<&'m [u8]>,
    /// Whether the word before a token is in another letter case.
    pub(super) folded: bool,
    pub(super) timestamp: Option<String>,
    pub(super) id: Option<String>,
}

impl<'m> Envelope<'m> {
    /// The envelope of a whole message.
    #[must_use]
    pub fn of(message: &'m Message) -> Self {
        Self {
            headers: &message.headers,
            method: &message.method,
            target: &message.target,
            url: None,
            body: Some(&message.body),
        }
    }

    /// Whether the first value at a source is text, byte for byte.
    fn is_text(&self, source: &Source) -> bool {
        match source {
            Source::Header(name) => self.headers.text(name).is_some(),
            Source::Body(_) | Source::Signature => true,
        }
    }

    /// The values at a source; the signature header's own entries are not among them.
    pub(super) fn values(&self, source: &Source) -> Vec<String> {
        match source {
            Source::Header(name) => self
                .headers
                .all(name)
                .map(|v| String::from_utf8_lossy(v).into_owned())
                .collect(),
            Source::Body(pointer) => self
                .body
                .and_then(|body| json::scalar(body, pointer))
                .into_iter()
                .collect(),
            Source::Signature => Vec::new(),
        }
    }
}

/// Reads what is presented; what cannot be judged at all is a verdict already.
pub(super) fn read<'m>(scheme: &Scheme, envelope: &Envelope<'m>) -> Result<Presented<'m>, Verdict> {
    let value = signature_value(scheme, envelope)?;
    let form = || Verdict::Invalid(Invalid::Form(scheme.form()));
    let found = scheme.value.read(value).ok_or_else(form)?;
    if found.signatures.len() > MOST_SIGNATURES {
        return Err(Verdict::Invalid(Invalid::TooMany(found.signatures.len())));
    }
    let timestamp = timestamp(scheme, envelope, &found)?;
    let id = id(scheme, envelope)?;
    Ok(Presented {
        signatures: found.signatures,
        folded: found.folded,
        timestamp,
        id,
    })
}

fn signature_value<'m>(scheme: &Scheme, envelope: &Envelope<'m>) -> Result<&'m [u8], Verdict> {
    let names = std::iter::once(&scheme.header).chain(&scheme.aliases);
    let mut values = envelope.headers.iter().filter_map(|(name, value)| {
        names
            .clone()
            .any(|n| n.eq_ignore_ascii_case(name))
            .then_some(value)
    });
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (Some(_), Some(_)) => Err(Verdict::Ambiguous(Ambiguity::Signatures)),
        (None, _) => Err(Verdict::Unsigned {
            header: Some(scheme.header.clone()),
        }),
    }
}

fn timestamp(
    scheme: &Scheme,
    envelope: &Envelope<'_>,
    found: &Found<'_>,
) -> Result<Option<String>, Verdict> {
    let Some(rule) = &scheme.timestamp else {
        return Ok(None);
    };
    let mut values = match rule.from {
        Source::Signature => found
            .timestamps
            .iter()
            .map(|t| String::from_utf8_lossy(t).into_owned())
            .collect(),
        _ => envelope.values(&rule.from),
    };
    match values.len() {
        0 if scheme.signs_timestamp() => Err(Verdict::Invalid(Invalid::TimestampMissing)),
        0 | 1 => Ok(values.pop()),
        _ => Err(Verdict::Ambiguous(Ambiguity::Timestamps)),
    }
}

fn id(scheme: &Scheme, envelope: &Envelope<'_>) -> Result<Option<String>, Verdict> {
    let source = scheme.id.as_ref().filter(|_| scheme.signs.has(&Field::Id));
    let Some(source) = source else {
        return Ok(None);
    };
    let mut values = envelope.values(source);
    match values.len() {
        0 => Err(Verdict::Invalid(Invalid::Missing(Field::Id))),
        // What is signed is bytes: no others may pass for them by reading alike.
        1 if !envelope.is_text(source) => Err(Verdict::Invalid(Invalid::Mismatch)),
        1 => Ok(values.pop()),
        _ => Err(Verdict::Ambiguous(Ambiguity::Ids)),
    }
}
