//! The secret: where it would come from. Its value is looked at for whether it is there.

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::config::{Layer, RouteConfig};
use crate::report::Check;

use super::is_open_to_others;
use super::settings::said;

const NAME: &str = "secret";

/// A place that holds a secret.
enum Source {
    /// This variable, whose value is known to be there.
    Value(&'static str),
    /// A file, and who names it.
    File(PathBuf, String),
    /// A variable, and who names it.
    Variable(String, String),
}

/// The place that is used where no flag names another, and those that it comes before.
pub(super) fn sources(context: &Context, layers: &[Layer]) -> Vec<Check> {
    let mut sources = places(context, layers).into_iter();
    let Some(first) = sources.next() else {
        let found = "none: `listen` verifies nothing, and signing asks or fails";
        return vec![
            Check::ok(NAME, found).fix("--secret-file FILE, or `secret-file` in ./wh.toml"),
        ];
    };
    let unused = sources.map(|source| Check::ok(NAME, format!("{} is not used", words(&source))));
    std::iter::once(check(&first)).chain(unused).collect()
}

/// The place that a route names, if it names one.
pub(super) fn of_route(route: &RouteConfig) -> Option<Check> {
    let from = || format!("the route `{}`", route.path);
    let file = |path: &PathBuf| Source::File(path.clone(), from());
    let variable = |name: &String| Source::Variable(name.clone(), from());
    let named = route.secret_file.as_ref().map(file);
    let named = named.or_else(|| route.secret_env.as_ref().map(variable));
    named.as_ref().map(check)
}

/// The places in the order in which they win.
fn places(context: &Context, layers: &[Layer]) -> Vec<Source> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let config = &context.config;
    let file = |path: &PathBuf| {
        let (_, from) = said(layers, |config| config.secret_file.clone())?;
        Some(Source::File(path.clone(), from))
    };
    let named = |name: &String| {
        let (_, from) = said(layers, |config| config.secret_env.clone())?;
        Some(Source::Variable(name.clone(), from))
    };
    [
        variable("WH_SECRET").map(|_| Source::Value("WH_SECRET")),
        variable("WH_SECRET_FILE")
            .map(|path| Source::File(path.into(), "WH_SECRET_FILE".to_owned())),
        config.secret_file.as_ref().and_then(file),
        config.secret_env.as_ref().and_then(named),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn words(source: &Source) -> String {
    match source {
        Source::Value(name) => format!("the variable `{name}`"),
        Source::File(path, from) => format!("the file `{}`, from {from},", path.display()),
        Source::Variable(name, from) => format!("the variable `{name}`, from {from},"),
    }
}

fn check(source: &Source) -> Check {
    let words = words(source);
    let found = words.trim_end_matches(',');
    match source {
        Source::Value(_) => Check::ok(NAME, found),
        Source::File(path, _) => of_file(path, found),
        Source::Variable(name, _)
            if std::env::var_os(name).is_some_and(|value| !value.is_empty()) =>
        {
            Check::ok(NAME, found)
        }
        Source::Variable(name, _) => Check::warn(
            NAME,
            format!("{words} is not set, or empty"),
            format!("set `{name}`"),
        ),
    }
}

fn of_file(path: &Path, found: &str) -> Check {
    let name = path.display();
    match std::fs::metadata(path) {
        Err(error) => Check::warn(
            NAME,
            format!("{found}: {error}"),
            "write the secret into it, or name another",
        ),
        Ok(file) if file.is_dir() => {
            Check::warn(NAME, format!("{found}: is a directory"), "name a file")
        }
        Ok(file) if file.is_file() && file.len() == 0 => Check::warn(
            NAME,
            format!("{found}: is empty"),
            "write the secret into it",
        ),
        Ok(_) if is_open_to_others(path) => Check::warn(
            NAME,
            format!("{found}: others may read it"),
            format!("chmod 600 {name}"),
        ),
        Ok(_) => match std::fs::File::open(path) {
            Ok(_) => Check::ok(NAME, found),
            Err(error) => Check::warn(
                NAME,
                format!("{found}: {error}"),
                format!("chmod 600 {name}"),
            ),
        },
    }
}
