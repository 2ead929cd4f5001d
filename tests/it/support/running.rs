//! A child process whose output is read while it runs.

use std::io::{ErrorKind, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use serde_json::Value;

/// How long a test waits for anything before it fails.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// What a process left behind.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// The exit code, or 128 and the number of the signal that ended it, as shells have it.
    pub(crate) code: i32,
}

/// What a process finds on its stdin.
pub(super) enum Input {
    /// The end.
    Nothing,
    /// These bytes, and then the end.
    Bytes(Vec<u8>),
    /// Nothing, and no end for as long as it runs.
    Open,
}

/// How long somebody reads the stdout of a process.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Reader {
    /// To its end.
    #[default]
    Stays,
    /// Until the first line has come.
    Leaves,
}

/// A process that is killed when this is dropped.
pub(super) struct Running {
    name: String,
    child: Child,
    ended: mpsc::Receiver<()>,
    stdout: Tap,
    stderr: Tap,
    /// Whether its output went into a message or to the caller.
    is_told: bool,
}

impl Running {
    /// Starts a command with piped output.
    #[track_caller]
    pub(super) fn start(command: &mut Command, input: Input, reader: Reader) -> Self {
        let name = name_of(command);
        let stdin = match input {
            Input::Nothing => Stdio::null(),
            Input::Bytes(_) | Input::Open => Stdio::piped(),
        };
        let mut child = command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("`{name}` does not start: {error}"));
        if let Input::Bytes(bytes) = input {
            let mut pipe = child.stdin.take().unwrap();
            // A program need not read its input to the end.
            thread::spawn(move || pipe.write_all(&bytes));
        }
        let stdout = Tap::on(child.stdout.take().unwrap(), reader);
        let stderr = Tap::on(child.stderr.take().unwrap(), Reader::Stays);
        Self {
            ended: watch(&child),
            name,
            child,
            stdout,
            stderr,
            is_told: false,
        }
    }

    /// The process's id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub(super) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The next line of stdout, without its end.
    ///
    /// Panics where none comes in time, or the output ends before.
    #[track_caller]
    pub(super) fn line(&mut self, limit: Duration) -> String {
        match self.stdout.line(Instant::now() + limit) {
            Some(line) => line,
            None => self.fail(&format!("ended, or gave no line within {limit:?}")),
        }
    }

    /// The next line of stderr, without its end.
    ///
    /// Panics where none comes in time, or stderr ends before.
    #[track_caller]
    pub(super) fn remark(&mut self, limit: Duration) -> String {
        match self.stderr.line(Instant::now() + limit) {
            Some(line) => line,
            None => self.fail(&format!("ended, or made no remark within {limit:?}")),
        }
    }

    /// The next line of stdout as JSON.
    ///
    /// Panics where none comes in time, the output ends before, or it is not JSON.
    #[track_caller]
    pub(super) fn json(&mut self, limit: Duration) -> Value {
        let line = self.line(limit);
        match serde_json::from_str(&line) {
            Ok(value) => value,
            Err(error) => self.fail(&format!("wrote `{line}`, which is not JSON: {error}")),
        }
    }

    /// Waits until the process has ended and its output is read.
    ///
    /// Panics where that takes too long.
    #[track_caller]
    pub(super) fn finish(&mut self, limit: Duration) -> Output {
        let deadline = Instant::now() + limit;
        if self.ended.recv_timeout(limit).is_err() {
            self.fail(&format!("still runs after {limit:?}"));
        }
        let status = self.child.wait().unwrap();
        if !self.stdout.ends(deadline) || !self.stderr.ends(deadline) {
            self.fail("has ended, but a process it started holds its output open");
        }
        self.is_told = true;
        Output {
            stdout: self.stdout.bytes(),
            stderr: self.stderr.bytes(),
            code: code_of(status),
        }
    }

    #[track_caller]
    fn fail(&mut self, what: &str) -> ! {
        let _ = self.child.kill();
        // What it wrote last may still be in the pipe.
        self.stderr.ends(Instant::now() + Duration::from_secs(1));
        self.is_told = true;
        panic!("`{}` {what}\n{}", self.name, self.blocks());
    }

    fn blocks(&self) -> String {
        block("stdout", &self.stdout.bytes()) + &block("stderr", &self.stderr.bytes())
    }
}

