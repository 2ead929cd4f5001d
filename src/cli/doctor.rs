//! `wh doctor`: looks at all that `wh` needs, and says what to do where something is amiss.

mod machine;
mod routes;
mod secret;
mod settings;
mod store;

use crate::report::{Check, Checkup, State};

use super::context::{Context, settings_files};
use super::error::Error;
use super::exit::Exit;

/// Check settings, store, secrets and this machine
///
/// Says of each setting where it comes from. A secret's value is never shown. Exits with 7 where a
/// check fails.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh doctor
  wh doctor --json
  wh doctor --store other.db --full")]
pub(crate) struct Args {
    /// Read all of the store, however large it is
    #[arg(long)]
    full: bool,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let layers = settings_files(&context.global);
        let mut checkup = Checkup::default();
        checkup.extend(machine::programs());
        checkup.extend(settings::files(&context.global, &layers));
        checkup.extend(settings::values(context, &layers));
        checkup.extend(routes::checks(context));
        checkup.extend(settings::providers(context));
        checkup.extend(secret::sources(context, &layers));
        checkup.extend(store::checks(context, self.full));
        checkup.extend([
            machine::clock(),
            machine::port(context),
            machine::listening(),
            machine::terminal(context),
        ]);
        if context.global.json {
            checkup.write_json(&mut context.streams)?;
        } else {
            checkup.write(&mut context.streams)?;
        }
        match checkup.count(State::Fail) {
            0 => Ok(Exit::Done),
            1 => Err(Error::input("1 check failed")),
            failed => Err(Error::input(format!("{failed} checks failed"))),
        }
    }
}

/// A check that failed by this error.
fn failed(name: &'static str, error: impl Into<Error>) -> Check {
    let error = error.into();
    let check = Check::fail(name, error.message());
    match error.hints() {
        [] => check,
        hints => check.fix(hints.join("; ")),
    }
}

/// Whether others than its owner may read or write a file that is there.
#[cfg(unix)]
fn is_open_to_others(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::path::Path) -> bool {
    false
}
