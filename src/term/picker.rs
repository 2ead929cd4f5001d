//! A list to pick from, by typing some of what is looked for.

use std::io;

use dialoguer::FuzzySelect;
use dialoguer::console::Term;

use super::Safe;

/// The lines of the list that are seen at once.
const SEEN: usize = 12;

/// What the list puts before a line, and one column that stays free: a line that fills its row would
/// be wrapped.
const BESIDE: usize = 3;

/// The columns that are taken for those of a terminal that tells of none.
const COLUMNS: u16 = 80;

/// Has one line picked from a list on the terminal; its place. `None`: nothing was picked (Esc).
///
/// Lines must not be alike. The list hides the cursor, and Ctrl-C is a signal that it does not
/// survive: whoever catches signals puts the terminal back by [`Screen`].
pub(crate) fn pick(prompt: &str, lines: &[String]) -> io::Result<Option<usize>> {
    let term = Term::stderr();
    let columns = term.size_checked().map_or(COLUMNS, |(_, columns)| columns);
    let width = usize::from(columns).saturating_sub(BESIDE).max(1);
    let shown = |line: &String| Safe::line(line).truncated(width);
    let picked = FuzzySelect::new()
        .with_prompt(Safe::line(prompt).to_string())
        .items(lines.iter().map(shown))
        .default(0)
        .max_length(SEEN)
        .report(false)
        .interact_on_opt(&term);
    picked.map_err(|dialoguer::Error::IO(error)| error)
}

/// The terminal as it is now; it is put back when this is dropped, with its cursor.
pub(crate) struct Screen {
    #[cfg(unix)]
    modes: Option<(std::fs::File, rustix::termios::Termios)>,
}

impl Screen {
    /// What there is to put back.
    #[cfg(unix)]
    pub(crate) fn now() -> Self {
        let tty = std::fs::File::options()
            .read(true)
            .write(true)
            .open("/dev/tty");
        let modes = tty.ok().and_then(|tty| {
            let modes = rustix::termios::tcgetattr(&tty).ok()?;
            Some((tty, modes))
        });
        Self { modes }
    }

    /// What there is to put back.
    #[cfg(not(unix))]
    pub(crate) fn now() -> Self {
        Self {}
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that has gone away has nothing left to put back.
        #[cfg(unix)]
        if let Some((tty, modes)) = &self.modes {
            let now = rustix::termios::OptionalActions::Now;
            let _ = rustix::termios::tcsetattr(tty, now, modes);
        }
        let _ = Term::stderr().show_cursor();
    }
}
