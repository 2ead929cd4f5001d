//! The routes of the settings, made of what they name.

use crate::capture::{Parties, Route, Routes};
use crate::cli::args::{TargetUrl, ToleranceArg, referred, suit_some};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::config::RouteConfig;
use crate::provider::{AUTO, Provider};

use super::{Invited, Means, every, signs_url, token_headers};

/// What a route says, read.
pub(in crate::cli) struct Settled {
    /// Its provider; `None`: every one there is.
    provider: Option<Provider>,
    tolerance: Option<ToleranceArg>,
    public_url: Option<TargetUrl>,
}

/// Reads what a route says, its secret aside, or says what is wrong with it. `before` are the routes
/// that come first; `public_url` holds where it names none.
pub(in crate::cli) fn settle(
    context: &Context,
    route: &RouteConfig,
    before: &[RouteConfig],
    public_url: Option<&TargetUrl>,
) -> Result<Settled, Error> {
    settled(context, route, before, public_url).map_err(|error| within(route, error))
}

fn settled(
    context: &Context,
    route: &RouteConfig,
    before: &[RouteConfig],
    public_url: Option<&TargetUrl>,
) -> Result<Settled, Error> {
    let checked = route.check(before);
    checked.map_err(|error| Error::input(error.to_string()))?;
    let wrong = |key: &'static str| move |error| Error::input(format!("`{key}`: {error}"));
    let tolerance = route.tolerance.as_deref().map(str::parse);
    let tolerance = tolerance.transpose().map_err(wrong("tolerance"))?;
    let own_url = route.public_url.as_deref().map(str::parse);
    let own_url = own_url.transpose().map_err(wrong("public-url"))?;
    let public_url = own_url.or_else(|| public_url.cloned());
    let is_one = route.provider != AUTO;
    let provider = is_one.then(|| context.provider_called(&route.provider));
    let provider = provider.transpose()?;
    match &provider {
        Some(provider) if public_url.is_none() && signs_url(provider) => Err(Error::input(
            format!("`{}` signs the URL that is called", provider.id),
        )
        .hint("`public-url` says which one that is")),
        _ => Ok(Settled {
            provider,
            tolerance,
            public_url,
        }),
    }
}

/// What is wrong with a route, with its place.
fn within(route: &RouteConfig, error: Error) -> Error {
    let (file, path) = (route.file.display(), &route.path);
    error.within(&format!(
        "the settings file `{file}` is wrong: the route `{path}`"
    ))
}

/// Everybody that the routes name; `others` is what holds where they say nothing.
pub(super) fn invite(
    context: &mut Context,
    routes: &[RouteConfig],
    others: &Means,
) -> Result<Invited, Error> {
    let mut guests = Guests::default();
    let mut made = Vec::new();
    for (nth, route) in routes.iter().enumerate() {
        let public_url = others.public_url.as_ref();
        let settled = settle(context, route, &routes[..nth], public_url)?;
        made.push(guests.add(context, route, settled, others)?);
    }
    suit_some(&guests.of_others, &others.secrets)?;
    let unchecked = guests.unverified.len() == routes.len();
    for path in guests.unverified.iter().filter(|_| !unchecked) {
        context.note(format!(
            "no secret given for `{path}`: nothing is verified there (`unchecked`)"
        ))?;
    }
    let told = |route: &RouteConfig| (route.path.clone(), route.provider.clone());
    Ok(Invited {
        parties: Parties::Routed(Box::new(Routes::new(made))),
        providers: guests.every.iter().map(|one| one.id.clone()).collect(),
        routes: routes.iter().map(told).collect(),
        token_headers: guests.every.iter().flat_map(token_headers).collect(),
        unchecked,
        secrets: others.secrets.clone(),
    })
}

/// Who is invited so far.
#[derive(Default)]
struct Guests {
    every: Vec<Provider>,
    /// Those of routes that name no secret.
    of_others: Vec<Provider>,
    /// The paths at which nothing can be verified.
    unverified: Vec<String>,
}

impl Guests {
    fn add(
        &mut self,
        context: &mut Context,
        route: &RouteConfig,
        settled: Settled,
        others: &Means,
    ) -> Result<Route, Error> {
        let providers = match settled.provider {
            Some(provider) => vec![provider],
            None => every(context, settled.public_url.is_some())?,
        };
        for provider in &providers {
            if self.every.iter().all(|known| known.id != provider.id) {
                self.every.push(provider.clone());
            }
        }
        let secrets = secrets(context, route, &providers, others);
        let means = Means {
            secrets: secrets.map_err(|error| within(route, error))?,
            tolerance: settled.tolerance.or(others.tolerance),
            public_url: settled.public_url,
        };
        if !route.names_secret() {
            self.of_others.extend(providers.iter().cloned());
        }
        if means.secrets.is_empty() {
            self.unverified.push(route.path.clone());
        }
        Ok(Route::new(&route.path, means.several(context, providers)?))
    }
}

/// The secrets of a route: its own one, else those that hold where it names none.
fn secrets(
    context: &mut Context,
    route: &RouteConfig,
    providers: &[Provider],
    others: &Means,
) -> Result<Vec<crate::signature::Secret>, Error> {
    let (file, variable) = (route.secret_file.as_deref(), route.secret_env.as_deref());
    let Some(own) = referred(context, file, variable)? else {
        return Ok(others.secrets.clone());
    };
    let own = vec![own];
    suit_some(providers, &own)?;
    Ok(own)
}
