//! Hands deliveries on to other programs, as they came, and their answers back.
//!
//! ```text
//! forwarder   which target takes a delivery; what becomes of it, also when the listener stops
//! target      one target: its events, and the request that it gets
//! host        where targets are: how much is under way there, whether it can be reached
//! passed      what came of a forward, as an answer to the sender and for the record
//! ```

mod forwarder;
mod host;
mod passed;
mod target;
#[cfg(test)]
mod tests;

pub(crate) use forwarder::{ForwardOptions, Forwarder, Patience};
pub(crate) use host::{Reach, TargetNews};
pub(crate) use target::TargetOptions;
