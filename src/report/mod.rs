//! What users see: one trait, a reporter for people and one that writes JSON lines. It renders what
//! it is given and decides nothing.

mod answered;
mod audit;
mod body;
mod cells;
mod check;
mod checkup;
mod diagnosis;
mod diff;
mod endpoint;
mod expectation;
mod hint;
mod human;
mod json;
mod junit;
mod log;
mod look;
mod provider;
mod pruning;
mod reasons;
mod redaction;
mod reporter;
#[cfg(test)]
mod samples;
mod show;
mod summary;
mod trouble;

pub(crate) use answered::answered;
pub(crate) use audit::{audit_cases, write_findings, write_findings_json};
pub(crate) use body::{dump, hex_dump, preview};
pub(crate) use check::{Checked, Words, planned, write_infos, write_infos_json};
pub(crate) use checkup::{Check, Checkup, State};
pub(crate) use diagnosis::Diagnosis;
pub(crate) use diff::diff;
pub(crate) use endpoint::{endpoint_json, endpoint_table, endpoint_text};
pub(crate) use expectation::{CommandEnd, Demand, Expectation, Named, Near};
pub(crate) use hint::{hint, silence_hint};
pub(crate) use human::Human;
pub(crate) use json::{Json, Typed, verdict_json, write_json};
pub(crate) use junit::{Case, CaseOutcome, junit};
pub(crate) use log::{HumanLog, JsonLog, LogReporter, Summary, Unmet};
pub(crate) use look::Look;
pub(crate) use provider::{in_all, provider_json, rules, schedule};
pub(crate) use pruning::{Told, deliveries, doomed};
pub(crate) use redaction::Redaction;
pub(crate) use reporter::{
    Certificate, Detail, DryRun, Expected, Forwards, Prospect, Ready, Reporter, ScriptTold, Tally,
};
pub(crate) use show::{DeliveryJson, Part, Shown, half, show, unkept, without};
