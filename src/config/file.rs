//! The settings files.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::{Paths, RouteConfig};

/// What the files say; the embedded default fills in what they leave out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// The provider's id.
    pub(crate) provider: Option<String>,
    /// Where `send` sends to.
    pub(crate) url: Option<String>,
    /// The file that holds the secret, relative to the settings file.
    pub(crate) secret_file: Option<PathBuf>,
    /// The variable that holds the secret.
    pub(crate) secret_env: Option<String>,
    /// How far a timestamp may lie from now.
    pub(crate) tolerance: Option<String>,
    /// The file in which deliveries are kept, relative to the settings file, or `none`.
    pub(crate) store: Option<PathBuf>,
    /// When to use colour.
    pub(crate) color: Option<String>,
    /// What concerns `listen`.
    #[serde(default)]
    pub(crate) listen: ListenConfig,
}

/// What the files say of `listen`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ListenConfig {
    /// The address to bind.
    pub(crate) host: Option<String>,
    /// The port to bind.
    pub(crate) port: Option<u16>,
    /// The script of answers.
    pub(crate) respond: Option<String>,
    /// The folder of the file that says so; the files in the script are relative to it.
    #[serde(skip)]
    pub(crate) respond_folder: PathBuf,
    /// Where deliveries are forwarded to: one target or several.
    #[serde(default, deserialize_with = "one_or_more")]
    pub(crate) forward_to: Option<Vec<String>>,
    /// Whose deliveries come in at which paths, in the order in which they are looked at.
    #[serde(default)]
    pub(crate) route: Vec<RouteConfig>,
}

/// Reads a text, or a list of texts.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a text or a list of texts")]
    enum Said {
        One(String),
        More(Vec<String>),
    }
    Said::deserialize(from).map(|said| match said {
        Said::One(text) => Some(vec![text]),
        Said::More(texts) => Some(texts),
    })
}

/// Why the settings cannot be read.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// A file is there and cannot be read, or was named and is not there.
    #[error("cannot read the settings file `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what a settings file is.
    #[error("the settings file `{path}` is wrong: {message}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
}

const DEFAULT: &str = include_str!("default.toml");

/// One place that settings come from.
pub(crate) struct Layer {
    /// The file; `None`: the embedded default.
    pub(crate) path: Option<PathBuf>,
    /// What it says; `None` where it is not there.
    pub(crate) settings: Result<Option<Config>, ConfigError>,
}

/// `./wh.toml` and the user's file, or instead of both the file that was named; last the default.
/// What stands further up wins.
pub(crate) fn layers(paths: Option<&Paths>, named: Option<&Path>) -> Vec<Layer> {
    let files = match (named, paths) {
        (Some(path), _) => vec![(path.to_owned(), Config::read(path).map(Some))],
        (None, Some(paths)) => [paths.project_file(), paths.user_file()]
            .map(|path| (path.clone(), Config::read_if_there(&path)))
            .into(),
        (None, None) => Vec::new(),
    };
    let default = Layer {
        path: None,
        settings: Config::parse(DEFAULT, Path::new("default.toml")).map(Some),
    };
    let files = files.into_iter().map(|(path, settings)| Layer {
        path: Some(path),
        settings,
    });
    files.chain([default]).collect()
}

impl Config {
    /// What all layers say together.
    pub(crate) fn load(layers: Vec<Layer>) -> Result<Self, ConfigError> {
        layers
            .into_iter()
            .try_fold(Self::default(), |upper, layer| {
                Ok(upper.over(layer.settings?.unwrap_or_default()))
            })
    }

    /// What those layers say together that can be read.
    pub(crate) fn readable(layers: &[Layer]) -> Self {
        let said = layers
            .iter()
            .filter_map(|layer| layer.settings.as_ref().ok()?.clone());
        said.fold(Self::default(), Self::over)
    }

    fn read_if_there(path: &Path) -> Result<Option<Self>, ConfigError> {
        match Self::read(path) {
            Err(ConfigError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let cannot = |source| ConfigError::Read {
            path: path.to_owned(),
            source,
        };
        let text = std::fs::read_to_string(path).map_err(cannot)?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let message = format!("line {line}: {}", error.message());
            ConfigError::Parse {
                path: path.to_owned(),
                message,
            }
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        folder.clone_into(&mut config.listen.respond_folder);
        if let Some(file) = &mut config.secret_file {
            *file = folder.join(&file);
        }
        for route in &mut config.listen.route {
            route.stand_in(path);
        }
        if let Some(store) = config
            .store
            .as_mut()
            .filter(|store| *store != Path::new("none"))
        {
            *store = folder.join(&store);
        }
        Ok(config)
    }

    /// These settings, and where they say nothing those of `lower`.
    fn over(self, lower: Self) -> Self {
        // A secret's file and its variable are one setting: the upper file decides which it is.
        let names_secret = self.secret_file.is_some() || self.secret_env.is_some();
        let secret = if names_secret { &self } else { &lower };
        let answers = if self.listen.respond.is_some() {
            &self.listen
        } else {
            &lower.listen
        };
        Self {
            secret_file: secret.secret_file.clone(),
            secret_env: secret.secret_env.clone(),
            provider: self.provider.or(lower.provider),
            url: self.url.or(lower.url),
            tolerance: self.tolerance.or(lower.tolerance),
            store: self.store.or(lower.store),
            color: self.color.or(lower.color),
            listen: ListenConfig {
                respond: answers.respond.clone(),
                respond_folder: answers.respond_folder.clone(),
                host: self.listen.host.or(lower.listen.host),
                port: self.listen.port.or(lower.listen.port),
                forward_to: self.listen.forward_to.or(lower.listen.forward_to),
                // Their order counts, so those of two files are not mixed.
                route: if self.listen.route.is_empty() {
                    lower.listen.route
                } else {
                    self.listen.route
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Config, DEFAULT};

    fn config(text: &str) -> Config {
        Config::parse(text, Path::new("dir/wh.toml")).expect("settings")
    }

    #[test]
    fn the_default_goes_through_the_same_loader() {
        let default = config(DEFAULT);
        assert_eq!(default.provider.as_deref(), Some("cepro"));
        assert_eq!(default.listen.port, Some(4600));
    }

    #[test]
    fn the_upper_file_wins_and_a_secret_is_one_setting() {
        let upper = config("secret-env = 'A'\n[listen]\nport = 1");
        let lower = config("secret-file = 'f'\nprovider = 'x'\n[listen]\nport = 2\nhost = 'h'");
        let merged = upper.over(lower);
        assert_eq!(
            (merged.secret_env.as_deref(), merged.secret_file),
            (Some("A"), None)
        );
        assert_eq!(
            (merged.listen.port, merged.listen.host.as_deref()),
            (Some(1), Some("h"))
        );
    }

    #[test]
    fn a_script_brings_the_folder_of_its_file() {
        let nothing = Config::parse("", Path::new("other/wh.toml")).expect("settings");
        let lower = config("[listen]\nrespond = '200'");
        for merged in [nothing.clone().over(lower.clone()), lower.over(nothing)] {
            assert_eq!(merged.listen.respond_folder, Path::new("dir"));
        }
    }

    #[test]
    fn unknown_keys_are_refused_with_their_line() {
        let error = Config::parse("provider = 'a'\nsecret = 'b'", Path::new("wh.toml"));
        assert!(
            error
                .expect_err("a key too many")
                .to_string()
                .contains("line 2: unknown field `secret`")
        );
    }
}
