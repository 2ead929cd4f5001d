//! Where clues to a wrong signature are found: the other secrets and providers that the user has.

use std::path::{Path, PathBuf};

use crate::config::{Paths, list};
use crate::provider::Clues;
use crate::signature::Secret;
use crate::store::Reader;

use super::args::{Reference, called};
use super::context::Context;

/// Where clues are found; nothing is read yet.
pub(crate) struct Leads {
    paths: Paths,
    store: Option<PathBuf>,
    /// Where the environment and the settings have secrets, each with what to call it.
    named: Vec<(String, Reference)>,
    /// The secrets that are known not to be it.
    given: Vec<Secret>,
}

impl Leads {
    /// The leads of this user, to secrets other than those that are `given`.
    pub(crate) fn new(context: &Context, given: &[Secret]) -> Self {
        Self {
            paths: context.paths.clone(),
            // Whatever is wrong with it was told, or is not asked about.
            store: context.store().unwrap_or_default(),
            named: named(context),
            given: given.to_vec(),
        }
    }

    /// The clues; what cannot be read is passed over.
    pub(crate) fn follow(self) -> Clues {
        let listed = list(&self.paths).into_iter();
        let mut clues = Clues {
            secrets: Vec::new(),
            providers: listed.filter_map(|listed| listed.provider.ok()).collect(),
        };
        let endpoints = self.store.as_deref().and_then(endpoints);
        for (name, reference) in self.named.into_iter().chain(endpoints.unwrap_or_default()) {
            let Some(secret) = reference.peek() else {
                continue;
            };
            let mut known = clues.secrets.iter().map(|(_, known)| known);
            if !self.given.contains(&secret) && known.all(|known| *known != secret) {
                clues.secrets.push((name, secret));
            }
        }
        clues
    }
}

/// Where the environment and the settings have secrets.
fn named(context: &Context) -> Vec<(String, Reference)> {
    let config = &context.config;
    let variable = |name: &str| {
        let found = Reference::Variable(name.to_owned());
        (format!("the secret in `{name}`"), found)
    };
    let file = |path: PathBuf| {
        let name = format!("the secret in `{}`", path.display());
        (name, Reference::File(path))
    };
    let set = std::env::var_os("WH_SECRET_FILE").filter(|path| !path.is_empty());
    let routes = config.listen.route.iter().filter_map(|route| {
        let in_file = route.secret_file.clone().map(Reference::File);
        let in_variable = || route.secret_env.clone().map(Reference::Variable);
        let name = format!("the secret of the route `{}`", route.path);
        Some((name, in_file.or_else(in_variable)?))
    });
    std::iter::once(variable("WH_SECRET"))
        .chain(set.map(PathBuf::from).map(file))
        .chain(config.secret_file.clone().map(file))
        .chain(config.secret_env.as_deref().map(variable))
        .chain(routes)
        .collect()
}

/// Where the endpoints of a store have theirs.
fn endpoints(store: &Path) -> Option<Vec<(String, Reference)>> {
    let known = Reader::open(store).ok()??.endpoints().ok()?;
    let referred = known.iter().filter_map(|endpoint| {
        let reference = endpoint.settings.secret.as_deref()?.parse().ok()?;
        let name = format!("the secret of endpoint `{}`", called(endpoint));
        Some((name, reference))
    });
    Some(referred.collect())
}
