//! The ways to give a secret.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::provider::Provider;
use crate::signature::{Key, Secret};
use crate::term::hidden;

use super::reference::{Reference, from_file, from_variable, secret_of};

/// The ways to give a secret; each may be given several times.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub(crate) struct SecretArgs {
    /// File that holds the secret (one newline at its end is not part of it)
    #[arg(long, value_name = "FILE")]
    secret_file: Vec<PathBuf>,
    /// Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag
    #[arg(long, value_name = "NAME")]
    secret_env: Vec<String>,
    /// The secret itself (shows in the process list); without a value it is asked for
    #[arg(long, value_name = "VALUE", num_args = 0..=1, default_missing_value = "")]
    secret: Vec<OsString>,
}

/// What to do where no secret is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Go on without.
    Nothing,
    /// Ask for it where somebody can answer.
    Ask,
}

/// A secret, and where it was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) secret: Secret,
    /// Where it is found again; `None`: it was given by value, asked for, or came through a pipe.
    pub(crate) reference: Option<Reference>,
}

impl SecretArgs {
    /// Every secret that is given, in the order of files, variables, values; otherwise what the
    /// environment or the settings name.
    pub(crate) fn given(&self, context: &mut Context) -> Result<Vec<Secret>, Error> {
        let found = self.found(context, None, Missing::Nothing)?;
        Ok(found.into_iter().map(|found| found.secret).collect())
    }

    /// Whether a flag gives any.
    pub(crate) fn is_given(&self) -> bool {
        !(self.secret_file.is_empty() && self.secret_env.is_empty() && self.secret.is_empty())
    }

    /// As [`given`](Self::given), and where there is none it is asked for on a terminal.
    pub(crate) fn given_or_asked(&self, context: &mut Context) -> Result<Vec<Secret>, Error> {
        let found = self.found(context, None, Missing::Ask)?;
        Ok(found.into_iter().map(|found| found.secret).collect())
    }

    /// Every secret that is given, with where it was found. Where no flag gives one, that of the
    /// endpoint counts, and only then what the environment or the settings name.
    pub(crate) fn found(
        &self,
        context: &mut Context,
        endpoint: Option<&Reference>,
        missing: Missing,
    ) -> Result<Vec<Found>, Error> {
        let mut secrets = self.by_flags(context)?;
        if secrets.is_empty()
            && let Some(reference) = endpoint
        {
            secrets.push(Found {
                secret: reference.read(context)?,
                reference: Some(reference.clone()),
            });
        }
        if secrets.is_empty() {
            secrets.extend(from_settings(context)?);
        }
        if secrets.is_empty() && missing == Missing::Ask && context.streams.can_ask() {
            secrets.push(Found::by_value(asked(context)?));
        }
        Ok(secrets)
    }

    /// The secret of something that was begun with a secret by value, which is kept nowhere: what a
    /// flag gives now, or what is asked for. The environment and the settings are not looked at: they
    /// held another one then.
    pub(crate) fn again(&self, context: &mut Context, whose: &str) -> Result<Secret, Error> {
        if let Some(secret) = self.by_flag(context)? {
            return Ok(secret);
        }
        if !context.streams.can_ask() {
            return Err(Error::input(format!(
                "the secret of {whose} was given by value, which is not kept"
            ))
            .hint("give it again: --secret-file FILE or --secret-env NAME"));
        }
        context.note(format!(
            "the secret of {whose} was given by value, which is not kept"
        ))?;
        asked(context)
    }

    /// The first secret that a flag gives.
    pub(crate) fn by_flag(&self, context: &mut Context) -> Result<Option<Secret>, Error> {
        let found = self.by_flags(context)?.into_iter().next();
        Ok(found.map(|found| found.secret))
    }

    fn by_flags(&self, context: &mut Context) -> Result<Vec<Found>, Error> {
        let mut secrets = Vec::new();
        for file in &self.secret_file {
            secrets.push(Found::in_file(context, file)?);
        }
        for name in &self.secret_env {
            secrets.push(Found::in_variable(name)?);
        }
        if self.secret.iter().any(|value| !value.is_empty()) {
            context.note("--secret shows in the process list: --secret-file, --secret-env and WH_SECRET do not")?;
        }
        for value in &self.secret {
            secrets.push(Found::by_value(if value.is_empty() {
                asked(context)?
            } else {
                secret_of(value)
            }));
        }
        Ok(secrets)
    }
}

impl Found {
    fn by_value(secret: Secret) -> Self {
        Self {
            secret,
            reference: None,
        }
    }

