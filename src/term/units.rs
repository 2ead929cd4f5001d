//! How sizes, durations and times read.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

const SECOND: u128 = 1_000;
const MINUTE: u128 = 60 * SECOND;
const HOUR: u128 = 60 * MINUTE;
const DAY: u128 = 24 * HOUR;

/// A size: `512 B`, `1.5 KiB`, `25 MiB`.
///
/// Exact below 1 KiB; above, rounded to the nearest tenth (halves up), and a tenth of 0 is left
/// out. What would round to 1024 is 1 of the next unit.
pub(crate) fn bytes(size: u64) -> String {
    if size < 1024 {
        return format!("{size} B");
    }
    let mut unit: u128 = 1;
    let mut tenths = u128::MAX;
    let mut name = "";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
        unit *= 1024;
        tenths = (u128::from(size) * 10 + unit / 2) / unit;
        name = next;
        if tenths < 10_240 {
            break;
        }
    }
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        tenth => format!("{}.{tenth} {name}", tenths / 10),
    }
}

/// A number with its thousands apart: `1,204`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A length of time: `23ms`, `1.2s`, `59.9s`, `7m12s`, `2h03m`, `3d4h`.
///
/// Rounded to the nearest step (halves up): below 1 s a millisecond, below 1 min a tenth of a
/// second, below 1 h a second, below 1 d a minute, above that an hour. What rounds up to the next
/// form takes it: 59.96 s is `1m`. A second part of 0 is left out: `10s`, `5m`. What is not 0 but
/// less than half a millisecond is `<1ms`.
pub(crate) fn duration(length: Duration) -> String {
    let to = |step_ms: u128| {
        let step = step_ms * 1_000_000;
        (length.as_nanos() + step / 2) / step * step_ms
    };
    if to(1) == 0 && !length.is_zero() {
        return "<1ms".to_owned();
    }
    if to(1) < SECOND {
        return format!("{}ms", to(1));
    }
    if to(100) < MINUTE {
        return match to(100) % SECOND {
            0 => format!("{}s", to(100) / SECOND),
            rest => format!("{}.{}s", to(100) / SECOND, rest / 100),
        };
    }
    if to(SECOND) < HOUR {
        return pair(to(SECOND), (MINUTE, "m"), (SECOND, "s"), 2);
    }
    if to(MINUTE) < DAY {
        return pair(to(MINUTE), (HOUR, "h"), (MINUTE, "m"), 2);
    }
    pair(to(HOUR), (DAY, "d"), (HOUR, "h"), 1)
}

/// A length of time as [`duration`] has it, but to a tenth of a millisecond below 10 ms: `0.4ms`,
/// `<0.1ms`. For answers that come from the same machine.
pub(crate) fn latency(length: Duration) -> String {
    let tenths = (length.as_micros() + 50) / 100;
    match (tenths / 10, tenths % 10) {
        (0, 0) if !length.is_zero() => "<0.1ms".to_owned(),
        (10.., _) | (_, 0) => duration(length),
        (whole, tenth) => format!("{whole}.{tenth}ms"),
    }
}

/// Whole units and then the rest in smaller ones, of at least so many digits; no rest, nothing.
fn pair(ms: u128, whole: (u128, &str), rest: (u128, &str), digits: usize) -> String {
    let count = ms / whole.0;
    match ms % whole.0 / rest.0 {
        0 => format!("{count}{}", whole.1),
        more => format!("{count}{}{more:0digits$}{}", whole.1, rest.1),
    }
}

/// The time of day in a time zone: `14:02:11`. Fractions of a second are dropped.
pub(crate) fn clock(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use jiff::tz::{TimeZone, offset};

    use super::{bytes, clock, count, duration, latency};

    #[test]
    fn sizes() {
        for (size, expected) in [
            (0, "0 B"),
            (1, "1 B"),
            (512, "512 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1075, "1 KiB"),
            (1076, "1.1 KiB"),
            (1536, "1.5 KiB"),
            (102_400, "100 KiB"),
            (1_048_524, "1023.9 KiB"),
            (1_048_525, "1 MiB"),
            (1_048_576, "1 MiB"),
            (26_214_400, "25 MiB"),
            (5_000_000_000, "4.7 GiB"),
            (1 << 40, "1 TiB"),
            (1 << 50, "1 PiB"),
            (u64::MAX, "16 EiB"),
        ] {
            assert_eq!(bytes(size), expected, "{size}");
        }
    }

    #[test]
    fn numbers() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1204, "1,204"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn durations() {
        for (micros, expected) in [
            (0, "0ms"),
            (1, "<1ms"),
            (499, "<1ms"),
            (500, "1ms"),
            (23_000, "23ms"),
            (23_500, "24ms"),
            (999_499, "999ms"),
            (999_500, "1s"),
            (1_200_000, "1.2s"),
            (1_249_999, "1.2s"),
            (1_250_000, "1.3s"),
            (10_000_000, "10s"),
            (59_900_000, "59.9s"),
            (59_949_999, "59.9s"),
            (59_950_000, "1m"),
            (65_000_000, "1m05s"),
            (300_000_000, "5m"),
            (432_000_000, "7m12s"),
            (3_599_499_999, "59m59s"),
            (3_599_500_000, "1h"),
            (7_380_000_000, "2h03m"),
            (86_369_999_999, "23h59m"),
            (86_370_000_000, "1d"),
            (273_600_000_000, "3d4h"),
            (864_000_000_000, "10d"),
        ] {
            assert_eq!(
                duration(Duration::from_micros(micros)),
                expected,
                "{micros}"
            );
        }
        assert_eq!(duration(Duration::MAX), "213503982334601d7h");
    }

    #[test]
    fn short_times_have_their_tenths() {
        for (micros, expected) in [
            (0, "0ms"),
            (49, "<0.1ms"),
            (50, "0.1ms"),
            (420, "0.4ms"),
            (1_000, "1ms"),
            (1_020, "1ms"),
            (2_350, "2.4ms"),
            (9_949, "9.9ms"),
            (9_960, "10ms"),
            (23_400, "23ms"),
            (1_200_000, "1.2s"),
        ] {
            assert_eq!(latency(Duration::from_micros(micros)), expected, "{micros}");
        }
    }

    #[test]
    fn a_clock_reads_in_its_zone() {
        let at: Timestamp = "2026-03-01T13:02:11.987Z".parse().expect("RFC 3339");
        assert_eq!(clock(at, &TimeZone::UTC), "13:02:11");
        let east = TimeZone::fixed(offset(11));
        assert_eq!(clock(at, &east), "00:02:11");
    }
}
