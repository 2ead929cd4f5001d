//! HTTP Archives (HAR 1.2), written and read one entry at a time, so that memory stays flat.
//!
//! The fields stand here rather than in a crate's structs: browsers and proxies leave out what the
//! format demands, and what it has no place for (our own fields, bytes that are not text) goes into
//! fields whose names begin with `_`, as it allows.

mod model;
mod read;
mod write;

pub(crate) use read::read_har;
pub(crate) use write::{HarEntry, har_end, har_start};
