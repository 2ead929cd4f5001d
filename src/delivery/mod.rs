//! Sending: one attempt over HTTP, what goes out on the wire, and what came of it.

mod attempt;
mod client;
mod failure;
mod resolve;
mod wire;

pub(crate) use attempt::{Attempt, Response};
pub(crate) use client::{Client, ClientError, ClientOptions, USER_AGENT};
pub(crate) use failure::{Failure, FailureKind};
pub(crate) use resolve::addresses;
pub(crate) use wire::{head, reserved_header};
