//! Deliveries in other programs' forms.

mod curl;

pub(crate) use curl::{CurlBody, curl};
