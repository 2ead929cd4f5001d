//! Flags that recur.

mod endpoint;
mod expected;
mod filter;
mod forward;
mod global;
mod header;
mod load;
mod reference;
mod schedule;
mod secret;
mod store;
mod target;
mod time;
mod variable;

pub(crate) use endpoint::{
    Destination, EndpointArg, agree, called, endpoint_named, endpoints, provider_named,
    store_of_endpoints, typed, unknown,
};
pub(crate) use expected::Expected;
pub(crate) use filter::{FilterArgs, FilterFlags, filter_error, is_term, spell_out};
pub(crate) use forward::{ForwardArg, ForwardTargets};
pub(crate) use global::{ColorArg, Global};
pub(crate) use header::{HeaderArg, headers_of};
pub(crate) use load::LoadArgs;
pub(crate) use reference::{Reference, ReferenceArgs};
pub(crate) use schedule::{ScheduleArgs, Speed};
pub(crate) use secret::{
    Found, Missing, SecretArgs, keys_for, keys_of, no_secret, referred, signing_key, suit_some,
};
pub(crate) use store::StoreArg;
pub(crate) use target::{TargetUrl, file_or_stdin, given_url, read_input};
pub(crate) use time::{DurationArg, TimeArg, ToleranceArg};
pub(crate) use variable::or_variable;
