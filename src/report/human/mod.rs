//! The reporter for people: aligned lines, the verdict before anything that a sender wrote.

mod forwarded;
mod received;
mod reporter;
mod run;
mod sent;

pub(crate) use reporter::Human;
