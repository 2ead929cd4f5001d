//! The integration tests: one crate, one file per subcommand or subject.
#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up or read, it fails by"
)]

mod architecture;
mod catalog;
mod known_answers;
mod properties;
mod support;
mod verdicts;
