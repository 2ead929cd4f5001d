//! Why a receiver refuses a right delivery: what it would have taken, by trial.

use std::time::Duration;

use crate::delivery::Response;

use super::receiver::Receiver;
use super::wire::Wire;

/// What was found out.
#[derive(Debug, Default)]
pub(super) struct Diagnosis {
    /// What the receiver does instead, each in a sentence with what to change.
    pub(super) notes: Vec<String>,
    /// How many requests were made.
    pub(super) requests: usize,
    /// How many of them were answered.
    pub(super) answered: usize,
}

/// What the receiver verifies instead; `refusal` is its answer to a right delivery, and `limit` how
/// long an answer is waited for.
pub(super) async fn diagnose(
    _receiver: &Receiver,
    _wire: &impl Wire,
    _refusal: &Response,
    _limit: Duration,
) -> Diagnosis {
    Diagnosis::default()
}
