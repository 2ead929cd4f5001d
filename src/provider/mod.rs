//! Providers as data: one TOML file each, read into a checked value; their events, samples and URL
//! rules; the message a provider would send; how well a message fits a provider, and what it asks
//! before it sends any.

mod catalog;
mod compose;
mod event;
mod explain;
mod fit;
mod handshake;
mod model;
mod prepare;
mod sample;
mod schema;
mod tamper;
mod url_policy;

pub(crate) use catalog::{AUTO, unknown};
pub use catalog::{BUILTIN_IDS, builtin, builtin_text, nearest, template};
pub use compose::{ComposeError, Composed, Draft, compose};
pub use event::{AnyEvent, Event, TestEvent};
pub use explain::Clues;
pub use fit::Fit;
pub use handshake::{Handshake, Shaken};
pub use model::{Delivery, HeaderRule, IdForm, IdRule, Provider, When};
pub use prepare::{PrepareError, Prepared, Wish, new_id, prepare};
pub use sample::{Filling, render};
pub use schema::{Problem, parse};
pub use tamper::{Tamper, TamperError};
pub use url_policy::{Https, UrlPolicy, UrlProblem, is_internal_address, is_internal_name};
