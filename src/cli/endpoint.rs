//! `wh endpoint`: the destinations that are kept.

mod add;
mod remove;
mod switch;
mod which;

use clap::Subcommand;
use serde_json::{Value, json};
use url::Url;

use crate::config::find;
use crate::report::{Typed, endpoint_json, endpoint_table, endpoint_text};
use crate::store::{Endpoint, WriteError, Writer};

use super::args::{endpoints, store_of_endpoints};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use which::which;

/// Keep destinations: URL, provider, secret and events under a name
///
/// What fails too often is disabled by the provider's rule, and given no deliveries until it is
/// enabled again. URLs without a name are listed too where their failures are counted.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh endpoint add shop --url 3000/hooks --secret-file secret.txt
  wh endpoint list
  wh endpoint enable shop")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Args),
    /// List every endpoint
    #[command(before_help = "Examples:
  wh endpoint list
  wh endpoint list --json
  wh endpoint list --store other.db")]
    List,
    /// Show one, with the rule by which it is disabled
    #[command(before_help = "Examples:
  wh endpoint show shop
  wh endpoint show shop --json
  wh endpoint show http://localhost:3000/hooks -P wlcro")]
    Show {
        /// Its name, or the URL of one without a name
        #[arg(value_name = "NAME|URL")]
        endpoint: String,
    },
    /// Give endpoints deliveries again, and count their failures from 0
    #[command(before_help = "Examples:
  wh endpoint enable shop
  wh endpoint enable shop office
  wh endpoint enable http://localhost:3000/hooks -P wlcro")]
    Enable(switch::Args),
    /// Give endpoints no deliveries until they are enabled
    #[command(before_help = "Examples:
  wh endpoint disable shop
  wh endpoint disable shop office
  wh endpoint disable http://localhost:3000/hooks -P wlcro")]
    Disable(switch::Args),
    Remove(remove::Args),
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        match self.command {
            Command::Add(args) => args.run(context)?,
            Command::List => list(context)?,
            Command::Show { endpoint } => show(context, &endpoint)?,
            Command::Enable(args) => args.run(context, true)?,
            Command::Disable(args) => args.run(context, false)?,
            Command::Remove(args) => args.run(context)?,
        }
        Ok(Exit::Done)
    }
}

fn list(context: &mut Context) -> Result<(), Error> {
    let mut known = endpoints(context)?;
    // Those with a name first, by name.
    known.sort_by(|a, b| {
        let key = |endpoint: &Endpoint| {
            let settings = &endpoint.settings;
            (
                settings.name.is_none(),
                settings.name.clone(),
                settings.url.clone(),
                endpoint.number,
            )
        };
        key(a).cmp(&key(b))
    });
    if context.global.json {
        for endpoint in &known {
            write_json(context, endpoint, &json!({}))?;
        }
        return Ok(());
    }
    if known.is_empty() {
        context.note("no endpoints yet")?;
        return context.hint("wh endpoint add NAME --url URL");
    }
    let text = endpoint_table(&known, context.streams.paint_out(), context.streams.wrap());
    Ok(context.streams.out().write_all(text.as_bytes())?)
}

fn show(context: &mut Context, name: &str) -> Result<(), Error> {
    let endpoint = which(context, &endpoints(context)?, name)?;
    if context.global.json {
        return write_json(context, &endpoint, &json!({}));
    }
    let provider = find(&context.paths, &endpoint.settings.provider).ok();
    let text = endpoint_text(&endpoint, provider.as_ref(), context.streams.paint_out());
    context.streams.out().write_all(text.as_bytes())?;
    context.hint(format!(
        "`{}` lists what was sent to it",
        attempts_of(&endpoint)
    ))
}

/// What to type for the attempts that were made to an endpoint. A path is only named where a shell
/// and a filter take each of its characters for itself.
fn attempts_of(endpoint: &Endpoint) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._~%-".contains(c);
    let url = Url::parse(&endpoint.settings.url).ok();
    let path = url.filter(|url| url.path().chars().all(is_plain));
    let path = path.map(|url| format!(" path:{}", url.path()));
    let path = path.unwrap_or_default();
    format!(
        "wh log direction:sent provider:{}{path}",
        endpoint.settings.provider
    )
}

/// Writes an endpoint as a line of JSON, with what else there is to say.
fn write_json(context: &mut Context, endpoint: &Endpoint, more: &Value) -> Result<(), Error> {
    let mut body = endpoint_json(endpoint);
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    Ok(Typed::new("endpoint", body).write(context.streams.out())?)
}

/// The store that is written to.
fn writer(context: &Context) -> Result<Writer, Error> {
    Ok(Writer::open(&store_of_endpoints(context)?)?)
}

/// The error for what could not be written; to do without a store is no way out here.
fn unwritten(error: WriteError) -> Error {
    if error.is_full {
        error.into()
    } else {
        Error::input(error.to_string())
    }
}

/// The error for an endpoint that somebody else has removed meanwhile.
fn gone(name: &str) -> Error {
    Error::input(format!("the endpoint `{name}` was removed meanwhile"))
        .hint("`wh endpoint list` shows those there are")
}
