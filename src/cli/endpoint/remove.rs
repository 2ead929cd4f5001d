//! `wh endpoint remove`.

use std::io::ErrorKind;

use serde_json::json;

use crate::cli::args::{called, endpoints};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::store::Endpoint;
use crate::term::{Safe, confirm};

use super::which::which;
use super::{gone, unwritten, write_json, writer};

/// Remove an endpoint; what was sent to it stays in the log
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh endpoint remove shop
  wh endpoint remove shop --yes
  wh endpoint remove http://localhost:3000/hooks -P wlcro --yes")]
pub(crate) struct Args {
    /// Its name, or the URL of one without a name
    #[arg(value_name = "NAME|URL")]
    endpoint: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Args {
    pub(super) fn run(self, context: &mut Context) -> Result<(), Error> {
        let endpoint = which(context, &endpoints(context)?, &self.endpoint)?;
        if !self.yes && !agreed(context, &endpoint)? {
            return context.note("nothing was removed");
        }
        let name = called(&endpoint);
        let is_there = writer(context)?
            .remove_endpoint(endpoint.number)
            .map_err(unwritten)?;
        if !is_there {
            return Err(gone(name));
        }
        if context.global.json {
            return write_json(context, &endpoint, &json!({"removed": true}));
        }
        let line = format!("`{name}` removed; what was sent to it stays in the log");
        Ok(writeln!(context.streams.out(), "{}", Safe::line(line))?)
    }
}

/// Asks whether it may go.
fn agreed(context: &Context, endpoint: &Endpoint) -> Result<bool, Error> {
    let settings = &endpoint.settings;
    let whole = match &settings.name {
        Some(name) => format!("`{name}`, {}, {}", settings.provider, settings.url),
        None => format!("{}, {}", settings.url, settings.provider),
    };
    let unasked = || {
        Error::usage(format!("nobody is asked whether to remove {whole}"))
            .hint("--yes removes it without asking")
    };
    if !context.streams.can_ask() {
        return Err(unasked());
    }
    confirm(&format!("remove {whole}?")).map_err(|error| match error.kind() {
        ErrorKind::Interrupted => error.into(),
        _ => unasked(),
    })
}
