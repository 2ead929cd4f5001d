//! Peers and users that abuse `wh`, by malice or by mistake: it stays up, stays small, serves the
//! others, keeps its secrets, and says what was wrong.

mod bodies;
mod clumsy;
mod heads;
mod memory;
mod peers;
mod secrets;
mod slow;
mod stalled;
#[cfg(target_os = "linux")]
mod starved;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Listener, skipped};

/// How long a test waits for anything before it fails.
const LIMIT: Duration = Duration::from_secs(20);

/// A request that nothing is wrong with.
const GOOD: &str = "POST /good HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";

/// A connection on which nothing was said yet.
fn connect(addr: &str) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    stream
}

/// A connection on which these bytes were sent.
fn open(listener: &Listener, bytes: impl AsRef<[u8]>) -> TcpStream {
    let mut stream = connect(listener.addr());
    stream.write_all(bytes.as_ref()).unwrap();
    stream
}

/// What comes until the listener closes the connection.
fn rest(mut stream: &TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The status of an answer.
fn status(answer: impl AsRef<[u8]>) -> u16 {
    let text = String::from_utf8_lossy(answer.as_ref()).into_owned();
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {text:?}"))
}

/// The most memory that a process ever had, in KiB; where there is no `/proc`, says so.
fn most_memory(pid: u32) -> Option<u64> {
    let Ok(text) = fs::read_to_string(format!("/proc/{pid}/status")) else {
        skipped("/proc");
        return None;
    };
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
}

/// A listener whose output nobody reads beyond the line that says where it listens, unless the test
/// takes it; killed on drop.
struct Unread {
    child: Child,
    addr: String,
    output: Option<ChildStdout>,
    _home: TempDir,
}

impl Unread {
    fn start() -> Self {
        let home = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_wh"))
            .args(["listen", "--port", "0", "--json"])
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // A byte at a time, so that nothing is taken from the pipe that is not asked for.
        let mut output = BufReader::with_capacity(1, child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let addr = ready["url"].as_str().unwrap().replace("http://", "");
        Self {
            child,
            addr,
            output: Some(output.into_inner()),
            _home: home,
        }
    }

    fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Waits until it has ended, but not for ever, and returns its exit code.
    fn wait(&mut self) -> Option<i32> {
        let (tell, ended) = mpsc::channel();
        let pid = Pid::from_child(&self.child);
        thread::spawn(move || {
            let ending = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            tell.send(waitid(WaitId::Pid(pid), ending).is_ok())
        });
        ended.recv_timeout(LIMIT).expect("an end");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
