//! What came in: one request, read whole or refused.

use std::net::SocketAddr;

use jiff::Timestamp;

use crate::message::Message;

/// One request that reached the server.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// Method, target, header lines and body. The body is as sent, without the framing of
    /// `Transfer-Encoding: chunked` (trailer lines are dropped), never decompressed, and empty where
    /// `refused` is set. Blanks round a header value are not part of it (RFC 9110 §5.5).
    pub(crate) message: Message,
    /// How far target and header lines are those of the wire.
    pub(crate) fidelity: Fidelity,
    /// The version: `HTTP/1.1`, `HTTP/1.0` or `HTTP/2`.
    pub(crate) http: &'static str,
    /// Who connected.
    pub(crate) peer: SocketAddr,
    /// When the last byte of the head had been read.
    pub(crate) received_at: Timestamp,
    /// Why the body was not taken, where it was not.
    pub(crate) refused: Option<Refusal>,
}

/// How far an [`Arrival`]'s target and header lines are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fidelity {
    /// Order, repetition, letter case and values are exact.
    Exact,
    /// Names are in lower case and equal names stand together; values and the order among equal
    /// names are exact. A `Content-Length` that is repeated, or overruled by `Transfer-Encoding`,
    /// is missing, and so is a fragment (`#…`) of the target. Of HTTP/2, whose heads have no such form:
    /// the target is the path, and a `host` stands first where only `:authority` names one
    /// (RFC 9113 §8.3.1).
    Normalised,
}

/// Why a request's body was not taken. The connection is closed after each of them; of HTTP/2, the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The body is longer than `limit` bytes, by its `Content-Length` or as it came.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The limit that was passed, in bytes.
        limit: u64,
    },
    /// The body paused, or took altogether, longer than allowed.
    #[error("the body did not arrive in time")]
    Stalled,
    /// The bodies of all requests in flight would have passed their common limit.
    #[error("too many bytes are in flight")]
    Overloaded,
    /// The body ended early or its chunked framing is wrong.
    #[error("the body is broken or incomplete")]
    BrokenBody,
}

impl Refusal {
    /// One word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::Stalled => "stalled",
            Self::Overloaded => "overloaded",
            Self::BrokenBody => "broken-body",
        }
    }

    /// The status the server answers with.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::TooLarge { .. } => 413,
            Self::Stalled => 408,
            Self::Overloaded => 503,
            Self::BrokenBody => 400,
        }
    }
}