impl Drop for Running {
    #[expect(clippy::print_stderr, reason = "is shown with the test that fails")]
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() && !self.is_told {
            eprintln!("`{}` ran meanwhile\n{}", self.name, self.blocks());
        }
    }
}

/// The most that is shown of a stream, in bytes.
const SHOWN: usize = 64 * 1024;

/// Some bytes under a title, for the message of a failed test.
pub(super) fn block(title: &str, bytes: &[u8]) -> String {
    if bytes.len() > SHOWN {
        let (first, last) = (&bytes[..SHOWN / 2], &bytes[bytes.len() - SHOWN / 2..]);
        let rest = format!("{title}, {} bytes later", bytes.len() - SHOWN);
        return block(title, first) + &block(&rest, last);
    }
    let text = String::from_utf8_lossy(bytes);
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "⏎ missing\n"
    };
    format!("--- {title}\n{text}{end}")
}

/// The command line, near to how one would type it.
pub(super) fn name_of(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    let words: Vec<_> = words
        .map(|word| {
            let plain = word.to_string_lossy();
            let is_plain = !plain.is_empty() && !plain.contains(char::is_whitespace);
            if is_plain {
                plain.into_owned()
            } else {
                format!("{plain:?}")
            }
        })
        .collect();
    words.join(" ")
}

fn code_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    let signal = || status.signal().map(|signal| 128 + signal);
    status.code().or_else(signal).unwrap()
}

/// Tells when a process has ended, and leaves it to be waited for, so that its id stays its own.
fn watch(child: &Child) -> mpsc::Receiver<()> {
    let (tell, ended) = mpsc::channel();
    let pid = Pid::from_child(child);
    thread::spawn(move || {
        let _ = waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
        let _ = tell.send(());
    });
    ended
}

/// One stream of a process, read by a thread as it comes.
struct Tap {
    flow: Arc<(Mutex<Flow>, Condvar)>,
    /// How many bytes were given out as lines.
    given: usize,
}

#[derive(Default)]
struct Flow {
    bytes: Vec<u8>,
    has_ended: bool,
}

impl Tap {
    fn on(source: impl Read + Send + 'static, reader: Reader) -> Self {
        let flow = Arc::<(Mutex<Flow>, Condvar)>::default();
        let theirs = Arc::clone(&flow);
        thread::spawn(move || {
            let (flow, news) = &*theirs;
            let mut chunk = vec![0; 64 * 1024];
            let mut source = Some(source);
            while let Some(pipe) = &mut source {
                let read = pipe.read(&mut chunk);
                let mut flow = flow.lock().unwrap();
                match read {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Ok(0) | Err(_) => flow.has_ended = true,
                    Ok(length) => flow.bytes.extend_from_slice(&chunk[..length]),
                }
                flow.has_ended |= reader == Reader::Leaves && flow.bytes.contains(&b'\n');
                if flow.has_ended {
                    // Closed before anybody hears of it.
                    source = None;
                }
                news.notify_all();
            }
        });
        Self { flow, given: 0 }
    }

    /// The next whole line; `None` where the stream has ended or the deadline has passed.
    fn line(&mut self, deadline: Instant) -> Option<String> {
        let start = self.given;
        let (mut looked_at, mut end) = (start, None);
        let (flow, news) = &*self.flow;
        let (flow, _) = news
            .wait_timeout_while(flow.lock().unwrap(), remaining(deadline), |flow| {
                let new = flow.bytes[looked_at..].iter();
                end = new
                    .clone()
                    .position(|byte| *byte == b'\n')
                    .map(|at| looked_at + at);
                looked_at += new.len();
                !flow.has_ended && end.is_none()
            })
            .unwrap();
        let end = end?;
        self.given = end + 1;
        Some(String::from_utf8_lossy(&flow.bytes[start..end]).into_owned())
    }

    /// Whether the stream ends before the deadline.
    fn ends(&self, deadline: Instant) -> bool {
        let (flow, news) = &*self.flow;
        let (flow, _) = news
            .wait_timeout_while(flow.lock().unwrap(), remaining(deadline), |flow| {
                !flow.has_ended
            })
            .unwrap();
        flow.has_ended
    }

    /// All that has come so far.
    fn bytes(&self) -> Vec<u8> {
        self.flow.0.lock().unwrap().bytes.clone()
    }
}

/// The time until a deadline, none if it has passed.
pub(super) fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
