//! What filters say, and that their two forms say the same.

mod agreement;
mod language;
mod plans;

use jiff::Timestamp;

use super::{Bare, Filter};

/// The time from which the filters of these tests count.
const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// A filter with bare words as in the log.
fn filter(text: &str) -> Filter {
    Filter::parse(text, Bare::Search, NOW).expect(text)
}
