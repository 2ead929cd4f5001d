//! One request.

use bytes::Bytes;

use super::Headers;

/// One HTTP request as it is sent or as it came in.
///
/// Nothing here is decoded: the body is bytes, header names keep their letter case and lines their
/// order and repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The request method, `POST` as a rule.
    pub method: String,
    /// The request target as on the wire: path and query (`/hooks?x=1`).
    pub target: String,
    /// The header lines.
    pub headers: Headers,
    /// The body, exactly.
    pub body: Bytes,
}

impl Message {
    /// The target's path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The target's query, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }
}
