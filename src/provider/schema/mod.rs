//! Reads a provider file: TOML to a checked [`Provider`](super::Provider), with every problem told at once.

mod delivery;
mod events;
mod file;
mod reader;
mod signature;

pub use file::parse;
pub use reader::Problem;
