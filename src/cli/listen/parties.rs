//! Whose deliveries `wh listen` takes, and with which secrets.

mod routes;

use uuid::Uuid;

use crate::capture::{Parties, Party, Several};
use crate::cli::args::{
    SecretArgs, TargetUrl, ToleranceArg, keys_for, keys_of, or_variable, suit_some,
};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::config::{Listed, RouteConfig, list, read_file};
use crate::provider::{AUTO, Provider};
use crate::signature::{Field, Key, Scheme, Secret};

use super::fresh::fresh_secret;

pub(in crate::cli) use routes::settle;

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
    /// The routes: each path, and its provider's id or `auto`.
    pub(super) routes: Vec<(String, String)>,
    /// The headers in which a secret travels.
    pub(super) token_headers: Vec<String>,
    /// Whether nothing can be verified, because no secret is given.
    pub(super) unchecked: bool,
    /// The secrets that are given, or made.
    pub(super) secrets: Vec<Secret>,
}

/// Whose deliveries are wanted.
enum Wanted {
    One(Box<Provider>),
    /// Several, each by its name.
    Named(Vec<Provider>),
    /// All there are.
    Every,
    Routes(Vec<RouteConfig>),
}

impl Wanted {
    /// A secret that nobody has had before, in the form of the first provider that has one.
    fn fresh_secret(&self) -> Secret {
        let provider = match self {
            Self::One(provider) => Some(&**provider),
            Self::Named(providers) => providers.first(),
            Self::Every | Self::Routes(_) => None,
        };
        match provider {
            Some(provider) => fresh_secret(provider.signing_scheme()),
            None => Secret::new(Uuid::new_v4().simple().to_string()),
        }
    }
}

/// With what providers are verified.
struct Means {
    secrets: Vec<Secret>,
    tolerance: Option<ToleranceArg>,
    public_url: Option<TargetUrl>,
}

impl PartyArgs {
    /// The providers that the flags, the environment or the settings name; with `makes_secret` there
    /// is a secret, whether one is given or not.
    pub(super) fn invite(
        self,
        context: &mut Context,
        makes_secret: bool,
    ) -> Result<Invited, Error> {
        let wanted = wanted(context)?;
        let takes_secrets = match &wanted {
            Wanted::Routes(routes) => !routes.iter().all(RouteConfig::names_secret),
            _ => true,
        };
        let mut means = Means {
            secrets: Vec::new(),
            tolerance: context.tolerance(self.tolerance)?,
            public_url: self.public_url,
        };
        if let Wanted::One(provider) = &wanted {
            means.can_verify(provider)?;
        }
        if let Wanted::Named(providers) = &wanted {
            providers.iter().try_for_each(|one| means.can_verify(one))?;
        }
        if takes_secrets {
            means.secrets = self.secret.given(context)?;
        } else if self.secret.is_given() {
            context.note("the secrets of the flags are not used: each route names its own")?;
        }
        if makes_secret && !takes_secrets {
            return Err(Error::usage(
                "--print-secret has nothing to print: each route names its own secret",
            ));
        }
        if makes_secret && means.secrets.is_empty() {
            means.secrets.push(wanted.fresh_secret());
        }
        match wanted {
            Wanted::One(provider) => one(*provider, &means),
            Wanted::Named(providers) => several(context, providers, &means),
            Wanted::Every => {
                let providers = every(context, means.public_url.is_some())?;
                several(context, providers, &means)
            }
            Wanted::Routes(found) => routes::invite(context, &found, &means),
        }
    }
}

