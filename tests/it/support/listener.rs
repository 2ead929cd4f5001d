//! `wh` as something that runs until it is stopped.

use std::ffi::{OsStr, OsString};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::wh;
use super::running::{LIMIT, Output, Running};

/// A running `wh` that has written its ready line; killed on drop.
pub(crate) struct Listener {
    running: Running,
    ready: Value,
    _home: TempDir,
}

impl Listener {
    /// Starts `wh listen --port 0 --json` with these arguments added, and waits for the ready line.
    ///
    /// With variables, a folder or a home of its own it is started by [`Wh::start`](super::Wh::start).
    #[track_caller]
    pub(crate) fn start(args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        let mut all: Vec<OsString> = ["listen", "--port", "0", "--json"].map(Into::into).into();
        all.extend(args.into_iter().map(|arg| arg.as_ref().into()));
        wh(all).start()
    }

    #[track_caller]
    pub(super) fn wait_for_remark(mut running: Running, home: TempDir) -> Self {
        let line = running.remark(LIMIT);
        let words: Vec<_> = line.split(' ').collect();
        let ["listening", "on", url, "as", _] = words[..] else {
            panic!("`{line}` is not the ready line");
        };
        Self {
            ready: json!({"url": url}),
            ..Self::unready(running, home)
        }
    }

    pub(super) fn unready(running: Running, home: TempDir) -> Self {
        Self {
            running,
            ready: Value::Null,
            _home: home,
        }
    }

    #[track_caller]
    pub(super) fn wait_for(mut running: Running, home: TempDir) -> Self {
        let ready = running.json(LIMIT);
        assert_eq!(
            (&ready["type"], &ready["schema"]),
            (&"ready".into(), &1.into()),
            "{ready}"
        );
        Self {
            ready,
            ..Self::unready(running, home)
        }
    }

    /// The ready line.
    pub(crate) fn ready(&self) -> &Value {
        &self.ready
    }

    /// Where it listens, as the ready line says.
    pub(crate) fn url(&self) -> &str {
        self.ready["url"].as_str().unwrap()
    }

    /// The host and port of [`url`](Self::url), to connect to.
    pub(crate) fn addr(&self) -> &str {
        let (_, rest) = self.url().split_once("://").unwrap();
        rest.split('/').next().unwrap()
    }

    /// The next line of stdout.
    ///
    /// Panics where none comes within the limit, the output ends, or the line is not JSON.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Value {
        self.running.json(LIMIT)
    }

    /// The next line of stdout, whatever it is.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        self.running.line(LIMIT)
    }

    /// The next line of stderr.
    ///
    /// Panics where none comes within the limit, or stderr ends.
    #[track_caller]
    pub(crate) fn remark(&mut self) -> String {
        self.running.remark(LIMIT)
    }

    /// The process's id, to look it up in `/proc`.
    pub(crate) fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// Sends SIGINT, as Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Sends any other signal.
    pub(crate) fn signal(&self, signal: Signal) {
        self.running.signal(signal);
    }

    /// Waits until it ends by itself; the output is all of it, from the ready line on.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Output {
        self.running.finish(LIMIT)
    }

    /// Interrupts it and waits until it has ended.
    #[track_caller]
    pub(crate) fn stop(self) -> Output {
        self.interrupt();
        self.wait()
    }
}
