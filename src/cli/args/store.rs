//! Where deliveries are kept.

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
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Err("name a file, or `none`"),
            "none" => Ok(Self::Nowhere),
            path => Ok(Self::File(path.into())),
        }
    }
}
