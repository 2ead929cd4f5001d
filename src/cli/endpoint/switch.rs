//! `wh endpoint enable` and `wh endpoint disable`.

use serde_json::json;

use crate::cli::args::{called, endpoints};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::store::{Endpoint, Reader};
use crate::term::{Safe, count};

use super::which::which;
use super::{gone, unwritten, write_json, writer};

/// The endpoints that are switched.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name, or the URL of one without a name
    #[arg(value_name = "NAME|URL", required = true)]
    endpoints: Vec<String>,
}

impl Args {
    /// Switches all of them, or none where one is not there.
    pub(super) fn run(self, context: &mut Context, active: bool) -> Result<(), Error> {
        let known = endpoints(context)?;
        let meant = self
            .endpoints
            .iter()
            .map(|text| which(context, &known, text));
        let meant = meant.collect::<Result<Vec<_>, _>>()?;
        let mut writer_of = None;
        for endpoint in &meant {
            let changes = endpoint.active != active;
            // Enabling counts anew, whatever it was.
            if changes || (active && endpoint.failures > 0) {
                let writer = match writer_of.take() {
                    Some(writer) => writer,
                    None => writer(context)?,
                };
                let is_there = writer
                    .switch_endpoint(endpoint.number, active)
                    .map_err(unwritten)?;
                if !is_there {
                    return Err(gone(called(endpoint)));
                }
                writer_of = Some(writer);
            }
            tell(context, endpoint, active)?;
        }
        if active { remind(context) } else { Ok(()) }
    }
}

/// Says what became of an endpoint, which is given as it was before.
fn tell(context: &mut Context, before: &Endpoint, active: bool) -> Result<(), Error> {
    let changed = before.active != active;
    if context.global.json {
        let mut endpoint = before.clone();
        endpoint.active = active;
        if active {
            endpoint.failures = 0;
            endpoint.disabled_because = None;
        }
        return write_json(context, &endpoint, &json!({"changed": changed}));
    }
    let name = called(before);
    let line = match (active, changed) {
        (true, true) => format!("`{name}` enabled"),
        (true, false) if before.failures > 0 => {
            format!("`{name}` was enabled already; its failures count from 0 again")
        }
        (true, false) => format!("`{name}` was enabled already"),
        (false, true) => format!("`{name}` disabled"),
        (false, false) => match &before.disabled_because {
            Some(because) => format!("`{name}` was disabled already: {because}"),
            None => format!("`{name}` was disabled already"),
        },
    };
    Ok(writeln!(context.streams.out(), "{}", Safe::line(line))?)
}

/// Says how deliveries go on that were left behind, where there are some.
fn remind(context: &mut Context) -> Result<(), Error> {
    let reader = Reader::open(&context.store_to_read()?)?;
    let unfinished = reader.map_or(Ok(0), |reader| reader.unfinished())?;
    if unfinished > 0 {
        context.hint(format!(
            "{} unfinished from earlier: wh replay --resume",
            count(unfinished)
        ))?;
    }
    Ok(())
}
