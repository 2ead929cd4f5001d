//! `wh export`: recorded attempts in other programs' forms.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use crate::export::Redacting;
use crate::store::{Bare, Filter, Reader, Recorded, StoreError};

use super::args::{FilterArgs, TargetUrl};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::exporter::{ExportFormat, ExportOptions, Exporter, redacting};
use super::output::OutputFile;

/// Write recorded attempts as JSON lines, HAR, CSV or curl
///
/// Oldest first. Credentials in headers are left out, unless `--no-redact`; signatures and bodies
/// never are.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh export > deliveries.jsonl
  wh export status:5xx --since 1d --format har -o failed.har
  wh export --event 'invoice.*' --format curl --url 3000 | sh")]
pub(crate) struct Args {
    #[command(flatten)]
    filter: FilterArgs,
    /// What to write
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "jsonl")]
    format: ExportFormat,
    /// File to write, which must not be there yet [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Put the file in the place of one that is there
    #[arg(long, requires = "output")]
    force: bool,
    /// Leave credentials in
    #[arg(long)]
    no_redact: bool,
    /// Bodies too, as text or base64 (with --format csv)
    #[arg(long)]
    bodies: bool,
    /// URL for the curl lines [default: where it was sent; what was received, to localhost:3000]
    #[arg(long, value_name = "URL")]
    url: Option<TargetUrl>,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let options = self.options()?;
        let filter = self.filter.filter(Bare::Search)?;
        let reader = context.reader()?;
        if reader.is_none() {
            context.note("nothing is recorded yet")?;
        }
        let source = Source {
            reader,
            filter,
            redacting: redacting(context, !self.no_redact)?,
        };
        let to_file = self
            .output
            .as_deref()
            .filter(|path| *path != Path::new("-"));
        let (count, remarks) = if let Some(path) = to_file {
            let file = OutputFile::create(path, self.force)?;
            let written = source.write(&file, &options);
            let told = written.map_err(|error| error.or(|error| file.error(&error)))?;
            file.finish()?;
            told
        } else {
            let written = source.write(context.streams.out(), &options);
            written.map_err(|error| error.or(Error::from))?
        };
        for remark in remarks {
            context.note(remark)?;
        }
        let attempts = if count == 1 { "attempt" } else { "attempts" };
        context.note(format!("{count} {attempts} written"))?;
        Ok(Exit::Done)
    }

    fn options(&self) -> Result<ExportOptions, Error> {
        if self.bodies && self.format != ExportFormat::Csv {
            return Err(Error::usage("--bodies goes with --format csv")
                .hint("the other formats have the bodies in any case"));
        }
        if self.url.is_some() && self.format != ExportFormat::Curl {
            return Err(Error::usage("--url goes with --format curl"));
        }
        Ok(ExportOptions {
            format: self.format,
            bodies: self.bodies,
            url: self.url.as_ref().map(|url| url.0.to_string()),
        })
    }
}

/// What is exported.
struct Source {
    reader: Option<Reader>,
    filter: Filter,
    redacting: Redacting,
}

/// Why an export ended early.
enum Failed {
    Read(Error),
    Write(io::Error),
}

impl Failed {
    /// The error itself; one of writing as `write` has it.
    fn or(self, write: impl FnOnce(io::Error) -> Error) -> Error {
        match self {
            Self::Read(error) => error,
            Self::Write(error) => write(error),
        }
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// The chunks that may wait to be written.
const CHUNKS: usize = 2;

impl Source {
    /// Writes everything; what comes next is read while what came is written.
    fn write(self, out: impl Write, options: &ExportOptions) -> Result<(u64, Vec<String>), Failed> {
        let out = BufWriter::with_capacity(256 * 1024, out);
        let redacting = self.redacting;
        let mut exporter = Exporter::start(out, options, &redacting)?;
        let (full, filled) = mpsc::sync_channel(CHUNKS);
        let Self { reader, filter, .. } = self;
        thread::scope(|scope| {
            match reader {
                Some(reader) => drop(scope.spawn(move || read(&reader, &filter, &full))),
                None => drop(full),
            }
            for chunk in filled {
                for recorded in &chunk.map_err(|error| Failed::Read(error.into()))? {
                    exporter.add(recorded)?;
                }
            }
            Ok(exporter.end()?)
        })
    }
}

type Chunk = Result<Vec<Recorded>, StoreError>;

/// Reads until there are no more, or nobody wants them.
fn read(reader: &Reader, filter: &Filter, full: &mpsc::SyncSender<Chunk>) {
    let mut next = Some(0);
    while let Some(row) = next {
        let chunk = reader.chunk(filter, row);
        let last = chunk.as_ref().ok().and_then(|chunk| chunk.last());
        next = last.map(|last| last.place.row);
        if full.send(chunk).is_err() {
            return;
        }
    }
}
