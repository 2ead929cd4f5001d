//! Deliveries in other programs' forms, and back.

mod csv;
mod curl;
mod har;
mod imported;
mod json_lines;
mod raw_line;
mod read_lines;
mod redacting;
mod wire;

pub(crate) use self::csv::Csv;
pub(crate) use curl::{CurlBody, NEAR, curl, curl_again, onto, quoted};
pub(crate) use har::{HarEntry, har_end, har_start, read_har};
pub(crate) use imported::{ImportError, Imported, Item, Origin};
pub(crate) use json_lines::{AnsweredLine, AttemptLine, RecordedLine};
pub(crate) use read_lines::read_lines;
pub(crate) use redacting::{REDACTED, Redacting};
pub(crate) use wire::{Half, end_to_end};
