//! `wh import`: attempts that were recorded elsewhere.

use std::io::{BufReader, Cursor, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::export::{ImportError, Item, read_har, read_lines};
use crate::report::Typed;
use crate::store::Direction;

use super::args::file_or_stdin;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::intake::{Foreign, Intake, Tally};

/// Take in attempts that were recorded elsewhere
///
/// Reads what `wh export` and `wh listen --json` write, and HTTP Archives (HAR) of browsers and
/// proxies. What is there already is not recorded again.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh import deliveries.jsonl
  wh import -P wlcro browser.har
  ssh build wh export --since 1h | wh import -")]
pub(crate) struct Args {
    /// File to read, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What it holds [default: told from how it begins]
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<ImportFormat>,
    /// Who made the requests of a HAR: received (they came to the receiver) or sent
    #[arg(long, value_name = "WHO", value_enum, default_value = "received")]
    direction: DirectionArg,
    /// Go on after what cannot be read
    #[arg(long)]
    skip_invalid: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ImportFormat {
    /// JSON lines
    Jsonl,
    /// HTTP Archive 1.2
    Har,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DirectionArg {
    Received,
    Sent,
}

/// The bytes by which a format is told.
const BEGINNING: u64 = 4096;

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let cannot = |error: std::io::Error| {
            Error::input(format!("cannot read `{}`: {error}", self.file.display()))
        };
        let store = context
            .store()?
            .ok_or_else(|| Error::usage("with `--store none` nothing can be taken in"))?;
        let mut source = file_or_stdin(&self.file)?;
        let mut beginning = Vec::new();
        source
            .by_ref()
            .take(BEGINNING)
            .read_to_end(&mut beginning)
            .map_err(cannot)?;
        let format = self.format.unwrap_or_else(|| format_of(&beginning));
        let bom = beginning.starts_with(BOM).then_some(BOM.len());
        beginning.drain(..bom.unwrap_or_default());
        let source = BufReader::with_capacity(256 * 1024, Cursor::new(beginning).chain(source));
        let foreign = match format {
            ImportFormat::Har => Some(self.foreign(context)?),
            ImportFormat::Jsonl => None,
        };
        let mut intake = Intake::open(&store, foreign, context.paths.clone(), self.skip_invalid)?;
        let mut take = |item: Result<Item, ImportError>| -> ControlFlow<()> { intake.take(item) };
        let read = match format {
            ImportFormat::Jsonl => read_lines(source, &mut take).map_err(cannot),
            ImportFormat::Har => read_har(source, &mut take).map_err(|error| bad(&error)),
        };
        let tally = intake.end(read)?;
        report(context, &tally)?;
        Ok(Exit::Done)
    }

    fn foreign(&self, context: &Context) -> Result<Foreign, Error> {
        Ok(Foreign {
            provider: context.provider()?,
            direction: match self.direction {
                DirectionArg::Received => Direction::Received,
                DirectionArg::Sent => Direction::Sent,
            },
        })
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// An archive is one object whose first field is its log; lines have their type there.
fn format_of(beginning: &[u8]) -> ImportFormat {
    let text = beginning.strip_prefix(BOM).unwrap_or(beginning);
    let object = text.trim_ascii_start().strip_prefix(b"{");
    let is_log = object.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"log\""));
    if is_log {
        ImportFormat::Har
    } else {
        ImportFormat::Jsonl
    }
}

/// The error for what cannot be read.
pub(super) fn bad(error: &ImportError) -> Error {
    Error::input(error.to_string())
        .hint("it reads what `wh export` and `wh listen --json` write, and HAR 1.2")
}

fn report(context: &mut Context, tally: &Tally) -> Result<(), Error> {
    for remark in tally.remarks() {
        context.note(remark)?;
    }
    let out = context.streams.out();
    if context.global.json {
        return Ok(Typed::new("summary", tally.json()).write(out)?);
    }
    Ok(writeln!(out, "{tally}")?)
}
