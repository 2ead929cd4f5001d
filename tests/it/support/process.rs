//! A program that is not ours, such as a receiver in another language.

use std::process::Command;

use serde_json::Value;

use super::running::{LIMIT, Running};

/// A program that says on its first line of stdout, as JSON, that it is ready; killed on drop.
pub(crate) struct Process {
    running: Running,
    ready: Value,
}

impl Process {
    /// Starts a program and waits for its ready line.
    ///
    /// Panics where the line does not come or is not JSON.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut running = Running::start(command, None);
        let ready = running.json(LIMIT);
        Self { running, ready }
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
    #[should_panic(expected = "--- stderr\nno such receiver\n")]
    fn a_program_that_never_gets_ready_shows_its_complaint() {
        Process::start(Command::new("sh").args(["-c", "echo no such receiver >&2"]));
    }
}
