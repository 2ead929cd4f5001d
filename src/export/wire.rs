//! A recorded exchange as HTTP/1.1 has it on the wire.

use bytes::Bytes;

use crate::message::{Headers, Message};
use crate::store::Recorded;

/// The lines that a client makes by itself, for the connection and the body that it sends.
const MADE_ANEW: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
];

/// One half of an exchange.
#[derive(Clone, Debug)]
pub(crate) struct Half {
    /// The request line or the status line.
    pub(crate) first: String,
    /// The header lines.
    pub(crate) headers: Headers,
    /// The body, as far as it is kept.
    pub(crate) body: Bytes,
}

impl Half {
    /// A request, which came or went by this version of HTTP.
    pub(crate) fn request(message: Message, http: &str) -> Self {
        Self {
            first: format!("{} {} {http}", message.method, message.target),
            headers: message.headers,
            body: message.body,
        }
    }

    /// The answer to an attempt, if its bytes are kept. What the server called the status is not.
    pub(crate) fn answer(recorded: &Recorded) -> Option<Self> {
        let response = recorded.exchange.response.as_ref()?;
        let status = recorded.attempt.status?;
        Some(Self {
            first: format!("{} {status} ", recorded.exchange.http),
            headers: response.headers.clone(),
            body: response.body.clone(),
        })
    }

    /// Everything before the body.
    pub(crate) fn head(&self) -> Vec<u8> {
        [self.first.as_bytes(), b"\r\n", &self.lines(), b"\r\n"].concat()
    }

    /// The header lines.
    pub(crate) fn lines(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for (name, value) in self.headers.iter() {
            lines.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        lines
    }
}

/// The lines that go with a request wherever it is sent, and by whom.
pub(crate) fn end_to_end(headers: &Headers) -> Headers {
    let is_anew = |name: &str| MADE_ANEW.iter().any(|own| own.eq_ignore_ascii_case(name));
    headers.iter().filter(|(name, _)| !is_anew(name)).collect()
}

#[cfg(test)]
mod tests {
    use crate::message::{Headers, Message};

    use super::{Half, end_to_end};

    #[test]
    fn heads_are_those_of_the_wire() {
        let headers: Headers = [("host", &b"h"[..]), ("X-A", b"\xff"), ("x-a", b"")]
            .into_iter()
            .collect();
        assert_eq!(end_to_end(&headers).len(), 2);
        let request = Message {
            method: "PUT".into(),
            target: "/a?b".into(),
            headers,
            body: "x".into(),
        };
        assert_eq!(
            Half::request(request, "HTTP/1.1").head(),
            b"PUT /a?b HTTP/1.1\r\nhost: h\r\nX-A: \xff\r\nx-a: \r\n\r\n"
        );
    }
}
