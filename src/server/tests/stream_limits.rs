//! What a connection of HTTP/2 may take, and how long.

use h2::client::handshake;
use tokio::sync::Semaphore;

use super::super::{Answer, Limits, Manner, Refusal, Trouble};
use super::streams::{Client, answer, request, server_of};
use super::tls::Secure;
use super::{SOON, within};

#[tokio::test]
async fn who_resets_its_streams_gets_no_more_handlers() {
    let limits = Limits {
        streams: 2,
        ..Limits::default()
    };
    let mut secure = Secure::start_gated(limits, answer(Manner::Whole)).await;
    let mut client = Client::connect(&secure).await;
    for _ in 0..10 {
        drop(client.send(request("/"), b"").await);
        // The reset goes out before the next request does.
        tokio::task::yield_now().await;
    }
    for _ in 0..2 {
        secure.server.arrival().await;
    }
    let last = client.send(request("/last"), b"").await;
    assert!(secure.server.arrivals.try_recv().is_err(), "two at a time");
    secure.server.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    assert_eq!(last.whole().await.map(|(status, _)| status), Ok(200));
}

#[tokio::test]
async fn bodies_have_the_limits_they_have_elsewhere() {
    let limits = Limits {
        body: 10,
        body_idle: SOON,
        in_flight: 1000,
        ..Limits::default()
    };
    let mut secure = Secure::start(limits, answer(Manner::Whole)).await;
    let mut client = Client::connect(&secure).await;
    let told = client.send(request("/"), b"12345678901").await.head().await;
    assert_eq!(told.expect("a head").status(), 413);
    let refused = secure.server.arrival().await.refused;
    assert_eq!(refused, Some(Refusal::TooLarge { limit: 10 }));

    let mut requests = client.requests.clone().ready().await.expect("an open one");
    let (told, _sending) = requests
        .send_request(request("/"), false)
        .expect("a request");
    assert_eq!(within("a head", told).await.expect("a head").status(), 408);
    let refused = secure.server.arrival().await.refused;
    assert_eq!(refused, Some(Refusal::Stalled));

    // A head counts as well.
    let mut long = request("/");
    let value = "a".repeat(1000).parse().expect("a value");
    long.headers_mut().append("x-long", value);
    let told = client.send(long, b"").await.head().await;
    assert_eq!(told.expect("a head").status(), 503);
    let refused = secure.server.arrival().await.refused;
    assert_eq!(refused, Some(Refusal::Overloaded));
}

#[tokio::test]
async fn heads_have_the_limits_they_have_elsewhere() {
    let mut secure = server_of(Manner::Whole).await;
    let mut client = Client::connect(&secure).await;
    let mut many = request("/");
    for _ in 0..101 {
        many.headers_mut()
            .append("x-a", "1".parse().expect("a value"));
    }
    let mut long = request("/");
    let value = "a".repeat(100_000).parse().expect("a value");
    long.headers_mut().append("x-long", value);
    for flood in [many, long] {
        let told = client.send(flood, b"").await.head().await;
        assert_eq!(told.expect("a head").status(), 431);
    }
    assert!(matches!(
        secure.server.trouble().await,
        Trouble::Unreadable {
            status: Some(431),
            ..
        }
    ));
    assert!(secure.server.arrivals.try_recv().is_err());
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_closed_whatever_it_sends() {
    // Between two requests, and before the first.
    for (asks, limits) in [
        (
            true,
            Limits {
                keep_alive: SOON,
                ..Limits::default()
            },
        ),
        (
            false,
            Limits {
                head_read: SOON,
                ..Limits::default()
            },
        ),
    ] {
        let secure = Secure::start(limits, answer(Manner::Whole)).await;
        let stream = secure.connect("h2").await;
        let (requests, mut connection) = handshake(stream).await.expect("HTTP/2");
        let mut pings = connection.ping_pong().expect("the first");
        let mut client = Client {
            requests,
            connection: tokio::spawn(connection),
        };
        if asks {
            client
                .send(request("/"), b"")
                .await
                .whole()
                .await
                .expect("200");
        }
        within("the end", async {
            while pings.ping(h2::Ping::opaque()).await.is_ok() {}
        })
        .await;
    }
}

#[tokio::test]
async fn an_answer_may_take_longer_than_the_client_may() {
    let limits = Limits {
        keep_alive: SOON,
        head_read: 10 * SOON,
        ..Limits::default()
    };
    let late = Answer {
        after: 3 * SOON,
        ..answer(Manner::Whole)
    };
    let secure = Secure::start(limits, late).await;
    let mut client = Client::connect(&secure).await;
    let told = client.send(request("/"), b"").await.whole().await;
    assert_eq!(told.map(|(status, _)| status), Ok(200));
}

#[tokio::test]
async fn a_request_that_outlasts_the_drain_is_dropped_and_counted() {
    let limits = Limits {
        drain: SOON,
        ..Limits::default()
    };
    let mut secure = Secure::start_gated(limits, answer(Manner::Whole)).await;
    let mut client = Client::connect(&secure).await;
    let _sent = client.send(request("/"), b"").await;
    secure.server.arrival().await;
    secure.server.trigger.stop();
    let drained = within("the server to end", &mut secure.server.task).await;
    assert_eq!(drained.expect("no panic").running, 1);
    let more = within("its tasks to end", secure.server.arrivals.recv()).await;
    assert!(more.is_none(), "nobody is left who could send");
}
