//! An entry as the answer that it makes.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use thiserror::Error;
use uuid::Uuid;

use crate::store::Answered;

use super::model::{Act, Body, Course, Entry, Line};
use crate::capture::{Choice, Scripted};

/// The longest file that a body is read from, in bytes: 8 MiB.
const LONGEST: u64 = 8 << 20;

/// The body of an answer that needs one and is given none: long enough to drip.
const FILLER: &str = "this is the body of an answer that does not come as it should\n";

/// How often the filler stands there: about a KiB.
const FILLERS: usize = 17;

/// Why the body of an answer cannot be had.
#[derive(Debug, Error)]
pub(crate) enum BodyError {
    /// Its file cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its file is too long.
    #[error("`{path}` is longer than 8 MiB, which an answer's body may have at most")]
    TooLong {
        /// The file.
        path: PathBuf,
    },
}

/// What an entry does, with all that it takes at hand.
pub(super) enum Prepared {
    Own,
    Forward,
    Answer {
        /// The answer to anybody.
        answer: Scripted,
        /// How it goes out.
        course: Course,
    },
}

impl Prepared {
    /// Of the entry with this number among so many, from 1; its files are relative to a folder.
    pub(super) fn of(
        entry: &Entry,
        (nth, of): (usize, usize),
        folder: &Path,
    ) -> Result<Self, BodyError> {
        let line = match &entry.act {
            Act::Own => return Ok(Self::Own),
            Act::Forward => return Ok(Self::Forward),
            Act::Answer(line) => line,
        };
        let body = body(line, folder)?;
        let mut headers = line.headers.clone();
        if !body.is_empty() && headers.first("Content-Type").is_none() {
            headers.push("Content-Type", content_type(&body));
        }
        Ok(Self::Answer {
            answer: Scripted {
                status: line.status,
                headers,
                body,
                after: line.after,
                ..Scripted::by(Answered::Script(format!("{nth}/{of}: {}", entry.told)))
            },
            course: line.course,
        })
    }

    /// The answer to the request with this id.
    pub(super) fn choice(&self, id: Uuid) -> Choice {
        match self {
            Self::Own => Choice::Own,
            Self::Forward => Choice::Forward,
            Self::Answer { answer, course } => Choice::Scripted(Scripted {
                manner: course.manner(id),
                ..answer.clone()
            }),
        }
    }
}

fn body(line: &Line, folder: &Path) -> Result<Bytes, BodyError> {
    match (&line.body, line.course) {
        (Some(Body::Text(text)), _) => Ok(text.clone().into()),
        (Some(Body::File(path)), _) => read(&folder.join(path)),
        (None, Course::Drip(_) | Course::Truncated) => Ok(FILLER.repeat(FILLERS).into()),
        (None, _) => Ok(Bytes::new()),
    }
}

fn read(path: &Path) -> Result<Bytes, BodyError> {
    let cannot = |source| BodyError::Read {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(cannot)?.take(LONGEST + 1);
    let length = file.read_to_end(&mut bytes).map_err(cannot)?;
    if u64::try_from(length).is_ok_and(|length| length <= LONGEST) {
        Ok(bytes.into())
    } else {
        let path = path.to_owned();
        Err(BodyError::TooLong { path })
    }
}

/// What a body is, where no header line says so.
fn content_type(body: &[u8]) -> &'static str {
    let is_structure = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    if is_structure && serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        "application/json"
    } else if std::str::from_utf8(body).is_ok() {
        "text/plain; charset=utf-8"
    } else {
        "application/octet-stream"
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::{BodyError, LONGEST, content_type, read};

    #[test]
    fn a_file_is_read_up_to_a_length() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("body");
        let write = |length: u64| {
            let file = std::fs::File::create(&path).expect("a file");
            file.set_len(length).expect("its length");
        };
        write(LONGEST);
        assert_eq!(read(&path).expect("its bytes").len() as u64, LONGEST);
        write(LONGEST + 1);
        assert!(matches!(read(&path), Err(BodyError::TooLong { .. })));
        assert!(matches!(read(folder.path()), Err(BodyError::Read { .. })));
    }

    #[test]
    fn a_body_is_what_it_looks_like() {
        for (body, expected) in [
            (&b" {\"a\":1}"[..], "application/json"),
            (b"[]", "application/json"),
            (b"{a}", "text/plain; charset=utf-8"),
            (b"17", "text/plain; charset=utf-8"),
            (b"\xff", "application/octet-stream"),
        ] {
            assert_eq!(content_type(body), expected, "{body:?}");
        }
    }
}
