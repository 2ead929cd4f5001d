//! Asking: for what must not be seen, and for a yes.

#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(crate) use unix::{confirm, hidden};

/// Asks on the terminal for a line that is not shown, and returns it without its line end.
///
/// Untested: Linux and macOS are what is supported. No terminal is
/// [`NotConnected`](std::io::ErrorKind::NotConnected).
#[cfg(not(unix))]
pub(crate) fn hidden(prompt: &str) -> std::io::Result<Vec<u8>> {
    let password = dialoguer::Password::new()
        .with_prompt(super::Safe::line(prompt).to_string())
        .allow_empty_password(true)
        .report(false)
        .interact();
    password
        .map(String::into_bytes)
        .map_err(|dialoguer::Error::IO(error)| error)
}

/// Asks `question [y/N]` on the terminal: true for a yes.
///
/// Untested, as [`hidden`].
#[cfg(not(unix))]
pub(crate) fn confirm(question: &str) -> std::io::Result<bool> {
    dialoguer::Confirm::new()
        .with_prompt(super::Safe::line(question).to_string())
        .default(false)
        .interact()
        .map_err(|dialoguer::Error::IO(error)| error)
}
