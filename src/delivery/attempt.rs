//! What came of one attempt.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::message::Headers;

use super::{Failure, FailureKind};

/// One HTTP exchange of a delivery.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// When it began.
    pub(crate) at: Timestamp,
    /// How long it took, up to the end of the answer or to the failure.
    pub(crate) elapsed: Duration,
    /// The answer, or why there was none.
    pub(crate) outcome: Result<Response, Failure>,
}

/// A receiver's answer.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The header lines.
    pub(crate) headers: Headers,
    /// The body, or its beginning: 64 KiB of an attempt's.
    pub(crate) body: Bytes,
    /// Whether the body was longer.
    pub(crate) truncated: bool,
}

impl Attempt {
    /// The status of the answer, where there was one.
    pub(crate) fn status(&self) -> Option<u16> {
        self.outcome.as_ref().ok().map(|response| response.status)
    }

    /// Whether nobody knows what came of it.
    pub(crate) fn is_unknown(&self) -> bool {
        let failure = self.outcome.as_ref().err();
        failure.is_some_and(|failure| failure.kind == FailureKind::Unknown)
    }
}
