//! The values of a term: times, sizes, durations, numbers.

use std::time::Duration;

use jiff::Timestamp;

use crate::message::{TimestampForm, parse_duration, quoted};

/// From how many digits on a number is a Unix time and not seconds back: since 1973.
const UNIX_DIGITS: usize = 9;

/// The units of sizes, by their lower-case names.
const UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("b", 1),
    ("k", 1_000),
    ("kb", 1_000),
    ("kib", 1 << 10),
    ("m", 1_000_000),
    ("mb", 1_000_000),
    ("mib", 1 << 20),
    ("g", 1_000_000_000),
    ("gb", 1_000_000_000),
    ("gib", 1 << 30),
];

/// A time: a duration back from now, RFC 3339, or Unix seconds or milliseconds.
pub(super) fn time(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let wrong = || {
        let text = quoted(text);
        format!("{text} is not a time: write for example `10m` (ago) or `2026-03-08T14:30:00Z`")
    };
    let is_unix = text.len() >= UNIX_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    if !is_unix && let Ok(back) = parse_duration(text) {
        return now.checked_sub(back).map_err(|_| wrong());
    }
    TimestampForm::read_any(text).map_err(|_| wrong())
}

/// A duration.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| {
            let text = quoted(text);
            format!("{text} is not a duration: write for example `250ms` or `2s`")
        })
}

/// Bytes: `20kb`, `1.5MiB`, `300`.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.to_ascii_lowercase();
    let unit = UNITS.iter().find(|(name, _)| *name == unit);
    unit.and_then(|(_, unit)| times(number, *unit))
        .ok_or_else(|| {
            let text = quoted(text);
            format!("{text} is not a size: write for example `300`, `20kb` or `1.5MiB`")
        })
}

/// A decimal number times a unit, rounded down.
fn times(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    // More digits than any unit has.
    let fraction = fraction.get(..12).unwrap_or(fraction);
    let divisor = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let part = u128::from(unit) * fraction.parse::<u128>().ok()? / divisor;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(unit)?
        .checked_add(u64::try_from(part).ok()?)
}

/// The number of an attempt.
pub(super) fn attempt(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{} is not the number of an attempt", quoted(text)))
}

/// How often something is to come.
pub(super) fn count(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| {
            let text = quoted(text);
            format!("{text} is no number of deliveries: write for example `count:2`")
        })
}

/// `yes` or `no`.
pub(super) fn yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("{} is neither yes nor no", quoted(text))),
    }
}

/// The name that is most like a text, where one is like it at all.
pub(super) fn nearest<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let text: String = text
        .chars()
        .take(40)
        .collect::<String>()
        .to_ascii_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(name, &text), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{attempt, duration, nearest, size, time};

    #[test]
    fn sizes_are_decimal_or_binary() {
        for (text, bytes) in [
            ("0", Some(0)),
            ("300", Some(300)),
            ("300b", Some(300)),
            ("20kb", Some(20_000)),
            ("20k", Some(20_000)),
            ("1MiB", Some(1 << 20)),
            ("1.5mib", Some(3 << 19)),
            ("0.001kb", Some(1)),
            ("0.1b", Some(0)),
            ("1.", None),
            (".5kb", None),
            ("1.2.3", None),
            ("kb", None),
            ("-1", None),
            ("1 kb", None),
            ("1xb", None),
            ("99999999999gib", None),
            ("", None),
        ] {
            assert_eq!(size(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn times_are_durations_back_or_dates_or_unix() {
        let now = Timestamp::from_second(1_000_000_000).expect("a time");
        for (text, second) in [
            ("10m", Some(999_999_400)),
            ("60", Some(999_999_940)),
            ("0", Some(1_000_000_000)),
            ("1d12h", Some(999_870_400)),
            ("123456789", Some(123_456_789)),
            ("1772980200", Some(1_772_980_200)),
            ("1772980200000", Some(1_772_980_200)),
            ("2026-03-08T14:30:00Z", Some(1_772_980_200)),
            ("2026-03-08T15:30:00+01:00", Some(1_772_980_200)),
            ("999999999h", None),
            ("-10m", None),
            ("2026-03-08", None),
            ("yesterday", None),
            ("", None),
        ] {
            let read = time(text, now).map(Timestamp::as_second);
            assert_eq!(read.ok(), second, "{text}");
        }
    }

    #[test]
    fn other_values_are_strict() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert!(duration("fast").is_err());
        assert_eq!(attempt("3"), Ok(3));
        for text in ["0", "-1", "", "one", "4294967296"] {
            assert!(attempt(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_what_is_like_a_name_is_near_it() {
        for (text, name) in [
            ("evnt", Some("event")),
            ("EVENT", Some("event")),
            ("http", None),
            ("", None),
        ] {
            assert_eq!(
                nearest(text, ["event", "status"].into_iter()),
                name,
                "{text}"
            );
        }
    }
}
