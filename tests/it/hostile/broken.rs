//! Requests that are not what they should be, as bytes: judged as the tables say, and never the end of
//! the listener. RFC 9112 says of most what is wrong with them.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Listener, raw};

/// No request at all: answered 400 and closed at once, and told as trouble.
const UNREADABLE: &[&[u8]] = &[
    b"garbage\r\n\r\n",
    b"\x1b[31mgarbage\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.2\r\n\r\n",
    b"GET / http/1.1\r\n\r\n",
    b"GET  / HTTP/1.1\r\n\r\n",
    b"GET / x HTTP/1.1\r\n\r\n",
    b"G(T / HTTP/1.1\r\n\r\n",
    b"GET /\0 HTTP/1.1\r\n\r\n",
    b"GET /\x1b[31m HTTP/1.1\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\n\r\n",
    b"GET http:// HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\rA: 1\r\r",
    b"GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n",
    b"GET / HTTP/1.1\r\n A: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\nA: nul\0\r\n\r\n",
    b"GET / HTTP/1.1\r\nA: cr\rB: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\nA: esc\x1b[31m\r\n\r\n",
    b"GET / HTTP/1.1\r\nA : 1\r\n\r\n",
    b"GET / HTTP/1.1\r\n: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nA\xc3\xa9: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\nA(: 1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na",
    b"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\na",
    b"POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\na",
    b"POST / HTTP/1.1\r\nContent-Length: \r\n\r\na",
    b"POST / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\na",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
];

/// A chunked body that breaks its framing: answered 400 and closed at once; the request is recorded
/// as refused.
const BROKEN_BODIES: &[&[u8]] = &[
    b"zz\r\n",
    b"-1\r\n",
    b"0x1\r\na\r\n0\r\n\r\n",
    b"1\r\nab\r\n0\r\n\r\n",
    b"1\na\n0\n\n",
    b"fffffffffffffffff\r\na",
    b"1;a=\nb\r\na\r\n0\r\n\r\n",
    b"0\r\nbad\0trailer\r\n\r\n",
];

/// What goes through, with the number of deliveries that it makes.
const TAKEN: &[(&[u8], usize)] = &[
    (b"get / HTTP/1.1\r\n\r\n", 1),
    (b"GET relative HTTP/1.1\r\n\r\n", 1),
    (b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n", 1),
    (b"OPTIONS * HTTP/1.1\r\n\r\n", 1),
    (b"CONNECT a:1 HTTP/1.1\r\n\r\n", 1),
    (b"\r\nGET / HTTP/1.1\nA: 1\n\n", 1),
    (
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        1,
    ),
    (
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        1,
    ),
    (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        1,
    ),
    (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\n\r\n",
        1,
    ),
    (
        b"POST / HTTP/1.1\r\nExpect: nonsense\r\nContent-Length: 1\r\n\r\na",
        1,
    ),
    (
        b"POST / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 1\r\n\r\na",
        1,
    ),
    (
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        1,
    ),
    (b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", 2),
];

/// What comes back for these bytes, up to the end that the listener makes; `ends` says that this side
/// ends first.
pub(super) fn talk(listener: &Listener, bytes: &[u8], ends: bool) -> String {
    let mut stream = TcpStream::connect(listener.addr()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // The listener may have had enough before it has all.
    let _ = stream.write_all(bytes);
    if ends {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answers = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answers) {
        // A reset is an end too; a time-out is none.
        assert_eq!(
            error.kind(),
            ErrorKind::ConnectionReset,
            "{}",
            bytes.escape_ascii()
        );
    }
    String::from_utf8(answers).unwrap()
}

/// The statuses of the answers, with spaces between.
pub(super) fn statuses(answers: &str) -> String {
    let lines = answers.lines().filter(|line| line.starts_with("HTTP/1."));
    let statuses: Vec<_> = lines.filter_map(|line| line.split(' ').nth(1)).collect();
    statuses.join(" ")
}

/// Everything that was told up to here.
pub(super) fn told(listener: &mut Listener) -> Vec<Value> {
    raw(listener.addr(), "GET /the-end HTTP/1.1\r\n\r\n");
    let lines = std::iter::repeat_with(|| listener.next());
    lines
        .take_while(|line| line["target"] != "/the-end")
        .collect()
}

/// The types of what was told.
fn types(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line["type"].as_str())
        .collect()
}

#[test]
fn what_is_no_request_is_400_and_closed() {
    let mut listener = Listener::start([""; 0]);
    for bytes in UNREADABLE {
        let shown = bytes.escape_ascii();
        let answer = talk(&listener, bytes, false);
        assert_eq!(statuses(&answer), "400", "{shown}");
        assert!(
            answer.contains("connection: close\r\n"),
            "{shown}: {answer}"
        );
        assert_eq!(types(&told(&mut listener)), ["trouble"], "{shown}");
    }
    assert_eq!(listener.stop().code, 0);
}

#[test]
fn a_body_that_breaks_its_framing_is_400_and_closed_and_recorded_as_refused() {
    let mut listener = Listener::start([""; 0]);
    for body in BROKEN_BODIES {
        let head = b"POST /hooks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        let answer = talk(&listener, &[head, *body].concat(), false);
        assert_eq!(statuses(&answer), "400", "{}", body.escape_ascii());
        let told = told(&mut listener);
        assert_eq!(types(&told), ["delivery"]);
        let refused = &told[0];
        assert_eq!(refused["target"], "/hooks");
        assert_eq!(refused["refused"], "the body is broken or incomplete");
        assert_eq!(
            (&refused["verdict"], &refused["body_b64"]),
            (&Value::Null, &"".into())
        );
    }
    assert_eq!(listener.stop().code, 0);
}

#[test]
fn a_client_that_leaves_in_the_middle_is_nothing_to_worry_about() {
    let mut listener = Listener::start([""; 0]);
    let head = "POST / HTTP/1.1\r\n";
    let table: &[(&str, &str, &[&str])] = &[
        ("", "", &[]),
        ("\r\n\r\n", "", &[]),
        ("GET / HT", "", &[]),
        ("GET / HTTP/1.1\r\nA: 1", "", &[]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "", &["trouble"]),
        (
            &format!("{head}Content-Length: 5\r\n\r\nabc"),
            "400",
            &["delivery"],
        ),
        (
            &format!("{head}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"),
            "400",
            &["delivery"],
        ),
    ];
    for (bytes, status, expected) in table {
        let answer = talk(&listener, bytes.as_bytes(), true);
        assert_eq!(statuses(&answer), *status, "{bytes:?}");
        assert_eq!(types(&told(&mut listener)), *expected, "{bytes:?}");
    }
    assert_eq!(listener.stop().code, 0);
}

#[test]
fn what_is_odd_and_no_mistake_is_taken() {
    let mut listener = Listener::start([""; 0]);
    for (bytes, deliveries) in TAKEN {
        let answers = talk(&listener, bytes, true);
        assert_eq!(
            statuses(&answers),
            vec!["200"; *deliveries].join(" "),
            "{}",
            bytes.escape_ascii()
        );
        assert_eq!(types(&told(&mut listener)), vec!["delivery"; *deliveries]);
    }
    assert_eq!(listener.stop().code, 0);
}
