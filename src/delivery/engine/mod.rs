//! The engine: deliveries on their way, each attempt written down before and after it is made.
//!
//! A delivery is in the hands of the [`Engine`] (in a slot), waits for its time ([`pending`]), or
//! waits for its turn ([`lanes`]). [`begin`] has it go out ([`flight`]) and [`settle`] takes in what came;
//! [`next`] decides what follows an attempt; [`unknown`] is for those that nobody saw the end of.

mod begin;
mod flight;
mod lanes;
mod next;
mod pending;
mod settle;
mod slot;
#[cfg(test)]
mod tests;
mod unknown;
mod work;

pub(crate) use work::{Ended, Engine, EngineError, Limits, Source};
