//! Makes a signature.

use thiserror::Error;

use crate::message::Headers;

use super::algorithm::Code;
use super::{Encoding, Field, Key, Scheme, Template, ValueForm};

/// What a signature may cover beside the body.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'f> {
    /// The timestamp as it goes on the wire.
    pub timestamp: &'f str,
    /// The webhook id.
    pub id: Option<&'f str>,
    /// The URL as the sender calls it.
    pub url: Option<&'f str>,
    /// The request method.
    pub method: &'f str,
    /// The other header lines.
    pub headers: &'f Headers,
}

/// The header line that carries a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The header's name.
    pub header: String,
    /// The header's value, for example `sha256=…`.
    pub value: Vec<u8>,
}

/// Why a signature cannot be made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignError {
    /// The scheme signs something that was not given.
    #[error("the signature covers the {0}, and none was given")]
    Missing(Field),
}

/// A signature under way, over a body that comes in pieces.
pub struct Signer<'s> {
    code: Option<Code>,
    token: Vec<u8>,
    /// What is signed after the body; `None` where the body is not covered.
    after: Option<Vec<u8>>,
    encoding: Encoding,
    header: &'s str,
    value: &'s ValueForm,
    timestamp: String,
    spoiled: bool,
}

impl<'s> Signer<'s> {
    /// Starts a signature; everything it covers before the body is taken in at once.
    pub fn new(scheme: &'s Scheme, key: &Key, facts: &Facts<'_>) -> Result<Self, SignError> {
        let (before, after) = around_body(&scheme.signs, facts)?;
        let mut code = key.code();
        if let Some(code) = &mut code {
            code.update(&before);
        }
        Ok(Self {
            token: if code.is_none() {
                key.secret().expose().to_vec()
            } else {
                Vec::new()
            },
            code,
            after,
            encoding: scheme.encoding,
            header: &scheme.header,
            value: &scheme.value,
            timestamp: facts.timestamp.to_owned(),
            spoiled: false,
        })
    }

    /// Takes in the next piece of the body, where the body is covered.
    pub fn update(&mut self, piece: &[u8]) {
        if let (Some(code), Some(_)) = (&mut self.code, &self.after) {
            code.update(piece);
        }
    }

    /// Writes another timestamp beside the signature than the one it covers.
    #[must_use]
    pub fn presenting(mut self, timestamp: &str) -> Self {
        timestamp.clone_into(&mut self.timestamp);
        self
    }

    /// Changes one character of the signature, to one that every encoding has.
    #[must_use]
    pub fn spoiled(mut self) -> Self {
        self.spoiled = true;
        self
    }

    /// The finished header line.
    #[must_use]
    pub fn finish(self) -> Signature {
        let mut text = match self.code {
            Some(mut code) => {
                code.update(&self.after.unwrap_or_default());
                self.encoding.encode(&code.finish()).into_bytes()
            }
            None => self.token,
        };
        if let Some(first) = text.first_mut().filter(|_| self.spoiled) {
            *first = if *first == b'a' { b'b' } else { b'a' };
        }
        Signature {
            header: self.header.to_owned(),
            value: self.value.write(&text, &self.timestamp),
        }
    }
}

/// Signs a whole body.
///
/// ```
/// use wh::message::Headers;
/// use wh::provider::builtin;
/// use wh::signature::{Facts, Key, Secret, sign};
///
/// let scheme = builtin("cepro").unwrap().schemes.remove(0);
/// let key = Key::new(&scheme, &Secret::new("secret"))?;
/// let facts = Facts { timestamp: "", id: None, url: None, method: "POST", headers: &Headers::new() };
/// let line = sign(&scheme, &key, &facts, b"{}")?;
/// assert_eq!(line.header, "X-Webhook-Signature");
/// assert_eq!(line.value, b"77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(
    scheme: &Scheme,
    key: &Key,
    facts: &Facts<'_>,
    body: &[u8],
) -> Result<Signature, SignError> {
    let mut signer = Signer::new(scheme, key, facts)?;
    signer.update(body);
    Ok(signer.finish())
}

/// What is signed before and after the body; the second is `None` where the body is not covered.
pub(super) fn around_body(
    signs: &Template,
    facts: &Facts<'_>,
) -> Result<(Vec<u8>, Option<Vec<u8>>), SignError> {
    let (before, after) = signs.around_body();
    let fill = |template: &Template| {
        template
            .fill(|field| fact(field, facts))
            .map_err(SignError::Missing)
    };
    Ok((fill(&before)?, after.as_ref().map(fill).transpose()?))
}

fn fact(field: &Field, facts: &Facts<'_>) -> Option<Vec<u8>> {
    let bytes = match field {
        Field::Timestamp => facts.timestamp.as_bytes(),
        Field::Id => facts.id?.as_bytes(),
        Field::Url => facts.url?.as_bytes(),
        Field::Method => facts.method.as_bytes(),
        Field::Header(name) => facts.headers.first(name)?,
        _ => return None,
    };
    Some(bytes.to_vec())
}

impl Scheme {
    /// The bytes that are signed, body included: what a receiver has to build itself.
    pub fn signed_bytes(&self, facts: &Facts<'_>, body: &[u8]) -> Result<Vec<u8>, SignError> {
        let (mut bytes, after) = around_body(&self.signs, facts)?;
        if let Some(after) = after {
            bytes.extend_from_slice(body);
            bytes.extend(after);
        }
        Ok(bytes)
    }
}
