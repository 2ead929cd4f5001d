use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, tcgetattr};

use super::ask;

/// A terminal with a typist at it.
struct Terminal {
    keyboard: File,
    tty: File,
}

impl Terminal {
    fn open() -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a free terminal");
        grantpt(&keyboard).expect("it is ours");
        unlockpt(&keyboard).expect("it is ours");
        let name = ptsname(&keyboard, Vec::new()).expect("it has a name");
        let path = std::ffi::OsStr::from_bytes(name.as_bytes());
        let tty = File::options().read(true).write(true).open(path);
        Self {
            keyboard: keyboard.into(),
            tty: tty.expect("it was unlocked"),
        }
    }

    fn modes(&self) -> String {
        let modes: Termios = tcgetattr(&self.tty).expect("a terminal");
        format!("{modes:?}")
    }

    /// Waits for the prompt and then types; returns what was answered and everything the screen
    /// showed.
    ///
    /// A second line follows, so that a prompt that misses the end of the first answers wrong
    /// instead of never.
    fn answer(&mut self, keys: &[u8]) -> (Result<Vec<u8>, ErrorKind>, String) {
        let tty = self.tty.try_clone().expect("descriptors are left");
        let asked = thread::spawn(move || ask(&tty, "Secret\x1b[2J"));
        let mut screen = self.read_until(": ");
        self.keyboard.write_all(keys).expect("it takes keys");
        self.keyboard.write_all(b"\n").expect("it takes keys");
        let answer = asked.join().expect("it does not panic");
        screen += &self.read_until("\n");
        (answer.map_err(|error| error.kind()), screen)
    }

    fn read_until(&mut self, end: &str) -> String {
        let mut screen = String::new();
        let mut byte = [0];
        while !screen.ends_with(end) {
            self.keyboard.read_exact(&mut byte).expect("more is shown");
            screen.push(char::from(byte[0]));
        }
        screen
    }
}

#[test]
fn a_line_is_read_and_not_shown_and_the_terminal_put_back() {
    for (keys, expected) in [
        (&b"hunter2"[..], &b"hunter2"[..]),
        (b"hunter3\x7f2", b"hunter2"),
        (b"wrong\x15 two words ", b" two words "),
        ("schlüssel".as_bytes(), "schlüssel".as_bytes()),
        (b"\xff\xfe", b"\xff\xfe"),
        (b"hunter2\x04", b"hunter2"),
        (b"", b""),
    ] {
        let mut terminal = Terminal::open();
        let before = terminal.modes();
        let (answer, screen) = terminal.answer(keys);
        assert_eq!(answer.as_deref(), Ok(expected));
        assert_eq!(screen, "Secret\\x1b[2J: \r\n");
        assert_eq!(terminal.modes(), before);
    }
}

#[test]
fn the_keys_that_give_up_are_errors_and_the_terminal_is_put_back() {
    for (keys, expected) in [
        (&b"\x03"[..], ErrorKind::Interrupted),
        (b"half\x03", ErrorKind::Interrupted),
        (b"half\x1c", ErrorKind::Interrupted),
        (b"\x04", ErrorKind::UnexpectedEof),
    ] {
        let mut terminal = Terminal::open();
        let before = terminal.modes();
        let (answer, screen) = terminal.answer(keys);
        assert_eq!(answer, Err(expected), "{keys:?}");
        assert_eq!(screen, "Secret\\x1b[2J: \r\n");
        assert_eq!(terminal.modes(), before);
    }
}
