//! The check of a receiver: a catalogue of rules, each with the requests that show whether it holds
//! and the judgement of what comes back; one runner; and, where a right delivery is refused, why.

mod accepts;
mod baseline;
mod bodies;
mod catalogue;
mod contents;
mod diagnosis;
mod effects;
mod examination;
mod firing;
mod idempotent;
mod in_time;
mod judge;
mod ledger;
mod patience;
mod receiver;
mod refuses;
mod report;
mod robust;
mod runner;
mod selection;
mod shot;
mod standing;
mod tally;
#[cfg(test)]
mod tests;
mod texts;
mod times;
mod trial;
mod veil;
mod wire;
mod workshop;

pub(crate) use baseline::Baseline;
pub(crate) use catalogue::{Group, Info, Weight, infos, requests};
pub(crate) use effects::Effects;
pub(crate) use receiver::{CheckError, Options, Receiver};
pub(crate) use report::{CheckFinding, CheckReport, Evidence};
pub(crate) use runner::{Progress, run};
