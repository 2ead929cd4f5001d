//! The command under test.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::listener::Listener;
use super::running::{Input, LIMIT, Output, Reader, Running, block, name_of};

/// One call of `wh` and what it should do: unless told otherwise exit with 0 and write nothing.
///
/// It runs in a fresh folder that is its home too, without any variable but `PATH`, `HOME`, `XDG_*`,
/// `TZ=UTC` and `LC_ALL=C.UTF-8`, with nothing on stdin, and for 30 seconds at most.
pub(crate) struct Wh {
    program: PathBuf,
    args: Vec<OsString>,
    stdin: Option<Vec<u8>>,
    env: Vec<(OsString, OsString)>,
    dir: Option<PathBuf>,
    home: Option<PathBuf>,
    limit: Duration,
    reader: Reader,
    code: i32,
    stdout: Expected,
    stderr: Expected,
}

/// What one stream should hold.
enum Expected {
    Exactly(Vec<u8>),
    Parts(Vec<String>),
}

/// A call of the binary with these arguments.
pub(crate) fn wh(args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Wh {
    Wh::of(env!("CARGO_BIN_EXE_wh"), args)
}

/// A shell script, in which `$WH` is the binary.
pub(crate) fn sh(script: &str) -> Wh {
    Wh::of("sh", ["-c", script]).env("WH", env!("CARGO_BIN_EXE_wh"))
}

impl Wh {
    fn of(program: impl Into<PathBuf>, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        Self {
            program: program.into(),
            args: args.into_iter().map(|arg| arg.as_ref().into()).collect(),
            stdin: None,
            env: Vec::new(),
            dir: None,
            home: None,
            limit: LIMIT,
            reader: Reader::Stays,
            code: 0,
            stdout: Expected::Exactly(Vec::new()),
            stderr: Expected::Exactly(Vec::new()),
        }
    }

    /// Gives these bytes on stdin.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().into());
        self
    }

    /// Runs another build of the binary.
    pub(crate) fn program(mut self, path: impl Into<PathBuf>) -> Self {
        self.program = path.into();
        self
    }

    /// Is run by another program, whose arguments these are the first of; its process is that of the
    /// call, or ends with it.
    pub(crate) fn under(mut self, program: &str, args: &[&str]) -> Self {
        let command = std::mem::replace(&mut self.program, program.into());
        let before = args.iter().map(Into::into).chain([command.into()]);
        self.args.splice(..0, before);
        self
    }

    /// Sets a variable, one of the default ones too.
    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().into(), value.as_ref().into()));
        self
    }

    /// Runs in this folder.
    pub(crate) fn dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.dir = Some(path.into());
        self
    }

    /// Lets it run for so long.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Has its home here, so that several calls share configuration and store.
    pub(crate) fn home(mut self, path: impl Into<PathBuf>) -> Self {
        self.home = Some(path.into());
        self
    }

    /// Has nobody read its stdout once the first line has come.
    pub(crate) fn reader_leaves(mut self) -> Self {
        self.reader = Reader::Leaves;
        self
    }

    /// Expects exactly this on stdout.
    pub(crate) fn stdout(mut self, all: impl Into<Vec<u8>>) -> Self {
        self.stdout = Expected::Exactly(all.into());
        self
    }

    /// Expects exactly this on stderr.
    pub(crate) fn stderr(mut self, all: impl Into<Vec<u8>>) -> Self {
        self.stderr = Expected::Exactly(all.into());
        self
    }

    /// Expects this among what is on stdout; may be said several times.
    pub(crate) fn stdout_has(mut self, part: impl Into<String>) -> Self {
        self.stdout.add(part.into());
        self
    }

    /// Expects this among what is on stderr; may be said several times.
    pub(crate) fn stderr_has(mut self, part: impl Into<String>) -> Self {
        self.stderr.add(part.into());
        self
    }

    /// Expects this exit code.
    pub(crate) fn exit(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// Runs to the end and returns what came, whatever it is: the expectations are not looked at.
    #[track_caller]
    pub(crate) fn capture(&self) -> Output {
        let fresh = TempDir::new().unwrap();
        let mut command = self.command(fresh.path());
        self.running(&mut command).finish(self.limit)
    }

    /// Runs to the end and compares.
    ///
    /// Panics with the command, and with the expected and the actual as blocks, where they differ.
    #[track_caller]
    pub(crate) fn run(self) {
        let output = self.capture();
        let is_met = output.code == self.code
            && self.stdout.is_met(&output.stdout)
            && self.stderr.is_met(&output.stderr);
        if !is_met {
            let name = name_of(&self.command(Path::new("")));
            let (expected, actual) = (self.code, output.code);
            let stdout = self.stdout.compare("stdout", &output.stdout);
            let stderr = self.stderr.compare("stderr", &output.stderr);
            panic!("`{name}`\nexit code: expected {expected}, got {actual}\n{stdout}{stderr}");
        }
    }

    /// Starts it as something that runs until it is stopped, and waits for its ready line.
    ///
    /// The expectations are not looked at.
    #[track_caller]
    pub(crate) fn start(self) -> Listener {
        let fresh = TempDir::new().unwrap();
        let running = self.running(&mut self.command(fresh.path()));
        Listener::wait_for(running, fresh)
    }

    /// As [`start`](Self::start), where the ready line is for people.
    #[track_caller]
    pub(crate) fn start_for_people(self) -> Listener {
        let fresh = TempDir::new().unwrap();
        let running = self.running(&mut self.command(fresh.path()));
        Listener::wait_for_remark(running, fresh)
    }

    /// Starts it without waiting for anything.
    #[track_caller]
    pub(crate) fn spawn(self) -> Listener {
        let fresh = TempDir::new().unwrap();
        let running = self.running(&mut self.command(fresh.path()));
        Listener::unready(running, fresh)
    }

    #[track_caller]
    fn running(&self, command: &mut Command) -> Running {
        let input = self.stdin.clone().map_or(Input::Nothing, Input::Bytes);
        Running::start(command, input, self.reader)
    }

    fn command(&self, fresh: &Path) -> Command {
        let home = self.home.as_deref().unwrap_or(fresh);
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .current_dir(self.dir.as_deref().unwrap_or(fresh))
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("TZ", "UTC")
            .env("LC_ALL", "C.UTF-8")
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Expected {
    fn add(&mut self, part: String) {
        match self {
            Self::Parts(parts) => parts.push(part),
            Self::Exactly(_) => *self = Self::Parts(vec![part]),
        }
    }

    fn is_met(&self, actual: &[u8]) -> bool {
        match self {
            Self::Exactly(all) => all == actual,
            Self::Parts(parts) => {
                let actual = String::from_utf8_lossy(actual);
                parts.iter().all(|part| actual.contains(part))
            }
        }
    }

    /// The stream as it is, under what it should be where that differs.
    fn compare(&self, stream: &str, actual: &[u8]) -> String {
        let expected = match self {
            _ if self.is_met(actual) => String::new(),
            Self::Exactly(all) => block(&format!("{stream}, expected"), all),
            Self::Parts(parts) => {
                let title = format!("{stream}, expected to have");
                parts
                    .iter()
                    .map(|part| block(&title, part.as_bytes()))
                    .collect()
            }
        };
        expected + &block(&format!("{stream}, actual"), actual)
    }
}

mod tests {
    use std::time::Duration;

    use serde_json::json;
    use tempfile::TempDir;

    use crate::support::{Listener, Output, sh, wh};

    #[test]
    fn calls_the_binary() {
        wh(["--version"])
            .stdout(concat!("wh ", env!("CARGO_PKG_VERSION"), "\n"))
            .run();
    }

    #[test]
    fn gives_the_input_and_compares_the_bytes() {
        sh("cat; echo bad >&2; exit 4")
            .stdin("a\n\0")
            .stdout("a\n\0")
            .stderr("bad\n")
            .exit(4)
            .run();
        sh("echo one two").stdout_has("one").stdout_has("two").run();
        sh("echo one two >&2").stderr_has("two").run();
    }

    #[test]
    fn runs_another_program_or_under_one() {
        wh(["a", "b"]).program("echo").stdout("a b\n").run();
        let call = wh(["a"]).program("echo").under("env", &["X=1"]);
        call.stdout("a\n").run();
    }

    #[test]
    fn has_no_input_unless_it_is_given() {
        sh("cat").run();
    }

    #[test]
    fn has_a_clean_environment() {
        let home = TempDir::new().unwrap();
        let names = "CARGO_MANIFEST_DIR NO_COLOR WH_SECRET HOME XDG_CONFIG_HOME TZ LC_ALL WH_PORT";
        let script = format!("for name in {names}; do eval echo $name=\\$$name; done; pwd");
        let home_path = home.path().canonicalize().unwrap();
        let path = home_path.display();
        sh(&script)
            .env("WH_PORT", "1")
            .home(&home_path)
            .dir("/")
            .stdout(format!(
                "CARGO_MANIFEST_DIR=\nNO_COLOR=\nWH_SECRET=\nHOME={path}\nXDG_CONFIG_HOME={path}/.config\n\
                 TZ=UTC\nLC_ALL=C.UTF-8\nWH_PORT=1\n/\n"
            ))
            .run();
    }

    #[test]
    fn runs_in_a_folder_of_its_own() {
        let Output { stdout, .. } = sh("pwd; echo $HOME; ls -A").capture();
        let text = String::from_utf8(stdout).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0], lines[1]);
    }

    #[test]
    fn its_reader_may_leave() {
        sh("trap '' PIPE; while echo line 2>&-; do :; done; exit 9")
            .reader_leaves()
            .stdout_has("line\n")
            .exit(9)
            .run();
    }

    #[test]
    #[should_panic(
        expected = "`sh -c \"echo x\"`\nexit code: expected 0, got 0\n--- stdout, expected\n--- stdout, actual\nx\n"
    )]
    fn expects_silence() {
        sh("echo x").run();
    }

    #[test]
    #[should_panic(expected = "exit code: expected 0, got 143")]
    fn expects_success() {
        sh("kill $$").run();
    }

    #[test]
    #[should_panic(
        expected = "--- stderr, expected to have\nabc⏎ missing\n--- stderr, actual\nab\n"
    )]
    fn looks_for_parts() {
        sh("echo ab >&2").stderr_has("abc").run();
    }

    #[test]
    #[should_panic(expected = "still runs after 50ms\n--- stdout\n")]
    fn has_a_time_limit() {
        let forever = sh("exec tail -f /dev/null");
        forever.limit(Duration::from_millis(50)).run();
    }

    #[test]
    fn starts_what_runs_until_it_is_stopped() {
        let script = r#"
            trap 'echo {\"type\":\"end\"}; exit 3' INT
            echo '{"type":"ready","schema":1,"url":"http://127.0.0.1:4711/hooks"}'
            echo '{"type":"delivery"}'
            mkfifo wait; exec 9<>wait; while :; do read line <&9; done"#;
        let mut listener: Listener = sh(script).start();
        assert_eq!(listener.ready()["schema"], 1);
        assert_eq!(listener.url(), "http://127.0.0.1:4711/hooks");
        assert_eq!(listener.addr(), "127.0.0.1:4711");
        assert_eq!(listener.next(), json!({"type": "delivery"}));
        let output = listener.stop();
        assert_eq!(output.code, 3);
        assert!(output.stdout.ends_with(b"{\"type\":\"end\"}\n"));
    }

    #[test]
    #[should_panic(expected = "--- stderr\nerror: no such port\n")]
    fn shows_why_it_did_not_get_ready() {
        sh("echo error: no such port >&2").start();
    }
}
