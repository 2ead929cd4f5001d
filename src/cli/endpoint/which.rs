//! Which endpoint is meant by a name or a URL.

use crate::cli::args::{TargetUrl, agree, endpoint_named, provider_named, unknown};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::store::Endpoint;

/// The endpoint of this name, or the one without a name that has this URL. Where several providers
/// have it, `-P` tells.
pub(super) fn which(context: &Context, known: &[Endpoint], text: &str) -> Result<Endpoint, Error> {
    if let Ok(endpoint) = endpoint_named(known, text) {
        agree(context, &endpoint)?;
        return Ok(endpoint);
    }
    let url = text.parse::<TargetUrl>().map(|url| url.shown());
    let Ok(url) = url else {
        return Err(unknown(known, text));
    };
    let provider = provider_named(context)?;
    let at_url: Vec<_> = known
        .iter()
        .filter(|endpoint| endpoint.settings.url == url)
        .collect();
    let is_meant = |endpoint: &&&Endpoint| {
        let settings = &endpoint.settings;
        settings.name.is_none() && provider.as_ref().is_none_or(|id| *id == settings.provider)
    };
    let meant: Vec<_> = at_url.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [endpoint] => Ok((**endpoint).clone()),
        [] => Err(with_name(&at_url).unwrap_or_else(|| unknown(known, shown(text, &url)))),
        several => Err(several
            .iter()
            .fold(
                Error::input(format!("several providers have the endpoint `{url}`")),
                |error, endpoint| error.detail(endpoint.settings.provider.as_str()),
            )
            .hint("-P ID tells which")),
    }
}

/// The error for a URL whose endpoints all have names.
fn with_name(at_url: &[&Endpoint]) -> Option<Error> {
    let names: Vec<_> = at_url
        .iter()
        .filter_map(|endpoint| endpoint.settings.name.as_deref())
        .collect();
    let first = names.first()?;
    let url = &at_url.first()?.settings.url;
    Some(
        Error::input(format!("there is no endpoint `{url}` without a name"))
            .hint(format!("`{first}` has this URL: call it by its name")),
    )
}

/// What was typed, or without the credentials in it.
fn shown<'t>(text: &'t str, url: &'t str) -> &'t str {
    if text.contains('@') { url } else { text }
}
