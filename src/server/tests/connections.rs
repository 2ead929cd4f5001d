//! Connections: how many there may be, and how they end.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncReadExt;

use super::super::{Answer, Limits, Trouble};
use super::{SOON, Server, status};
use crate::message::Headers;

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = Server::start(Limits {
        keep_alive: SOON,
        ..Limits::default()
    })
    .await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    assert_eq!(status(&peer.answer().await), "200");
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_handler_may_take_longer_than_the_client_may() {
    let long = 10 * SOON;
    let limits = Limits {
        head_read: long,
        keep_alive: SOON,
        write: SOON,
        ..Limits::default()
    };
    let mut server = Server::start_gated(limits).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    // A connection that began later runs into its deadline.
    assert_eq!(server.talk(b"GET / HTTP").await, "");
    server.gate.add_permits(1);
    assert_eq!(status(&peer.answer().await), "200");
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut() {
    let limits = Limits {
        write: SOON,
        drain: Duration::from_secs(3600),
        ..Limits::default()
    };
    let answer = Answer {
        status: 200,
        headers: Headers::new(),
        body: Bytes::from(vec![0; 64 << 20]),
        ..Answer::default()
    };
    let mut server = Server::start_with(limits, answer).await;
    server.gate.add_permits(1);
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.stop();
    // The drain would wait an hour for it.
    assert_eq!(server.drained().await.running, 0);
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_all() {
    const SIZE: usize = 16 << 20;
    let second = Duration::from_secs(1);
    let limits = Limits {
        write: second,
        keep_alive: second,
        ..Limits::default()
    };
    let body = Bytes::from(vec![7; SIZE]);
    let answer = Answer {
        status: 200,
        headers: Headers::new(),
        body,
        ..Answer::default()
    };
    let server = Server::start_with(limits, answer).await;
    server.gate.add_permits(1);
    let mut peer = server.connect().await;
    peer.send(b"GET / HTTP/1.0\r\n\r\n").await;
    peer.head().await;
    let mut read = 0;
    let mut part = vec![0; 1 << 20];
    while read < SIZE {
        tokio::time::sleep(second / 10).await;
        let more = peer.0.read(&mut part).await.expect("no reset");
        assert!(more > 0, "cut after {read} bytes");
        read += more;
    }
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_connection_over_the_limit_is_503_and_told() {
    let mut server = Server::start_gated(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = server.connect().await;
    first.send(GET).await;
    server.arrival().await;
    let mut others = Vec::new();
    for _ in 0..20 {
        others.push(server.connect().await);
    }
    for peer in &mut others {
        let answer = peer.rest().await;
        assert!(
            answer.starts_with("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"),
            "{answer}"
        );
    }
    let mut told = 0;
    while told < 20 {
        let Trouble::TurnedAway { connections } = server.trouble().await else {
            panic!("other trouble")
        };
        told += connections;
    }
    assert_eq!(told, 20);
    server.gate.add_permits(1);
    assert_eq!(status(&first.answer().await), "200");
    server.trigger.stop();
    assert_eq!(server.drained().await.turned_away, 20);
}

#[tokio::test]
async fn a_client_that_is_turned_away_is_not_reset() {
    let mut server = Server::start_gated(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = server.connect().await;
    first.send(GET).await;
    server.arrival().await;
    let mut second = server.connect().await;
    assert_eq!(status(&second.rest().await), "503");
    for _ in 0..3 {
        second.send(GET).await;
    }
}

#[tokio::test]
async fn a_connection_that_ends_makes_room() {
    let server = Server::start(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    for _ in 0..5 {
        let answer = server
            .talk(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            .await;
        assert_eq!(status(&answer), "200");
    }
}

#[tokio::test]
async fn a_client_that_closed_its_side_still_gets_its_answer() {
    let mut server = Server::start_gated(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    peer.finish().await;
    tokio::task::yield_now().await;
    server.gate.add_permits(1);
    assert_eq!(status(&peer.rest().await), "200");
}

#[tokio::test]
async fn a_request_is_handled_to_its_end_though_the_client_hangs_up() {
    let mut server = Server::start_gated(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    drop(peer);
    // Another request is served in between: the server has had its chance to notice.
    let mut other = server.connect().await;
    other.send(GET).await;
    server.arrival().await;
    server.gate.add_permits(2);
    super::within("both handlers to end", async {
        while server.gate.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_handler_that_panics_ends_its_own_connection_only() {
    let server = Server::start(Limits::default()).await;
    let mut other = server.connect().await;
    other.send(GET).await;
    other.answer().await;
    assert_eq!(server.talk(b"GET /panic HTTP/1.1\r\n\r\n").await, "");
    other.send(GET).await;
    assert_eq!(status(&other.answer().await), "200");
}

/// A listener whose accept always fails: it is a UDP socket, made readable.
#[cfg(unix)]
fn broken_listener() -> tokio::net::TcpListener {
    use std::net::UdpSocket;
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_nonblocking(true).expect("a socket");
    let address = socket.local_addr().expect("a bound address");
    let other = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    other.send_to(b"!", address).expect("the loopback");
    tokio::net::TcpListener::from_std(std::os::fd::OwnedFd::from(socket).into()).expect("a socket")
}

#[cfg(unix)]
#[tokio::test]
async fn accept_errors_are_told_once_a_period_and_do_not_spin() {
    let answer = Answer {
        status: 200,
        headers: Headers::new(),
        body: Bytes::new(),
        ..Answer::default()
    };
    let mut server = Server::start_on(broken_listener(), Limits::default(), answer);
    assert!(matches!(
        server.trouble().await,
        Trouble::Accept { times: 1, .. }
    ));
    let Trouble::Accept { times, .. } = server.trouble().await else {
        panic!("other trouble")
    };
    assert!((1..10).contains(&times), "tried {times} times in a second");
    server.trigger.stop();
    assert_eq!(server.drained().await.running, 0);
}
