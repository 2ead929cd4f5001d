//! The log: a table for people, lines for programs, and what it comes to.

mod columns;
mod human;
mod json;
mod lines;

pub(crate) use human::HumanLog;
pub(crate) use json::JsonLog;
pub(crate) use lines::{LogReporter, Summary, Unmet};
