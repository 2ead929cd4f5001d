//! A provider in words: every rule with its value, and `(assumed)` where no document states it.

mod delivery;
mod json;
mod rules;
mod schedule;
mod signing;

pub(crate) use json::provider_json;
pub(crate) use rules::{Rule, rules};
pub(crate) use schedule::{in_all, schedule};
