//! Why a receiver refuses a right delivery: what it would have taken, by trial.

use super::receiver::Receiver;
use super::wire::Wire;

/// What the receiver verifies instead, each in a sentence with what to change; nothing where nothing
/// of what is tried is taken.
pub(super) async fn diagnose(_receiver: &Receiver, _wire: &impl Wire) -> Vec<String> {
    Vec::new()
}
