//! Whether a program keeps to its platform's rules: the audit of a sender, which answers with failures
//! on purpose and judges what the sender makes of them, and the check of a receiver, which sends what
//! it should take and what it should not. Rules are data; what is judged are values, times among them.

mod audit;
pub(crate) mod check;
mod finding;
mod length;

pub(crate) use audit::{Audit, Options, rules};
pub(crate) use finding::{Finding, Findings, Rule, Ruling};
