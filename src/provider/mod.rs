//! Providers as data: one TOML file each, read into a checked value; their events, samples and URL
//! rules; and the message a provider would send.

mod catalog;
mod compose;
mod event;
mod model;
mod prepare;
mod sample;
mod schema;
mod tamper;
mod url_policy;

pub use catalog::{BUILTIN_IDS, builtin, builtin_text, nearest, template};
pub use compose::{ComposeError, Composed, Draft, compose};
pub use event::{AnyEvent, Event, TestEvent};
pub use model::{Delivery, HeaderRule, IdForm, IdRule, Provider, When};
pub use prepare::{PrepareError, Prepared, Wish, new_id, prepare};
pub use sample::{Filling, render};
pub use schema::{Problem, parse};
pub use tamper::{Tamper, TamperError};
pub use url_policy::{Https, UrlPolicy, UrlProblem, is_internal_address, is_internal_name};
