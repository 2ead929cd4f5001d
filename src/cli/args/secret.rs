//! The ways to give a secret.

use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::provider::Provider;
use crate::signature::{Key, Secret};
use crate::term::hidden;

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
enum Missing {
    /// Go on without.
    Nothing,
    /// Ask for it where somebody can answer.
    Ask,
}

impl SecretArgs {
    /// Every secret that is given, in the order of files, variables, values; otherwise what the
    /// environment or the settings name.
    pub(crate) fn given(&self, context: &mut Context) -> Result<Vec<Secret>, Error> {
        self.collect(context, Missing::Nothing)
    }

    /// As [`given`](Self::given), and where there is none it is asked for on a terminal.
    pub(crate) fn given_or_asked(&self, context: &mut Context) -> Result<Vec<Secret>, Error> {
        self.collect(context, Missing::Ask)
    }

    fn collect(&self, context: &mut Context, missing: Missing) -> Result<Vec<Secret>, Error> {
        let mut secrets = Vec::new();
        for file in &self.secret_file {
            secrets.push(from_file(context, file)?);
        }
        for name in &self.secret_env {
            secrets.push(from_variable(name)?);
        }
        if self.secret.iter().any(|value| !value.is_empty()) {
            context.note("--secret shows in the process list: --secret-file, --secret-env and WH_SECRET do not")?;
        }
        for value in &self.secret {
            secrets.push(if value.is_empty() {
                asked(context)?
            } else {
                secret_of(value)
            });
        }
        if secrets.is_empty() {
            secrets.extend(from_settings(context)?);
        }
        if secrets.is_empty() && missing == Missing::Ask && context.streams.can_ask() {
            secrets.push(asked(context)?);
        }
        Ok(secrets)
    }
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

/// The key that signs what is sent, made of the first secret; `None` where there is none.
pub(crate) fn signing_key(provider: &Provider, secrets: &[Secret]) -> Result<Option<Key>, Error> {
    let key = |secret| Key::new(provider.signing_scheme(), secret);
    Ok(secrets.first().map(key).transpose()?)
}

/// More bytes than any secret has.
const LONGEST: u64 = 64 * 1024;

/// The ways to give a secret.
const WAYS: &str = "--secret-file FILE, --secret-env NAME, or the variable WH_SECRET; --secret asks for it on a terminal";

/// The error for a command that cannot go on without a secret.
pub(crate) fn no_secret() -> Error {
    Error::input("no secret given").hint(WAYS)
}

fn from_file(context: &mut Context, file: &Path) -> Result<Secret, Error> {
    let mut bytes = read_most(file).map_err(|error| error.hint(WAYS))?;
    let newline = if bytes.ends_with(b"\r\n") {
        2
    } else {
        usize::from(bytes.ends_with(b"\n"))
    };
    if newline > 0 {
        bytes.truncate(bytes.len() - newline);
        context.note(format!(
            "the newline at the end of `{}` is not taken as part of the secret",
            file.display()
        ))?;
    }
    if bytes.is_empty() {
        return Err(Error::input(format!(
            "the secret file `{}` is empty",
            file.display()
        )));
    }
    Ok(Secret::new(bytes))
}

/// The bytes of a file, which is no secret where there are too many.
fn read_most(file: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    super::file_or_stdin(file)?
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::input(format!("cannot read `{}`: {error}", file.display())))?;
    if bytes.len() as u64 > LONGEST {
        let name = file.display();
        return Err(Error::input(format!(
            "`{name}` is longer than 64 KiB, so it is hardly a secret"
        )));
    }
    Ok(bytes)
}

fn from_variable(name: &str) -> Result<Secret, Error> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(in_name) {
        // It may be the secret itself, given by mistake: it is not shown.
        return Err(
            Error::input("--secret-env takes the name of a variable, and this is none")
                .hint("--secret-file FILE, or the variable WH_SECRET"),
        );
    }
    match std::env::var_os(name).filter(|value| !value.is_empty()) {
        Some(value) => Ok(secret_of(&value)),
        None => Err(Error::input(format!(
            "the variable `{name}` is not set, or empty"
        ))),
    }
}

fn from_settings(context: &mut Context) -> Result<Option<Secret>, Error> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(value) = variable("WH_SECRET") {
        return Ok(Some(secret_of(&value)));
    }
    if let Some(file) = variable("WH_SECRET_FILE") {
        return from_file(context, Path::new(&file)).map(Some);
    }
    if let Some(file) = context.config.secret_file.clone() {
        return from_file(context, &file).map(Some);
    }
    context
        .config
        .secret_env
        .as_deref()
        .map(from_variable)
        .transpose()
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

fn secret_of(value: &OsString) -> Secret {
    Secret::new(value.as_encoded_bytes())
}
