//! Whether a program keeps to its platform's rules: the audit of a sender, which answers with failures
//! on purpose and judges what the sender makes of them. Rules are data; what is judged are values,
//! times among them, so that only the one who watches needs a clock.

mod audit;
mod finding;
mod length;

pub(crate) use audit::{Audit, Options, rules};
pub(crate) use finding::{Finding, Findings, Rule, Ruling};
