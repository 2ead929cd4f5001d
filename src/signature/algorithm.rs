//! The algorithms and encodings.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-1 (RFC 2104, RFC 2202).
    HmacSha1,
    /// HMAC with SHA-256 (RFC 2104, RFC 4231).
    HmacSha256,
    /// HMAC with SHA-512 (RFC 2104, RFC 4231).
    HmacSha512,
    /// No signature: the secret itself is sent.
    Token,
}

/// How the bytes of a signature are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Lower-case hexadecimal digits.
    Hex,
    /// Standard base64 with padding (RFC 4648 §4).
    Base64,
}

impl Algorithm {
    /// Every algorithm, for listings.
    pub const ALL: [Self; 4] = [
        Self::HmacSha1,
        Self::HmacSha256,
        Self::HmacSha512,
        Self::Token,
    ];

    /// The name used in provider files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "hmac-sha1",
            Self::HmacSha256 => "hmac-sha256",
            Self::HmacSha512 => "hmac-sha512",
            Self::Token => "token",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Encoding {
    /// The name used in provider files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    /// Writes the bytes of a signature.
    #[must_use]
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
        }
    }

    /// Reads a signature strictly: hex in lower case only, base64 in its one canonical form.
    #[must_use]
    pub fn decode(self, text: &[u8]) -> Option<Vec<u8>> {
        match self {
            _ if text.is_empty() => None,
            Self::Hex if text.iter().any(u8::is_ascii_uppercase) => None,
            Self::Hex => hex::decode(text).ok(),
            Self::Base64 => STANDARD.decode(text).ok(),
        }
    }
}

/// A message authentication code under way.
#[derive(Clone)]
pub(crate) enum Code {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

/// HMAC takes a key of any length (RFC 2104 §3).
const ANY_LENGTH: &str = "an HMAC key may have any length";

impl Code {
    /// Starts a code; `None` for an algorithm that makes none.
    pub(crate) fn new(algorithm: Algorithm, key: &[u8]) -> Option<Self> {
        Some(match algorithm {
            Algorithm::HmacSha1 => Self::Sha1(Hmac::new_from_slice(key).expect(ANY_LENGTH)),
            Algorithm::HmacSha256 => Self::sha256(key),
            Algorithm::HmacSha512 => Self::Sha512(Hmac::new_from_slice(key).expect(ANY_LENGTH)),
            Algorithm::Token => return None,
        })
    }

    /// Starts a code of HMAC-SHA256.
    pub(crate) fn sha256(key: &[u8]) -> Self {
        Self::Sha256(Hmac::new_from_slice(key).expect(ANY_LENGTH))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(mac) => mac.update(bytes),
            Self::Sha256(mac) => mac.update(bytes),
            Self::Sha512(mac) => mac.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Sha256(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Sha512(mac) => mac.finalize().into_bytes().to_vec(),
        }
    }

    /// Whether `tag` is the code, compared in constant time.
    pub(crate) fn matches(&self, tag: &[u8]) -> bool {
        match self.clone() {
            Self::Sha1(mac) => mac.verify_slice(tag).is_ok(),
            Self::Sha256(mac) => mac.verify_slice(tag).is_ok(),
            Self::Sha512(mac) => mac.verify_slice(tag).is_ok(),
        }
    }
}

/// Whether two secrets are equal, in a time that tells neither their content nor their length.
pub(crate) fn same_secret(one: &[u8], other: &[u8]) -> bool {
    let code = |bytes: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").expect(ANY_LENGTH);
        mac.update(bytes);
        mac
    };
    code(one)
        .verify_slice(&code(other).finalize().into_bytes())
        .is_ok()
}
