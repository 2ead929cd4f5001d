//! The prompts, where the terminal is a POSIX one.
//!
//! `dialoguer` turns the echo off and leaves Ctrl-C a signal: the process dies of it and the shell
//! is left without echo. Here Ctrl-C is made to end the line like Enter does, so that it comes in
//! as a byte, whatever handles signals in this process.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};

use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcsetattr,
};
use zeroize::Zeroizing;

use crate::term::Safe;

#[cfg(test)]
mod tests;

/// The longest line a terminal passes on at once (Linux; elsewhere it is shorter).
const MAX_LINE: usize = 4096;

/// Asks `prompt: ` on the terminal for a line that is not shown, and returns it without its line
/// end; it may be empty.
///
/// Asks the controlling terminal itself (`/dev/tty`), as `ssh` and `sudo` do, so that standard
/// input may be a body and standard error a file. Line editing is the terminal's. A line has at
/// most 4,095 bytes, 1,023 on macOS.
///
/// Errors: the interrupt or quit key (Ctrl-C) is [`ErrorKind::Interrupted`], the end of input
/// (Ctrl-D) [`ErrorKind::UnexpectedEof`], no terminal [`ErrorKind::NotConnected`]. The terminal is
/// as before in every case.
pub(crate) fn hidden(prompt: &str) -> io::Result<Vec<u8>> {
    ask(&terminal()?, prompt)
}

/// Asks `question [y/N] ` on the terminal: true for `y` or `yes` in any case, false for anything
/// else and for the end of input (Ctrl-D).
///
/// Asks the controlling terminal itself, as [`hidden`] does; Ctrl-C is the signal that it always is.
/// What was typed ahead is thrown away: it was no answer.
pub(crate) fn confirm(question: &str) -> io::Result<bool> {
    agrees(&terminal()?, question)
}

fn terminal() -> io::Result<File> {
    let tty = File::options().read(true).write(true).open("/dev/tty");
    tty.map_err(|_| io::Error::new(ErrorKind::NotConnected, "there is no terminal to ask on"))
}

fn agrees(mut tty: &File, question: &str) -> io::Result<bool> {
    tcflush(tty, QueueSelector::IFlush)?;
    write!(tty, "{} [y/N] ", Safe::line(question))?;
    let mut buffer = [0; MAX_LINE];
    let answer = read_line(tty, &mut buffer)?;
    if !answer.ends_with(b"\n") {
        writeln!(tty)?;
    }
    let answer = answer.trim_ascii();
    Ok([&b"y"[..], b"yes"]
        .iter()
        .any(|yes| answer.eq_ignore_ascii_case(yes)))
}

/// One line, or what there is of it at the end of input.
fn read_line<'b>(mut tty: &File, buffer: &'b mut [u8; MAX_LINE]) -> io::Result<&'b [u8]> {
    loop {
        match tty.read(buffer) {
            // A signal of no concern here, such as a change of the window's size.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return Ok(&buffer[..read?]),
        }
    }
}

fn ask(mut tty: &File, prompt: &str) -> io::Result<Vec<u8>> {
    let quiet = Quiet::new(tty)?;
    write!(tty, "{}: ", Safe::line(prompt))?;
    let line = quiet.read_line();
    drop(quiet);
    // The Enter that ended the line was not shown either.
    writeln!(tty)?;
    line
}

/// A terminal that shows nothing of what is typed; it is put back when this is dropped.
struct Quiet<'a> {
    tty: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    /// What was typed ahead is thrown away: it was shown, so it is not the secret.
    fn new(tty: &'a File) -> io::Result<Self> {
        let before = tcgetattr(tty)?;
        let mut modes = before.clone();
        modes.local_modes -= LocalModes::ECHO | LocalModes::ISIG;
        modes.special_codes[SpecialCodeIndex::VEOL] = before.special_codes[SpecialCodeIndex::VINTR];
        modes.special_codes[SpecialCodeIndex::VEOL2] =
            before.special_codes[SpecialCodeIndex::VQUIT];
        tcsetattr(tty, OptionalActions::Flush, &modes)?;
        Ok(Self { tty, before })
    }

    fn read_line(&self) -> io::Result<Vec<u8>> {
        let mut buffer = Zeroizing::new([0; MAX_LINE]);
        let line = read_line(self.tty, &mut buffer)?;
        let codes = &self.before.special_codes;
        let giving_up = [SpecialCodeIndex::VINTR, SpecialCodeIndex::VQUIT].map(|key| codes[key]);
        match line.split_last() {
            None => Err(ErrorKind::UnexpectedEof.into()),
            Some((b'\n', text)) => Ok(text.to_vec()),
            Some((key, _)) if giving_up.contains(key) => Err(ErrorKind::Interrupted.into()),
            // Ctrl-D after some text ends it as Enter does.
            Some(_) => Ok(line.to_vec()),
        }
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // A terminal that has gone away has nothing left to put back.
        let _ = tcsetattr(self.tty, OptionalActions::Now, &self.before);
    }
}
