//! `wh endpoint remove`.

use serde_json::json;

use crate::cli::agreed::agreed;
use crate::cli::args::{called, endpoints};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::store::Endpoint;
use crate::term::Safe;

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
        let what = format!("remove {}", whole(&endpoint));
        if !self.yes && !agreed(context, &what, "--yes removes it without asking")? {
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

/// An endpoint, as it is asked about.
fn whole(endpoint: &Endpoint) -> String {
    let settings = &endpoint.settings;
    match &settings.name {
        Some(name) => format!("`{name}`, {}, {}", settings.provider, settings.url),
        None => format!("{}, {}", settings.url, settings.provider),
    }
}
