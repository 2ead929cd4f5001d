//! A program that is not ours, such as a receiver in another language.

use std::process::Command;

use serde_json::Value;

use super::running::{Input, LIMIT, Output, Reader, Running};

/// A program that says on its first line of stdout, as JSON, that it is ready; killed on drop.
pub(crate) struct Process {
    running: Running,
    ready: Value,
}

impl Process {
    /// Starts a program, with a stdin that has no end, and waits for its ready line.
    ///
    /// Panics where the line does not come or is not JSON.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut running = Running::start(command, Input::Open, Reader::Stays);
        let ready = running.json(LIMIT);
        Self { running, ready }
    }

    /// Runs a program to its end, with these bytes on its stdin.
    #[track_caller]
    pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Output {
        Running::start(command, Input::Bytes(stdin.into()), Reader::Stays).finish(LIMIT)
    }

    /// The ready line.
    pub(crate) fn ready(&self) -> &Value {
        &self.ready
    }

    /// The next line of stdout, without its end.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        self.running.line(LIMIT)
    }
}

mod tests {
    use std::process::Command;

    use crate::support::Process;

    #[test]
    fn gives_the_ready_line_and_those_after_it() {
        let script =
            r#"printf '{"type":"ready","name":"%s"}\n' "$NAME"; echo one; exec tail -f /dev/null"#;
        let mut process = Process::start(Command::new("sh").args(["-c", script]).env("NAME", "sh"));
        assert_eq!(process.ready()["name"], "sh");
        assert_eq!(process.line(), "one");
    }

    #[test]
    fn runs_to_the_end() {
        let script = "cat; echo bad >&2; exit 3";
        let output = Process::run(Command::new("sh").args(["-c", script]), b"in");
        assert_eq!(
            (&*output.stdout, &*output.stderr, output.code),
            (&b"in"[..], &b"bad\n"[..], 3)
        );
    }

    #[test]
    #[should_panic(expected = "--- stderr\nno such receiver\n")]
    fn a_program_that_never_gets_ready_shows_its_complaint() {
        Process::start(Command::new("sh").args(["-c", "echo no such receiver >&2"]));
    }
}
