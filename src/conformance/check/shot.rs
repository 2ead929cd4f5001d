//! Requests, and what is wanted of the answers.

use std::time::Duration;

use crate::message::Message;

/// One request of a rule.
#[derive(Clone, Debug)]
pub(super) struct Shot {
    /// What it is, in a few words: "no signature".
    pub(super) label: String,
    /// The request; its target is not looked at, as the receiver's URL says where it goes.
    pub(super) message: Message,
    /// How it goes out.
    pub(super) manner: Manner,
    /// What is wanted of the answer.
    pub(super) wants: Wants,
}

/// How a request goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// As any other.
    Whole,
    /// With the names of its header lines in lower case.
    LowerCase,
    /// Its head and half of its body at once, the rest after so long.
    Slow(Duration),
    /// Its head and half of its body; then the client leaves, and nobody waits for an answer.
    Half,
}

/// What is wanted of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// Success by the provider's rule.
    Accepted,
    /// Anything else, but no crash: no 5xx.
    Refused,
    /// Whatever is no crash.
    Unbroken,
    /// Nothing: it is there for what it does to the others.
    Nothing,
}

/// Requests that belong together.
#[derive(Clone, Debug)]
pub(super) enum Round {
    /// One after the other.
    Each(Vec<Shot>),
    /// All at once.
    Together(Vec<Shot>),
}

impl Round {
    /// How many requests it is.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Each(shots) | Self::Together(shots) => shots.len(),
        }
    }
}

/// What a rule does: its rounds in their order, or why the platform has no such rule.
pub(super) type Plan = Result<Vec<Round>, String>;
