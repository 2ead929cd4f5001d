//! The store: every attempt that `listen` and `send` see, kept on disk before anybody is told.
//!
//! Nothing outside knows SQL. [`Writer`] appends, [`Reader`] reads; both may be had by several
//! processes at once, and neither waits for the other.

mod again;
mod alike;
mod append;
mod attempt;
mod body;
mod columns;
mod endpoints;
mod error;
mod file;
mod filter;
mod find;
mod health;
mod import;
mod lines;
mod listing;
mod plan;
mod prefix;
mod prune;
mod query;
mod queue;
mod reader;
mod recent;
mod run;
#[cfg(test)]
mod samples;
mod scan;
mod schema;
mod tail;
mod tally;
mod transact;
mod webhook_ids;
mod writer;

pub(crate) use attempt::{
    Answered, Attempt, Direction, Elsewhere, Entry, Exchange, Fault, Forwarded, Judgement, Listed,
    Opened, Opening, Outcome, Place, Recorded, Response, Sameness, VerdictKind,
};
pub(crate) use endpoints::{Counted, Endpoint, EndpointSettings};
pub(crate) use error::StoreError;
pub(crate) use file::{private_directory, private_file};
pub(crate) use filter::{Bare, Candidate, CountedFilter, Filter, FilterError, KEYS, There};
pub(crate) use find::FindError;
pub(crate) use health::{Health, files, free_space, measure_commits, sqlite_version};
pub(crate) use listing::Side;
pub(crate) use plan::{Forecast, Limits, Plan};
pub(crate) use prune::{Pruned, Pruning};
pub(crate) use queue::{Enqueued, Follow, Load, Next, Queued, Target, Waiting};
pub(crate) use reader::Reader;
pub(crate) use run::Run;
pub(crate) use tail::Tail;
pub(crate) use tally::Tally;
pub(crate) use writer::{WAITING, WriteError, Writer, Written};
