//! The integration tests: one crate, one file per subcommand or subject.
#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up or read, it fails by"
)]

mod abuse;
mod architecture;
mod catalog;
mod causes;
mod check;
mod clients;
mod config;
mod curl;
mod doctor;
mod durable;
mod endpoint;
mod events;
mod exit_codes;
mod explain;
mod export;
mod generated;
mod hostile;
mod import;
mod known_answers;
mod listen;
mod log;
mod own_providers;
mod properties;
mod provider;
mod prune;
mod receivers;
mod recorded;
mod replay;
mod retry;
mod secrets;
mod send;
mod show;
mod sign;
mod store;
mod support;
mod verdicts;
mod verify;
