//! Answers that are late, slow, cut short, garbled, or do not come at all, as raw peers see them.

use std::io::{self, ErrorKind};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use uuid::Uuid;

use super::super::{Answer, Drained, Limits, Manner};
use super::{Peer, SOON, Server, status, within};

pub(super) const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
pub(super) const PLAIN: &[u8] = b"GET /plain HTTP/1.1\r\n\r\n";

/// The manners in which a connection ends without an answer.
const BROKEN: [Manner; 4] = [
    Manner::Garbage,
    Manner::Closed,
    Manner::Reset,
    Manner::Hung(Uuid::nil()),
];

/// Limits under which nothing that waits for the client may take long, and a stop has all day.
pub(super) fn impatient() -> Limits {
    Limits {
        keep_alive: SOON,
        write: SOON,
        drain: Duration::from_secs(3600),
        ..Limits::default()
    }
}

pub(super) async fn server_of(limits: Limits, answer: Answer) -> Server {
    let server = Server::start_with(
        limits,
        Answer {
            status: 200,
            ..answer
        },
    )
    .await;
    server.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    server
}

pub(super) async fn server_with(manner: Manner, body: &'static [u8]) -> Server {
    let answer = Answer {
        body: Bytes::from_static(body),
        manner,
        ..Answer::default()
    };
    server_of(Limits::default(), answer).await
}

/// What a client reads until the connection ends, and how it ends.
pub(super) async fn outcome(server: &Server, request: &[u8]) -> (Vec<u8>, io::Result<()>) {
    let mut peer = server.connect().await;
    peer.send(request).await;
    let mut bytes = Vec::new();
    let end = within("the end", peer.0.read_to_end(&mut bytes)).await;
    (bytes, end.map(drop))
}

#[tokio::test]
async fn a_reset_is_seen_as_one_and_a_close_is_not() {
    let server = server_with(Manner::Reset, b"ok").await;
    let (bytes, end) = outcome(&server, GET).await;
    assert_eq!(bytes, b"");
    assert_eq!(
        end.map_err(|error| error.kind()),
        Err(ErrorKind::ConnectionReset)
    );

    let server = server_with(Manner::Closed, b"ok").await;
    let (bytes, end) = outcome(&server, GET).await;
    assert_eq!(bytes, b"");
    assert!(end.is_ok());
}

#[tokio::test]
async fn a_close_is_no_reset_though_the_client_sends_on() {
    let server = server_with(Manner::Closed, b"ok").await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    peer.send(&[b'x'; 10_000]).await;
    assert_eq!(peer.rest().await, "");
    peer.send(b"more").await;
}

#[tokio::test]
async fn garbage_is_no_http_and_then_the_connection_is_closed() {
    let server = server_with(Manner::Garbage, b"ok").await;
    let (bytes, end) = outcome(&server, GET).await;
    assert!(!bytes.is_empty() && !bytes.starts_with(b"HTTP/"));
    assert!(end.is_ok());
}

#[tokio::test]
async fn a_cut_answer_announces_all_and_sends_half() {
    let rows: [(&[u8], usize, &[u8]); 4] = [
        (b"0123456789", 10, b"01234"),
        (b"012", 3, b"0"),
        (b"0", 1, b""),
        (b"", 1, b""),
    ];
    for (body, announced, sent) in rows {
        let server = server_with(Manner::Truncated, body).await;
        let mut peer = server.connect().await;
        peer.send(GET).await;
        let head = peer.head().await;
        assert_eq!(status(&head), "200");
        let length = format!("content-length: {announced}\r\n");
        assert!(head.contains(&length), "{head}");
        assert_eq!(peer.rest().await.as_bytes(), sent);
    }
}

#[tokio::test]
async fn half_of_a_body_goes_out_to_its_last_byte() {
    // hyper takes the small one at once, and TCP takes it from hyper bit by bit.
    const SMALL: usize = 120_000;
    const LARGE: usize = 16 << 20;
    for size in [SMALL, LARGE] {
        let narrow = TcpSocket::new_v4().expect("a socket");
        narrow.set_send_buffer_size(4096).expect("a new socket");
        narrow
            .bind(([127, 0, 0, 1], 0).into())
            .expect("a free port");
        let answer = Answer {
            status: 200,
            body: Bytes::from(vec![7; size]),
            manner: Manner::Truncated,
            ..Answer::default()
        };
        let listener = narrow.listen(8).expect("a bound socket");
        let server = Server::start_on(listener, Limits::default(), answer);
        server.gate.add_permits(1);
        let narrow = TcpSocket::new_v4().expect("a socket");
        narrow.set_recv_buffer_size(4096).expect("a new socket");
        let stream = narrow.connect(server.address).await;
        let mut peer = Peer(stream.expect("the server listens"));
        peer.send(GET).await;
        peer.head().await;
        assert_eq!(peer.rest().await.len(), size / 2);
    }
}

