//! The reporter for programs: one JSON object a line, each with `type` and `schema`.

mod received;
mod reporter;
mod sent;
mod typed;

pub(crate) use received::verdict_json;
pub(crate) use reporter::Json;
pub(crate) use typed::{Typed, write_json};
