//! The settings: which files there are, and what won.

use std::fmt::Display;
use std::path::Path;
use std::str::FromStr;

use clap::ValueEnum as _;

use crate::cli::args::{
    ColorArg, ForwardTargets, Global, StoreArg, TargetUrl, ToleranceArg, or_variable,
};
use crate::cli::context::Context;
use crate::config::{Config, Layer, Paths, list};
use crate::report::Check;

use super::failed;

/// The files that were looked at.
pub(super) fn files(global: &Global, layers: &[Layer]) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Err(error) = Paths::of_process() {
        checks.push(failed("home", error));
    }
    let named =
        global.config.is_some() || std::env::var_os("WH_CONFIG").is_some_and(|v| !v.is_empty());
    for layer in layers {
        let Some(path) = &layer.path else { continue };
        let name = format!("`{}`", path.display());
        checks.push(match &layer.settings {
            Ok(Some(_)) if named => Check::ok("settings", format!("{name}, and no other file")),
            Ok(Some(_)) => Check::ok("settings", name),
            Ok(None) => Check::ok("settings", format!("{name} is not there")),
            Err(error) => Check::fail("settings", causes(error))
                .fix("until then no command that needs settings runs"),
        });
    }
    checks
}

/// A setting, and the places that may say it.
struct Setting<T> {
    name: &'static str,
    flag: Option<T>,
    variable: &'static str,
    in_file: fn(&Config) -> Option<String>,
}

/// What each setting is, and who says so.
pub(super) fn values(context: &Context, layers: &[Layer]) -> Vec<Check> {
    let global = &context.global;
    let text = |path: &std::path::PathBuf| path.display().to_string();
    vec![
        provider(context, layers),
        Setting::<TargetUrl> {
            name: "url",
            flag: None,
            variable: "WH_URL",
            in_file: |config| config.url.clone(),
        }
        .check(layers, TargetUrl::shown),
        Setting::<ToleranceArg> {
            name: "tolerance",
            flag: None,
            variable: "WH_TOLERANCE",
            in_file: |config| config.tolerance.clone(),
        }
        .check(layers, |tolerance| match tolerance.0 {
            Some(length) => crate::term::duration(length.unsigned_abs()),
            None => "off".to_owned(),
        }),
        Setting::<StoreArg> {
            name: "store",
            flag: global.store.clone(),
            variable: "WH_STORE",
            in_file: |config| Some(config.store.as_ref()?.display().to_string()),
        }
        .check(layers, |store| match store {
            StoreArg::Nowhere => "none".to_owned(),
            StoreArg::File(path) => text(path),
        }),
        Setting::<ColorArg> {
            name: "color",
            flag: global.color,
            variable: "WH_COLOR",
            in_file: |config| config.color.clone(),
        }
        .check(layers, |choice| {
            let value = choice.to_possible_value();
            value.map_or_else(String::new, |value| value.get_name().to_owned())
        }),
        Setting::<String> {
            name: "listen.host",
            flag: None,
            variable: "WH_HOST",
            in_file: |config| config.listen.host.clone(),
        }
        .check(layers, String::clone),
        Setting::<u16> {
            name: "listen.port",
            flag: None,
            variable: "WH_PORT",
            in_file: |config| Some(config.listen.port?.to_string()),
        }
        .check(layers, u16::to_string),
        Setting::<ForwardTargets> {
            name: "listen.forward-to",
            flag: None,
            variable: "WH_FORWARD_TO",
            in_file: |config| Some(config.listen.forward_to.as_ref()?.join(" ")),
        }
        .check(layers, ForwardTargets::shown),
    ]
}

impl<T: FromStr<Err: Display>> Setting<T> {
    fn check(self, layers: &[Layer], show: impl Fn(&T) -> String) -> Check {
        let Self {
            name,
            flag,
            variable,
            in_file,
        } = self;
        let found =
            |value: &T, from: &str| Check::ok(name, format!("`{}`, from {from}", show(value)));
        if let Some(flag) = &flag {
            return found(flag, "the flag");
        }
        match or_variable(None, variable) {
            Ok(Some(value)) => return found(&value, variable),
            Ok(None) => {}
            Err(error) => return failed(name, error),
        }
        match said(layers, in_file) {
            None => Check::ok(name, "not set"),
            Some((text, from)) => match text.parse() {
                Ok(value) => found(&value, &from),
                Err(error) => Check::fail(name, format!("{error}, from {from}")),
            },
        }
    }
}

/// What the uppermost file says that says anything, and which one it is.
pub(super) fn said<T>(
    layers: &[Layer],
    in_file: impl Fn(&Config) -> Option<T>,
) -> Option<(T, String)> {
    layers.iter().find_map(|layer| {
        let value = in_file(layer.settings.as_ref().ok()?.as_ref()?)?;
        Some((value, place(layer.path.as_deref())))
    })
}

fn place(path: Option<&Path>) -> String {
    path.map_or("the default".to_owned(), |path| {
        format!("`{}`", path.display())
    })
}

/// The provider that holds, where it can be had.
fn provider(context: &Context, layers: &[Layer]) -> Check {
    const NAME: &str = "provider";
    let from = || match &context.global.provider_file {
        Some(_) => "the flag".to_owned(),
        None if !context.global.provider.is_empty() => "the flag".to_owned(),
        None if std::env::var_os("WH_PROVIDER").is_some_and(|name| !name.is_empty()) => {
            "WH_PROVIDER".to_owned()
        }
        None => said(layers, |config| config.provider.clone())
            .map_or("nowhere".to_owned(), |(_, from)| from),
    };
    match context.provider() {
        Ok(provider) => Check::ok(NAME, format!("`{}`, from {}", provider.id, from())),
        Err(error) => {
            let found = format!("{}, from {}", error.message(), from());
            Check::fail(NAME, found).fix(error.hints().join("; "))
        }
    }
}

/// The user's own providers.
pub(super) fn providers(context: &Context) -> Vec<Check> {
    const NAME: &str = "providers";
    if Paths::of_process().is_err() {
        return Vec::new();
    }
    let own: Vec<_> = list(&context.paths)
        .into_iter()
        .filter_map(|listed| Some((listed.path?, listed.provider)))
        .collect();
    let good = own.iter().filter(|(_, provider)| provider.is_ok()).count();
    let directory = context.paths.providers();
    let mut checks = vec![Check::ok(
        NAME,
        format!("{good} of your own in `{}`", directory.display()),
    )];
    for (path, provider) in own {
        if let Err(error) = provider {
            let fix = format!("wh provider validate {}", path.display());
            checks.push(Check::warn(NAME, causes(&error), fix));
        }
    }
    checks
}

/// An error and its causes on one line.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let all = std::iter::once(error.to_string()).chain(causes.map(ToString::to_string));
    all.collect::<Vec<_>>().join(": ")
}
