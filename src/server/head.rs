//! A request's head: the copy of its bytes, believed where it says what hyper says.

use std::mem::MaybeUninit;

use httparse::{Header, Request};
use hyper::Uri;
use hyper::header::{HOST, HeaderMap};
use hyper::http::request::Parts;

use super::Fidelity;
use super::limits::HEAD_LINES;
use crate::message::Headers;

/// The request line's target, and the header lines.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) target: String,
    pub(super) headers: Headers,
    pub(super) fidelity: Fidelity,
}

/// The head that hyper read as `parts`, from the bytes it was read from where these are known.
pub(super) fn read(copy: &[u8], parts: &Parts) -> Head {
    exact(copy, parts).unwrap_or_else(|| normalised(parts))
}

/// The head as it stands in `copy`; `None` where that is not the head that hyper read.
fn exact(copy: &[u8], parts: &Parts) -> Option<Head> {
    let mut few;
    let mut many;
    let slots: &mut [MaybeUninit<Header<'_>>] = if parts.headers.len() <= HEAD_LINES {
        few = [const { MaybeUninit::uninit() }; HEAD_LINES];
        &mut few
    } else {
        many = vec![MaybeUninit::uninit(); parts.headers.len()];
        &mut many
    };
    let mut request = Request::new(&mut []);
    let whole = request
        .parse_with_uninit_headers(copy, slots)
        .ok()?
        .is_complete();
    let target = request.path?;
    let agreed = whole
        && request.method == Some(parts.method.as_str())
        && same_target(target, &parts.uri)
        && same_lines(request.headers, &parts.headers);
    agreed.then(|| Head {
        target: target.to_owned(),
        headers: request
            .headers
            .iter()
            .map(|line| (line.name, line.value))
            .collect(),
        fidelity: Fidelity::Exact,
    })
}

/// Whether a target is the one hyper read. hyper drops fragments and folds the case of a scheme.
fn same_target(target: &str, uri: &Uri) -> bool {
    let plain = uri.authority().is_none() && uri.scheme().is_none();
    (plain
        && uri
            .path_and_query()
            .is_some_and(|path| path.as_str() == target))
        || target.parse::<Uri>().is_ok_and(|target| target == *uri)
}

/// Whether lines are those that hyper read: as many, and of each name the same values in the same order.
fn same_lines(lines: &[Header<'_>], map: &HeaderMap) -> bool {
    if lines.len() != map.len() {
        return false;
    }
    let pairs = || {
        map.iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    };
    // Without repeated names the map keeps the order of the wire.
    let in_order = lines
        .iter()
        .zip(pairs())
        .all(|(line, (name, value))| same_name(line.name, name) && line.value == value);
    in_order || {
        let mut wire: Vec<_> = lines
            .iter()
            .map(|line| (line.name.to_ascii_lowercase(), line.value))
            .collect();
        let mut hyper: Vec<_> = pairs().collect();
        wire.sort_by(|one, other| one.0.cmp(&other.0));
        hyper.sort_by_key(|(name, _)| *name);
        wire.iter()
            .map(|(name, value)| (name.as_str(), *value))
            .eq(hyper)
    }
}

/// Whether a name folds to one that is in lower case. Looks at all of it, which is faster than to
/// stop early: the names differ once in a blue moon.
fn same_name(name: &str, folded: &str) -> bool {
    let bytes = name.bytes().zip(folded.bytes());
    name.len() == folded.len()
        && bytes.fold(true, |same, (byte, folded)| {
            same & (byte.to_ascii_lowercase() == folded)
        })
}

/// The head as hyper has it.
fn normalised(parts: &Parts) -> Head {
    let lines = parts.headers.iter();
    Head {
        target: parts.uri.to_string(),
        headers: lines
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect(),
        fidelity: Fidelity::Normalised,
    }
}

/// The head of an HTTP/2 request in the words of HTTP/1.1 (RFC 9113 §8.3.1).
pub(super) fn of_stream(parts: &Parts) -> Head {
    let mut head = normalised(parts);
    if let Some(path) = parts.uri.path_and_query() {
        path.as_str().clone_into(&mut head.target);
    }
    if let Some(authority) = parts.uri.authority()
        && !parts.headers.contains_key(HOST)
    {
        let host = ("host", authority.as_str().as_bytes());
        let lines = head.headers.iter();
        head.headers = std::iter::once(host).chain(lines).collect();
    }
    head
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::super::Fidelity::{Exact, Normalised};
    use super::read;

    #[test]
    fn a_copy_is_believed_only_where_it_says_what_hyper_says() {
        let rows = [
            (
                "POST /a HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\nx-a: 3\r\n\r\nbody",
                Exact,
            ),
            ("\r\nPOST /a HTTP/1.1\nx-b: 2\nX-A:1\nX-A:  3 \n\n", Exact),
            ("", Normalised),
            (
                "POST /a HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\nx-a: 3\r\n",
                Normalised,
            ),
            ("X-A: 1\r\nx-B: 2\r\nx-a: 3\r\n\r\n", Normalised),
            (
                "PUT /a HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\nx-a: 3\r\n\r\n",
                Normalised,
            ),
            (
                "POST /b HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\nx-a: 3\r\n\r\n",
                Normalised,
            ),
            ("POST /a HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\n\r\n", Normalised),
            (
                "POST /a HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\nx-a: 3\r\nx-c: 4\r\n\r\n",
                Normalised,
            ),
            (
                "POST /a HTTP/1.1\r\nX-A: 1\r\nx-B: 2\r\nx-B: 3\r\n\r\n",
                Normalised,
            ),
            (
                "POST /a HTTP/1.1\r\nX-A: 3\r\nx-B: 2\r\nx-a: 1\r\n\r\n",
                Normalised,
            ),
        ];
        let request = Request::post("/a")
            .header("x-a", "1")
            .header("x-b", "2")
            .header("x-a", "3");
        let (parts, ()) = request.body(()).expect("a valid request").into_parts();
        for (copy, fidelity) in rows {
            let head = read(copy.as_bytes(), &parts);
            assert_eq!(head.fidelity, fidelity, "{copy:?}");
            assert_eq!((head.target.as_str(), head.headers.len()), ("/a", 3));
            assert_eq!(
                head.headers.all("X-A").collect::<Vec<_>>(),
                [b"1", b"3"],
                "{copy:?}"
            );
        }
    }
}
