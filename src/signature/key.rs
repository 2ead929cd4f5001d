//! A secret made ready for one scheme.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use thiserror::Error;

use super::algorithm::Code;
use super::{KeyDecoding, KeyRule, Scheme, Secret};

/// A secret, decoded and keyed once, so that each delivery costs only its own bytes.
#[derive(Clone)]
pub struct Key {
    secret: Secret,
    code: Option<Code>,
}

/// Why a secret cannot be a key of the scheme.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// There are no bytes in it.
    #[error("the secret is empty")]
    Empty,
    /// The scheme wants base64.
    #[error("the secret is not base64{}, which this provider's secrets are", after(.0.as_deref()))]
    Base64(Option<String>),
    /// The scheme wants hexadecimal digits.
    #[error("the secret is not hexadecimal{}, which this provider's secrets are", after(.0.as_deref()))]
    Hex(Option<String>),
}

fn after(prefix: Option<&str>) -> String {
    prefix
        .map(|prefix| format!(" after `{prefix}`"))
        .unwrap_or_default()
}

impl Key {
    /// Decodes the secret by the scheme's rule and keys the algorithm with it.
    pub fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, KeyError> {
        let key = decode(&scheme.key, secret.expose())?;
        Ok(Self {
            secret: secret.clone(),
            code: Code::new(scheme.algorithm, key.expose()),
        })
    }

    /// A key that is certainly another one.
    #[must_use]
    pub fn another(&self, scheme: &Scheme) -> Self {
        let secret = Secret::new([self.secret.expose(), b"-another"].concat());
        let code = Code::new(scheme.algorithm, secret.expose());
        Self { secret, code }
    }

    /// A key of these bytes as they are, of none at all among them: what a program verifies with that
    /// was started without its secret.
    pub(crate) fn of_bytes(scheme: &Scheme, bytes: &[u8]) -> Self {
        Self {
            secret: Secret::new(bytes),
            code: Code::new(scheme.algorithm, bytes),
        }
    }

    /// The HMAC-SHA256 of some bytes under the secret as it was given, whatever the scheme, in
    /// lower-case hexadecimal digits.
    ///
    /// For whoever has proved to have the secret alone: what these bytes are may be a message that
    /// somebody wants signed.
    #[must_use]
    pub fn vouch_for(&self, bytes: &[u8]) -> String {
        let mut code = Code::sha256(self.secret.expose());
        code.update(bytes);
        hex::encode(code.finish())
    }

    /// The same secret as a key of another scheme.
    pub(crate) fn under(&self, scheme: &Scheme) -> Result<Self, KeyError> {
        Self::new(scheme, &self.secret)
    }

    /// The secret as it goes out with every message; `None` where it never does.
    pub(crate) fn token(&self, scheme: &Scheme) -> Option<&[u8]> {
        scheme.value.has_secret().then(|| self.secret.expose())
    }

    /// A fresh code under this key; `None` for token schemes.
    pub(super) fn code(&self) -> Option<Code> {
        self.code.clone()
    }

    /// The secret as it was given, for token schemes.
    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }
}

impl Scheme {
    /// A secret as this scheme's are written, of these bytes, which must be random.
    pub(crate) fn secret_of(&self, bytes: &[u8]) -> Secret {
        let rule = &self.key;
        let text = match rule.decode {
            KeyDecoding::Utf8 | KeyDecoding::Hex => hex::encode(bytes),
            KeyDecoding::Base64 => STANDARD.encode(bytes),
        };
        Secret::new([rule.strip.as_deref().unwrap_or_default(), &text].concat())
    }
}

/// The key that a rule makes of the text of a secret.
pub(super) fn decode(rule: &KeyRule, given: &[u8]) -> Result<Secret, KeyError> {
    let prefix = rule.strip.as_deref().unwrap_or_default().as_bytes();
    let rest = given.strip_prefix(prefix).unwrap_or(given);
    let bytes = match rule.decode {
        KeyDecoding::Utf8 => rest.to_vec(),
        KeyDecoding::Base64 => STANDARD
            .decode(rest)
            .or_else(|_| STANDARD_NO_PAD.decode(rest))
            .map_err(|_| KeyError::Base64(rule.strip.clone()))?,
        KeyDecoding::Hex => hex::decode(rest).map_err(|_| KeyError::Hex(rule.strip.clone()))?,
    };
    if bytes.is_empty() {
        Err(KeyError::Empty)
    } else {
        Ok(Secret::new(bytes))
    }
}
