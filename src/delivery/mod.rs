//! Sending: one attempt over HTTP, the engine that makes them by a platform's schedule, and what came
//! of them.

mod attempt;
mod client;
mod disorder;
mod engine;
mod failure;
mod halves;
mod job;
mod journal;
mod outgoing;
mod pace;
mod relay;
mod resolve;
mod route;
mod tally;
mod terms;
mod wire;

pub(crate) use attempt::{Attempt, Response};
pub(crate) use client::{Client, ClientError, ClientOptions, USER_AGENT};
pub(crate) use disorder::{Disorder, DisorderRules, bits_of};
pub(crate) use engine::{Ended, Engine, EngineError, Limits, Source};
pub(crate) use failure::{Failure, FailureKind};
pub(crate) use job::Job;
pub(crate) use journal::{Journal, row};
pub(crate) use outgoing::{Next, Outgoing, Retry, Update};
pub(crate) use pace::{Pace, Turn};
pub(crate) use relay::{Missed, PASSED_BACK, Relay, RelayError, end_to_end, hop_by_hop};
pub(crate) use resolve::{addresses, socket_addresses};
pub(crate) use route::{Route, Watch};
pub(crate) use tally::{Tally, Times};
pub(crate) use terms::{Make, PlaceTerms, Terms, Timings};
pub(crate) use wire::{head, reserved_header};
