//! `wh log`: what was sent and received.

use std::time::Instant;

use crate::report::{HumanLog, JsonLog, LogReporter, Summary, Unmet};
use crate::store::{Bare, Filter, Reader, Side, Tail, Tally};
use crate::term::duration;

use super::args::{DurationArg, FilterArgs};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// Show the delivery log: every attempt that was sent or received, newest first
///
/// Each line: the number of the delivery, when, `<--` received or `-->` sent, the verdict, the event,
/// which attempt, the status, the response time, the outcome, where.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh log --outcome failed --since 1h
  wh log --follow 'event:invoice.*'
  wh log --wait estimate.created --timeout 10s --json")]
pub(crate) struct Args {
    #[command(flatten)]
    filter: FilterArgs,
    /// Attempts to list; 0 prints the summary only [default: 50; with --follow 10]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// List those before this row: the next page
    #[arg(long, value_name = "ROW", value_parser = row, conflicts_with_all = ["after", "follow", "wait"])]
    before: Option<i64>,
    /// List those after this row, oldest first
    #[arg(long, value_name = "ROW", value_parser = row)]
    after: Option<i64>,
    /// Print the summary only, over all that passes
    #[arg(long, conflicts_with_all = ["limit", "before", "after", "follow", "wait"])]
    summary: bool,
    /// Go on with each attempt as it is recorded, by any process, until interrupted
    #[arg(long)]
    follow: bool,
    /// Wait for an attempt that passes, recorded after --after ROW or from now on, and print it
    ///
    /// A word without a key is a glob over events. Exit code 8: none came in time.
    #[arg(long, value_name = "FILTER", conflicts_with_all = ["limit", "follow"])]
    wait: Option<String>,
    /// How long to wait
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "30s",
        requires = "wait"
    )]
    timeout: DurationArg,
}

/// A row of the log, which is no delivery's number.
fn row(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| {
        format!("`{text}` is no row: rows stand in --json, and in the hint below a page")
    })
}

/// The attempts that are listed.
const PAGE: usize = 50;

/// The attempts that stand before those that follow.
const LAST: usize = 10;

/// The attempts that are told of when none passed.
const TOLD: usize = 3;

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        let mut reporter = reporter(context);
        if let Some(expected) = &self.wait {
            let filter = self.filter.clone().with(expected).filter(Bare::Event)?;
            return self.wait_for(&filter, expected, context, reporter.as_mut());
        }
        let filter = self.filter.filter(Bare::Search)?;
        if self.follow {
            return self.follow(&filter, context, reporter.as_mut());
        }
        let reader = match context.reader()? {
            Some(reader) => Some((reader.last_row()?, reader)).filter(|(cursor, _)| *cursor > 0),
            None => None,
        };
        let Some((cursor, reader)) = reader else {
            return nothing_yet(context, reporter.as_mut());
        };
        let (tally, more) = if self.summary || self.limit == Some(0) {
            (reader.tally(&filter)?, None)
        } else {
            self.list(&reader, &filter, reporter.as_mut())?
        };
        reporter.end(&Summary {
            tally,
            cursor,
            more,
        })?;
        Ok(Exit::Done)
    }

    /// Reports the page and returns what it comes to.
    fn list(
        &self,
        reader: &Reader,
        filter: &Filter,
        reporter: &mut dyn LogReporter,
    ) -> Result<(Tally, Option<Side>), Error> {
        let side = match (self.before, self.after) {
            (Some(row), _) => Side::Before(row),
            (None, Some(row)) => Side::After(row),
            (None, None) => Side::NEWEST,
        };
        let mut listing = reader.list(filter, side, self.limit.unwrap_or(PAGE));
        for lines in &mut listing {
            reporter.list(lines?)?;
        }
        Ok(listing.finish())
    }

    /// Reports the last attempts and then each as it comes, without end.
    fn follow(
        &self,
        filter: &Filter,
        context: &mut Context,
        reporter: &mut dyn LogReporter,
    ) -> Result<Exit, Error> {
        let path = context.store_to_read()?;
        let mut tail = if self.after.is_some() {
            Tail::after(&path, self.after)?
        } else {
            let (tail, lines) = Tail::behind(&path, filter, self.limit.unwrap_or(LAST))?;
            lines.iter().try_for_each(|line| reporter.line(line))?;
            tail
        };
        if !tail.has_store() && !context.global.json {
            context.note("nothing recorded yet: waiting")?;
        }
        loop {
            let lines = tail.next(filter, None)?;
            lines.iter().try_for_each(|line| reporter.line(line))?;
        }
    }

    /// Reports the first attempt that passes, or after some time that there was none.
    fn wait_for(
        &self,
        filter: &Filter,
        expected: &str,
        context: &Context,
        reporter: &mut dyn LogReporter,
    ) -> Result<Exit, Error> {
        let mut tail = Tail::after(&context.store_to_read()?, self.after)?;
        let until = Instant::now().checked_add(self.timeout.0);
        if let Some(line) = tail.next(filter, until)?.first() {
            reporter.line(line)?;
            return Ok(Exit::Done);
        }
        let (others, last) = tail.seen(TOLD)?;
        reporter.unmet(&Unmet {
            expected,
            waited: duration(self.timeout.0),
            others,
            last,
            cursor: tail.row(),
        })?;
        Ok(Exit::Unmet)
    }
}

fn reporter(context: &Context) -> Box<dyn LogReporter> {
    let streams = context.more_streams();
    if context.global.json {
        Box::new(JsonLog::new(streams))
    } else {
        Box::new(HumanLog::new(streams, context.global.quiet))
    }
}

fn nothing_yet(context: &mut Context, reporter: &mut dyn LogReporter) -> Result<Exit, Error> {
    if context.global.json {
        reporter.end(&Summary::default())?;
    } else {
        context.note("nothing recorded yet")?;
        context.hint("`wh listen` records what comes in, `wh send` what goes out")?;
    }
    Ok(Exit::Done)
}