#[tokio::test]
async fn what_has_no_body_on_the_wire_cannot_be_cut() {
    let server = server_with(Manner::Truncated, b"0123456789").await;
    let mut peer = server.connect().await;
    peer.send(b"HEAD / HTTP/1.1\r\n\r\n").await;
    let head = peer.head().await;
    assert!(head.contains("content-length: 10\r\n"), "{head}");
    peer.send(PLAIN).await;
    assert!(peer.answer().await.ends_with("\r\n\r\n0123456789"));
}

#[tokio::test]
async fn answers_made_before_go_out_before_the_end() {
    for manner in BROKEN {
        let mut server = server_with(manner, b"ok").await;
        let mut peer = server.connect().await;
        peer.send(&[PLAIN, PLAIN, GET].concat()).await;
        for _ in 0..2 {
            assert_eq!(status(&peer.answer().await), "200", "{manner:?}");
        }
        peer.finish().await;
        match manner {
            Manner::Reset => {
                let end = within("a reset", peer.read_to_end()).await;
                assert_eq!(
                    end.map_err(|error| error.kind()),
                    Err(ErrorKind::ConnectionReset)
                );
            }
            Manner::Garbage => assert_ne!(peer.rest().await, ""),
            _ => assert_eq!(peer.rest().await, "", "{manner:?}"),
        }
        if let Manner::Hung(id) = manner {
            assert_eq!(server.left().await.0, id);
        }
    }
}

#[tokio::test]
async fn long_answers_made_before_go_out_before_the_end() {
    const SIZE: usize = 8 << 20;
    let answer = Answer {
        body: Bytes::from(vec![7; SIZE]),
        manner: Manner::Closed,
        ..Answer::default()
    };
    let server = server_of(Limits::default(), answer).await;
    let mut peer = server.connect().await;
    peer.send(&[PLAIN, GET].concat()).await;
    peer.head().await;
    assert_eq!(peer.rest().await.len(), SIZE);
}

#[tokio::test]
async fn a_body_in_drops_comes_after_its_head_and_the_connection_goes_on() {
    // The connection's own deadlines are shorter than the answer takes.
    let answer = Answer {
        body: Bytes::from_static(b"0123456789"),
        manner: Manner::Drip(40),
        ..Answer::default()
    };
    let limits = Limits {
        keep_alive: 3 * SOON,
        ..impatient()
    };
    let server = server_of(limits, answer).await;
    let mut peer = server.connect().await;
    for _ in 0..2 {
        peer.send(GET).await;
        let head = peer.head().await;
        assert!(head.contains("content-length: 10\r\n"), "{head}");
        let begun = Instant::now();
        let mut body = [0; 10];
        let read = within("all drops", peer.0.read_exact(&mut body)).await;
        assert_eq!((read.expect("all drops"), &body), (10, b"0123456789"));
        assert!(begun.elapsed() > 3 * SOON, "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_stop_lets_the_rest_of_a_body_go_out_at_once() {
    let answer = Answer {
        body: Bytes::from(vec![b'x'; 3600]),
        manner: Manner::Drip(1),
        ..Answer::default()
    };
    let server = server_of(impatient(), answer).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    peer.head().await;
    server.trigger.stop();
    assert_eq!(peer.rest().await.len(), 3600);
    assert_eq!(server.drained().await, Drained::default());
}

#[tokio::test]
async fn connections_that_broke_make_room() {
    for manner in BROKEN {
        let answer = Answer {
            manner,
            ..Answer::default()
        };
        let limits = Limits {
            connections: 1,
            hang: SOON,
            ..Limits::default()
        };
        let server = server_of(limits, answer).await;
        for _ in 0..3 {
            outcome(&server, GET).await.0.clear();
        }
        let mut peer = server.connect().await;
        peer.send(PLAIN).await;
        peer.0.flush().await.expect("an open connection");
        assert_eq!(status(&peer.answer().await), "200", "{manner:?}");
    }
}
