//! The filter language: `event:invoice.* status:5xx -verdict:valid`.
//!
//! Terms are separated by spaces and must all hold; `-` in front takes what the term does not; a
//! comma in a value means or; quotes keep spaces and commas. A filter is a condition of SQL; what it
//! means of one attempt is said once more, for the tests that hold the two against each other.

mod access;
mod functions;
mod leaf;
mod lex;
#[cfg(test)]
mod matches;
mod model;
mod read;
mod scalar;
mod sql;
#[cfg(test)]
mod tests;

pub(crate) use crate::message::Misread as FilterError;
pub(super) use access::{Access, Split, WRONG};
pub(super) use functions::register;
pub(super) use model::Name;
pub(crate) use model::{Bare, Filter};
pub(crate) use read::KEYS;
