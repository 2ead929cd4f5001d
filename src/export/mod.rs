//! Deliveries in other programs' forms.

mod curl;
mod json_lines;

pub(crate) use curl::{CurlBody, curl};
pub(crate) use json_lines::AttemptLine;
