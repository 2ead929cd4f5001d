//! The side effects of a receiver, counted by what its user exposes.

use thiserror::Error;
use url::Url;

/// What counts the side effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effects {
    /// A URL that answers a number.
    Url(Url),
    /// A shell command that prints one.
    Command(String),
}

/// Why the side effects cannot be counted.
#[derive(Debug, Error)]
pub(crate) enum EffectsError {
    /// What came is no number.
    #[error("`{0}` is no count")]
    NoCount(String),
}
