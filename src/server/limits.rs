//! How much the server takes, and how long it waits.

use std::time::Duration;

/// A mebibyte.
const MIB: u64 = 1024 * 1024;

/// The most header lines that hyper, and we, read without an allocation.
pub(super) const HEAD_LINES: usize = 100;

/// Files that stay free for all else (store, forwarding, page) when connections use up the rest.
const SPARE_FILES: u64 = 32;

/// What the server bounds. [`Limits::default`] is meant for production.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// The longest body, in bytes: 25 MiB (what GitHub sends at most). Over it: 413.
    pub(crate) body: u64,
    /// The bytes of all bodies whose answer is not yet made, over all connections: 100 MiB,
    /// four of the longest. Over it: 503.
    pub(crate) in_flight: u64,
    /// The longest head (request line and header lines), in bytes: 64 KiB. Over it: 431.
    pub(crate) head: usize,
    /// The most header lines: 100. Over it: 431. Any other value costs an allocation for each request.
    pub(crate) head_lines: usize,
    /// From a head's first byte (or the connect, for the first head) to its last: 30 s. Over it the
    /// connection is closed.
    pub(crate) head_read: Duration,
    /// The longest pause within a body: 10 s. Over it: 408.
    pub(crate) body_idle: Duration,
    /// From a body's first pause to its end: 60 s. Over it: 408.
    pub(crate) body_total: Duration,
    /// From an answer to the next request's first byte: 75 s. Over it the connection is closed.
    pub(crate) keep_alive: Duration,
    /// The longest time in which a client takes no byte of an answer: 30 s. Over it the connection is cut.
    pub(crate) write: Duration,
    /// HTTP/2: requests at once on a connection: 100. Over it a stream is refused.
    pub(crate) streams: u32,
    /// How long a client is kept that gets no answer ([`Manner::Hung`](super::Manner::Hung)): 10 min.
    pub(crate) hang: Duration,
    /// Connections at once: 1,024, or the files this process may open less 32 where that is fewer.
    /// Over it: 503.
    pub(crate) connections: usize,
    /// How long a stop waits for the requests that are running, and a close for what is held back on
    /// purpose: 10 s.
    pub(crate) drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 25 * MIB,
            in_flight: 100 * MIB,
            head: 64 * 1024,
            head_lines: HEAD_LINES,
            head_read: Duration::from_secs(30),
            body_idle: Duration::from_secs(10),
            body_total: Duration::from_secs(60),
            keep_alive: Duration::from_secs(75),
            write: Duration::from_secs(30),
            streams: 100,
            hang: Duration::from_secs(10 * 60),
            connections: connections(open_files()),
            drain: Duration::from_secs(10),
        }
    }
}

/// How many connections fit where `files` may be open (`None`: no limit); at least one.
fn connections(files: Option<u64>) -> usize {
    let most = files.map_or(1024, |files| {
        files.saturating_sub(SPARE_FILES).clamp(1, 1024)
    });
    usize::try_from(most).unwrap_or(1024)
}

/// How many files this process may have open; `None` where there is no limit.
///
/// The soft limit is raised to the hard one first: it is low only for programs that use `select`.
#[cfg(unix)]
pub(crate) fn open_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // macOS refuses an unlimited number; then the soft limit holds.
    let _ = setrlimit(Resource::Nofile, raised);
    getrlimit(Resource::Nofile).current
}

/// Windows has no such limit on sockets.
#[cfg(not(unix))]
pub(crate) fn open_files() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::connections;

    #[test]
    fn connections_leave_files_for_the_rest() {
        let rows = [
            (None, 1024),
            (Some(65_536), 1024),
            (Some(1024), 992),
            (Some(64), 32),
            (Some(8), 1),
        ];
        for (files, expected) in rows {
            assert_eq!(connections(files), expected, "{files:?}");
        }
    }
}
