//! `wh` with somebody at its terminal.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

use super::running::LIMIT;
use super::screen::Screen;

/// Runs `wh` in its home with a terminal of its own, types when it asks, and returns its code, its stdout and
/// what the terminal showed. It asks where the screen ends with `prompt`.
pub(crate) fn with_terminal(
    args: &[&str],
    dir: &TempDir,
    prompt: &str,
    keys: &[u8],
) -> (Option<i32>, String, String) {
    let (mut keyboard, tty) = terminal();
    let child = command(args, dir, &tty)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(tty);
    let shown = read_all(keyboard.try_clone().unwrap());
    let mut screen = Vec::new();
    while !screen.ends_with(prompt.as_bytes()) {
        screen.push(shown.recv_timeout(LIMIT).unwrap());
    }
    keyboard.write_all(keys).unwrap();
    read_on(&shown, |byte| screen.push(byte));
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = code(output.status);
    (code, text(output.stdout), text(screen))
}

/// `wh` that writes to a terminal alone. It is killed when this is dropped.
pub(crate) struct Watched {
    child: Child,
    keyboard: File,
    shown: Receiver<u8>,
    screen: Screen,
    /// All that came, as it came.
    bytes: Vec<u8>,
}

impl Watched {
    /// Starts it in its home with a terminal of so many columns, and with these variables.
    pub(crate) fn start(
        args: &[&str],
        dir: &TempDir,
        columns: u16,
        variables: &[(&str, &str)],
    ) -> Self {
        let (keyboard, tty) = terminal();
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&keyboard, size).unwrap();
        let child = command(args, dir, &tty)
            .envs(variables.iter().copied())
            .stdout(tty.try_clone().unwrap())
            .spawn()
            .unwrap();
        let shown = read_all(keyboard.try_clone().unwrap());
        Self {
            child,
            keyboard,
            shown,
            screen: Screen::new(columns),
            bytes: Vec::new(),
        }
    }

    /// Waits until a row of the screen is as it should be, and returns it.
    pub(crate) fn row(&mut self, is_it: impl Fn(&str) -> bool) -> String {
        loop {
            if let Some(row) = self.screen.rows().into_iter().find(|row| is_it(row)) {
                return row;
            }
            let Ok(byte) = self.shown.recv_timeout(LIMIT) else {
                panic!("no such row in {:#?}", self.screen.rows());
            };
            self.take(byte);
        }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &[u8]) {
        self.keyboard.write_all(keys).unwrap();
    }

    /// Waits for its end: its code, the rows that are left, and all that came.
    pub(crate) fn end(mut self) -> (Option<i32>, Vec<String>, Vec<u8>) {
        let status = self.child.wait().unwrap();
        let (screen, bytes) = (&mut self.screen, &mut self.bytes);
        read_on(&self.shown, |byte| {
            screen.show(&[byte]);
            bytes.push(byte);
        });
        (
            code(status),
            self.screen.rows(),
            std::mem::take(&mut self.bytes),
        )
    }

    fn take(&mut self, byte: u8) {
        self.screen.show(&[byte]);
        self.bytes.push(byte);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A terminal: the side of the one who looks at it, and the side of the programs.
fn terminal() -> (File, File) {
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&keyboard).unwrap();
    unlockpt(&keyboard).unwrap();
    let name = ptsname(&keyboard, Vec::new()).unwrap();
    let path = OsStr::from_bytes(name.as_bytes());
    let tty = File::options().read(true).write(true).open(path).unwrap();
    (File::from(keyboard), tty)
}

/// `wh` that reads from a terminal and has its remarks there.
fn command(args: &[&str], dir: &TempDir, tty: &File) -> Command {
    let mut command = Command::new("setsid");
    command
        .args(["--ctty", "--wait", env!("CARGO_BIN_EXE_wh")])
        .args(args)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", dir.path())
        .env("NO_COLOR", "1")
        .current_dir(dir.path())
        .stdin(tty.try_clone().unwrap())
        .stderr(tty.try_clone().unwrap());
    command
}

/// Takes what is still shown: the screen ends with the last program that has it open.
fn read_on(shown: &Receiver<u8>, mut take: impl FnMut(u8)) {
    loop {
        match shown.recv_timeout(LIMIT) {
            Ok(byte) => take(byte),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("still runs"),
        }
    }
}

/// The exit code, or 128 and the number of the signal that ended it.
fn code(status: ExitStatus) -> Option<i32> {
    let signal = status.signal().map(|signal| 128 + signal);
    status.code().or(signal)
}

/// Reads in a thread of its own, so that one can stop waiting for more.
fn read_all(mut source: File) -> Receiver<u8> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut byte = [0];
        while source.read_exact(&mut byte).is_ok() && tell.send(byte[0]).is_ok() {}
    });
    told
}
