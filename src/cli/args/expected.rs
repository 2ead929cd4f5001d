//! What is expected of an answer.

use std::fmt;
use std::str::FromStr;

use crate::retry::StatusSet;

/// What `--expect` takes.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    /// One of these statuses.
    Status(StatusSet),
    /// Any answer that is not success.
    Refused,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(set) => set.fmt(f),
            Self::Refused => f.write_str("a refusal"),
        }
    }
}

impl FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "refused" => Ok(Self::Refused),
            text => text
                .parse()
                .map(Self::Status)
                .map_err(|error| format!("{error}, or `refused`")),
        }
    }
}
