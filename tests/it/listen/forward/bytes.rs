//! The request as it goes on: byte for byte, and nothing that was not there.

use std::fs;

use super::{answer, delivery, forwarding, listen, status};
use crate::support::{Receiver, corpus};

/// What comes in, and the head that goes on; `HOST` stands for the target's address.
const HEADS: [(&[u8], &[u8]); 8] = [
    (
        b"POST /hooks?a=b HTTP/1.1\r\nHost: h\r\n\r\n",
        b"POST /hooks?a=b HTTP/1.1\r\nHost: HOST\r\n\r\n",
    ),
    (
        b"pOsT //a/../b?%zz&&c=%26 HTTP/1.1\r\nx-b: 1\r\nHOST: h\r\nX-B:2\r\nx_Y.z!: \t3 4 \r\nX-a:   \r\n\
          x-B:\r\nX-Latin: caf\xe9\r\nX-Utf: caf\xc3\xa9\r\ncontent-LENGTH: 1\r\n\r\n!",
        b"pOsT //a/../b?%zz&&c=%26 HTTP/1.1\r\nX-B: 1\r\nX-B: 2\r\nX-B: \r\nX_y.z!: 3 4\r\nX-A: \r\n\
          X-Latin: caf\xe9\r\nX-Utf: caf\xc3\xa9\r\nContent-Length: 1\r\nHost: HOST\r\n\r\n",
    ),
    (
        b"GET / HTTP/1.1\r\nHost: h\r\nAccept: \r\nUser-Agent: a\r\nuser-agent: b\r\n\
          Accept-Encoding: br\r\n\r\n",
        b"GET / HTTP/1.1\r\nAccept: \r\nUser-Agent: a\r\nUser-Agent: b\r\nAccept-Encoding: br\r\n\
          Host: HOST\r\n\r\n",
    ),
    // An empty body has a length where it had one.
    (
        b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
        b"PUT / HTTP/1.1\r\nContent-Length: 0\r\nHost: HOST\r\n\r\n",
    ),
    // What concerns the connection ends here, and what frames the body is made anew.
    (
        b"POST / HTTP/1.1\r\nHost: h\r\nConnection: x-own , keep-alive\r\nX-Own: 1\r\nKeep-Alive: 5\r\n\
          TE: trailers\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\nX-Kept: 1\r\n\r\n\
          1\r\na\r\n2\r\nbc\r\n0\r\nX-T: 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nX-Kept: 1\r\nContent-Length: 3\r\nHost: HOST\r\n\r\n",
    ),
    (
        b"POST / HTTP/1.0\r\nContent-Length: 2\r\nUpgrade: h2c\r\nExpect: 100-continue\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nHost: HOST\r\n\r\n",
    ),
    // A request that names another host goes to no other.
    (
        b"POST http://elsewhere.invalid/a?b HTTP/1.1\r\nHost: elsewhere.invalid\r\n\r\n",
        b"POST /a?b HTTP/1.1\r\nHost: HOST\r\n\r\n",
    ),
    (
        b"PURGE /a%20b;c?/../ HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\nCookie: c\r\n\
          Proxy-Authorization: Basic e\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
        b"PURGE /a%20b;c?/../ HTTP/1.1\r\nCookie: a=b\r\nCookie: c\r\nProxy-Authorization: Basic e\r\n\
          X-Forwarded-For: 1.2.3.4\r\nHost: HOST\r\n\r\n",
    ),
];

#[test]
fn the_head_goes_on_line_for_line() {
    let proxy = Receiver::start([200]).unused();
    for (from, to) in HEADS {
        let receiver = Receiver::start([200]);
        let listener = forwarding(&receiver.url(), &[])
            .env("WH_SECRET", "")
            .env("HTTP_PROXY", proxy.url())
            .env("http_proxy", proxy.url())
            .start();
        let text = answer(&listener, from);
        assert_eq!(status(&text), 200, "{text}");
        let head = receiver.requests().remove(0).head;
        let addr = receiver.url().replace("http://", "");
        let expected = replaced(to, b"HOST", addr.as_bytes());
        assert_eq!(
            head.escape_ascii().to_string(),
            expected.escape_ascii().to_string()
        );
    }
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = text.windows(from.len()).position(|part| part == from);
    let (before, after) = text.split_at(at.unwrap());
    [before, to, &after[from.len()..]].concat()
}

/// Bodies that whoever reads them would write back otherwise.
const BODIES: [&[u8]; 8] = [
    b"{\r\n\"total\": 2500.00, \"total\": 1e2, \"a\": \"\\u00e9\"}\n",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe\0",
    b" ",
    b"\0",
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
    b"a=b+c&d=%20",
    b"0\r\n\r\n",
];

/// Forwards each body and looks at what came.
fn go_on_unchanged(bodies: &[Vec<u8>]) {
    let receiver = Receiver::start([200]);
    let listener = listen(
        "cepro",
        &["-q", "--json", "--store", "none", "-f", &receiver.url()],
    )
    .start();
    for body in bodies {
        assert_eq!(status(&answer(&listener, delivery("/", body))), 200);
    }
    let came: Vec<_> = receiver
        .requests()
        .into_iter()
        .map(|one| one.body)
        .collect();
    assert!(came == bodies);
}

#[test]
fn a_body_goes_on_as_it_is() {
    let long = vec![b'x'; 3 * 1024 * 1024];
    let bodies: Vec<_> = BODIES
        .iter()
        .map(|body| body.to_vec())
        .chain([long])
        .collect();
    go_on_unchanged(&bodies);
}

#[test]
fn every_body_of_the_corpus_goes_on_as_it_is() {
    let Some(folder) = corpus("jsontestsuite") else {
        return;
    };
    let files = ["test_parsing", "test_transform"]
        .into_iter()
        .flat_map(|part| fs::read_dir(folder.join(part)).unwrap());
    let bodies: Vec<_> = files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    assert!(bodies.len() > 300, "{}", bodies.len());
    go_on_unchanged(&bodies);
}
