//! Reads a provider file: TOML to a checked [`Provider`](super::Provider), with every problem told at once.

mod delivery;
mod events;
mod file;
mod problems;
mod section;
mod signature;
mod values;

pub use file::parse;
pub use problems::Problem;
