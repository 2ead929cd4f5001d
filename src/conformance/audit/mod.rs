//! The audit of a sender: a plan of answers, mostly failures; a record of what the sender makes of
//! them; a catalogue of rules, each of which judges the record.

mod answer;
mod auditor;
mod catalogue;
mod contents;
mod delivery;
mod endings;
mod evidence;
mod identity;
mod pace;
mod plan;
mod record;
#[cfg(test)]
mod tests;
mod timing;
mod told;

pub(crate) use auditor::{Audit, Options};
pub(crate) use catalogue::rules;
