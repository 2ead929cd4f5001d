//! Durations as people and provider files write them.

use jiff::{SignedDuration, Span, SpanRelativeTo};
use thiserror::Error;

/// A text that is not a duration.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a duration: write for example `300s`, `5m`, `2h` or `1d`")]
pub struct DurationError(String);

/// Reads `300s`, `5m`, `1h30m`, `250ms`, `1d` (24 hours), or digits alone as seconds; never negative.
///
/// ```
/// use wh::message::parse_duration;
/// assert_eq!(parse_duration("7m12s").unwrap().as_secs(), 432);
/// assert_eq!(parse_duration("0").unwrap().as_secs(), 0);
/// ```
pub fn parse_duration(text: &str) -> Result<SignedDuration, DurationError> {
    let error = || DurationError(text.to_owned());
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text
            .parse()
            .map(SignedDuration::from_secs)
            .map_err(|_| error());
    }
    let span: Span = text.parse().map_err(|_| error())?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| error())?;
    if duration.is_negative() {
        Err(error())
    } else {
        Ok(duration)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_duration;

    #[test]
    fn what_is_not_a_duration_is_refused() {
        for text in [
            "",
            "x",
            "-5m",
            "5 parsecs",
            "1mo",
            "99999999999999999999",
            "1.5.2s",
            "off",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
