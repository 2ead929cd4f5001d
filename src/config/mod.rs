//! Settings: flag over environment over `./wh.toml` over the user's file over the embedded default;
//! and the providers that are built in or the user's own.

mod file;
mod paths;
mod providers;
mod route;

pub(crate) use file::{Config, ConfigError, Layer, layers};
pub(crate) use paths::{Paths, PathsError};
pub(crate) use providers::{Listed, ProviderError, find, list, read_file};
pub(crate) use route::RouteConfig;
