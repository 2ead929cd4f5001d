//! HTTP as bytes.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Instant;

use super::running::{LIMIT, block, remaining};

/// Sends these bytes over a connection of their own and returns what comes back: one response, or
/// whatever came before the peer closed or reset the connection.
///
/// Panics where neither happens within the limit.
#[track_caller]
pub(crate) fn raw(addr: impl ToSocketAddrs, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let deadline = Instant::now() + LIMIT;
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    // A peer may answer and close before it has read all; then its answer is what counts.
    let _ = stream.write_all(bytes.as_ref());

    let mut answer = Vec::new();
    let mut chunk = [0; 8192];
    while !is_whole(&answer) {
        let left = remaining(deadline);
        assert!(
            !left.is_zero(),
            "no whole answer\n{}",
            block("so far", &answer)
        );
        stream.set_read_timeout(Some(left)).unwrap();
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&chunk[..length]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}\n{}", block("so far", &answer)),
        }
    }
    answer
}

/// The head of a request or response (its empty line included), if it has come whole.
pub(super) fn head(bytes: &[u8]) -> Option<&[u8]> {
    const END: &[u8] = b"\r\n\r\n";
    let end = bytes.windows(END.len()).position(|part| part == END)?;
    Some(&bytes[..end + END.len()])
}

/// The first value of a header line in a head, without the space around it.
pub(super) fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    head.split(|byte| *byte == b'\n').find_map(|line| {
        let (found, value) = str::from_utf8(line).ok()?.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// Whether this is a final response with its body. One without a stated length lasts until the end.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = head(answer) else {
        return false;
    };
    let body = &answer[head.len()..];
    let status = head.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    match (status, header(head, "content-length")) {
        (b"101" | b"204" | b"304", _) => true,
        ([b'1', ..], _) => is_whole(body),
        (_, Some(length)) => length
            .parse()
            .is_ok_and(|length: usize| body.len() >= length),
        (_, None) => header(head, "transfer-encoding").is_some() && body.ends_with(b"0\r\n\r\n"),
    }
}

mod tests {
    use super::is_whole;

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let table: &[(&str, bool)] = &[
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true),
            ("HTTP/1.1 200 OK\r\n\r\nuntil the end", false),
            ("HTTP/1.1 204 No Content\r\n\r\n", true),
            ("HTTP/1.1 100 Continue\r\n\r\n", false),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n",
                true,
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
                false,
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                true,
            ),
        ];
        for (answer, expected) in table {
            assert_eq!(is_whole(answer.as_bytes()), *expected, "{answer:?}");
        }
    }
}
