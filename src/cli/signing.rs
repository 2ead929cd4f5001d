//! What signs the deliveries of a command.

use crate::provider::Provider;
use crate::signature::{Key, Secret};

use super::args::{Found, Missing, Reference, SecretArgs, signing_key};
use super::context::Context;
use super::error::Error;

/// A key, and where its secret is found again.
#[derive(Clone, Default)]
pub(crate) struct Signing {
    /// The key; `None`: nothing is signed.
    pub(crate) key: Option<Key>,
    /// Where the secret is found; `None`: it was given by value, or there is none.
    pub(crate) reference: Option<String>,
}

impl Signing {
    /// What signs for a provider: by the flags, else by the endpoint's secret, else by what the
    /// environment, the settings or whoever sits at the terminal say. `None`: there is no secret, and
    /// the provider does not do without.
    pub(crate) fn find(
        context: &mut Context,
        flags: &SecretArgs,
        provider: &Provider,
        endpoint: Option<&Reference>,
    ) -> Result<Option<Self>, Error> {
        let found = flags.found(context, endpoint, missing(provider))?;
        Self::of(provider, found.into_iter().next())
    }

    /// What signs for a provider by what was found. `None`: there is no secret, and the provider does
    /// not do without.
    pub(crate) fn of(provider: &Provider, found: Option<Found>) -> Result<Option<Self>, Error> {
        match found {
            Some(found) => {
                let reference = found.reference.map(|reference| reference.to_string());
                Self::by(provider, found.secret, reference).map(Some)
            }
            None => Ok(provider.signs_optionally().then(Self::default)),
        }
    }

    /// What signs for a provider by this secret.
    pub(crate) fn by(
        provider: &Provider,
        secret: Secret,
        reference: Option<String>,
    ) -> Result<Self, Error> {
        Ok(Self {
            key: signing_key(provider, &[secret])?,
            reference,
        })
    }
}

/// What to do for a provider where no secret is given.
pub(crate) fn missing(provider: &Provider) -> Missing {
    if provider.signs_optionally() {
        Missing::Nothing
    } else {
        Missing::Ask
    }
}
