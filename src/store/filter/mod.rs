//! The filter language: `event:invoice.* status:5xx -verdict:valid`.

mod model;

pub(crate) use model::{Bare, Filter, FilterError};
