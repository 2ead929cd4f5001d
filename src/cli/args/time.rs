//! Points in time and tolerances.

use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::cli::error::Error;
use crate::message::{DurationError, TimestampForm, parse_duration};
use crate::provider::Provider;
use crate::signature::Tolerance;

/// How far a timestamp may lie from now; `None` is `off`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToleranceArg(pub(crate) Option<SignedDuration>);

/// A length of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DurationArg(pub(crate) Duration);

/// A point in time: RFC 3339, Unix seconds or milliseconds, or an offset from now (`-10m`, `+1h`).
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeArg {
    /// A fixed one.
    At(Timestamp),
    /// One that lies this far from now.
    FromNow(SignedDuration),
}

impl ToleranceArg {
    /// Makes it the rule of a provider, whatever its own one is.
    pub(crate) fn hold(self, provider: &mut Provider) {
        let tolerance = self.0.map(Tolerance::both).unwrap_or_default();
        let schemes = provider.schemes.iter_mut();
        let rules = schemes.filter_map(|scheme| scheme.timestamp.as_mut());
        rules.for_each(|rule| rule.tolerance = tolerance);
    }
}

impl TimeArg {
    /// The point in time; an offset may lead out of the years that there are.
    pub(crate) fn resolve(self, now: Timestamp) -> Result<Timestamp, Error> {
        match self {
            Self::At(at) => Ok(at),
            Self::FromNow(offset) => now
                .checked_add(offset)
                .map_err(|_| Error::usage("the offset leads out of the years -9999 to 9999")),
        }
    }
}

impl FromStr for ToleranceArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self(None)),
            text => parse_duration(text)
                .map(|d| Self(Some(d)))
                .map_err(|error| format!("{error}, or `off`")),
        }
    }
}

impl FromStr for DurationArg {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        parse_duration(text).map(|length| Self(length.unsigned_abs()))
    }
}

impl FromStr for TimeArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let offset = |text| parse_duration(text).map_err(|error| error.to_string());
        if text == "now" {
            Ok(Self::FromNow(SignedDuration::ZERO))
        } else if let Some(rest) = text.strip_prefix('-') {
            offset(rest).map(|back| Self::FromNow(-back))
        } else if let Some(rest) = text.strip_prefix('+') {
            offset(rest).map(Self::FromNow)
        } else {
            let wrong = "write RFC 3339, Unix seconds, or an offset such as -10m";
            TimestampForm::read_any(text)
                .map(Self::At)
                .map_err(|error| format!("`{text}` {error}: {wrong}"))
        }
    }
}
