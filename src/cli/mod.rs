//! The command line: one file per subcommand, each with its arguments and its `run`.

mod agreed;
mod args;
mod check;
mod command;
mod completions;
mod context;
mod courier;
mod demo;
mod doctor;
mod endpoint;
mod error;
mod events;
mod exit;
mod export;
mod exporter;
mod import;
mod intake;
mod listen;
mod load;
mod log;
mod man;
mod output;
mod plan;
mod provider;
mod prune;
mod read_ahead;
mod replay;
mod retry;
mod run;
mod runtime;
mod send;
mod show;
mod sign;
mod signing;
mod verify;

pub use run::run;
