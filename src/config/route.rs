//! The routes of `listen`, as the settings have them.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

/// A path, and whose deliveries come in there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RouteConfig {
    /// The path, in which `*` stands for any text.
    pub(crate) path: String,
    /// The provider's id, or `auto`.
    pub(crate) provider: String,
    /// The file that holds the secret, relative to the settings file.
    pub(crate) secret_file: Option<PathBuf>,
    /// The variable that holds the secret.
    pub(crate) secret_env: Option<String>,
    /// How far a timestamp may lie from now.
    pub(crate) tolerance: Option<String>,
    /// The URL that senders call.
    pub(crate) public_url: Option<String>,
    /// The settings file that it stands in.
    #[serde(skip)]
    pub(crate) file: PathBuf,
}

/// Why a route is none.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum RouteError {
    /// No request has such a path.
    #[error("a path begins with `/`")]
    NoSlash,
    /// What comes after it is no part of a path.
    #[error("a path has neither `?` nor `#`: a query is not looked at")]
    Query,
    /// It would never be reached.
    #[error("the path is there twice")]
    Twice,
    /// Both may hold one.
    #[error("`secret-file` and `secret-env` are one too many")]
    TwoSecrets,
}

impl RouteConfig {
    /// Takes note of the settings file that it stands in.
    pub(super) fn stand_in(&mut self, file: &Path) {
        file.clone_into(&mut self.file);
        if let Some(secret) = &mut self.secret_file {
            *secret = file.parent().unwrap_or(Path::new("")).join(&secret);
        }
    }

    /// Whether it says where its secret is.
    pub(crate) fn names_secret(&self) -> bool {
        self.secret_file.is_some() || self.secret_env.is_some()
    }

    /// What is wrong with it by itself, and beside the routes `before` it.
    pub(crate) fn check(&self, before: &[Self]) -> Result<(), RouteError> {
        if !self.path.starts_with('/') {
            Err(RouteError::NoSlash)
        } else if self.path.contains(['?', '#']) {
            Err(RouteError::Query)
        } else if before.iter().any(|route| route.path == self.path) {
            Err(RouteError::Twice)
        } else if self.secret_file.is_some() && self.secret_env.is_some() {
            Err(RouteError::TwoSecrets)
        } else {
            Ok(())
        }
    }
}
