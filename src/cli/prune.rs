//! `wh prune`: takes deliveries out of the store.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::message::{parse_duration, parse_size};
use crate::report::{Told, Typed, deliveries, doomed};
use crate::store::{Limits, Plan, Pruned, Pruning};

use super::agreed::agreed;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// Delete recorded deliveries, the oldest first
///
/// A delivery goes with all its attempts, and is as old as the last of them. It goes when any of
/// the flags says so. A `wh listen` on the same store may run on.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh prune --older-than 30d
  wh prune --keep 1000 --dry-run
  wh prune --max-size 500MiB --yes")]
pub(crate) struct Args {
    /// Delete those whose last attempt is older
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    older_than: Option<SignedDuration>,
    /// Delete all but the newest N
    #[arg(long, value_name = "N")]
    keep: Option<usize>,
    /// Delete the oldest until the store is no larger
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_size: Option<u64>,
    /// Delete all
    #[arg(long, conflicts_with_all = ["older_than", "keep", "max_size"])]
    all: bool,
    /// Say what would go, and delete nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let limits = self.limits(Timestamp::now())?;
        let plan = match context.reader()? {
            Some(reader) => Some(reader.pruning_plan(&limits)?),
            None => None,
        };
        let forecast = plan.as_ref().map(|plan| *plan.forecast());
        let forecast = forecast.unwrap_or_default();
        if self.dry_run {
            write(context, &forecast)?;
            return Ok(Exit::Done);
        }
        let Some((path, plan)) = context.store()?.zip(plan) else {
            write(context, &Pruned::default())?;
            return Ok(Exit::Done);
        };
        let hint = "--yes deletes without asking; --dry-run shows what would go";
        let asks = forecast.deliveries > 0 && !self.yes;
        if asks && !agreed(context, &format!("delete {}", doomed(&forecast)), hint)? {
            context.note("nothing was deleted")?;
            return Ok(Exit::Done);
        }
        // Where nothing is to go, a pruning that was cut short may have left room to give back.
        let pruned = carry_out(&path, plan)?;
        write(context, &pruned)?;
        Ok(Exit::Done)
    }

    fn limits(&self, now: Timestamp) -> Result<Limits, Error> {
        let limits = Limits {
            before: self
                .older_than
                .map(|age| now.checked_sub(age).unwrap_or(Timestamp::MIN)),
            keep: if self.all { Some(0) } else { self.keep },
            max_size: self.max_size,
        };
        if limits == Limits::default() {
            return Err(Error::usage("nothing says which deliveries to delete")
                .hint("--older-than 30d, --keep 1000, --max-size 500MiB, or --all"));
        }
        Ok(limits)
    }
}

fn carry_out(path: &Path, plan: Plan) -> Result<Pruned, Error> {
    let (pruned, done) = Pruning::open(path, plan)?.run();
    done.map(|()| pruned).map_err(|error| {
        let mut told = Error::from(error);
        if pruned.deliveries > 0 {
            told = told.detail(format!(
                "{} were deleted before",
                deliveries(pruned.deliveries)
            ));
        }
        told
    })
}

/// Writes a result for whoever is to read it.
fn write(context: &mut Context, result: &impl Told) -> Result<(), Error> {
    if context.global.json {
        Typed::new("prune", result.json()).write(context.streams.out())?;
    } else {
        let text = result.text();
        context.streams.out().write_all(text.as_bytes())?;
    }
    Ok(())
}
