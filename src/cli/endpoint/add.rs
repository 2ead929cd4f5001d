//! `wh endpoint add`.

use std::str::FromStr;

use crate::capture::EventFilter;
use crate::cli::args::{Reference, ReferenceArgs, TargetUrl, signing_key, store_of_endpoints};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::plan::check_url;
use crate::cli::runtime::block_on;
use crate::provider::{Provider, nearest};
use crate::store::EndpointSettings;
use crate::term::Safe;

use super::{unwritten, write_json, writer};

/// Keep a destination under a name
///
/// Of a secret, only where it is found is kept. The provider is that of -P, the settings, or cepro.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh endpoint add shop --url 3000/hooks --secret-file secret.txt
  wh endpoint add office -P wlcro --url https://example.com/wh --secret-env WLCRO_SECRET
  wh endpoint add bills --url 3000/bills --events 'invoice.*,!invoice.paid' --disable-after 5")]
pub(crate) struct Args {
    /// Its name: letters, digits, `-`, `_` and `.`
    #[arg(value_name = "NAME")]
    name: Name,
    /// Where it is; 3000, 3000/hooks and localhost:3000 will do
    #[arg(short, long, value_name = "URL")]
    url: TargetUrl,
    /// Events that it takes: globs with commas, `!` takes some out again [default: all]
    #[arg(short, long, value_name = "GLOBS", value_parser = globs)]
    events: Vec<Globs>,
    /// Disable it after so many failures in a row [default: the provider's rule]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    disable_after: Option<u32>,
    /// Apply the platform's rule for URLs
    #[arg(long)]
    strict_url: bool,
    #[command(flatten)]
    secret: ReferenceArgs,
}

/// A name that is neither a URL nor a number.
#[derive(Clone, Debug)]
struct Name(String);

/// The characters of the longest name.
const LONGEST: usize = 64;

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains("://") {
            return Err("this is a URL: write NAME --url URL".to_owned());
        }
        let in_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if text.is_empty() || !text.chars().all(in_name) {
            return Err("a name has letters, digits, `-`, `_` and `.`".to_owned());
        }
        if !text.contains(|c: char| c.is_ascii_alphabetic()) {
            return Err("a name has at least one letter".to_owned());
        }
        if text.starts_with(['-', '.']) {
            return Err("a name begins with a letter, a digit or `_`".to_owned());
        }
        if text.len() > LONGEST {
            return Err(format!("a name has at most {LONGEST} characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// The globs of one flag.
type Globs = Vec<String>;

fn globs(text: &str) -> Result<Globs, String> {
    let filter = text.parse::<EventFilter>();
    filter.map_err(|error| error.to_string())?;
    Ok(text.split(',').map(|glob| glob.trim().to_owned()).collect())
}

impl Args {
    pub(super) fn run(self, context: &mut Context) -> Result<(), Error> {
        let provider = provider(context)?;
        let secret = self.secret.given()?;
        store_of_endpoints(context)?;
        self.check_url(context, &provider)?;
        if let Some(reference) = &secret {
            check_secret(context, &provider, reference)?;
        }
        let events: Vec<String> = self.events.into_iter().flatten().collect();
        doubt_events(context, &provider, &events)?;
        let Name(name) = self.name;
        let settings = EndpointSettings {
            name: Some(name.clone()),
            provider: provider.id,
            url: self.url.shown(),
            secret: secret.map(|reference| reference.to_string()),
            events,
            disable_after: self.disable_after,
        };
        let added = writer(context)?.add_endpoint(settings);
        let Some(endpoint) = added.map_err(unwritten)? else {
            return Err(
                Error::input(format!("there is an endpoint `{name}` already"))
                    .hint(format!("wh endpoint show {name}"))
                    .hint(format!(
                        "`wh endpoint remove {name}` makes room for another"
                    )),
            );
        };
        if context.global.json {
            return write_json(context, &endpoint, &serde_json::json!({}));
        }
        let settings = &endpoint.settings;
        let line = format!("`{name}` added: {}, {}", settings.provider, settings.url);
        Ok(writeln!(context.streams.out(), "{}", Safe::line(line))?)
    }

    /// Refuses a URL with credentials, and by `--strict-url` what the platform would refuse.
    fn check_url(&self, context: &mut Context, provider: &Provider) -> Result<(), Error> {
        let url = &self.url.0;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::input("the URL of an endpoint is kept without user and password")
                .hint("leave them out; `wh send -H 'Authorization: Basic …'` gives them where they are needed"));
        }
        if self.strict_url {
            return block_on(check_url(provider, url));
        }
        // Without a look at the network: names count by themselves.
        let rule = &provider.delivery.url;
        let Err(problem) = rule.check(url, &[]) else {
            return Ok(());
        };
        context.note(match &rule.message {
            Some(message) => format!("{} would say: {message} ({})", provider.id, problem.because),
            None => format!("{} would refuse this URL: {}", provider.id, problem.because),
        })
    }
}

/// The provider whose id is kept.
fn provider(context: &Context) -> Result<Provider, Error> {
    let provider = context.provider()?;
    if context.global.provider_file.is_some() {
        let id = &provider.id;
        return Err(Error::usage(
            "of a provider an endpoint keeps the id, by which a file is not found",
        )
        .hint(format!(
            "`wh provider new {id}` makes one that is found by its id"
        )));
    }
    Ok(provider)
}

/// Refuses a secret that is not there or is none of the provider's; a variable may be set later.
fn check_secret(
    context: &mut Context,
    provider: &Provider,
    reference: &Reference,
) -> Result<(), Error> {
    if let Reference::Variable(name) = reference
        && std::env::var_os(name).is_none_or(|value| value.is_empty())
    {
        return context.note(format!("the variable `{name}` is not set yet, or empty"));
    }
    let secret = reference.read(context)?;
    signing_key(provider, &[secret])?;
    Ok(())
}

/// Says of each glob that takes or leaves nothing of the catalogue that it does.
fn doubt_events(context: &mut Context, provider: &Provider, globs: &[String]) -> Result<(), Error> {
    if provider.events.is_empty() {
        return Ok(());
    }
    let names = || provider.events.iter().map(|event| event.name.as_str());
    for glob in globs {
        let pattern = glob.trim_start_matches('!');
        let filter = pattern.parse::<EventFilter>().unwrap_or_default();
        if names().any(|name| filter.takes(Some(name))) {
            continue;
        }
        let near = nearest(pattern, names());
        let near = near.map(|near| format!("; did you mean `{near}`?"));
        context.note(format!(
            "`{pattern}` is no event of {}{}",
            provider.id,
            near.unwrap_or_default()
        ))?;
    }
    Ok(())
}
