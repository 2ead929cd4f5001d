use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex};

use super::{Streams, Ttys};
use crate::term::ColourChoice;

const ALL: Ttys = Ttys {
    stdin: true,
    stdout: true,
    stderr: true,
};

/// A writer whose contents can be looked at afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test panics here").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The writing end of a pipe that nobody reads any more.
struct Broken;

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(ErrorKind::BrokenPipe.into())
    }
}

fn with_columns(value: &str, ttys: Ttys) -> Streams {
    let env = |name: &str| (name == "COLUMNS").then(|| OsString::from(value));
    Streams::new(
        Box::new(io::sink()),
        Box::new(io::sink()),
        ttys,
        ColourChoice::Auto,
        env,
    )
}

#[test]
fn results_and_notes_go_their_own_ways() {
    let (out, err) = (Shared::default(), Shared::default());
    let mut streams = Streams::new(
        Box::new(out.clone()),
        Box::new(err.clone()),
        Ttys::default(),
        ColourChoice::Auto,
        |_| None,
    );
    writeln!(streams.out(), "result").expect("memory takes it");
    writeln!(streams.err(), "note").expect("memory takes it");
    assert_eq!(*out.0.lock().expect("no panic"), b"result\n");
    assert_eq!(*err.0.lock().expect("no panic"), b"note\n");
}

#[test]
fn each_stream_is_coloured_for_itself() {
    let ttys = Ttys {
        stdout: false,
        ..ALL
    };
    let streams = with_columns("", ttys);
    assert_eq!(streams.paint_out().good("ok").to_string(), "ok");
    assert_ne!(streams.paint_err().good("ok").to_string(), "ok");
}

#[test]
fn a_broken_pipe_keeps_its_kind() {
    let mut streams = Streams::new(
        Box::new(Broken),
        Box::new(io::sink()),
        Ttys::default(),
        ColourChoice::Auto,
        |_| None,
    );
    let painted = streams.paint_out().good("text");
    let written = write!(streams.out(), "{painted}").map_err(|error| error.kind());
    assert_eq!(written, Err(ErrorKind::BrokenPipe));
    let flushed = streams.flush().map_err(|error| error.kind());
    assert_eq!(flushed, Err(ErrorKind::BrokenPipe));
}

#[test]
fn columns_are_the_variables() {
    let pipe = Ttys::default();
    for (value, ttys, wrap) in [
        ("120", pipe, Some(120)),
        ("120", ALL, Some(120)),
        ("0", pipe, None),
        ("wide", pipe, None),
        ("", pipe, None),
        ("-4", pipe, None),
    ] {
        let streams = with_columns(value, ttys);
        assert_eq!(streams.wrap(), wrap, "{value:?}");
    }
}

#[test]
fn a_question_needs_a_terminal_on_standard_error_only() {
    let piped_in = Ttys {
        stdin: false,
        ..ALL
    };
    assert!(with_columns("", piped_in).can_ask());
    let no_notes = Ttys {
        stderr: false,
        ..ALL
    };
    assert!(!with_columns("", no_notes).can_ask());
}
