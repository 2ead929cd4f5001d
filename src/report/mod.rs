//! What users see: one trait, a reporter for people and one that writes JSON lines. It renders what
//! it is given and decides nothing.

mod body;
mod hint;
mod human;
mod json;
mod provider;
mod reporter;
mod trouble;

pub(crate) use body::{dump, preview};
pub(crate) use hint::hint;
pub(crate) use human::Human;
pub(crate) use json::{Json, Typed, verdict_json};
pub(crate) use provider::{attempts, provider_json, rules, schedule_remark};
pub(crate) use reporter::{DryRun, Outgoing, Ready, Reporter, Tally};
