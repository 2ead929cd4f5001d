//! The terminal as `indicatif` draws on it.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::TermLike;

use crate::term::columns::columns;
use crate::term::streams::terminal_size;

/// The columns that stay free at the right, so that a `^C` that the terminal shows there wraps
/// nothing.
const MARGIN: usize = 3;

/// Columns that may be drawn on, and rows.
pub(super) fn size(named_columns: Option<usize>) -> (usize, usize) {
    let (columns, rows) = terminal_size();
    let columns = named_columns.unwrap_or(columns);
    (columns.saturating_sub(MARGIN).max(1), rows)
}

/// A terminal on which lines end where their text ends.
///
/// `indicatif` fills each line with blanks and has the terminal wrap it; a narrower window then makes
/// two lines of each. Here the blanks are left out and the next line is begun instead.
pub(super) struct Screen {
    pen: Mutex<Pen>,
    named_columns: Option<usize>,
}

struct Pen {
    out: Box<dyn Write + Send>,
    /// What is written at the next flush, all at once.
    text: String,
    /// Whether the line is full: what comes next stands on another one.
    is_full: bool,
    /// The columns of the lines that are drawn.
    drawn: Vec<usize>,
}

impl Screen {
    /// A screen that is written to `out`.
    pub(super) fn new(out: Box<dyn Write + Send>, named_columns: Option<usize>) -> Self {
        let pen = Pen {
            out,
            text: String::new(),
            is_full: false,
            drawn: Vec::new(),
        };
        Self {
            pen: Mutex::new(pen),
            named_columns,
        }
    }

    fn pen(&self) -> MutexGuard<'_, Pen> {
        self.pen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the cursor by so many, as ECMA-48 has it; not at all for 0, which means 1 there.
    fn go(&self, by: usize, direction: char) {
        if by > 0 {
            let mut pen = self.pen();
            pen.is_full = false;
            let _ = write!(pen.text, "\x1b[{by}{direction}");
        }
    }
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Screen")
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        u16::try_from(size(self.named_columns).0).unwrap_or(u16::MAX)
    }

    fn height(&self) -> u16 {
        u16::try_from(size(self.named_columns).1).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, by: usize) -> io::Result<()> {
        self.go(by, 'A');
        Ok(())
    }

    fn move_cursor_down(&self, by: usize) -> io::Result<()> {
        self.go(by, 'B');
        Ok(())
    }

    fn move_cursor_right(&self, by: usize) -> io::Result<()> {
        self.go(by, 'C');
        Ok(())
    }

    fn move_cursor_left(&self, by: usize) -> io::Result<()> {
        self.go(by, 'D');
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        let mut pen = self.pen();
        pen.is_full = false;
        pen.text += text;
        pen.text.push('\n');
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut pen = self.pen();
        if text.bytes().all(|byte| byte == b' ') {
            pen.is_full = true;
            return Ok(());
        }
        if std::mem::take(&mut pen.is_full) {
            pen.text.push('\n');
        }
        pen.text += text;
        pen.drawn.push(columns(text));
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        let mut pen = self.pen();
        pen.is_full = false;
        // Since they were drawn the window may have become narrower, and their lines more.
        let (columns, _) = terminal_size();
        let wraps = |width: usize| width.div_ceil(columns).saturating_sub(1);
        let more: usize = std::mem::take(&mut pen.drawn).into_iter().map(wraps).sum();
        if more > 0 {
            let _ = write!(pen.text, "\x1b[{more}A\r\x1b[J");
        }
        pen.text += "\r\x1b[2K";
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let mut pen = self.pen();
        let text = std::mem::take(&mut pen.text);
        pen.out.write_all(text.as_bytes())?;
        pen.out.flush()
    }
}
