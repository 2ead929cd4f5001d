//! The command that runs beside a listener.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitStatus;

use tokio::process::{Child, Command};

use super::course::Work;
use crate::cli::error::Error;
use crate::signature::Secret;
use crate::term::Safe;

/// What the command finds in its environment.
pub(super) struct Surroundings<'a> {
    /// Where the listener listens.
    pub(super) url: &'a str,
    /// The file in which deliveries are kept.
    pub(super) store: Option<&'a Path>,
    /// The one secret with which they are verified.
    pub(super) secret: Option<&'a Secret>,
}

/// A command at work; its streams are those of this process. It is ended when this is dropped.
#[derive(Debug)]
pub(super) struct Running(Child);

impl Running {
    /// Starts a command, the program first.
    pub(super) fn start(words: &[OsString], given: &Surroundings<'_>) -> Result<Self, Error> {
        let (program, arguments) = words
            .split_first()
            .ok_or_else(|| Error::usage("there is no command after `--`"))?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("WH_LISTEN_URL", given.url)
            .kill_on_drop(true);
        match given.store {
            Some(path) => command.env("WH_STORE", std::path::absolute(path)?),
            None => command.env("WH_STORE", "none"),
        };
        match given.secret.and_then(as_variable) {
            Some(secret) => command.env("WH_SECRET", secret),
            None => command.env_remove("WH_SECRET"),
        };
        command.spawn().map(Self).map_err(|error| {
            let name = Safe::line(program.as_encoded_bytes()).to_string();
            let cannot = Error::input(format!("cannot run `{name}`: {error}"));
            match error.kind() {
                ErrorKind::NotFound => {
                    cannot.hint("it is no program on the PATH; a line for a shell: -- sh -c 'LINE'")
                }
                ErrorKind::PermissionDenied => cannot.hint(format!("chmod +x {name}")),
                _ => cannot,
            }
        })
    }
}

/// A secret as the value of a variable, which holds no NUL.
pub(super) fn as_variable(secret: &Secret) -> Option<OsString> {
    let bytes = secret.expose();
    if bytes.contains(&0) {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        Some(std::ffi::OsStr::from_bytes(bytes).to_owned())
    }
    #[cfg(not(unix))]
    std::str::from_utf8(bytes).ok().map(OsString::from)
}

impl Work for Running {
    async fn ended(&mut self) -> u8 {
        // An error says that it cannot be waited for: how it ended will not be known.
        self.0.wait().await.map_or(1, code_of)
    }

    fn ask(&self) {
        #[cfg(unix)]
        if let Some(pid) = self.0.id().and_then(|id| i32::try_from(id).ok())
            && let Some(pid) = rustix::process::Pid::from_raw(pid)
        {
            // It may have ended just now.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }

    fn kill(&mut self) {
        // It may have ended just now.
        let _ = self.0.start_kill();
    }
}

/// The exit code; 128 and the number of the signal that ended it, as shells have it.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or_else(|| Some(128 + signal?));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::as_variable;
    use crate::signature::Secret;

    #[test]
    fn a_secret_is_a_variable_unless_it_holds_a_nul() {
        assert_eq!(as_variable(&Secret::new("a b")), Some("a b".into()));
        assert_eq!(as_variable(&Secret::new("a\0b")), None);
    }
}
