//! Bodies: whole and unaltered, or refused and the connection closed.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

use super::super::{Limits, Refusal};
use super::{Arrival, SOON, Server, status, within};

fn post(length: usize) -> Vec<u8> {
    let mut request = format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    request.resize(request.len() + length, b'x');
    request
}

fn small() -> Limits {
    Limits {
        body: 100,
        ..Limits::default()
    }
}

#[tokio::test]
async fn chunks_are_joined_and_trailers_dropped() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nab\n\r\n")
        .await;
    peer.send(b"1\r\nc\r\n0\r\nX-Trailer: 1\r\n\r\n").await;
    let arrival = server.arrival().await;
    assert_eq!(arrival.message.body, "ab\nc");
    assert!(arrival.message.headers.first("X-Trailer").is_none());
    peer.answer().await;
    peer.send(&post(1)).await;
    assert_eq!(server.arrival().await.message.body, "x");
}

#[tokio::test]
async fn a_compressed_body_stays_compressed() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    let gzip =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\x04\x00\xac\x2a\x93\xd8\x02\x00\x00\x00";
    peer.send(b"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 22\r\n\r\n")
        .await;
    peer.send(gzip).await;
    assert_eq!(server.arrival().await.message.body, &gzip[..]);
}

#[tokio::test]
async fn a_body_of_many_reads_is_whole() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    peer.send(format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes())
        .await;
    peer.send(&body).await;
    assert!(server.arrival().await.message.body == body);
}

#[tokio::test]
async fn continue_is_said_before_the_body_comes() {
    let mut server = Server::start(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        .await;
    assert_eq!(peer.head().await, "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send(b"hi").await;
    assert_eq!(server.arrival().await.message.body, "hi");
    assert_eq!(status(&peer.answer().await), "200");
}

#[tokio::test]
async fn continue_is_not_said_to_a_body_too_large() {
    let mut server = Server::start(small()).await;
    let mut peer = server.connect().await;
    peer.send(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n")
        .await;
    assert_eq!(status(&peer.answer().await), "413");
    assert_eq!(
        server.arrival().await.refused,
        Some(Refusal::TooLarge { limit: 100 })
    );
}

#[tokio::test]
async fn a_body_as_large_as_allowed_is_taken() {
    let mut server = Server::start(small()).await;
    let mut peer = server.connect().await;
    peer.send(&post(100)).await;
    assert_eq!(server.arrival().await.message.body.len(), 100);
    assert_eq!(status(&peer.answer().await), "200");
}

#[tokio::test]
async fn a_body_too_large_is_413_and_closed() {
    let mut server = Server::start(small()).await;
    let by_length = b"POST /length HTTP/1.1\r\nContent-Length: 101\r\n\r\n".to_vec();
    let chunk = [&b"32\r\n"[..], &[b'x'; 50], b"\r\n"].concat();
    let head = b"POST /chunks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let by_chunks = [&head[..], &chunk, &chunk, &chunk].concat();
    for (request, target) in [(by_length, "/length"), (by_chunks, "/chunks")] {
        let answer = server.talk(&request).await;
        assert_eq!(status(&answer), "413");
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        assert!(
            answer.ends_with("the body is longer than 100 bytes\n"),
            "{answer}"
        );
        let Arrival {
            message, refused, ..
        } = server.arrival().await;
        assert_eq!(refused, Some(Refusal::TooLarge { limit: 100 }));
        assert_eq!(
            (message.target.as_str(), message.headers.len()),
            (target, 1)
        );
        assert!(message.body.is_empty());
    }
}

#[tokio::test]
async fn a_client_that_is_still_sending_sees_its_413() {
    let server = Server::start(small()).await;
    let mut peer = server.connect().await;
    peer.send(&post(4 * 1024 * 1024)).await;
    assert_eq!(status(&peer.answer().await), "413");
    peer.finish().await;
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_client_that_sends_on_after_its_413_is_not_reset() {
    let server = Server::start(small()).await;
    let mut peer = server.connect().await;
    peer.send(b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n")
        .await;
    assert_eq!(status(&peer.answer().await), "413");
    for _ in 0..3 {
        peer.send(b"more").await;
    }
}

#[tokio::test]
async fn a_client_that_never_stops_sending_is_cut() {
    let server = Server::start(small()).await;
    let mut peer = server.connect().await;
    peer.send(&post(101)).await;
    assert_eq!(status(&peer.rest().await), "413");
    // Our side stays open; the server gives up waiting for it all the same.
    let send = async {
        while peer.0.write_all(b"more").await.is_ok() {
            sleep(SOON).await;
        }
    };
    within("the server to cut", send).await;
}

#[tokio::test]
async fn a_broken_body_is_400() {
    let mut server = Server::start(Limits::default()).await;
    for request in [
        &b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort"[..],
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
    ] {
        let mut peer = server.connect().await;
        peer.send(request).await;
        peer.finish().await;
        assert_eq!(status(&peer.rest().await), "400");
        let arrival = server.arrival().await;
        assert_eq!(
            (arrival.refused, arrival.message.body.len()),
            (Some(Refusal::BrokenBody), 0)
        );
    }
}

#[tokio::test]
async fn a_body_that_stalls_is_408_and_closed() {
    let mut server = Server::start(Limits {
        body_idle: SOON,
        ..Limits::default()
    })
    .await;
    let answer = server
        .talk(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort")
        .await;
    assert_eq!(status(&answer), "408");
    assert_eq!(server.arrival().await.refused, Some(Refusal::Stalled));
}

#[tokio::test]
async fn a_body_that_trickles_too_long_is_408() {
    let limits = Limits {
        body_total: 5 * SOON,
        ..Limits::default()
    };
    let mut server = Server::start(limits).await;
    let mut peer = server.connect().await;
    peer.send(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")
        .await;
    let (mut reading, mut writing) = peer.0.split();
    let trickle = async {
        while writing.write_all(b"x").await.is_ok() {
            sleep(SOON / 10).await;
        }
    };
    let mut answer = [0; 12];
    let read = reading.read_exact(&mut answer);
    tokio::select! {
        () = within("the server to cut", trickle) => {}
        read = read => { read.expect("an answer"); }
    }
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert_eq!(server.arrival().await.refused, Some(Refusal::Stalled));
}

#[tokio::test]
async fn bodies_in_flight_share_one_budget() {
    let mut server = Server::start_gated(Limits {
        in_flight: 100,
        ..Limits::default()
    })
    .await;
    let mut first = server.connect().await;
    first.send(&post(80)).await;
    assert_eq!(server.arrival().await.refused, None);
    let mut second = server.connect().await;
    second.send(&post(30)).await;
    assert_eq!(server.arrival().await.refused, Some(Refusal::Overloaded));
    server.gate.add_permits(2);
    let answer = second.rest().await;
    assert_eq!(status(&answer), "503");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    assert_eq!(status(&first.answer().await), "200");
    let mut third = server.connect().await;
    third.send(&post(100)).await;
    assert_eq!(server.arrival().await.refused, None);
}
