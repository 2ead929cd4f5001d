//! Who is checked, and how.

use std::time::Duration;

use thiserror::Error;
use url::Url;

use crate::delivery::ClientError;
use crate::message::Headers;
use crate::provider::{ComposeError, PrepareError, Provider};
use crate::signature::Key;

use super::effects::{Effects, EffectsError};

/// A receiver that is checked.
#[derive(Clone)]
pub(crate) struct Receiver {
    /// Whose deliveries it takes.
    pub(crate) provider: Provider,
    /// Where it is.
    pub(crate) url: Url,
    /// What signs; `None`: the platform does without, and so does this receiver.
    pub(crate) key: Option<Key>,
    /// Header lines of the user's, sent with every request.
    pub(crate) extra: Headers,
}

/// How a receiver is checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// The rules that are wanted, as ids, groups or globs over ids; none: all.
    pub(crate) only: Vec<String>,
    /// The rules that are left out.
    pub(crate) skip: Vec<String>,
    /// Fewer requests, and an end within seconds.
    pub(crate) quick: bool,
    /// How long an answer is waited for; `None`: a little longer than the provider does, so that a
    /// late answer is told from none.
    pub(crate) timeout: Option<Duration>,
    /// Whether certificates go unchecked.
    pub(crate) insecure: bool,
    /// What counts the side effects.
    pub(crate) effects: Option<Effects>,
}

/// Why a receiver cannot be checked at all.
#[derive(Debug, Error)]
pub(crate) enum CheckError {
    /// No client can be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// No delivery can be made.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// No delivery can be signed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The side effects cannot be counted.
    #[error(transparent)]
    Effects(#[from] EffectsError),
}

/// A URL without user and password.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails for URLs that cannot have them.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}
