//! A file to write results to.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::error::Error;

/// A file that only its owner may read. Unless it is finished, nothing is left of it.
pub(crate) struct OutputFile {
    path: PathBuf,
    /// Where it is written until it is finished: the place itself, where there was nothing.
    written: PathBuf,
    file: File,
    is_finished: bool,
}

impl OutputFile {
    /// Makes a file where there must be nothing, not even a link; with `force` it takes the place of
    /// what is there, once it is finished.
    pub(crate) fn create(path: &Path, force: bool) -> Result<Self, Error> {
        let name = path
            .file_name()
            .ok_or_else(|| Error::usage(format!("`{}` names no file", path.display())))?;
        // A device is never taken away, nor is a link: `/dev/stdout` is one.
        if force && fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            let path = path.display();
            return Err(Error::input(format!("`{path}` is not a plain file"))
                .hint("name another, or leave --output out to write to standard output"));
        }
        let written = if force {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(format!(".{}", uuid::Uuid::new_v4().simple()));
            path.with_file_name(hidden)
        } else {
            path.to_owned()
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&written) {
            Ok(file) => Ok(Self {
                path: path.to_owned(),
                written,
                file,
                is_finished: false,
            }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Error::input(format!(
                "`{}` is there already",
                path.display()
            ))
            .hint("--force puts a new one in its place")),
            Err(error) => Err(cannot_write(path, &error)),
        }
    }

    /// Makes a file that takes the place of what is there once it is finished, for a flag whose value is
    /// a plain file in any case.
    pub(crate) fn replacing(path: &Path, flag: &str) -> Result<Self, Error> {
        if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            let path = path.display();
            return Err(
                Error::input(format!("`{path}` is not a plain file")).hint(format!(
                    "{flag} FILE makes it, or puts a new one in its place"
                )),
            );
        }
        Self::create(path, true)
    }

    /// Puts the file in its place.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        if self.written != self.path {
            fs::rename(&self.written, &self.path)
                .map_err(|error| cannot_write(&self.path, &error))?;
        }
        self.is_finished = true;
        Ok(())
    }

    /// The error for what could not be written to it.
    pub(crate) fn error(&self, error: &io::Error) -> Error {
        cannot_write(&self.path, error)
    }
}

impl Write for &OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&self.file).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&self.file).flush()
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // Whatever went wrong is told already.
            let _ = fs::remove_file(&self.written);
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::input(format!("cannot write `{}`: {error}", path.display()))
}
