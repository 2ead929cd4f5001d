//! Heads: exact where they can be, and marked where they cannot.

use jiff::Timestamp;

use super::super::{Fidelity, Limits};
use super::{Server, lines, status};

const MIXED: &[u8] = b"POST /Hooks?x=%41&X=1 HTTP/1.1\r\nX-Acme-SIGNATURE: t=1\r\nHOST: a\r\n\
x-acme-signature:t=2 \r\ncontent-Length: 2\r\nX-Latin: \xe9\r\nX-Empty:\r\n\r\nhi";

fn assert_mixed(arrival: &super::Arrival) {
    let expected = [
        ("X-Acme-SIGNATURE", "t=1"),
        ("HOST", "a"),
        ("x-acme-signature", "t=2"),
        ("content-Length", "2"),
        ("X-Latin", "\u{fffd}"),
        ("X-Empty", ""),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    assert_eq!(arrival.fidelity, Fidelity::Exact);
    assert_eq!(arrival.message.method, "POST");
    assert_eq!(arrival.message.target, "/Hooks?x=%41&X=1");
    assert_eq!(lines(&arrival.message.headers), expected);
    assert_eq!(arrival.message.headers.first("x-latin"), Some(&b"\xe9"[..]));
    assert_eq!(arrival.message.body, "hi");
    assert_eq!(arrival.http, "HTTP/1.1");
}

#[tokio::test]
async fn keeps_order_repetition_and_case() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    let before = Timestamp::now();
    peer.send(MIXED).await;
    let arrival = server.arrival().await;
    assert_mixed(&arrival);
    assert_eq!(arrival.peer, peer.0.local_addr().expect("a bound address"));
    assert_eq!(arrival.refused, None);
    assert!(before <= arrival.received_at && arrival.received_at <= Timestamp::now());
}

#[tokio::test]
async fn a_connection_kept_alive_stays_exact() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    for _ in 0..2 {
        peer.send(MIXED).await;
        assert_mixed(&server.arrival().await);
        peer.answer().await;
        peer.send(b"GET /other HTTP/1.1\r\nX-Other: 1\r\n\r\n")
            .await;
        let arrival = server.arrival().await;
        assert_eq!(arrival.fidelity, Fidelity::Exact);
        assert_eq!(
            lines(&arrival.message.headers),
            [("X-Other", "1".to_owned())]
        );
        peer.answer().await;
    }
}

#[tokio::test]
async fn a_head_in_many_pieces_is_exact() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    for _ in 0..2 {
        for byte in MIXED {
            peer.send(&[*byte]).await;
            tokio::task::yield_now().await;
        }
        assert_mixed(&server.arrival().await);
        peer.answer().await;
    }
}

#[tokio::test]
async fn a_head_as_long_as_allowed_is_exact() {
    let limits = Limits {
        head: 32 * 1024,
        ..Limits::default()
    };
    let mut server = Server::start(limits).await;
    let mut peer = server.connect().await;
    let (start, end) = ("GET / HTTP/1.1\r\nX-Long: ", "\r\n\r\n");
    let value = "v".repeat(32 * 1024 - start.len() - end.len());
    for _ in 0..2 {
        peer.send(format!("{start}{value}{end}").as_bytes()).await;
        let arrival = server.arrival().await;
        assert_eq!(arrival.fidelity, Fidelity::Exact);
        assert_eq!(arrival.message.headers.text("X-Long"), Some(value.as_str()));
        peer.answer().await;
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    let second = b"POST /2 HTTP/1.1\r\nX-B: 1\r\nX-b: 2\r\nContent-Length: 1\r\n\r\nb";
    peer.send(b"POST /1 HTTP/1.1\r\nX-A: 1\r\nContent-Length: 1\r\n\r\na")
        .await;
    peer.send(second).await;
    peer.send(b"GET /3 HTTP/1.1\r\n\r\n").await;
    for (target, body) in [("/1", "a"), ("/2", "b"), ("/3", "")] {
        let arrival = server.arrival().await;
        assert_eq!(
            (arrival.message.target.as_str(), &arrival.message.body[..]),
            (target, body.as_bytes())
        );
        assert_eq!(status(&peer.answer().await), "200");
    }
}

#[tokio::test]
async fn a_head_whose_start_came_with_the_body_before_is_normalised() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(b"POST /1 HTTP/1.1\r\nContent-Length: 1\r\n\r\naGET /2 HTTP/1.1\r\nX-")
        .await;
    assert_eq!(server.arrival().await.message.body, "a");
    peer.answer().await;
    peer.send(b"One: 1\r\n\r\n").await;
    let arrival = server.arrival().await;
    assert_eq!(arrival.fidelity, Fidelity::Normalised);
    assert_eq!(arrival.message.target, "/2");
    assert_eq!(lines(&arrival.message.headers), [("x-one", "1".to_owned())]);
}

#[tokio::test]
async fn targets_are_those_of_the_wire() {
    let mut server = Server::start(Limits::default()).await;
    for (method, target) in [
        ("GET", "/"),
        ("GET", "//a/../b/./%2e%2E?q=1?2&&"),
        ("GET", "/a#fragment"),
        ("GET", "http://Example.COM:80/a?b"),
        ("GET", "HTTP://example.com"),
        ("OPTIONS", "*"),
        ("CONNECT", "example.com:443"),
        ("GET", "/caf\u{e9}"),
    ] {
        let request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n\r\n");
        let answer = server.talk(request.as_bytes());
        assert_eq!(status(&answer.await), "200", "{target}");
        let arrival = server.arrival().await;
        assert_eq!(
            (arrival.message.target.as_str(), arrival.fidelity),
            (target, Fidelity::Exact)
        );
    }
}

#[tokio::test]
async fn lines_that_hyper_drops_make_a_head_normalised() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(b"POST / HTTP/1.1\r\nContent-Length: 1\r\nX-A: 1\r\nContent-Length: 1\r\n\r\na")
        .await;
    let arrival = server.arrival().await;
    assert_eq!(arrival.fidelity, Fidelity::Normalised);
    assert_eq!(
        lines(&arrival.message.headers),
        [("content-length", "1".to_owned()), ("x-a", "1".to_owned())]
    );
}

#[tokio::test]
async fn two_hosts_and_none_pass_through() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(b"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        .await;
    let both = [("Host", "a".to_owned()), ("host", "b".to_owned())];
    assert_eq!(lines(&server.arrival().await.message.headers), both);
    assert!(server.arrival().await.message.headers.is_empty());
}

#[tokio::test]
async fn http_1_0_is_spoken() {
    let mut server = Server::start(Limits::default()).await;
    let answer = server
        .talk(b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
        .await;
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n"), "{answer}");
    let arrival = server.arrival().await;
    assert_eq!(
        (arrival.http, &arrival.message.body[..]),
        ("HTTP/1.0", &b"hi"[..])
    );
}
