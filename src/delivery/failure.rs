//! Why an attempt got no answer.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;

/// An attempt without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What kind of failure it is.
    pub(crate) kind: FailureKind,
    /// The innermost cause in its own words.
    pub(crate) detail: String,
}

/// The kinds of failure that call for different remedies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FailureKind {
    /// The host's name has no address.
    Dns,
    /// Nothing listens on the port.
    Refused,
    /// The connection was reset.
    Reset,
    /// The connection was closed before an answer was complete.
    ClosedEarly,
    /// The TLS handshake failed.
    Tls,
    /// The time was up.
    Timeout,
    /// This process may open no more files, and so no more connections.
    Files,
    /// Nobody knows what came of it: the process ended meanwhile.
    Unknown,
    /// Anything else.
    Other,
}

impl FailureKind {
    /// Every kind.
    const ALL: [Self; 9] = [
        Self::Dns,
        Self::Refused,
        Self::Reset,
        Self::ClosedEarly,
        Self::Tls,
        Self::Timeout,
        Self::Files,
        Self::Unknown,
        Self::Other,
    ];

    /// The kind of this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name in machine output.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::ClosedEarly => "closed-early",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Files => "open-files",
            Self::Unknown => "unknown",
            Self::Other => "other",
        }
    }
}

impl Failure {
    /// Classifies a client's error by the causes below it.
    pub(super) fn of_client(error: &reqwest::Error) -> Self {
        let failure = Self::of(error);
        let kind = if error.is_timeout() {
            FailureKind::Timeout
        } else {
            failure.kind
        };
        Self { kind, ..failure }
    }

    /// Classifies an error by itself and the causes below it.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        let causes: Vec<_> =
            std::iter::successors(Some(error), |error| (*error).source()).collect();
        let kind = causes.iter().rev().find_map(|cause| kind_of(*cause));
        Self {
            kind: kind.unwrap_or(FailureKind::Other),
            detail: causes.last().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

fn kind_of(cause: &(dyn Error + 'static)) -> Option<FailureKind> {
    if is_tls(cause) {
        return Some(FailureKind::Tls);
    }
    if let Some(io) = cause.downcast_ref::<std::io::Error>() {
        if io.raw_os_error().is_some_and(is_want_of_files) {
            return Some(FailureKind::Files);
        }
        match io.kind() {
            ErrorKind::ConnectionRefused => return Some(FailureKind::Refused),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => return Some(FailureKind::Reset),
            ErrorKind::UnexpectedEof => return Some(FailureKind::ClosedEarly),
            ErrorKind::TimedOut => return Some(FailureKind::Timeout),
            _ => {}
        }
    }
    // The client's own error types for these are private; their words are not.
    let words = cause.to_string();
    if words.contains("dns error") || words.contains("lookup address") {
        Some(FailureKind::Dns)
    } else if words.contains("before message completed") || words.contains("connection closed") {
        Some(FailureKind::ClosedEarly)
    } else {
        None
    }
}

/// Whether the process, or the system, has no room for another open file.
#[cfg(unix)]
fn is_want_of_files(code: i32) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE]
        .map(Errno::raw_os_error)
        .contains(&code)
}

/// Windows has no such limit on sockets.
#[cfg(not(unix))]
fn is_want_of_files(_: i32) -> bool {
    false
}

/// Whether an error is one of TLS, also within one of I/O or two: `source` passes by what these hold.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let held = || error.downcast_ref::<std::io::Error>()?.get_ref();
    error.is::<rustls::Error>() || held().is_some_and(|inner| is_tls(inner))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            FailureKind::Dns => "the name has no address",
            FailureKind::Refused => "connection refused",
            FailureKind::Reset => "connection reset",
            FailureKind::ClosedEarly => "connection closed before the answer was complete",
            FailureKind::Tls => "TLS handshake failed",
            FailureKind::Timeout => "no answer in time",
            FailureKind::Files => "too many open files here",
            FailureKind::Unknown => "the outcome is unknown",
            FailureKind::Other => return write!(f, "no answer: {}", self.detail),
        })?;
        match self.kind {
            FailureKind::Tls => write!(f, ": {}", self.detail),
            _ => Ok(()),
        }
    }
}
