//! The ways that deliveries take again, each with its key.

use std::collections::HashMap;
use std::sync::Arc;

use crate::cli::args::{Found, Reference, SecretArgs, TargetUrl, called, no_secret};
use crate::cli::context::Context;
use crate::cli::courier::watch;
use crate::cli::error::Error;
use crate::cli::plan::route;
use crate::cli::signing::{Signing, missing};
use crate::delivery::{Journal, Make, PlaceTerms, Route, Terms};
use crate::provider::Provider;
use crate::store::{Endpoint, Reader};

use super::goal::{Goal, Place, Providers};

/// A way to one place.
pub(super) struct Way {
    /// The route.
    pub(super) route: Arc<Route>,
    /// The URL, with what of it is not shown.
    pub(super) url: TargetUrl,
}

/// The ways to all places.
pub(super) type Ways = HashMap<Place, Way>;

/// What signs on the way to a place, and as which endpoint it counts.
pub(super) struct Stamp {
    place: Place,
    url: TargetUrl,
    signing: Signing,
    endpoint: Option<i64>,
}

/// Finds what signs on the way to each place; secrets are read, and asked for, here.
pub(super) fn stamps(
    context: &mut Context,
    reader: &Reader,
    (goal, providers): (&Goal, &Providers),
    places: &[Place],
    secret: Option<&SecretArgs>,
) -> Result<Vec<Stamp>, Error> {
    let endpoints = reader.endpoints()?;
    // Flags and settings are read once, however many places there are.
    let mut given = None;
    let mut stamps = Vec::with_capacity(places.len());
    for place in places {
        let own = match &goal.named {
            Some(named) => Some(&named.endpoint),
            None => named(&endpoints, place),
        };
        let provider = providers.known(&place.0).ok_or_else(gone)?;
        let signing = match secret {
            Some(secret) => signing(context, (provider, own), (secret, &mut given))?,
            None => Signing::default(),
        };
        stamps.push(Stamp {
            place: place.clone(),
            url: match &goal.url {
                Some(url) => url.clone(),
                None => place.1.parse().map_err(Error::input)?,
            },
            signing,
            endpoint: own.map(|own| own.number),
        });
    }
    Ok(stamps)
}

/// The only endpoint with a name that a place is.
fn named<'e>(endpoints: &'e [Endpoint], place: &Place) -> Option<&'e Endpoint> {
    let is_here = |one: &&Endpoint| {
        let settings = &one.settings;
        settings.name.is_some() && settings.provider == place.0 && settings.url == place.1
    };
    let mut here = endpoints.iter().filter(is_here);
    let only = here.next();
    only.filter(|_| here.next().is_none())
}

/// What signs for a provider on the way to an endpoint.
fn signing(
    context: &mut Context,
    (provider, endpoint): (&Provider, Option<&Endpoint>),
    (flags, given): (&SecretArgs, &mut Option<Vec<Found>>),
) -> Result<Signing, Error> {
    let text = endpoint.and_then(|endpoint| endpoint.settings.secret.as_deref());
    let reference = text.map(str::parse::<Reference>).transpose();
    let reference = reference.map_err(|error| {
        let name = endpoint.map_or("", called);
        Error::input(format!("the secret of the endpoint `{name}`: {error}"))
    })?;
    if reference.is_some() {
        let signing = Signing::find(context, flags, provider, reference.as_ref())?;
        return signing.ok_or_else(no_secret);
    }
    let found = match given {
        Some(found) if provider.signs_optionally() || !found.is_empty() => found,
        _ => given.insert(flags.found(context, None, missing(provider))?),
    };
    Signing::of(provider, found.first().cloned())?.ok_or_else(no_secret)
}

/// The terms with what the stamps say.
pub(super) fn stamped(terms: Terms, stamps: &[Stamp]) -> Terms {
    let credentials = |stamp: &Stamp| stamp.url.0.as_str() != stamp.url.shown();
    let terms = Terms {
        credentials: stamps.iter().any(credentials),
        ..terms
    };
    match stamps {
        [only] => Terms {
            signed: only.signing.key.is_some(),
            secret: only.signing.reference.clone(),
            endpoint: only.endpoint,
            ..terms
        },
        several => Terms {
            places: several.iter().map(Stamp::terms).collect(),
            ..terms
        },
    }
}

impl Stamp {
    /// Which place it is for, and the whole URL.
    pub(super) fn target(&self) -> (&Place, &TargetUrl) {
        (&self.place, &self.url)
    }

    fn terms(&self) -> PlaceTerms {
        PlaceTerms {
            provider: self.place.0.clone(),
            url: self.place.1.clone(),
            signed: self.signing.key.is_some(),
            secret: self.signing.reference.clone(),
            endpoint: self.endpoint,
        }
    }
}

fn gone() -> Error {
    Error::unexpected("a provider has gone")
}

/// The ways by these terms; without a journal nothing goes out.
pub(super) fn ways(
    journal: Option<&Journal>,
    providers: &Providers,
    terms: &Terms,
    stamps: Vec<Stamp>,
) -> Result<Ways, Error> {
    let way = |stamp: Stamp| {
        let (id, shown) = &stamp.place;
        let known = providers.known(id);
        let provider = known.ok_or_else(gone)?;
        let terms = terms.of_place(id, shown);
        let watch = match journal {
            Some(journal) => watch(journal, provider, shown, &terms)?,
            None => None,
        };
        let key = stamp.signing.key.filter(|_| terms.make == Make::Afresh);
        let route = route(provider.clone(), key, &stamp.url, terms, journal.is_some())?;
        let way = Way {
            route: Arc::new(route.watched(watch)),
            url: stamp.url,
        };
        Ok((stamp.place, way))
    };
    stamps.into_iter().map(way).collect()
}
