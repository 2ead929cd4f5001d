//! The filter language: `event:invoice.* status:5xx -verdict:valid`.
//!
//! Terms are separated by spaces and must all hold; `-` in front takes what the term does not; a
//! comma in a value means or; quotes keep spaces and commas. A filter is a condition of SQL, for what
//! is kept, and a question to one attempt, for what comes in; tests hold the two against each other.

mod access;
mod counted;
mod functions;
mod leaf;
mod lex;
mod matches;
mod miss;
mod model;
mod read;
mod scalar;
mod sql;
#[cfg(test)]
mod tests;

pub(crate) use crate::message::Misread as FilterError;
pub(super) use access::{Access, Split, WRONG};
pub(crate) use counted::CountedFilter;
pub(super) use functions::register;
pub(crate) use matches::Candidate;
pub(crate) use miss::There;
pub(super) use model::Name;
pub(crate) use model::{Bare, Filter};
pub(crate) use read::KEYS;
