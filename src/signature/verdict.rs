//! What verification found, in words.

use std::fmt;

use jiff::SignedDuration;
use jiff::fmt::friendly::{Spacing, SpanPrinter};

use crate::message::TimestampError;

use super::Field;

/// What verification found. Signature, timestamp and presence are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The signature matches and the timestamp is within the tolerance.
    Valid(Valid),
    /// The signature is there and wrong.
    Invalid(Invalid),
    /// The signature matches, but the timestamp lies too far from now.
    Stale {
        /// How old the timestamp is; negative where it lies ahead.
        age: SignedDuration,
        /// How far it might have been.
        tolerance: SignedDuration,
        /// On which side of now it lies.
        direction: Direction,
    },
    /// Something that must stand once stands twice.
    Ambiguous(Ambiguity),
    /// A secret is given, and the delivery carries no signature.
    Unsigned {
        /// The header that is missing; `None`: there is none that any known provider sends.
        header: Option<String>,
    },
    /// Nothing was verified.
    Unchecked(Unchecked),
}

/// A valid signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Valid {
    /// Which of the secrets matched, from 0.
    pub secret: usize,
    /// How old the timestamp is, where there is one that can be read.
    pub age: Option<SignedDuration>,
    /// Whether the timestamp is unsigned and more than five minutes from now.
    pub skewed: bool,
    /// Whether a secret also stands in the query string, where logs keep it.
    pub secret_in_query: bool,
    /// Whether the word before a token is in another letter case than the platform's. It is the same
    /// word (RFC 9110 §11.1), and a receiver that compares texts refuses it.
    pub folded: bool,
}

/// Why a signature is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// It is another signature.
    Mismatch,
    /// It is not written as the scheme writes signatures; the form that was expected.
    Form(String),
    /// There are more entries than anyone sends.
    TooMany(usize),
    /// The timestamp is missing, and it is signed or bounded.
    TimestampMissing,
    /// The timestamp cannot be read.
    Timestamp(TimestampError),
    /// Something else that is under the signature is missing.
    Missing(Field),
    /// The token is another one.
    Token,
    /// The secret stands in the query string only.
    QueryOnly,
    /// None of the secrets that are given can be its key, so nobody can vouch for it.
    NoKey,
}

/// Something that stands twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// Two signature headers.
    Signatures,
    /// Two timestamps.
    Timestamps,
    /// Two webhook ids, under the signature.
    Ids,
    /// Two lines of another header that is under the signature.
    Header(String),
}

/// A side of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Too old.
    Past,
    /// Too far ahead.
    Future,
}

/// Why nothing was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchecked {
    /// No secret was given.
    NoSecret,
    /// The value that would be verified was redacted when the delivery was stored.
    Redacted,
}

impl Verdict {
    /// Whether the delivery may be believed.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Valid(_))
    }

    /// Whether something is wrong: then it can be asked what. Of what was not verified nobody knows.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Valid(_) | Self::Unchecked(_))
    }

    /// One word: `valid`, `invalid`, `stale`, `ambiguous`, `unsigned` or `unchecked`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Valid(_) => "valid",
            Self::Invalid(_) => "invalid",
            Self::Stale { .. } => "stale",
            Self::Ambiguous(_) => "ambiguous",
            Self::Unsigned { .. } => "unsigned",
            Self::Unchecked(_) => "unchecked",
        }
    }

    /// The reason in words, for everything but a plainly valid signature.
    ///
    /// Nothing in it is derived from the secret, so it may be shown to anyone.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Valid(valid) => valid.remark(),
            Self::Invalid(invalid) => Some(invalid.to_string()),
            Self::Stale {
                age,
                tolerance,
                direction: Direction::Past,
            } => Some(format!(
                "signature valid, {} old, tolerance {}",
                short(*age),
                short(*tolerance)
            )),
            Self::Stale {
                age,
                tolerance,
                direction: Direction::Future,
            } => Some(format!(
                "signature valid, {} in the future, tolerance {}",
                short(age.abs()),
                short(*tolerance)
            )),
            Self::Ambiguous(Ambiguity::Signatures) => Some("two signature headers".to_owned()),
            Self::Ambiguous(Ambiguity::Timestamps) => Some("two timestamps".to_owned()),
            Self::Ambiguous(Ambiguity::Ids) => Some("two webhook ids".to_owned()),
            Self::Ambiguous(Ambiguity::Header(name)) => Some(format!("two `{name}` headers")),
            Self::Unsigned {
                header: Some(header),
            } => Some(format!("no `{header}` header")),
            Self::Unsigned { header: None } => Some("no provider's headers fit".to_owned()),
            Self::Unchecked(Unchecked::NoSecret) => Some("no secret given".to_owned()),
            Self::Unchecked(Unchecked::Redacted) => Some("the value is redacted".to_owned()),
        }
    }

    /// What a receiver should know of a delivery that it accepts, each in a sentence.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        match self {
            Self::Valid(valid) => valid.warnings(),
            _ => Vec::new(),
        }
    }
}

impl Valid {
    fn remark(&self) -> Option<String> {
        let warnings = self.warnings();
        (!warnings.is_empty()).then(|| warnings.join("; "))
    }

    fn warnings(&self) -> Vec<String> {
        let skew = self.age.filter(|_| self.skewed).map(|age| {
            let side = if age.is_negative() { "ahead" } else { "old" };
            format!("the unsigned timestamp is {} {side}", short(age.abs()))
        });
        let query = self
            .secret_in_query
            .then(|| "a secret stands in the query string too".to_owned());
        let folded = self.folded.then(|| {
            "the word before the token is in another letter case, which strict receivers refuse"
                .to_owned()
        });
        skew.into_iter().chain(query).chain(folded).collect()
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch => f.write_str("the signature does not match"),
            Self::Form(form) => write!(f, "the signature is not of the form {form}"),
            Self::TooMany(entries) => write!(f, "{entries} signatures in one header"),
            Self::TimestampMissing => f.write_str("the timestamp is missing"),
            Self::Timestamp(error) => write!(f, "the timestamp {error}"),
            Self::Missing(field) => write!(f, "the signed {field} is missing"),
            Self::Token => f.write_str("the token does not match"),
            Self::QueryOnly => f.write_str("the secret is in the query string only"),
            Self::NoKey => f.write_str("no secret that is given can be its key"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            Some(reason) => write!(f, "{}: {reason}", self.kind()),
            None => f.write_str(self.kind()),
        }
    }
}

/// Whole seconds as `7m12s`; from two days on days and hours, as `296d10h`.
pub(super) fn short(duration: SignedDuration) -> String {
    let hours = duration.as_hours();
    if hours >= 48 {
        return format!("{}d{}h", hours / 24, hours % 24);
    }
    let whole = SignedDuration::from_secs(duration.as_secs());
    SpanPrinter::new()
        .spacing(Spacing::None)
        .duration_to_string(&whole)
}
