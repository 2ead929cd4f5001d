//! Two attempts beside each other: what is said of them, their header lines, their bodies.

mod body;
mod exchange;
mod lines;
mod values;

pub(crate) use exchange::diff;
