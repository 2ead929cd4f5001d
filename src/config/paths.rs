//! Where things are.

use std::path::PathBuf;

use directories::ProjectDirs;
use thiserror::Error;

/// The directories of this user and this project.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    config: PathBuf,
    data: PathBuf,
    project: PathBuf,
}

/// There is no home directory to look in.
#[derive(Clone, Copy, Debug, Error)]
#[error("there is no home directory: neither `HOME` nor the user database names one")]
pub(crate) struct PathsError;

impl Paths {
    /// The platform's directories for `wh`; the project is the current directory.
    pub(crate) fn of_process() -> Result<Self, PathsError> {
        let dirs = ProjectDirs::from("", "", "wh").ok_or(PathsError)?;
        Ok(Self {
            config: dirs.config_dir().to_owned(),
            data: dirs.data_local_dir().to_owned(),
            project: PathBuf::new(),
        })
    }

    /// The project's directory for all: for what must work without a home.
    pub(crate) fn homeless() -> Self {
        Self {
            config: PathBuf::new(),
            data: PathBuf::new(),
            project: PathBuf::new(),
        }
    }

    /// The user's settings file.
    pub(crate) fn user_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The project's settings file.
    pub(crate) fn project_file(&self) -> PathBuf {
        self.project.join("wh.toml")
    }

    /// The store, unless another one is named.
    pub(crate) fn store(&self) -> PathBuf {
        self.data.join("store.db")
    }

    /// The directory in which the listeners that run are registered.
    pub(crate) fn listeners(&self) -> PathBuf {
        self.data.join("listeners")
    }

    /// The directory of the certificate that listeners show, with its key.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.data.join("tls")
    }

    /// The directory of the user's own providers.
    pub(crate) fn providers(&self) -> PathBuf {
        self.config.join("providers")
    }
}
