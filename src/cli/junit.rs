//! The file for CI that `--junit` names.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::report::{Case, junit};

use super::error::Error;
use super::output::OutputFile;

/// A file of `JUnit`, begun beside its place.
pub(crate) struct JunitFile(OutputFile);

impl JunitFile {
    /// Begins it, so that one that cannot be written is told before anything is done.
    pub(crate) fn begin(path: &Path) -> Result<Self, Error> {
        let file = OutputFile::replacing(path, "--junit")?;
        // Whatever ends this run: what an earlier one found must not be taken for what this one did.
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(file.error(&error)),
            _ => Ok(Self(file)),
        }
    }

    /// Writes the cases of a suite and puts the file in its place.
    pub(crate) fn write(self, suite: &str, cases: &[Case]) -> Result<(), Error> {
        let Self(file) = self;
        let text = junit(suite, cases)
            .map_err(|error| Error::unexpected(format!("cannot write JUnit: {error}")))?;
        (&file)
            .write_all(text.as_bytes())
            .map_err(|error| file.error(&error))?;
        file.finish()
    }
}
