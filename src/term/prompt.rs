//! Asking for what must not be seen.

#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(crate) use unix::hidden;

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
