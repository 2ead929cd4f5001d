//! The filter language: `event:invoice.* status:5xx -verdict:valid`.

mod error;
mod model;

pub(crate) use error::FilterError;
pub(crate) use model::{Bare, Filter, KEYS};
