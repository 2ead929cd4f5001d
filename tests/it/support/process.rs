//! A program that is not ours, such as a receiver in another language.

use std::process::Command;

use rustix::process::Signal;
use serde_json::{Value, json};

use super::running::{Input, LIMIT, Output, Reader, Running};

/// A program that says on its first line of stdout that it is ready; killed on drop.
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

    /// As [`start`](Self::start), where that line is for people: `listening on URL`. The ready line then
    /// has the `url`.
    #[track_caller]
    pub(crate) fn listening(command: &mut Command) -> Self {
        let mut running = Running::start(command, Input::Open, Reader::Stays);
        let line = running.line(LIMIT);
        let url = line.strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("{line:?} is no ready line"));
        let ready = json!({ "url": url });
        Self { running, ready }
    }

    /// Runs a program to its end, with these bytes on its stdin.
    #[track_caller]
    pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Output {
        Running::start(command, Input::Bytes(stdin.into()), Reader::Stays).finish(LIMIT)
    }

    /// Asks it to end, waits until it has, and returns its exit code.
    #[track_caller]
    pub(crate) fn terminate(&mut self) -> i32 {
        self.running.signal(Signal::TERM);
        self.running.finish(LIMIT).code
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
    fn gives_the_url_of_a_ready_line_for_people() {
        let script = "echo listening on http://127.0.0.1:1; echo one; exec tail -f /dev/null";
        let mut process = Process::listening(Command::new("sh").args(["-c", script]));
        assert_eq!(process.ready()["url"], "http://127.0.0.1:1");
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
    fn ends_when_it_is_asked_to() {
        let script = r"trap 'exit 3' TERM; echo '{}'; while :; do read _; done";
        let mut process = Process::start(Command::new("sh").args(["-c", script]));
        assert_eq!(process.terminate(), 3);
    }

    #[test]
    #[should_panic(expected = "--- stderr\nno such receiver\n")]
    fn a_program_that_never_gets_ready_shows_its_complaint() {
        Process::start(Command::new("sh").args(["-c", "echo no such receiver >&2"]));
    }
}
