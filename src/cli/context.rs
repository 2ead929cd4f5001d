//! The world a command works in: settings, paths, streams, and what they give.

use std::path::PathBuf;

use crate::config::{Config, Layer, Paths, find, layers, read_file};
use crate::provider::Provider;
use crate::report::{Human, Json, Reporter};
use crate::store::Reader;
use crate::term::{ColourChoice, Safe, Streams};

use super::args::{ColorArg, Global, StoreArg, ToleranceArg, or_variable};
use super::error::Error;

/// Built once, before a command runs.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) config: Config,
    pub(crate) paths: Paths,
    pub(crate) streams: Streams,
    colour: ColourChoice,
}

impl Context {
    /// The context of this process; with `settings` off, whatever is wrong with the settings is
    /// passed over.
    pub(crate) fn of_process(global: Global, settings: bool) -> Result<Self, Error> {
        let (paths, config, colour) = if settings {
            let paths = Paths::of_process()?;
            let named = or_variable(global.config.clone(), "WH_CONFIG")?;
            let config = Config::load(layers(Some(&paths), named.as_deref()))?;
            let colour = match or_variable(global.color, "WH_COLOR")? {
                Some(choice) => choice,
                None => colour(config.color.as_deref())?,
            };
            (paths, config, colour)
        } else {
            let config = Config::readable(&settings_files(&global));
            let choice = or_variable(global.color, "WH_COLOR").unwrap_or_default();
            let choice = choice.or_else(|| colour(config.color.as_deref()).ok());
            let paths = Paths::of_process().unwrap_or_else(|_| Paths::homeless());
            (paths, config, choice.unwrap_or(ColorArg::Auto))
        };
        let colour = colour.into();
        Ok(Self {
            streams: Streams::of_process(colour),
            global,
            config,
            paths,
            colour,
        })
    }

    /// The provider that the flags, the environment or the settings name.
    pub(crate) fn provider(&self) -> Result<Provider, Error> {
        if let Some(file) = &self.global.provider_file {
            return Ok(read_file(file)?);
        }
        let flag = self.global.provider.first().cloned();
        let name = or_variable(flag, "WH_PROVIDER")?.or_else(|| self.config.provider.clone());
        self.provider_called(&name.unwrap_or_default())
    }

    /// The provider of this id or alias.
    pub(crate) fn provider_called(&self, name: &str) -> Result<Provider, Error> {
        Ok(find(&self.paths, name)?)
    }

    /// The provider, with another tolerance where one is given.
    pub(crate) fn provider_with(&self, tolerance: Option<ToleranceArg>) -> Result<Provider, Error> {
        let mut provider = self.provider()?;
        if let Some(tolerance) = self.tolerance(tolerance)? {
            tolerance.hold(&mut provider);
        }
        Ok(provider)
    }

    /// The tolerance that a flag, the environment or the settings say, in the place of a provider's.
    pub(crate) fn tolerance(
        &self,
        flag: Option<ToleranceArg>,
    ) -> Result<Option<ToleranceArg>, Error> {
        let configured = || {
            self.config
                .tolerance
                .as_deref()
                .map(str::parse::<ToleranceArg>)
        };
        match or_variable(flag, "WH_TOLERANCE")? {
            Some(tolerance) => Ok(Some(tolerance)),
            None => configured()
                .transpose()
                .map_err(|error| Error::input(format!("the setting `tolerance`: {error}"))),
        }
    }

    /// Where deliveries are kept; `None`: nowhere.
    pub(crate) fn store(&self) -> Result<Option<PathBuf>, Error> {
        let configured = || {
            let store = self.config.store.clone()?;
            Some(match store.to_str() {
                Some("none") => StoreArg::Nowhere,
                _ => StoreArg::File(store),
            })
        };
        let named = or_variable(self.global.store.clone(), "WH_STORE")?.or_else(configured);
        Ok(match named {
            None => Some(self.paths.store()),
            Some(StoreArg::Nowhere) => None,
            Some(StoreArg::File(path)) => Some(path),
        })
    }

    /// Where deliveries are kept, for a command that reads them.
    pub(crate) fn store_to_read(&self) -> Result<PathBuf, Error> {
        self.store()?
            .ok_or_else(|| Error::usage("with `--store none` there is nothing to read"))
    }

    /// What is kept; `None` where nothing was recorded yet.
    pub(crate) fn reader(&self) -> Result<Option<Reader>, Error> {
        Ok(Reader::open(&self.store_to_read()?)?)
    }

    /// A remark on standard error, unless `--quiet`.
    pub(crate) fn note(&mut self, text: impl std::fmt::Display) -> Result<(), Error> {
        if !self.global.quiet {
            writeln!(self.streams.err(), "note: {}", Safe::line(text.to_string()))?;
        }
        Ok(())
    }

    /// What to type next, on standard error, unless `--quiet`.
    pub(crate) fn hint(&mut self, text: impl std::fmt::Display) -> Result<(), Error> {
        if !self.global.quiet {
            let hint = self.streams.paint_err().name("hint:");
            writeln!(
                self.streams.err(),
                "{hint} {}",
                Safe::line(text.to_string())
            )?;
        }
        Ok(())
    }

    /// Fresh streams, where standard output is somebody else's.
    pub(crate) fn streams_aside(&self) -> Streams {
        Streams::aside(self.colour)
    }

    /// Fresh streams, for a reporter that lives in a thread of its own.
    pub(crate) fn more_streams(&self) -> Streams {
        Streams::of_process(self.colour)
    }

    /// The reporter that the flags ask for.
    pub(crate) fn reporter(&self, provider: &Provider, redacting: bool) -> Box<dyn Reporter> {
        self.reporter_of(std::iter::once(provider), redacting)
    }

    /// The same, of deliveries of several providers.
    pub(crate) fn reporter_of<'p>(
        &self,
        providers: impl Iterator<Item = &'p Provider>,
        redacting: bool,
    ) -> Box<dyn Reporter> {
        let token_headers = providers
            .flat_map(Provider::token_headers)
            .map(str::to_owned)
            .collect();
        self.reporter_hiding(token_headers, redacting)
    }

    /// The same; in these headers a secret travels.
    pub(crate) fn reporter_hiding(
        &self,
        token_headers: Vec<String>,
        redacting: bool,
    ) -> Box<dyn Reporter> {
        self.reporter_on(self.more_streams(), token_headers, redacting)
    }

    /// The same; all that it writes goes to standard error.
    pub(crate) fn reporter_aside(
        &self,
        token_headers: Vec<String>,
        redacting: bool,
    ) -> Box<dyn Reporter> {
        self.reporter_on(self.streams_aside(), token_headers, redacting)
    }

    fn reporter_on(
        &self,
        streams: Streams,
        token_headers: Vec<String>,
        redacting: bool,
    ) -> Box<dyn Reporter> {
        if self.global.json {
            Box::new(Json::new(streams, token_headers, redacting))
        } else {
            Box::new(Human::new(
                streams,
                token_headers,
                self.global.verbose,
                self.global.quiet,
            ))
        }
    }
}

/// The settings files, whatever is wrong with them.
pub(crate) fn settings_files(global: &Global) -> Vec<Layer> {
    let named = or_variable(global.config.clone(), "WH_CONFIG").unwrap_or_default();
    layers(Paths::of_process().ok().as_ref(), named.as_deref())
}

fn colour(setting: Option<&str>) -> Result<ColorArg, Error> {
    let text = setting.unwrap_or("auto");
    text.parse()
        .map_err(|error: String| Error::input(format!("the setting `color`: {error}")))
}
