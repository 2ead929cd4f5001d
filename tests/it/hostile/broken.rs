//! Requests that are not what they should be, as bytes: judged as the tables say, and never the end of
//! the listener. RFC 9112 says of most what is wrong with them.

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Listener, corpus, raw};

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
fn talk(listener: &Listener, bytes: &[u8], ends: bool) -> String {
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
fn statuses(answers: &str) -> String {
    let lines = answers.lines().filter(|line| line.starts_with("HTTP/1."));
    let statuses: Vec<_> = lines.filter_map(|line| line.split(' ').nth(1)).collect();
    statuses.join(" ")
}

/// Everything that was told up to here.
fn told(listener: &mut Listener) -> Vec<Value> {
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

/// The inputs of one file of llhttp's tests: fenced blocks, whose line ends stand for CRLF.
fn inputs(text: &str) -> Vec<Vec<u8>> {
    let blocks = text.split("```http\n").skip(1);
    let inputs = blocks.filter_map(|block| block.split_once("```"));
    inputs.map(|(input, _)| unescape(input)).collect()
}

/// `\r`, `\n`, `\t`, `\f` and `\xNN` as bytes; a line end is CRLF, or nothing where the line ends with `\` or an
/// escape of its own.
fn unescape(input: &str) -> Vec<u8> {
    let text = input
        .strip_suffix('\n')
        .unwrap_or(input)
        .replace("\\\n", "");
    let text = text
        .replace("\\r\\n\n", "\r\n")
        .replace("\\r\n", "\r")
        .replace("\\n\n", "\n");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = match rest {
            [b'\\', b'r', ..] => Some((b'\r', 2)),
            [b'\\', b'n', ..] => Some((b'\n', 2)),
            [b'\\', b't', ..] => Some((b'\t', 2)),
            [b'\\', b'f', ..] => Some((b'\x0c', 2)),
            [b'\\', b'x', high, low, ..] => {
                let digits = [*high, *low];
                let byte = str::from_utf8(&digits).ok();
                byte.and_then(|digits| u8::from_str_radix(digits, 16).ok())
                    .map(|byte| (byte, 4))
            }
            _ => None,
        };
        if let Some((byte, length)) = escape {
            bytes.push(byte);
            rest = &rest[length..];
        } else {
            if *first == b'\n' && bytes.last() != Some(&b'\r') {
                bytes.push(b'\r');
            }
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

#[test]
fn every_request_of_llhttp_ends() {
    let Some(folder) = corpus("llhttp") else {
        return;
    };
    let listener = Listener::start([""; 0]);
    let mut count = 0;
    for file in fs::read_dir(folder.join("request")).unwrap() {
        for input in inputs(&fs::read_to_string(file.unwrap().path()).unwrap()) {
            talk(&listener, &input, true);
            count += 1;
        }
    }
    assert!(count > 100, "only {count} inputs found");
    let good = raw(listener.addr(), "GET / HTTP/1.1\r\n\r\n");
    assert_eq!(statuses(&String::from_utf8(good).unwrap()), "200");
    let output = listener.stop();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
}
