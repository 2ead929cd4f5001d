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
///
/// What it starts itself ends with it where it leads a group of processes of its own. At a terminal it
/// does not: there it has to be in the foreground, as this process is, to read what is typed.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    /// Whether it leads a group of its own.
    leads: bool,
}

/// What is said to a command.
#[derive(Clone, Copy)]
enum Word {
    Interrupt,
    End,
    Kill,
}

impl Running {
    /// Starts a command, the program first; it leads a group of its own unless somebody types.
    pub(super) fn start(
        words: &[OsString],
        given: &Surroundings<'_>,
        is_typed_at: bool,
    ) -> Result<Self, Error> {
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
        let leads = cfg!(unix) && !is_typed_at;
        #[cfg(unix)]
        if leads {
            command.process_group(0);
        }
        let started = command.spawn().map(|child| Self { child, leads });
        started.map_err(|error| {
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

    /// Says this to it, and to its group where it leads one; not once its end is known, when its number
    /// may be somebody else's.
    #[cfg(unix)]
    fn say(&self, word: Word) {
        use rustix::process::{Pid, Signal, kill_process, kill_process_group};

        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        let Some(pid) = id.and_then(Pid::from_raw) else {
            return;
        };
        let signal = match word {
            Word::Interrupt => Signal::INT,
            Word::End => Signal::TERM,
            Word::Kill => Signal::KILL,
        };
        // It may have ended just now.
        let _ = if self.leads {
            kill_process_group(pid, signal)
        } else {
            kill_process(pid, signal)
        };
    }

    /// Says this to it, as far as the machine can: only its end is brought about.
    #[cfg(not(unix))]
    fn say(&self, _word: Word) {}
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
        self.child.wait().await.map_or(1, code_of)
    }

    fn interrupt(&self) {
        if self.leads {
            self.say(Word::Interrupt);
        }
    }

    fn ask(&self) {
        self.say(Word::End);
    }

    fn kill(&mut self) {
        self.say(Word::Kill);
        // It may have ended just now.
        let _ = self.child.start_kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What it has started; the command itself is ended, and waited for, with its handle.
        self.say(Word::Kill);
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
