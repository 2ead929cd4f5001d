//! `--endpoint NAME`: a destination that is kept, in the place of a URL.

use std::path::PathBuf;

use clap::Args;

use crate::capture::EventFilter;
use crate::cli::context::Context;
use crate::cli::courier::disabled;
use crate::cli::error::Error;
use crate::config::{find, read_file};
use crate::export::quoted;
use crate::store::{Endpoint, Reader};

use super::{Reference, TargetUrl};

/// A destination by name.
#[derive(Debug, Args)]
pub(crate) struct EndpointArg {
    /// Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    endpoint: Option<String>,
}

/// An endpoint as it is sent to.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// What the store knows of it.
    pub(crate) endpoint: Endpoint,
    /// Where it is.
    pub(crate) url: TargetUrl,
    /// Where its secret is found.
    pub(crate) secret: Option<Reference>,
    /// Its events.
    events: EventFilter,
}

impl EndpointArg {
    /// Whether one is named.
    pub(crate) fn is_given(&self) -> bool {
        self.endpoint.is_some()
    }

    /// The endpoint that is meant, if any; its provider is that of the context from then on. It is an
    /// error where it is disabled, or where another provider is named.
    pub(crate) fn resolve(&self, context: &mut Context) -> Result<Option<Destination>, Error> {
        let Some(name) = self.endpoint.as_deref() else {
            return Ok(None);
        };
        let endpoint = endpoint_named(&endpoints(context)?, name)?;
        agree(context, &endpoint)?;
        if !endpoint.active {
            return Err(disabled(&endpoint));
        }
        if context.global.provider_file.is_none() {
            context.global.provider = vec![endpoint.settings.provider.clone()];
        }
        Destination::new(endpoint).map(Some)
    }
}

impl Destination {
    fn new(endpoint: Endpoint) -> Result<Self, Error> {
        let settings = &endpoint.settings;
        let name = called(&endpoint);
        let wrong = |what, error: &dyn std::fmt::Display| {
            Error::input(format!("the {what} of the endpoint `{name}`: {error}")).hint(format!(
                "wh endpoint remove {name}, and wh endpoint add {name} …"
            ))
        };
        let url = settings.url.parse().map_err(|error| wrong("URL", &error))?;
        let secret = settings.secret.as_deref().map(str::parse).transpose();
        let secret = secret.map_err(|error| wrong("secret", &error))?;
        let events = filter(&settings.events).map_err(|error| wrong("events", &error))?;
        Ok(Self {
            endpoint,
            url,
            secret,
            events,
        })
    }

    /// Refuses an event that the endpoint has not subscribed to.
    pub(crate) fn refuse_unsubscribed<'e>(
        &self,
        mut events: impl Iterator<Item = &'e str>,
    ) -> Result<(), Error> {
        match events.find(|event| !self.events.takes(Some(event))) {
            None => Ok(()),
            Some(event) => Err(Error::input(format!(
                "the endpoint `{}` does not take `{event}`: its events are {}",
                called(&self.endpoint),
                self.endpoint.settings.events.join(",")
            ))
            .hint("--force sends it anyway")),
        }
    }
}

/// The filter that events spell; none takes all.
fn filter(events: &[String]) -> Result<EventFilter, String> {
    if events.is_empty() {
        return Ok(EventFilter::default());
    }
    let filter = events.join(",").parse::<EventFilter>();
    filter.map_err(|error| error.to_string())
}

/// What a person calls an endpoint: its name, or the URL where it has none.
pub(crate) fn called(endpoint: &Endpoint) -> &str {
    let settings = &endpoint.settings;
    settings.name.as_deref().unwrap_or(&settings.url)
}

/// The same as one word of a command line, whatever a shell makes of a `&` or a `?`.
pub(crate) fn typed(endpoint: &Endpoint) -> String {
    let called = called(endpoint);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/:._%-".contains(c);
    if called.chars().all(is_plain) {
        called.to_owned()
    } else {
        quoted(called)
    }
}

/// Where endpoints are kept.
pub(crate) fn store_of_endpoints(context: &Context) -> Result<PathBuf, Error> {
    context.store()?.ok_or_else(|| {
        Error::usage("with `--store none` there are no endpoints")
            .hint("--store FILE names a store")
    })
}

/// All that are kept.
pub(crate) fn endpoints(context: &Context) -> Result<Vec<Endpoint>, Error> {
    let reader = Reader::open(&store_of_endpoints(context)?)?;
    Ok(reader.map_or(Ok(Vec::new()), |reader| reader.endpoints())?)
}

/// The endpoint of this name.
pub(crate) fn endpoint_named(known: &[Endpoint], name: &str) -> Result<Endpoint, Error> {
    let found = known
        .iter()
        .find(|endpoint| endpoint.settings.name.as_deref() == Some(name));
    found.cloned().ok_or_else(|| unknown(known, name))
}

/// The names that are told as near.
const MOST_NEAR: usize = 3;

/// How like a name is at least, from 0 to 1.
const NEAR: f64 = 0.75;

/// The error for an endpoint that is not there, with those that may be meant.
pub(crate) fn unknown(known: &[Endpoint], name: &str) -> Error {
    let mut near: Vec<(f64, &str)> = known
        .iter()
        .map(called)
        .map(|known| {
            let likeness = strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
            (likeness, known)
        })
        .filter(|(likeness, _)| *likeness > NEAR)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near: Vec<_> = near
        .iter()
        .take(MOST_NEAR)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    let plain = Error::input(format!("there is no endpoint `{name}`"));
    match (near.is_empty(), known.is_empty()) {
        (false, _) => plain.hint(format!("did you mean {}?", near.join(" or "))),
        (true, false) => plain.hint("`wh endpoint list` shows those there are"),
        (true, true) => plain.hint("there are none yet: wh endpoint add NAME --url URL"),
    }
}

/// Refuses an endpoint of another provider than the one that a flag names.
pub(crate) fn agree(context: &Context, endpoint: &Endpoint) -> Result<(), Error> {
    let own = &endpoint.settings.provider;
    match provider_named(context)? {
        Some(other) if other != *own => Err(Error::usage(format!(
            "the endpoint `{}` is of the provider `{own}`, not of `{other}`",
            called(endpoint)
        ))
        .hint("leave -P out: an endpoint brings its provider along")),
        _ => Ok(()),
    }
}

/// The id of the provider that a flag names, if any; one that is not there any more may be named too.
pub(crate) fn provider_named(context: &Context) -> Result<Option<String>, Error> {
    if let Some(file) = &context.global.provider_file {
        return Ok(Some(read_file(file)?.id));
    }
    let name = context.global.provider.first();
    Ok(name.map(|name| find(&context.paths, name).map_or(name.to_owned(), |provider| provider.id)))
}