    fn in_file(context: &mut Context, file: &Path) -> Result<Self, Error> {
        Ok(Self {
            secret: from_file(context, file, WAYS)?,
            reference: Reference::to_file(file),
        })
    }

    fn in_variable(name: &str) -> Result<Self, Error> {
        Ok(Self {
            secret: from_variable(name)?,
            reference: Some(Reference::Variable(name.to_owned())),
        })
    }
}

/// The secret that a settings file refers to, where it does: in a file, else in a variable.
pub(crate) fn referred(
    context: &mut Context,
    file: Option<&Path>,
    variable: Option<&str>,
) -> Result<Option<Secret>, Error> {
    let found = match (file, variable) {
        (Some(file), _) => Some(Found::in_file(context, file)?),
        (None, Some(name)) => Some(Found::in_variable(name)?),
        (None, None) => None,
    };
    Ok(found.map(|found| found.secret))
}

/// The keys that the secrets make, for each of the provider's schemes.
///
/// A secret that suits none of the schemes is an error; one that suits some is tried with those.
pub(crate) fn keys_of(provider: &Provider, secrets: &[Secret]) -> Result<Vec<Vec<Key>>, Error> {
    let mut keys = vec![Vec::new(); provider.schemes.len()];
    for secret in secrets {
        let made: Vec<_> = provider
            .schemes
            .iter()
            .map(|scheme| Key::new(scheme, secret))
            .collect();
        if let Some(Err(error)) = made.first()
            && made.iter().all(Result::is_err)
        {
            return Err(error.clone().into());
        }
        for (keys, key) in keys.iter_mut().zip(made) {
            keys.extend(key);
        }
    }
    Ok(keys)
}

/// Refuses a secret that can be the key of none of these providers.
pub(crate) fn suit_some(providers: &[Provider], secrets: &[Secret]) -> Result<(), Error> {
    for secret in secrets {
        let wrong = |provider| keys_of(provider, std::slice::from_ref(secret)).err();
        let wrong: Vec<_> = providers.iter().map_while(wrong).collect();
        if wrong.len() == providers.len() {
            let named = providers.iter().zip(&wrong);
            let named = named.map(|(one, error)| format!("{}: {}", one.id, error.message()));
            let none = Error::input("a secret can be the key of none of these providers");
            return Err(named.fold(none, Error::detail));
        }
    }
    Ok(())
}

/// The keys that the secrets make, for each of the provider's schemes; a secret that suits none of
/// them makes none.
pub(crate) fn keys_for(provider: &Provider, secrets: &[Secret]) -> Vec<Vec<Key>> {
    let keys = |scheme| {
        let keys = secrets.iter().map(|secret| Key::new(scheme, secret));
        keys.filter_map(Result::ok).collect()
    };
    provider.schemes.iter().map(keys).collect()
}

/// The key that signs what is sent, made of the first secret; `None` where there is none.
pub(crate) fn signing_key(provider: &Provider, secrets: &[Secret]) -> Result<Option<Key>, Error> {
    let key = |secret| Key::new(provider.signing_scheme(), secret);
    Ok(secrets.first().map(key).transpose()?)
}

/// The ways to give a secret.
const WAYS: &str = "--secret-file FILE, --secret-env NAME, or the variable WH_SECRET; --secret asks for it on a terminal";

/// The error for a command that cannot go on without a secret.
pub(crate) fn no_secret() -> Error {
    Error::input("no secret given").hint(WAYS)
}

fn from_settings(context: &mut Context) -> Result<Option<Found>, Error> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if variable("WH_SECRET").is_some() {
        return Found::in_variable("WH_SECRET").map(Some);
    }
    if let Some(file) = variable("WH_SECRET_FILE") {
        return Found::in_file(context, Path::new(&file)).map(Some);
    }
    if let Some(file) = context.config.secret_file.clone() {
        return Found::in_file(context, &file).map(Some);
    }
    let name = context.config.secret_env.as_deref();
    name.map(Found::in_variable).transpose()
}

fn asked(context: &Context) -> Result<Secret, Error> {
    if !context.streams.can_ask() {
        return Err(no_secret());
    }
    let typed = hidden("Secret").map_err(|error| match error.kind() {
        ErrorKind::Interrupted => error.into(),
        // Nobody to ask, or Ctrl-D for an answer.
        _ => no_secret(),
    })?;
    if typed.is_empty() {
        Err(Error::input("the secret is empty"))
    } else {
        Ok(Secret::new(typed))
    }
}
