//! What became of a delivery that was forwarded, on the screen.

use std::io;

use crate::capture::Delivery;
use crate::report::hint::forward_hint;
use crate::report::preview;
use crate::store::{Answered, Forwarded};
use crate::term::Safe;

use super::Human;

/// The most of a refusal that is shown.
const SHOWN: usize = 500;

/// What the target said where it did not succeed, as lines.
pub(super) fn answer(delivery: &Delivery) -> Vec<String> {
    let status = forward(delivery).and_then(|forward| forward.status);
    match (status, &delivery.exchange.response) {
        (Some(200..=299) | None, _) | (_, None) => Vec::new(),
        (Some(_), Some(response)) => preview(&response.body, SHOWN),
    }
}

/// Says what usually is the matter; each thing once.
pub(super) fn write_hint(human: &mut Human, delivery: &Delivery) -> io::Result<()> {
    let Some(forward) = forward(delivery).filter(|_| !human.quiet) else {
        return Ok(());
    };
    match forward_hint(forward, &delivery.attempt.provider, delivery.patience) {
        Some(hint) if human.run.hints(&hint) => {
            writeln!(human.streams.err(), "hint: {}", Safe::line(hint))
        }
        _ => Ok(()),
    }
}

fn forward(delivery: &Delivery) -> Option<&Forwarded> {
    match &delivery.attempt.answered {
        Some(Answered::Forward(forward)) => Some(forward),
        _ => None,
    }
}
