//! A part of an exchange, for programs to read.

use std::io::{self, Write};

use crate::export::Half;
use crate::message::Message;
use crate::report::Redaction;
use crate::store::Recorded;
use crate::term::{Safe, bytes};

/// What is printed of one half of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The body.
    Body,
    /// The header lines, as text.
    Headers,
    /// The header lines as on the wire.
    RawHeaders,
    /// Everything, as on the wire.
    Raw,
}

/// The request of an attempt, or the answer to it where that is kept, without what is left out.
pub(crate) fn half(recorded: &Recorded, answer: bool, redaction: &Redaction) -> Option<Half> {
    let mut half = if answer {
        Half::answer(recorded)?
    } else {
        let request = &recorded.exchange.request;
        let message = Message {
            target: redaction.target(&request.target).into_owned(),
            ..request.clone()
        };
        Half::request(message, &recorded.exchange.http)
    };
    half.headers = redaction.headers(&half.headers);
    Some(half)
}

impl Part {
    /// Writes the part of a half; all but [`Headers`](Self::Headers) byte for byte.
    pub(crate) fn write(self, half: &Half, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Body => out.write_all(&half.body),
            Self::RawHeaders => out.write_all(&half.lines()),
            Self::Raw => {
                out.write_all(&half.head())?;
                out.write_all(&half.body)
            }
            Self::Headers => half.headers.iter().try_for_each(|(name, value)| {
                writeln!(out, "{}: {}", Safe::line(name), Safe::line(value))
            }),
        }
    }

    /// What of it is not as it was on the wire.
    pub(crate) fn remarks(
        self,
        recorded: &Recorded,
        answer: bool,
        redaction: &Redaction,
    ) -> Vec<String> {
        let exchange = &recorded.exchange;
        let response = exchange.response.as_ref().filter(|_| answer);
        let headers = response.map_or(&exchange.request.headers, |response| &response.headers);
        let (is_head, is_body) = match self {
            Self::Body => (false, true),
            Self::Headers | Self::RawHeaders => (true, false),
            Self::Raw => (true, true),
        };
        let hidden = redaction.hidden(headers);
        let mut remarks = Vec::new();
        if is_head && !answer && !exchange.exact {
            remarks.push("headers: normalised".to_owned());
        }
        if is_head && !hidden.is_empty() {
            remarks.push(without(&hidden));
        }
        if self == Self::Raw && headers.first("Transfer-Encoding").is_some() {
            remarks.push("the body came in chunks; it is written whole".to_owned());
        }
        if let Some(kept) = response.filter(|response| is_body && response.truncated) {
            let size = bytes(kept.body.len() as u64);
            remarks.push(format!("the answer is longer; its first {size} are kept"));
        }
        remarks
    }
}

/// What is said where header values are left out.
pub(crate) fn without(names: &[&str]) -> String {
    format!("redacted: {}; --no-redact writes it out", names.join(", "))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::report::Redaction;
    use crate::report::samples::{lines, sample};
    use crate::store::Response;

    use super::{Part, half};

    #[test]
    fn what_is_not_as_on_the_wire_is_said() {
        let redaction = Redaction::of(None);
        let mut recorded = sample();
        recorded.exchange.exact = false;
        recorded.exchange.response = Some(Response {
            headers: lines(&[("Transfer-Encoding", "chunked")]),
            body: Bytes::from_static(b"ab"),
            truncated: true,
        });
        let redacted = "redacted: Cookie; --no-redact writes it out";
        let (longer, chunks) = (
            "the answer is longer; its first 2 B are kept",
            "the body came in chunks; it is written whole",
        );
        for (part, answer, want) in [
            (Part::Body, false, vec![]),
            (Part::Headers, false, vec!["headers: normalised", redacted]),
            (Part::RawHeaders, true, vec![]),
            (Part::Raw, false, vec!["headers: normalised", redacted]),
            (Part::Raw, true, vec![chunks, longer]),
            (Part::Body, true, vec![longer]),
        ] {
            let remarks = part.remarks(&recorded, answer, &redaction);
            assert_eq!(remarks, want, "{part:?} {answer}");
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_wire() {
        let mut recorded = sample();
        recorded.exchange.request.headers.push("X-B", b"\xff");
        let written = |part: Part, redaction: &Redaction| {
            let mut out = Vec::new();
            let half = half(&recorded, false, redaction).expect("there is a request");
            part.write(&half, &mut out).expect("a vector takes it");
            out
        };
        let off = Redaction::off();
        assert_eq!(
            written(Part::Raw, &off),
            b"POST /hooks?a=1 HTTP/1.1\r\nX-A: 1\r\nCookie: a=b\r\nX-B: \xff\r\n\r\n{\"total\":2500.00}"
        );
        assert_eq!(
            written(Part::RawHeaders, &Redaction::of(None)),
            b"X-A: 1\r\nCookie: (redacted)\r\nX-B: \xff\r\n"
        );
        assert_eq!(
            written(Part::Headers, &off),
            b"X-A: 1\nCookie: a=b\nX-B: \\xff\n"
        );
        assert_eq!(written(Part::Body, &off), b"{\"total\":2500.00}");
        assert!(half(&recorded, true, &off).is_none());
    }
}