/// Whose deliveries the flags name, else the environment, else the routes of the settings, else the
/// settings.
fn wanted(context: &mut Context) -> Result<Wanted, Error> {
    let flags = context.global.provider.clone();
    let names = match or_variable(None::<String>, "WH_PROVIDER")? {
        Some(name) if flags.is_empty() => vec![name],
        _ => flags,
    };
    let is_named = !names.is_empty() || context.global.provider_file.is_some();
    let routes = context.config.listen.route.clone();
    if !routes.is_empty() && !is_named {
        return Ok(Wanted::Routes(routes));
    }
    if !routes.is_empty() {
        context.note("the routes of the settings do not hold: a provider is named")?;
    }
    if let Some(file) = &context.global.provider_file {
        return Ok(Wanted::One(Box::new(read_file(file)?)));
    }
    let names = match context.config.provider.clone() {
        Some(name) if names.is_empty() => vec![name],
        _ => names,
    };
    if names.iter().any(|name| name == AUTO) {
        return Ok(Wanted::Every);
    }
    let mut providers: Vec<Provider> = Vec::new();
    for name in &names {
        let provider = context.provider_called(name)?;
        if providers.iter().all(|known| known.id != provider.id) {
            providers.push(provider);
        }
    }
    match <[Provider; 1]>::try_from(providers) {
        Ok([provider]) => Ok(Wanted::One(Box::new(provider))),
        Err(providers) => Ok(Wanted::Named(providers)),
    }
}

/// Every provider there is; those that sign the URL only where one `has_url`.
fn every(context: &mut Context, has_url: bool) -> Result<Vec<Provider>, Error> {
    let mut every = Vec::new();
    for Listed { provider, .. } in list(&context.paths) {
        match provider {
            Ok(provider) if signs_url(&provider) && !has_url => context.note(format!(
                "`{}` is left out: it signs the URL that is called, which --public-url says",
                provider.id
            ))?,
            Ok(provider) => every.push(provider),
            Err(error) => context.note(format!("{error}: `wh provider validate` tells more"))?,
        }
    }
    Ok(every)
}

/// One provider, whose deliveries are all that comes in.
fn one(provider: Provider, means: &Means) -> Result<Invited, Error> {
    let keys = keys_of(&provider, &means.secrets)?;
    Ok(Invited {
        providers: vec![provider.id.clone()],
        routes: Vec::new(),
        token_headers: token_headers(&provider),
        unchecked: means.secrets.is_empty(),
        secrets: means.secrets.clone(),
        parties: Parties::One(Box::new(means.party(provider, keys))),
    })
}

/// Several providers, whose deliveries come in at one place.
fn several(
    context: &mut Context,
    providers: Vec<Provider>,
    means: &Means,
) -> Result<Invited, Error> {
    suit_some(&providers, &means.secrets)?;
    Ok(Invited {
        providers: providers.iter().map(|one| one.id.clone()).collect(),
        routes: Vec::new(),
        token_headers: providers.iter().flat_map(token_headers).collect(),
        unchecked: means.secrets.is_empty(),
        secrets: means.secrets.clone(),
        parties: Parties::Several(Box::new(means.several(context, providers)?)),
    })
}

impl Means {
    /// Refuses a provider that signs a URL which nobody tells.
    fn can_verify(&self, provider: &Provider) -> Result<(), Error> {
        if self.public_url.is_none() && signs_url(provider) {
            return Err(
                Error::usage(format!("`{}` signs the URL that is called", provider.id))
                    .hint("--public-url says which one that is"),
            );
        }
        Ok(())
    }

    /// Providers at one place; a note says who can use none of the secrets.
    fn several(&self, context: &mut Context, providers: Vec<Provider>) -> Result<Several, Error> {
        let verifies = !self.secrets.is_empty();
        let mut parties = Vec::new();
        for provider in providers {
            let keys = keys_for(&provider, &self.secrets);
            if verifies && keys.iter().all(Vec::is_empty) {
                context.note(format!(
                    "no secret that is given can be a key of `{}`: its deliveries are refused",
                    provider.id
                ))?;
            }
            parties.push(self.party(provider, keys));
        }
        Ok(Several::new(parties, verifies))
    }

    fn party(&self, mut provider: Provider, keys: Vec<Vec<Key>>) -> Party {
        if let Some(tolerance) = self.tolerance {
            tolerance.hold(&mut provider);
        }
        Party {
            provider,
            keys,
            public_url: self.public_url.clone().map(|url| url.0.into()),
        }
    }
}

fn signs_url(provider: &Provider) -> bool {
    let signs_url = |scheme: &Scheme| scheme.signs.has(&Field::Url);
    provider.schemes.iter().any(signs_url)
}

fn token_headers(provider: &Provider) -> Vec<String> {
    let names = provider.token_headers().into_iter();
    names.map(str::to_owned).collect()
}
