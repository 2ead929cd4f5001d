//! Where output goes, and what is known about the other end.

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, LineWriter, Write};

use super::colour::ColourChoice;
use super::style::Paint;

#[cfg(test)]
mod tests;

/// The columns assumed where nobody says how many there are.
const DEFAULT_WIDTH: usize = 80;

/// The rows assumed where nobody says how many there are.
const DEFAULT_HEIGHT: usize = 24;

/// Which of the three standard streams are terminals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ttys {
    /// Standard input.
    pub(crate) stdin: bool,
    /// Standard output.
    pub(crate) stdout: bool,
    /// Standard error.
    pub(crate) stderr: bool,
}

/// Standard error, whose loss is no reason to fail: a remark that nobody can read is not missed.
struct Remarks(io::Stderr);

impl Write for Remarks {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        match self.0.write(text) {
            Err(error) if error.kind() != ErrorKind::Interrupted => Ok(text.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The process's output: results on `out`, everything else on `err`.
///
/// Both pass on a line when it ends, also when they are piped; whoever writes thousands of lines at
/// once wraps `out` in a [`BufWriter`](io::BufWriter) and flushes it. Errors of `out` come through
/// untouched: the reader's end of a pipe being closed is [`io::ErrorKind::BrokenPipe`].
pub(crate) struct Streams {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    ttys: Ttys,
    paint_out: Paint,
    paint_err: Paint,
    /// The value of `COLUMNS`, where it is a number above 0.
    columns: Option<usize>,
    /// Whether the terminal says of itself that it can only write on (`TERM=dumb`).
    is_dumb: bool,
}

impl Streams {
    /// The standard streams of this process and its environment.
    pub(crate) fn of_process(choice: ColourChoice) -> Self {
        let ttys = Ttys {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        };
        // Standard error is unbuffered: without this, one line would go out in as many writes as it
        // has parts, and could be torn by another process.
        let err = LineWriter::new(Remarks(io::stderr()));
        let env = |name: &str| std::env::var_os(name);
        Self::new(Box::new(io::stdout()), Box::new(err), ttys, choice, env)
    }

    /// As [`of_process`](Self::of_process), with results on standard error too: standard output is
    /// somebody else's.
    pub(crate) fn aside(choice: ColourChoice) -> Self {
        let stderr = io::stderr().is_terminal();
        let ttys = Ttys {
            stdin: io::stdin().is_terminal(),
            stdout: stderr,
            stderr,
        };
        let err = || Box::new(LineWriter::new(Remarks(io::stderr())));
        let env = |name: &str| std::env::var_os(name);
        Self::new(err(), err(), ttys, choice, env)
    }

    /// Streams into any writers, as tests use them. `env` looks up a variable.
    pub(crate) fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        ttys: Ttys,
        choice: ColourChoice,
        env: impl Fn(&str) -> Option<OsString>,
    ) -> Self {
        let columns = env("COLUMNS").and_then(|value| value.to_str()?.parse().ok());
        Self {
            out,
            err,
            ttys,
            paint_out: Paint::new(choice.decide(&env, ttys.stdout)),
            paint_err: Paint::new(choice.decide(&env, ttys.stderr)),
            columns: columns.filter(|&columns| columns > 0),
            is_dumb: env("TERM").is_some_and(|term| term == "dumb"),
        }
    }

    /// Where results go.
    pub(crate) fn out(&mut self) -> &mut (dyn Write + Send) {
        &mut *self.out
    }

    /// Where everything else goes: notes, warnings, errors.
    pub(crate) fn err(&mut self) -> &mut (dyn Write + Send) {
        &mut *self.err
    }

    /// Writes out what either stream still holds. The last chance to learn of a full disk or a
    /// broken pipe.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush().and(self.err.flush())
    }

    /// How text for `out` is painted.
    pub(crate) fn paint_out(&self) -> Paint {
        self.paint_out
    }

    /// How text for `err` is painted.
    pub(crate) fn paint_err(&self) -> Paint {
        self.paint_err
    }

    /// Which of the standard streams are terminals.
    pub(crate) fn ttys(&self) -> Ttys {
        self.ttys
    }

    /// Whether somebody is there to answer a question: whether standard error is a terminal.
    ///
    /// Standard input may be a pipe all the same; [`hidden`](super::hidden) reads from the terminal
    /// itself.
    pub(crate) fn can_ask(&self) -> bool {
        self.ttys.stderr
    }

    /// Whether a part of the screen may move: both `out` and `err` are terminals that can go back.
    pub(crate) fn can_move(&self) -> bool {
        self.ttys.stdout && self.ttys.stderr && !self.is_dumb
    }

    /// The columns that `COLUMNS` names.
    pub(super) fn named_columns(&self) -> Option<usize> {
        self.columns
    }

    /// The columns at which `out` must wrap: `COLUMNS`, else the terminal's, asked anew each time.
    /// `None` where `out` goes to a file or a pipe, whose lines have no end.
    pub(crate) fn wrap(&self) -> Option<usize> {
        self.columns
            .or_else(|| self.ttys.stdout.then(|| terminal_size().0))
    }
}

/// Columns and rows of the terminal that standard output is; 80 and 24 where it does not know them
/// itself.
#[cfg(unix)]
pub(super) fn terminal_size() -> (usize, usize) {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
    let known = |length: u16| Some(usize::from(length)).filter(|&length| length > 0);
    let columns = size.and_then(|size| known(size.ws_col));
    let rows = size.and_then(|size| known(size.ws_row));
    (
        columns.unwrap_or(DEFAULT_WIDTH),
        rows.unwrap_or(DEFAULT_HEIGHT),
    )
}

/// Columns and rows of the terminal that standard output is: not known here.
#[cfg(not(unix))]
pub(super) fn terminal_size() -> (usize, usize) {
    (DEFAULT_WIDTH, DEFAULT_HEIGHT)
}
