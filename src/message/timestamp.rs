//! The forms in which platforms write the time of a delivery.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use thiserror::Error;

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampForm {
    /// Whole seconds since 1970, as decimal digits.
    Unix,
    /// Milliseconds since 1970, as decimal digits.
    UnixMs,
    /// RFC 3339 in UTC without a fraction: `2026-03-08T14:30:00Z`.
    Rfc3339,
    /// RFC 3339 in UTC with three decimals: `2026-03-08T14:30:00.000Z`.
    Rfc3339Ms,
}

/// Why a text is not a timestamp.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TimestampError {
    /// The text has another form.
    #[error("is not {0}")]
    Form(TimestampForm),
    /// The number or date lies outside the years −9999 to 9999.
    #[error("is out of range")]
    Range,
}

impl TimestampForm {
    /// Every form, for listings.
    pub const ALL: [Self; 4] = [Self::Unix, Self::UnixMs, Self::Rfc3339, Self::Rfc3339Ms];

    /// The name used in provider files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::UnixMs => "unix-ms",
            Self::Rfc3339 => "rfc3339",
            Self::Rfc3339Ms => "rfc3339-ms",
        }
    }

    /// Writes `at` in this form.
    ///
    /// ```
    /// use wh::message::TimestampForm;
    /// let at = "2026-01-28T10:30:00Z".parse()?;
    /// assert_eq!(TimestampForm::Unix.write(at), "1769596200");
    /// assert_eq!(TimestampForm::Rfc3339Ms.write(at), "2026-01-28T10:30:00.000Z");
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn write(self, at: Timestamp) -> String {
        match self {
            Self::Unix => at.as_second().to_string(),
            Self::UnixMs => at.as_millisecond().to_string(),
            Self::Rfc3339 => format!("{at:.0}"),
            Self::Rfc3339Ms => format!("{at:.3}"),
        }
    }

    /// Reads `text` strictly: ASCII digits only (no sign, no space) for the numbers; for the dates
    /// the profile of RFC 3339 §5.6, with a fraction or without.
    pub fn read(self, text: &str) -> Result<Timestamp, TimestampError> {
        match self {
            Self::Unix => number(text)
                .ok_or(TimestampError::Form(self))
                .and_then(|n| Timestamp::from_second(n).map_err(|_| TimestampError::Range)),
            Self::UnixMs => number(text)
                .ok_or(TimestampError::Form(self))
                .and_then(|n| Timestamp::from_millisecond(n).map_err(|_| TimestampError::Range)),
            Self::Rfc3339 | Self::Rfc3339Ms => {
                if !has_rfc3339_shape(text.as_bytes()) {
                    return Err(TimestampError::Form(self));
                }
                text.parse().map_err(|_| TimestampError::Range)
            }
        }
    }

    /// Reads whichever form `text` has: a date, or digits (milliseconds from twelve digits on).
    ///
    /// For timestamps that no document gives a form; never for one that is under a signature.
    pub fn read_any(text: &str) -> Result<Timestamp, TimestampError> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match (digits, text.len()) {
            (true, ..12) => Self::Unix.read(text),
            (true, _) => Self::UnixMs.read(text),
            (false, _) => Self::Rfc3339.read(text),
        }
    }
}

impl fmt::Display for TimestampForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unix => "Unix seconds",
            Self::UnixMs => "Unix milliseconds",
            Self::Rfc3339 => "RFC 3339",
            Self::Rfc3339Ms => "RFC 3339 with milliseconds",
        })
    }
}

impl FromStr for TimestampForm {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|form| form.name() == name)
            .ok_or(())
    }
}

/// A number of ASCII digits and nothing else, that fits `i64`.
fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `dddd-dd-ddTdd:dd:dd[.d…](Z|±dd:dd)`: jiff reads more forms than RFC 3339 has.
fn has_rfc3339_shape(text: &[u8]) -> bool {
    let fits = |text: &[u8], shape: &[u8]| {
        text.iter().zip(shape).all(|(b, s)| {
            if *s == b'd' {
                b.is_ascii_digit()
            } else {
                b == s
            }
        })
    };
    let Some((date, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let digits = match rest {
        [b'.', fraction @ ..] => 1 + fraction.iter().take_while(|b| b.is_ascii_digit()).count(),
        _ => 0,
    };
    let zone = &rest[digits..];
    fits(date, b"dddd-dd-ddTdd:dd:dd")
        && digits != 1
        && digits <= 10
        && (zone == b"Z" || zone.len() == 6 && (fits(zone, b"+dd:dd") || fits(zone, b"-dd:dd")))
}

#[cfg(test)]
mod tests {
    use super::{TimestampError, TimestampForm};

    #[test]
    fn unix_takes_ascii_digits_only() {
        for text in [
            "",
            " 1",
            "1 ",
            "+1",
            "-1",
            "1.0",
            "0x1",
            "1e3",
            "NaN",
            "١٢٣",
            "9223372036854775808",
        ] {
            assert_eq!(
                TimestampForm::Unix.read(text),
                Err(TimestampError::Form(TimestampForm::Unix)),
                "{text}"
            );
        }
        assert_eq!(
            TimestampForm::Unix.read("9223372036854775807"),
            Err(TimestampError::Range)
        );
        assert_eq!(
            TimestampForm::Unix
                .read("0")
                .map(jiff::Timestamp::as_second),
            Ok(0)
        );
    }

    #[test]
    fn rfc3339_takes_its_own_shape_only() {
        for text in [
            "2026-03-08",
            "2026-03-08 14:30:00Z",
            "2026-03-08T14:30Z",
            "20260308T143000Z",
            "2026-03-08T14:30:00",
            "2026-03-08T14:30:00.Z",
            "2026-03-08T14:30:00Z[UTC]",
            "2026-03-08T14:30:00+0100",
        ] {
            assert!(TimestampForm::Rfc3339.read(text).is_err(), "{text}");
        }
        for text in [
            "2026-03-08T14:30:00Z",
            "2026-03-08T14:30:00.123Z",
            "2026-03-08T15:30:00+01:00",
        ] {
            assert!(TimestampForm::Rfc3339Ms.read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn any_form_is_told_by_its_shape() {
        let at = |text| TimestampForm::read_any(text).map(jiff::Timestamp::as_millisecond);
        assert_eq!(at("1772980200"), Ok(1_772_980_200_000));
        assert_eq!(at("1772980200000"), Ok(1_772_980_200_000));
        assert_eq!(at("2026-03-08T14:30:00Z"), Ok(1_772_980_200_000));
    }
}
