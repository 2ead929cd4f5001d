//! Where a secret is found: what is kept in the place of its value.

use std::ffi::OsString;
use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::signature::Secret;

use super::file_or_stdin;

/// Where a secret is found. Its text, `file:/path` or `env:NAME`, is what a store keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// In this file, whose path is absolute and UTF-8.
    File(PathBuf),
    /// In the variable of this name.
    Variable(String),
}

/// The ways to say where a secret is found.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub(crate) struct ReferenceArgs {
    /// File that holds the secret (one newline at its end is not part of it)
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Variable that holds the secret
    #[arg(long, value_name = "NAME", conflicts_with = "secret_file")]
    secret_env: Option<String>,
    // Known so that whoever is used to it learns what to give instead.
    #[arg(long, value_name = "VALUE", num_args = 0..=1, default_missing_value = "", hide = true)]
    secret: Vec<OsString>,
}

impl ReferenceArgs {
    /// The reference that is given, if any; nothing is read yet.
    pub(crate) fn given(&self) -> Result<Option<Reference>, Error> {
        if !self.secret.is_empty() {
            return Err(Error::usage(
                "an endpoint keeps where its secret is found, never the secret itself",
            )
            .hint("--secret-file FILE or --secret-env NAME"));
        }
        if let Some(file) = &self.secret_file {
            return Reference::to_file(file).map(Some).ok_or_else(|| {
                let name = file.display();
                Error::input(format!("`{name}` cannot be read again later"))
                    .hint("name a file that stays, or a variable: --secret-env NAME")
            });
        }
        let name = self.secret_env.as_deref();
        name.map(|name| named(name).map(|()| Reference::Variable(name.to_owned())))
            .transpose()
    }
}

impl Reference {
    /// That of a file; `None` where the same secret cannot be read from it again: it is a pipe, a
    /// device, standard input, or its path is not UTF-8.
    pub(super) fn to_file(path: &Path) -> Option<Self> {
        let absolute = std::path::absolute(path).ok()?;
        absolute.to_str()?;
        (!is_passing(path)).then_some(Self::File(absolute))
    }

    /// The secret that is found there.
    pub(crate) fn read(&self, context: &mut Context) -> Result<Secret, Error> {
        match self {
            Self::File(path) => from_file(context, path, OTHERS),
            Self::Variable(name) => from_variable(name),
        }
    }

    /// The same without a word, where there is one; nothing is waited for.
    pub(crate) fn peek(&self) -> Option<Secret> {
        match self {
            Self::File(path) if path.is_file() => {
                let mut bytes = read_most(path).ok()?;
                trim_newline(&mut bytes);
                Some(Secret::new(bytes)).filter(|secret| !secret.is_empty())
            }
            Self::File(_) => None,
            Self::Variable(name) => from_variable(name).ok(),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Variable(name) => write!(f, "env:{name}"),
        }
    }
}

/// A text that is no reference. It is not shown: it may be a secret.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("neither `file:` with an absolute path nor `env:` with the name of a variable")]
pub(crate) struct NoReference;

impl FromStr for Reference {
    type Err = NoReference;

    fn from_str(text: &str) -> Result<Self, NoReference> {
        match text.split_once(':') {
            Some(("file", path)) if Path::new(path).is_absolute() => Ok(Self::File(path.into())),
            Some(("env", name)) if is_variable(name) => Ok(Self::Variable(name.to_owned())),
            _ => Err(NoReference),
        }
    }
}

/// Whether a path means something else in another process, or nothing.
fn is_passing(path: &Path) -> bool {
    let is_pipe = || std::fs::metadata(path).is_ok_and(|file| !file.is_file() && !file.is_dir());
    path == Path::new("-") || path.starts_with("/dev") || path.starts_with("/proc") || is_pipe()
}

/// How another reference is given.
const OTHERS: &str = "--secret-file FILE or --secret-env NAME names another";

/// More bytes than any secret has.
const LONGEST: u64 = 64 * 1024;

/// The secret in a file; `hint` says what to do where there is none.
pub(super) fn from_file(context: &mut Context, file: &Path, hint: &str) -> Result<Secret, Error> {
    let mut bytes = read_most(file).map_err(|error| error.hint(hint))?;
    if trim_newline(&mut bytes) {
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

/// Takes one newline from the end; whether there was one.
fn trim_newline(bytes: &mut Vec<u8>) -> bool {
    let newline = if bytes.ends_with(b"\r\n") {
        2
    } else {
        usize::from(bytes.ends_with(b"\n"))
    };
    bytes.truncate(bytes.len() - newline);
    newline > 0
}

/// The bytes of a file, which is no secret where there are too many.
fn read_most(file: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    file_or_stdin(file)?
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

/// The secret in a variable.
pub(super) fn from_variable(name: &str) -> Result<Secret, Error> {
    named(name)?;
    match std::env::var_os(name).filter(|value| !value.is_empty()) {
        Some(value) => Ok(secret_of(&value)),
        None => Err(Error::input(format!(
            "the variable `{name}` is not set, or empty"
        ))),
    }
}

/// Refuses what is no name of a variable.
fn named(name: &str) -> Result<(), Error> {
    if is_variable(name) {
        return Ok(());
    }
    // It may be the secret itself, given by mistake: it is not shown.
    Err(
        Error::input("--secret-env takes the name of a variable, and this is none")
            .hint("--secret-file FILE, or the variable WH_SECRET"),
    )
}

fn is_variable(name: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(in_name)
}

/// A value as it was given.
pub(super) fn secret_of(value: &OsString) -> Secret {
    Secret::new(value.as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{NoReference, Reference};

    #[test]
    fn a_reference_is_read_back_as_it_was_written() {
        for text in ["file:/a/b c:d", "env:WH_SECRET", "file:/\u{1b}[31m"] {
            let reference: Reference = text.parse().expect("a reference");
            assert_eq!(reference.to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_one_and_it_is_not_shown() {
        for text in [
            "", "s3cret", "file:", "file:a", "env:", "env:a b", "env:a-b", "FILE:/a", "file",
        ] {
            let error = text.parse::<Reference>().expect_err(text);
            assert_eq!(error, NoReference);
        }
        assert!(!NoReference.to_string().contains("s3cret"));
    }

    #[test]
    fn only_a_file_that_stays_is_referred_to() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let found = Reference::to_file(&manifest).map(|reference| reference.to_string());
        assert_eq!(found, Some(format!("file:{}", manifest.display())));
        for path in ["-", "/dev/null", "/dev/fd/63", "/proc/self/status"] {
            assert_eq!(Reference::to_file(Path::new(path)), None, "{path}");
        }
    }
}
