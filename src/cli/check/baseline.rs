//! The file of failures that are known.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

use crate::cli::error::Error;
use crate::cli::output::OutputFile;
use crate::conformance::check::Baseline;

/// The most of a file that is read, in bytes: all rules with a paragraph for each take far less.
const MOST: u64 = 1024 * 1024;

/// Reads the file that a flag names.
pub(super) fn read(path: &Path) -> Result<Baseline, Error> {
    let name = path.display();
    let text = text_of(path).map_err(|error| {
        let plain = Error::input(format!("cannot read the baseline `{name}`: {error}"));
        match error.kind() {
            ErrorKind::NotFound => plain.hint(format!("--write-baseline {name} writes one")),
            _ => plain,
        }
    })?;
    Baseline::parse(&text).map_err(|error| {
        let plain = Error::input(format!("the baseline `{name}`: {error}"));
        plain.hint(match error.nearest {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`wh check --list` shows those there are".to_owned(),
        })
    })
}

fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let read = File::open(path)?.take(MOST + 1).read_to_string(&mut text)?;
    if read as u64 > MOST {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    Ok(text)
}

/// Begins the file that a flag names, so that one that cannot be written is told now.
pub(super) fn begun(path: Option<&Path>) -> Result<Option<OutputFile>, Error> {
    path.map(|path| OutputFile::replacing(path, "--write-baseline"))
        .transpose()
}

/// Writes the file.
pub(super) fn write(file: OutputFile, baseline: &Baseline) -> Result<(), Error> {
    (&file)
        .write_all(baseline.text().as_bytes())
        .map_err(|error| file.error(&error))?;
    file.finish()
}
