//! Whose deliveries `wh listen` takes, and with which secrets.

use crate::capture::{Parties, Party};
use crate::cli::args::{SecretArgs, TargetUrl, ToleranceArg, keys_of};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::signature::{Field, Scheme};

/// Whose deliveries come in.
#[derive(Debug, clap::Args)]
pub(super) struct PartyArgs {
    /// How far a timestamp may lie from now, or `off` [default: the provider's rule]
    #[arg(long, value_name = "DURATION")]
    tolerance: Option<ToleranceArg>,
    /// URL that senders call, where the provider signs it
    #[arg(long, value_name = "URL")]
    public_url: Option<TargetUrl>,
    #[command(flatten)]
    secret: SecretArgs,
}

/// The parties, and what is said of them when the listener is ready.
pub(super) struct Invited {
    pub(super) parties: Parties,
    /// The ids of the providers.
    pub(super) providers: Vec<String>,
    /// The headers in which a secret travels.
    pub(super) token_headers: Vec<String>,
    /// Whether nothing can be verified, because no secret is given.
    pub(super) unchecked: bool,
}

impl PartyArgs {
    /// The providers that the flags, the environment or the settings name.
    pub(super) fn invite(self, context: &mut Context) -> Result<Invited, Error> {
        let provider = context.provider_with(self.tolerance)?;
        let signs_url = |scheme: &Scheme| scheme.signs.has(&Field::Url);
        if self.public_url.is_none() && provider.schemes.iter().any(signs_url) {
            return Err(
                Error::usage(format!("`{}` signs the URL that is called", provider.id))
                    .hint("--public-url says which one that is"),
            );
        }
        let secrets = self.secret.given(context)?;
        let keys = keys_of(&provider, &secrets)?;
        Ok(Invited {
            providers: vec![provider.id.clone()],
            token_headers: provider
                .token_headers()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            unchecked: secrets.is_empty(),
            parties: Parties::One(Box::new(Party {
                provider,
                keys,
                public_url: self.public_url.map(|url| url.0.into()),
            })),
        })
    }
}
