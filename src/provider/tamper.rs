//! Deliberate damage, to see whether a receiver notices it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// One byte of the body is changed after signing.
    Body,
    /// One character of the signature is changed.
    Signature,
    /// The timestamp is moved by a second after signing.
    Timestamp,
    /// Another secret signs.
    Secret,
}

/// Damage that no receiver could notice, or that is not known.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TamperError {
    /// The scheme does not cover what would be damaged.
    #[error("`{provider}` does not sign the {what}, so no receiver could notice")]
    NotCovered {
        /// The provider's id.
        provider: String,
        /// What would be damaged.
        what: Tamper,
    },
    /// There is no secret, hence no signature to contradict.
    #[error("there is nothing to tamper with: no secret is given, so nothing is signed")]
    Unsigned,
}

impl Tamper {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Body, Self::Signature, Self::Timestamp, Self::Secret];

    /// The name used on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Signature => "signature",
            Self::Timestamp => "timestamp",
            Self::Secret => "secret",
        }
    }
}

impl fmt::Display for Tamper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Tamper {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| format!("one of {}", known()))
    }
}

/// Changes one letter or digit near the end, so that what was JSON as a rule stays JSON.
pub(super) fn damage_body(body: &[u8]) -> Vec<u8> {
    let mut damaged = body.to_vec();
    match damaged
        .iter_mut()
        .rev()
        .find(|byte| byte.is_ascii_alphanumeric())
    {
        Some(byte) if byte.is_ascii_digit() => *byte = b'0' + (*byte - b'0' + 1) % 10,
        Some(byte) => *byte ^= 0x20,
        None => damaged.push(b' '),
    }
    damaged
}

#[cfg(test)]
mod tests {
    use super::damage_body;

    #[test]
    fn one_byte_changes() {
        for bytes in [
            &br#"{"total":250.0}"#[..],
            br#"{"a":"z9"}"#,
            b"{\"a\":true}",
            b"",
            b"{}",
            b"\xff\xfe",
        ] {
            let damaged = damage_body(bytes);
            let changed = damaged.iter().zip(bytes).filter(|(a, b)| a != b).count();
            assert_eq!(changed + damaged.len() - bytes.len(), 1);
        }
    }
}
