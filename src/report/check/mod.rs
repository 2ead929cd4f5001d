//! What a check of a receiver found: as a table with the reasons for what does not hold, as lines of
//! JSON, as cases of `JUnit`; and the rules that it has.

mod cases;
mod checked;
mod exchange;
mod human;
mod json;
mod listing;
#[cfg(test)]
mod samples;

pub(crate) use checked::{Checked, Words};
pub(crate) use listing::{planned, write_infos, write_infos_json};
