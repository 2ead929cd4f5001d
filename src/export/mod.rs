//! Deliveries in other programs' forms.

mod curl;
mod json_lines;
mod wire;

pub(crate) use curl::{CurlBody, curl};
pub(crate) use json_lines::AttemptLine;
pub(crate) use wire::{Half, end_to_end};
