//! `wh replay`: recorded deliveries, sent again.

mod again;
mod edit;
mod goal;
mod order;
mod picked;
mod queue;
mod resume;
mod selection;
mod ways;

use clap::ValueEnum;

use crate::delivery::{Make, Terms, Timings};

use super::args::{FilterFlags, ScheduleArgs};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

pub(crate) use order::{Order, OrderArgs};
use selection::Selection;
pub(crate) use selection::recorded;

/// Send recorded deliveries again: body and webhook id as they were, signed afresh
///
/// They go where they went before, or to --url; what was received goes to --url. The first attempt
/// is made at once, and a failed one is followed by the platform's schedule. Exit code 0: all were
/// taken. 5: refused to the end. 6: no answer.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "resend",
    before_help = "Examples:
  wh replay '#1042' --secret-file secret.txt
  wh replay status:5xx --since 1h --speed 60x --yes
  wh replay 1042 --url 3000/hooks --edit"
)]
pub(crate) struct Args {
    /// Deliveries: their numbers, or beginnings of ids; terms of a filter, as `wh log` takes them
    #[arg(value_name = "ID|FILTER")]
    names: Vec<String>,
    /// Only the newest N of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    last: Option<u32>,
    /// When a failed one is tried again: at the platform's times, or not at all
    #[arg(long, value_name = "WHEN", value_enum, default_value = "production")]
    timings: TimingsArg,
    /// Send the message as it was, signature and timestamp too: a receiver may find it stale
    #[arg(long, conflicts_with_all = ["edit", "new_id"])]
    keep_signature: bool,
    /// Send it as a new delivery, with a webhook id of its own
    #[arg(long)]
    new_id: bool,
    /// Change the body first, in the editor that VISUAL or EDITOR names
    #[arg(long)]
    edit: bool,
    /// Do not ask before several are sent
    #[arg(short, long)]
    yes: bool,
    /// Go on with what `wh send --retry` and `wh replay` left unfinished when they ended
    #[arg(long, conflicts_with_all = [
        "names", "not", "event", "status", "outcome", "verdict", "direction", "since", "until",
        "search", "last", "keep_signature", "new_id", "edit", "include_tests", "endpoint", "header",
        "strict_url", "dry_run", "discard", "max_attempts", "jitter", "disable_after", "insecure",
        "speed", "timings", "allow_self",
    ])]
    resume: bool,
    /// Give up what is unfinished: no more attempts are made of it
    #[arg(long, conflicts_with_all = [
        "names", "not", "event", "status", "outcome", "verdict", "direction", "since", "until",
        "search", "last", "keep_signature", "new_id", "edit", "include_tests", "endpoint", "header",
        "strict_url", "dry_run", "url", "expect", "max_attempts", "jitter", "disable_after",
        "insecure", "speed", "timings", "allow_self", "unordered", "concurrency",
    ])]
    discard: bool,
    #[command(flatten)]
    order: OrderArgs,
    #[command(flatten)]
    schedule: ScheduleArgs,
    #[command(flatten)]
    filter: FilterFlags,
}

/// When a failed delivery is tried again.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TimingsArg {
    /// At the platform's times
    Production,
    /// Not at all
    Once,
}

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        if self.resume {
            return resume::resume(context, &self.order, self.schedule.limits());
        }
        if self.discard {
            return resume::discard(context, self.yes);
        }
        let reader = recorded(context)?;
        let selection = Selection::new(&self.names, &self.filter, self.last);
        let numbers = if selection.is_empty() {
            let Some(number) = picked::pick(context, &reader, &self.order)? else {
                return Ok(Exit::Interrupted);
            };
            vec![number]
        } else {
            selection.numbers(&reader)?
        };
        let order = Order {
            terms: self.schedule.terms(Terms {
                timings: match self.timings {
                    TimingsArg::Production => Timings::Production,
                    TimingsArg::Once => Timings::Once,
                },
                make: if self.keep_signature {
                    Make::Kept
                } else {
                    Make::Afresh
                },
                ..Terms::default()
            }),
            limits: self.schedule.limits(),
            new_id: self.new_id,
            edit: self.edit,
            yes: self.yes,
        };
        self.order.send(context, &reader, numbers, order)
    }
}
