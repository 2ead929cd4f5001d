//! Sizes as people write them.

use thiserror::Error;

/// A text that is not a size.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a size: write for example `500MiB`, `20kB` or `1024`")]
pub struct SizeError(String);

/// What a unit stands for, in bytes: `kB` is a thousand, `KiB` and a bare `K` are 1024.
const UNITS: [(&str, u64); 14] = [
    ("", 1),
    ("b", 1),
    ("k", 1 << 10),
    ("kib", 1 << 10),
    ("kb", 1_000),
    ("m", 1 << 20),
    ("mib", 1 << 20),
    ("mb", 1_000_000),
    ("g", 1 << 30),
    ("gib", 1 << 30),
    ("gb", 1_000_000_000),
    ("t", 1 << 40),
    ("tib", 1 << 40),
    ("tb", 1_000_000_000_000),
];

/// Reads `500MiB`, `20kB`, `2G`, or digits alone as bytes; the case of letters counts nothing.
///
/// ```
/// use wh::message::parse_size;
/// assert_eq!(parse_size("2 KiB").unwrap(), 2048);
/// assert_eq!(parse_size("20kB").unwrap(), 20_000);
/// ```
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let error = || SizeError(text.to_owned());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| error())?;
    let unit = unit.trim_start();
    let known = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit));
    known
        .and_then(|(_, bytes)| number.checked_mul(*bytes))
        .ok_or_else(error)
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn units_are_read_in_any_case() {
        for (text, bytes) in [
            ("0", 0),
            ("17 b", 17),
            ("1K", 1024),
            ("3kb", 3000),
            ("500MiB", 524_288_000),
            ("1Gb", 1_000_000_000),
            ("2t", 2 << 40),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_size_is_refused() {
        for text in [
            "",
            "MiB",
            "-1",
            "1.5G",
            "1 parsec",
            "99999999999999999999",
            "99999999T",
        ] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
