//! The body that is verified: read once, in pieces, and again only where it has to be explained.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;

use crate::cli::args::file_or_stdin;
use crate::cli::error::Error;
use crate::cli::read_ahead::read_ahead;
use crate::report::Diagnosis;
use crate::signature::explain::{Explanation, MOST};

/// The most that is kept of what can be read once only, in bytes.
const MOST_KEPT: usize = 4 * 1024 * 1024;

/// A body that was verified.
pub(super) enum Body {
    /// It is in memory.
    Whole(Bytes),
    /// It is in a file.
    File {
        path: PathBuf,
        length: u64,
        /// When the file was last written to, before it was read.
        written: Option<SystemTime>,
    },
    /// It came through a pipe, or a device; `None`: there was too much of it.
    Passed(Option<Vec<u8>>),
}

impl Body {
    /// Hands every byte of a file to `take`, and keeps of it what is not there a second time.
    pub(super) fn read(path: &Path, mut take: impl FnMut(&[u8])) -> Result<Self, Error> {
        let is_file = path != Path::new("-") && path.is_file();
        let written = written(path);
        let source = file_or_stdin(path)?;
        let mut length = 0;
        let mut kept = (!is_file).then(Vec::new);
        let read = read_ahead(source, |piece| {
            take(piece);
            length += piece.len() as u64;
            kept = kept
                .take()
                .filter(|kept| kept.len() + piece.len() <= MOST_KEPT);
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(piece);
            }
        });
        let cannot = |error| Error::input(format!("cannot read `{}`: {error}", path.display()));
        read.map_err(cannot)?;
        Ok(if is_file {
            Self::File {
                path: path.to_owned(),
                length,
                written,
            }
        } else {
            Self::Passed(kept)
        })
    }

    /// All of it; otherwise why it cannot be had, and what to do.
    pub(super) fn again(self) -> Result<Bytes, Diagnosis> {
        match self {
            Self::Whole(body) => Ok(body),
            Self::Passed(Some(kept)) => Ok(kept.into()),
            Self::Passed(None) => Err(Diagnosis::unsearched(
                "too large to explain from a pipe",
                "Give a file: wh verify FILE.",
            )),
            Self::File { length, .. } if length > MOST as u64 => {
                Err(Diagnosis::Searched(Explanation::TooLarge {
                    size: length,
                    most: MOST as u64,
                }))
            }
            Self::File {
                path,
                length,
                written: before,
            } => {
                let name = path.display();
                let again = |reason| Diagnosis::unsearched(reason, "Verify it again.");
                let body = read(&path, length);
                let body = body.map_err(|error| {
                    again(format!(
                        "not explained: `{name}` cannot be read again: {error}"
                    ))
                })?;
                if body.len() as u64 != length || written(&path) != before {
                    return Err(again(format!(
                        "not explained: `{name}` was changed since it was read"
                    )));
                }
                Ok(body.into())
            }
        }
    }
}

/// The bytes of a file, and one more than its length where it has become longer.
fn read(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(length + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// When a file was last written to, where that is known.
fn written(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use tempfile::TempDir;

    use crate::report::Diagnosis;

    use super::Body;

    /// A file that was read, and what is then done to it.
    fn read_then(change: impl FnOnce(&Path)) -> Result<Vec<u8>, String> {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("body");
        fs::write(&path, "once").expect("written");
        let mut taken = Vec::new();
        let body = Body::read(&path, |piece| taken.extend_from_slice(piece)).expect("read");
        assert_eq!(taken, b"once");
        change(&path);
        let name = path.display().to_string();
        let told = |diagnosis: Diagnosis| diagnosis.finding().replace(&name, "body");
        body.again().map(|bytes| bytes.to_vec()).map_err(told)
    }

    #[test]
    fn a_file_is_read_again_as_it_was() {
        assert_eq!(read_then(|_| ()), Ok(b"once".to_vec()));
    }

    #[test]
    fn a_file_that_was_changed_or_is_gone_is_told() {
        let changed = "not explained: `body` was changed since it was read".to_owned();
        let longer = read_then(|path| fs::write(path, "once more").expect("written"));
        assert_eq!(longer, Err(changed.clone()));
        let shorter = read_then(|path| fs::write(path, "on").expect("written"));
        assert_eq!(shorter, Err(changed.clone()));
        let same_length = read_then(|path| {
            let later = SystemTime::now() + Duration::from_secs(1);
            let file = File::options().write(true).open(path).expect("opened");
            file.set_modified(later).expect("set");
        });
        assert_eq!(same_length, Err(changed));
        let gone = read_then(|path| fs::remove_file(path).expect("removed"));
        let gone = gone.expect_err("it is not there");
        assert!(
            gone.starts_with("not explained: `body` cannot be read again: "),
            "{gone}"
        );
    }
}
