//! The providers that can be named: built in, or files of the user's.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::provider::{BUILTIN_IDS, Problem, Provider, builtin, nearest, parse};

use super::Paths;

/// Why a provider cannot be had.
#[derive(Debug, Error)]
pub(crate) enum ProviderError {
    /// No provider has this name.
    #[error("there is no provider `{name}`")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// A provider file cannot be read.
    #[error("cannot read the provider file `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A provider file is wrong.
    #[error("the provider file `{path}` is wrong")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong with it.
        problems: Vec<Problem>,
    },
}

/// A provider in the list.
pub(crate) struct Listed {
    /// Its file; `None` for a built-in one.
    pub(crate) path: Option<PathBuf>,
    /// The provider, or what is wrong with its file.
    pub(crate) provider: Result<Provider, ProviderError>,
}

/// The provider of this id or alias. A file of the user's comes before a built-in one.
pub(crate) fn find(paths: &Paths, name: &str) -> Result<Provider, ProviderError> {
    let answers = |provider: &Provider| {
        provider.id == name || provider.aliases.iter().any(|alias| alias == name)
    };
    let mut known = Vec::new();
    for path in user_files(paths) {
        match read_file(&path) {
            Ok(provider) if answers(&provider) => return Ok(provider),
            Ok(provider) => known.push(provider.id),
            // A broken file stands in nobody's way but its own.
            Err(error) if path.file_stem().is_some_and(|stem| stem == name) => return Err(error),
            Err(_) => {}
        }
    }
    if let Some(provider) = builtin(name) {
        return Ok(provider);
    }
    if let Some(provider) = BUILTIN_IDS.into_iter().filter_map(builtin).find(answers) {
        return Ok(provider);
    }
    let names = known.iter().map(String::as_str).chain(BUILTIN_IDS);
    Err(ProviderError::Unknown {
        name: name.to_owned(),
        nearest: nearest(name, names).map(str::to_owned),
    })
}

/// Every provider: the user's first, then the built-in ones that no file takes the place of.
pub(crate) fn list(paths: &Paths) -> Vec<Listed> {
    let own = user_files(paths).into_iter().map(|path| Listed {
        provider: read_file(&path),
        path: Some(path),
    });
    let mut listed: Vec<Listed> = own.collect();
    let replaced: Vec<String> = listed
        .iter()
        .filter_map(|l| Some(l.provider.as_ref().ok()?.id.clone()))
        .collect();
    let builtin = BUILTIN_IDS
        .into_iter()
        .filter_map(builtin)
        .filter(|p| !replaced.contains(&p.id));
    listed.extend(builtin.map(|provider| Listed {
        path: None,
        provider: Ok(provider),
    }));
    listed
}

/// Reads one provider file.
pub(crate) fn read_file(path: &Path) -> Result<Provider, ProviderError> {
    let text = std::fs::read_to_string(path).map_err(|source| ProviderError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&text).map_err(|problems| ProviderError::Wrong {
        path: path.to_owned(),
        problems,
    })
}

/// The user's provider files, by name.
fn user_files(paths: &Paths) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(paths.providers()) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}
