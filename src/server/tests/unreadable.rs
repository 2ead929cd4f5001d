//! Heads that cannot be read, are too long, or do not come.

use super::super::{Fidelity, Limits, Trouble};
use super::{SOON, Server, status};

/// What no request is, and what is told of it.
const UNREADABLE: &[(&[u8], &str)] = &[
    (
        b"GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n",
        "invalid HTTP header parsed",
    ),
    (
        b"GET / HTTP/1.1\r\nA: nul\0\r\n\r\n",
        "invalid HTTP header parsed",
    ),
    (
        b"GET / HTTP/1.1\r\nA : 1\r\n\r\n",
        "invalid HTTP header parsed",
    ),
    (
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "invalid content-length parsed",
    ),
    (
        b"GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
        "invalid content-length parsed",
    ),
    (
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "invalid transfer-encoding parsed",
    ),
    (
        b"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "unexpected transfer-encoding parsed",
    ),
    (b"GET / HTTP/9.9\r\n\r\n", "invalid HTTP version parsed"),
    (
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        "a TLS handshake on a port that speaks plain HTTP",
    ),
];

#[tokio::test]
async fn what_cannot_be_read_is_refused_told_and_closed() {
    let mut server = Server::start(Limits::default()).await;
    for (bytes, cause) in UNREADABLE {
        let answer = server.talk(bytes).await;
        assert_eq!(status(&answer), "400", "{cause}");
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        let Trouble::Unreadable {
            status: Some(400),
            cause: told,
            ..
        } = server.trouble().await
        else {
            panic!("not told: {cause}");
        };
        assert_eq!(told, *cause);
    }
    assert!(
        server.arrivals.try_recv().is_err(),
        "none of them is a request"
    );
}

#[tokio::test]
async fn http_2_is_told_and_closed() {
    let mut server = Server::start(Limits::default()).await;
    let answer = server.talk(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert_eq!(answer, "");
    assert!(matches!(
        server.trouble().await,
        Trouble::Unreadable { status: None, .. }
    ));
}

#[tokio::test]
async fn a_flood_of_head_is_431() {
    let mut server = Server::start(Limits::default()).await;
    let lines = |count: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(count));
    let long = format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(1024 * 1024));
    let many = lines(101);
    for flood in [&long, &many] {
        let answer = server.talk(flood.as_bytes()).await;
        assert_eq!(status(&answer), "431");
        assert!(matches!(
            server.trouble().await,
            Trouble::Unreadable {
                status: Some(431),
                ..
            }
        ));
    }
    let mut peer = server.connect().await;
    peer.send(lines(100).as_bytes()).await;
    assert_eq!(status(&peer.answer().await), "200");
}

#[tokio::test]
async fn the_limit_of_bytes_can_be_moved() {
    let server = Server::start(Limits {
        head: 1000,
        ..Limits::default()
    })
    .await;
    for (length, expected) in [(1000, "200"), (1001, "431")] {
        let start = "GET / HTTP/1.1\r\nConnection: close\r\nA: ";
        let fill = "a".repeat(length - start.len() - 4);
        let answer = server
            .talk(format!("{start}{fill}\r\n\r\n").as_bytes())
            .await;
        assert_eq!(status(&answer), expected, "{length} bytes");
    }
}

#[tokio::test]
async fn the_limit_of_lines_can_be_moved() {
    let mut server = Server::start(Limits {
        head_lines: 120,
        ..Limits::default()
    })
    .await;
    let mut peer = server.connect().await;
    peer.send(format!("GET / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(120)).as_bytes())
        .await;
    let arrival = server.arrival().await;
    assert_eq!(
        (arrival.message.headers.len(), arrival.fidelity),
        (120, Fidelity::Exact)
    );
}

#[tokio::test]
async fn a_head_that_stalls_is_closed() {
    let server = Server::start(Limits {
        head_read: SOON,
        ..Limits::default()
    })
    .await;
    assert_eq!(server.talk(b"").await, "");
    assert_eq!(server.talk(b"GET / HTTP/1.1\r\nA: ").await, "");
}

#[tokio::test]
async fn a_second_head_that_stalls_is_closed() {
    let server = Server::start(Limits {
        head_read: 10 * SOON,
        ..Limits::default()
    })
    .await;
    let mut peer = server.connect().await;
    peer.send(b"GET / HTTP/1.1\r\n\r\n").await;
    peer.answer().await;
    peer.send(b"GET / HT").await;
    assert_eq!(peer.rest().await, "");
}
