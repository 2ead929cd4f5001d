//! URLs to send to, and files to read from.

use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use url::Url;

use crate::cli::context::Context;
use crate::cli::error::Error;

use super::or_variable;

/// A URL, or what stands for one: `3000`, `localhost:3000/hooks`.
#[derive(Clone, Debug)]
pub(crate) struct TargetUrl(pub(crate) Url);

impl FromStr for TargetUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains(char::is_control) {
            // The parser would leave some of them out without a word.
            return Err("a URL has no control characters".to_owned());
        }
        if text.starts_with('/') {
            // The parser would take the first part of the path for the host.
            return Err(format!(
                "`{text}` has no host: write for example 3000{text}"
            ));
        }
        let port = text.split('/').next().unwrap_or_default();
        let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let whole = match (text.contains("://"), is_port) {
            (true, _) => text.to_owned(),
            (false, true) => format!("http://localhost:{text}"),
            (false, false) => format!("http://{text}"),
        };
        let url = Url::parse(&whole).map_err(|error| format!("`{text}` is not a URL: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!(
                "`{}` URLs cannot be sent to: write http:// or https://",
                url.scheme()
            ));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(format!("`{text}` has no host"));
        }
        Ok(Self(url))
    }
}

impl TargetUrl {
    /// The URL without user and password, for showing.
    pub(crate) fn shown(&self) -> String {
        let mut url = self.0.clone();
        // Fails for URLs that cannot have them.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        url.into()
    }
}

/// The URL that is given, else the one that the environment or the settings name; `what` is missing
/// where there is none, and `hint` says what to type.
pub(crate) fn given_url(
    given: Option<TargetUrl>,
    context: &Context,
    what: &str,
    hint: &str,
) -> Result<TargetUrl, Error> {
    let configured = || context.config.url.as_deref().map(str::parse::<TargetUrl>);
    match or_variable(given, "WH_URL")? {
        Some(url) => Ok(url),
        None => configured()
            .ok_or_else(|| Error::usage(format!("no URL to {what}")).hint(hint))?
            .map_err(|error| Error::input(format!("the setting `url`: {error}"))),
    }
}

/// A file to read, or standard input for `-`.
pub(crate) fn file_or_stdin(path: &Path) -> Result<Box<dyn Read + Send>, Error> {
    if path == Path::new("-") {
        // Whoever came second would read nothing, and take that for an empty file.
        static TAKEN: AtomicBool = AtomicBool::new(false);
        if TAKEN.swap(true, Ordering::Relaxed) {
            return Err(Error::usage("standard input can be read once only")
                .hint("name a file in the place of one `-`"));
        }
        return Ok(Box::new(std::io::stdin()));
    }
    let cannot = |error: std::io::Error| unreadable(path, &error);
    let file = std::fs::File::open(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.is_dir() {
        return Err(Error::input(format!("`{}` is a directory", path.display()))
            .hint("name a file, or `-` for standard input"));
    }
    Ok(Box::new(file))
}

/// All of a file, or of standard input for `-`.
pub(crate) fn read_input(path: &Path) -> Result<Bytes, Error> {
    let mut bytes = Vec::new();
    file_or_stdin(path)?
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    Ok(bytes.into())
}

/// The error for a file that cannot be read.
fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let name = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        format!("`{}`", path.display())
    };
    Error::input(format!("cannot read {name}: {error}"))
}
