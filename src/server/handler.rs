//! What the server asks of its user: an answer to each request, and an ear for trouble.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::Arrival;
use crate::message::Headers;

/// Answers requests. One value serves all connections at once.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Makes the answer to one request.
    ///
    /// Is called for refused requests too, so that they can be recorded; their answer is ignored, the
    /// server sends the refusal's own. It runs to its end even when the client hangs up meanwhile; only
    /// the deadline of a stop drops it half-way, at an await. A panic closes that connection alone.
    fn answer(&self, arrival: Arrival) -> impl Future<Output = Answer> + Send;

    /// Takes note of something that made no [`Arrival`]. Must not block.
    fn trouble(&self, trouble: Trouble);

    /// A client that was kept waiting ([`Manner::Hung`]) has left after so long, or its time was up,
    /// or it was let go. Told once of each. Must not block. A client that closes its own side behind the
    /// request, and would go on to wait, cannot be told from one that has left at once.
    fn left(&self, id: Uuid, after: Duration) {
        let _ = (id, after);
    }
}

/// The answer to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status, 200 to 999. Any other is sent as 500.
    pub(crate) status: u16,
    /// The header lines; equal names are kept. `Content-Length` and `Transfer-Encoding` are left out,
    /// the server frames the body itself. `Date` is added where there is none. `Connection: close`
    /// closes the connection, and is left out of HTTP/2.
    pub(crate) headers: Headers,
    /// The body. A request with method `HEAD` gets its length only.
    pub(crate) body: Bytes,
    /// How long it is held back, unless it is let go: by a stop at once, by a close when the drain's time
    /// is up.
    pub(crate) after: Duration,
    /// How it goes out.
    pub(crate) manner: Manner,
}

/// How an answer goes out: whole, or as something breaks on the way.
///
/// Answers that were made earlier on the same connection go out whole before anything breaks. On a
/// connection of HTTP/2 each answer has its stream, and others may be on their way beside it: what is
/// said of the connection happens to the stream alone, which a client sees as a reset of the stream;
/// garbage and a close are the exceptions, which close the connection with all its streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As HTTP has it.
    #[default]
    Whole,
    /// The head at once, the body at so many bytes a second (at least one); the rest at once where it
    /// is let go, as an answer that is held back.
    Drip(u32),
    /// The head, with the length of the whole body, and the first half of the body, then the
    /// connection is closed (HTTP/2: a moment later, as a reset overtakes what still waits). An empty
    /// body counts as one byte that does not come. Whole where HTTP sends no body (`HEAD`, 204, 304).
    Truncated,
    /// Bytes that are no HTTP in the place of the answer, then the connection is closed (HTTP/2: only
    /// closed).
    Garbage,
    /// Nothing: the connection is closed.
    Closed,
    /// Nothing: the connection is reset.
    Reset,
    /// Nothing: the connection stays open until the client closes its side or resets it, it is let go
    /// as an answer that is held back, or [`Limits::hang`](super::Limits::hang) is over, which is told
    /// to [`Handler::left`] with this id.
    Hung(Uuid),
}

impl Manner {
    /// Whether the client gets a status.
    pub(crate) fn has_status(self) -> bool {
        matches!(self, Self::Whole | Self::Drip(_) | Self::Truncated)
    }
}

/// Something that made no [`Arrival`].
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Connections could not be accepted; told at most once a second.
    Accept {
        /// The last error (`EMFILE` as a rule).
        error: io::Error,
        /// How many there were since the last report.
        times: u64,
    },
    /// Connections over the limit were turned away with 503; told at most once a second.
    TurnedAway {
        /// How many there were since the last report.
        connections: u64,
    },
    /// Clients did not come to speak TLS; told at most once a second.
    Handshake {
        /// Who was the last.
        peer: SocketAddr,
        /// What was wrong with the last, for people.
        cause: String,
        /// How many there were since the last report.
        times: u64,
    },
    /// What a client sent is not a request that can be read; its connection was closed. Told each time.
    Unreadable {
        /// Who sent it.
        peer: SocketAddr,
        /// The status it was answered with: 400, or 431 for a head that is too long. `None` where the
        /// client speaks HTTP/2, which gets no answer.
        status: Option<u16>,
        /// What is wrong, for people.
        cause: String,
    },
    /// A header line of an answer has a name or value that HTTP does not allow, and was left out.
    Unsendable {
        /// Its name.
        name: String,
    },
}
