//! `wh` with somebody at its terminal.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;

use super::running::LIMIT;

/// Runs `wh` in its home with a terminal of its own, types when it asks, and returns its code, its stdout and
/// what the terminal showed. It asks where the screen ends with `prompt`.
pub(crate) fn with_terminal(
    args: &[&str],
    dir: &TempDir,
    prompt: &str,
    keys: &[u8],
) -> (Option<i32>, String, String) {
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&keyboard).unwrap();
    unlockpt(&keyboard).unwrap();
    let name = ptsname(&keyboard, Vec::new()).unwrap();
    let path = OsStr::from_bytes(name.as_bytes());
    let tty = || File::options().read(true).write(true).open(path).unwrap();
    let child = Command::new("setsid")
        .args(["--ctty", "--wait", env!("CARGO_BIN_EXE_wh")])
        .args(args)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", dir.path())
        .env("NO_COLOR", "1")
        .current_dir(dir.path())
        .stdin(tty())
        .stdout(Stdio::piped())
        .stderr(tty())
        .spawn()
        .unwrap();
    let mut keyboard = File::from(keyboard);
    let shown = read_all(keyboard.try_clone().unwrap());
    let mut screen = Vec::new();
    while !screen.ends_with(prompt.as_bytes()) {
        screen.push(shown.recv_timeout(LIMIT).unwrap());
    }
    keyboard.write_all(keys).unwrap();
    // The screen ends with the last program that has it open.
    loop {
        match shown.recv_timeout(LIMIT) {
            Ok(byte) => screen.push(byte),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("still runs: {screen:?}"),
        }
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let signal = output.status.signal().map(|signal| 128 + signal);
    let code = output.status.code().or(signal);
    (code, text(output.stdout), text(screen))
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
