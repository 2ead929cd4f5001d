//! The stop: nothing new, everything begun.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::super::{Drained, Limits};
use super::{SOON, Server, status, within};

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

#[tokio::test]
async fn a_stop_finishes_what_runs_and_refuses_what_is_new() {
    let mut server = Server::start_gated(Limits::default()).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.stop();
    within("the listener to close", async {
        // One that the kernel had let in already is reset.
        while let Ok(mut late) = TcpStream::connect(server.address).await {
            assert!(
                !matches!(late.read(&mut [0]).await, Ok(1..)),
                "no answer to a late client"
            );
        }
    })
    .await;
    server.gate.add_permits(1);
    let answer = peer.rest().await;
    assert_eq!(status(&answer), "200");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert_eq!(server.drained().await, Drained::default());
}

#[tokio::test]
async fn a_stop_closes_idle_connections_at_once() {
    let server = Server::start(Limits::default()).await;
    let mut fresh = server.connect().await;
    let mut used = server.connect().await;
    used.send(GET).await;
    used.answer().await;
    server.trigger.stop();
    assert_eq!(
        (fresh.rest().await, used.rest().await),
        (String::new(), String::new())
    );
    assert_eq!(server.drained().await, Drained::default());
}

#[tokio::test]
async fn a_request_that_outlasts_the_drain_is_dropped_and_counted() {
    let mut server = Server::start_gated(Limits {
        drain: SOON,
        ..Limits::default()
    })
    .await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.stop();
    assert_eq!(peer.rest().await, "");
    assert_eq!(
        server.drained().await,
        Drained {
            running: 1,
            turned_away: 0
        }
    );
}
