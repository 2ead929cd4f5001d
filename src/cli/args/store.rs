//! Where deliveries are kept.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

/// A file, or nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreArg {
    /// Nothing is kept.
    Nowhere,
    /// This file.
    File(PathBuf),
}

impl FromStr for StoreArg {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "none" => Self::Nowhere,
            path => Self::File(path.into()),
        })
    }
}
