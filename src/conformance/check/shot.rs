//! Requests, and what is wanted of the answers.

use std::time::Duration;

use crate::message::Message;

use super::workshop::Parcel;

/// One request of a rule.
#[derive(Clone)]
pub(super) struct Shot {
    /// What it is, in a few words: "no signature".
    pub(super) label: String,
    /// The request; its target says where at the receiver it goes.
    pub(super) message: Message,
    /// The delivery that it is made of anew when it goes out, where it may go out so late that what was
    /// signed before is stale; `None`: it goes out as it is.
    pub(super) parcel: Option<Parcel>,
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
#[derive(Clone)]
pub(super) enum Round {
    /// One after the other.
    Each(Vec<Shot>),
    /// All at once.
    Together(Vec<Shot>),
    /// One after the other, while another is under way, which has a start so long.
    Meanwhile {
        /// What is under way; it is the first of those that are judged.
        first: Box<Shot>,
        /// How long before the others it begins.
        start: Duration,
        /// The others.
        others: Vec<Shot>,
    },
}

impl Round {
    /// How many requests it is.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Each(shots) | Self::Together(shots) => shots.len(),
            Self::Meanwhile { others, .. } => 1 + others.len(),
        }
    }
}

/// What a rule does: its rounds in their order, or why the platform has no such rule.
pub(super) type Plan = Result<Vec<Round>, String>;
