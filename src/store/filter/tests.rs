//! What filters say, and that their two forms say the same.

mod agreement;
mod counted;
mod language;
mod misses;
mod plans;

use jiff::Timestamp;

use super::{Bare, Candidate, Filter};
use crate::store::Recorded;

/// The time from which the filters of these tests count.
const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// A filter with bare words as in the log.
fn filter(text: &str) -> Filter {
    Filter::parse(text, Bare::Search, NOW).expect(text)
}

/// What a filter is asked about a recorded attempt.
fn candidate(recorded: &Recorded) -> Candidate<'_> {
    let place = recorded.place;
    Candidate {
        delivery: place.delivery,
        id: place.id,
        nth: place.nth,
        duplicate_of: place.duplicate_of,
        attempt: &recorded.attempt,
        request: &recorded.exchange.request,
        target: &recorded.exchange.request.target,
    }
}
