//! How a length of time reads.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::{FractionalUnit, Spacing, SpanPrinter};

/// A length of time to about three figures: `167ms`, `10.1s`, `5m`, `2h43m`.
pub(super) fn length(length: Duration) -> String {
    let step = match length.as_secs() {
        0 => 1,
        1..10 => 10,
        10..60 => 100,
        60..3600 => 1000,
        _ => 60_000,
    };
    let ms = (length.as_micros() + 500) / 1000;
    let ms = (ms + step / 2) / step * step;
    let rounded = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
    let printer = SpanPrinter::new().spacing(Spacing::None);
    let printer = match ms {
        0..1000 => printer,
        _ => printer.fractional(Some(FractionalUnit::Second)),
    };
    printer.duration_to_string(&rounded)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::length;

    #[test]
    fn lengths_have_about_three_figures() {
        let third = Duration::from_secs(10) / 60;
        assert_eq!(length(third), "167ms");
        for (ms, text) in [
            (0, "0s"),
            (167, "167ms"),
            (1000, "1s"),
            (1234, "1.23s"),
            (10_049, "10s"),
            (10_123, "10.1s"),
            (59_999, "1m"),
            (300_400, "5m"),
            (301_000, "5m1s"),
            (3_600_000, "1h"),
            (9_800_000, "2h43m"),
            (86_400_000, "24h"),
        ] {
            assert_eq!(length(Duration::from_millis(ms)), text, "{ms}");
        }
    }
}
