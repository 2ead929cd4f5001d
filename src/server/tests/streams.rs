//! HTTP/2, by a client that shows frames as they are.

use std::time::Duration;

use bytes::Bytes;
use h2::client::{SendRequest, handshake};
use h2::{Reason, RecvStream};
use hyper::{Method, Request, Response};
use tokio::io::AsyncReadExt;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use super::super::{Answer, Drained, Fidelity, Limits, Manner};
use super::tls::Secure;
use super::{SOON, lines, within};

/// A connection of HTTP/2.
pub(super) struct Client {
    pub(super) requests: SendRequest<Bytes>,
    pub(super) connection: JoinHandle<Result<(), h2::Error>>,
}

impl Client {
    pub(super) async fn connect(secure: &Secure) -> Self {
        let stream = secure.connect("h2").await;
        let (requests, connection) = handshake(stream).await.expect("a server of HTTP/2");
        Self {
            requests,
            connection: tokio::spawn(connection),
        }
    }

    /// Sends a request; its answer is waited for by whoever wants it.
    pub(super) async fn send(&mut self, request: Request<()>, body: &'static [u8]) -> Sent {
        let mut requests = self.requests.clone().ready().await.expect("an open one");
        let has_body = !body.is_empty();
        let (answer, mut sending) = requests
            .send_request(request, !has_body)
            .expect("a request");
        if has_body {
            sending
                .send_data(body.into(), true)
                .expect("an open stream");
        }
        Sent(answer)
    }

    /// How the connection ended: whether without an error.
    pub(super) async fn end(self) -> bool {
        drop(self.requests);
        let ended = within("the connection to end", self.connection).await;
        ended.expect("no panic").is_ok()
    }
}

/// A request that went out.
pub(super) struct Sent(h2::client::ResponseFuture);

impl Sent {
    pub(super) async fn head(self) -> Result<Response<RecvStream>, h2::Error> {
        within("a head", self.0).await
    }

    /// The status and the body, or why the stream was reset, and what came before.
    pub(super) async fn whole(self) -> Result<(u16, Vec<u8>), (Option<Reason>, Vec<u8>)> {
        let mut bytes = Vec::new();
        let head = self.head().await;
        let (head, mut body) = head.map_err(|e| (e.reason(), Vec::new()))?.into_parts();
        while let Some(data) = within("the body", body.data()).await {
            match data {
                Ok(data) => bytes.extend_from_slice(&data),
                Err(error) => return Err((error.reason(), bytes)),
            }
        }
        Ok((head.status.as_u16(), bytes))
    }
}

pub(super) fn request(path: &str) -> Request<()> {
    let uri = format!("https://localhost{path}");
    Request::post(uri).body(()).expect("a request")
}

pub(super) fn answer(manner: Manner) -> Answer {
    Answer {
        body: Bytes::from_static(b"0123456789"),
        manner,
        ..Answer::default()
    }
}

pub(super) async fn server_of(manner: Manner) -> Secure {
    Secure::start(Limits::default(), answer(manner)).await
}

#[tokio::test]
async fn a_request_is_told_in_the_words_of_http_1() {
    let mut secure = server_of(Manner::Whole).await;
    let mut client = Client::connect(&secure).await;
    let mut sent = request("/Hooks?a=%41");
    let headers = sent.headers_mut();
    headers.append("x-a", "1".parse().expect("a value"));
    headers.append("x-a", "2".parse().expect("a value"));
    let told = client.send(sent, b"hi").await.whole().await;
    assert_eq!(told, Ok((200, b"0123456789".to_vec())));
    let arrival = secure.server.arrival().await;
    let message = &arrival.message;
    assert_eq!(
        (arrival.http, arrival.fidelity),
        ("HTTP/2", Fidelity::Normalised)
    );
    assert_eq!(
        (&*message.method, &*message.target),
        ("POST", "/Hooks?a=%41")
    );
    assert_eq!(message.body, "hi");
    let expected = [("host", "localhost"), ("x-a", "1"), ("x-a", "2")];
    assert_eq!(
        lines(&message.headers),
        expected.map(|(name, value)| (name, value.to_owned()))
    );
}

#[tokio::test]
async fn requests_run_side_by_side() {
    let mut secure = Secure::start_gated(Limits::default(), answer(Manner::Whole)).await;
    let mut client = Client::connect(&secure).await;
    let mut sent = Vec::new();
    for _ in 0..10 {
        sent.push(client.send(request("/"), b"").await);
        secure.server.arrival().await;
    }
    secure.server.gate.add_permits(10);
    for sent in sent {
        assert_eq!(sent.whole().await.map(|(status, _)| status), Ok(200));
    }
}

#[tokio::test]
async fn what_sends_no_body_gets_none() {
    let secure = server_of(Manner::Truncated).await;
    let mut client = Client::connect(&secure).await;
    let mut head = request("/");
    *head.method_mut() = Method::HEAD;
    let told = client.send(head, b"").await.head().await.expect("a head");
    assert_eq!(told.headers()["content-length"], "10");
    assert!(told.body().is_end_stream());
}

#[tokio::test]
async fn a_stream_breaks_alone() {
    for (manner, sent) in [
        (Manner::Reset, &b""[..]),
        (Manner::Truncated, b"01234"),
        (Manner::Hung(Uuid::nil()), b""),
    ] {
        let limits = Limits {
            hang: SOON,
            ..Limits::default()
        };
        let secure = Secure::start(limits, answer(manner)).await;
        let mut client = Client::connect(&secure).await;
        let told = client.send(request("/"), b"").await.whole().await;
        let reset = (Some(Reason::INTERNAL_ERROR), sent.to_vec());
        assert_eq!(told, Err(reset), "{manner:?}");
        let told = client.send(request("/plain"), b"").await.whole().await;
        assert_eq!(told.map(|(status, _)| status), Ok(200), "{manner:?}");
    }
}

#[tokio::test]
async fn a_close_ends_all_streams() {
    for manner in [Manner::Closed, Manner::Garbage] {
        let secure = server_of(manner).await;
        let mut client = Client::connect(&secure).await;
        let told = client.send(request("/"), b"").await.whole().await;
        assert_eq!(told, Err((None, Vec::new())), "{manner:?}");
        client.end().await;
        secure.server.trigger.stop();
        assert_eq!(secure.server.drained().await, Drained::default());
    }
}

#[tokio::test]
async fn a_body_in_drops_comes_and_a_stop_lets_the_rest_go() {
    let secure = server_of(Manner::Drip(1)).await;
    let mut client = Client::connect(&secure).await;
    let told = client.send(request("/"), b"").await.head().await;
    let mut body = told.expect("a head").into_body();
    secure.server.trigger.stop();
    let mut bytes = Vec::new();
    while let Some(data) = within("the rest", body.data()).await {
        bytes.extend_from_slice(&data.expect("no reset"));
    }
    assert_eq!(bytes, b"0123456789");
    assert!(client.end().await);
    assert_eq!(secure.server.drained().await, Drained::default());
}

#[tokio::test]
async fn who_hangs_is_told_of_once_however_it_ends() {
    let id = Uuid::now_v7();
    let mut secure = server_of(Manner::Hung(id)).await;
    // The stream is reset, the connection ends, a stop is said.
    for end in 0..3 {
        let mut client = Client::connect(&secure).await;
        let sent = client.send(request("/"), b"").await;
        secure.server.arrival().await;
        match end {
            0 => drop(sent),
            1 => client.connection.abort(),
            _ => secure.server.trigger.stop(),
        }
        assert_eq!(secure.server.left().await.0, id);
        drop(client);
    }
    assert!(secure.server.gone.recv().await.is_none(), "told once each");
    assert_eq!(secure.server.drained().await, Drained::default());
}

#[tokio::test]
async fn a_close_leaves_who_hangs_its_time() {
    let mut secure = server_of(Manner::Hung(Uuid::nil())).await;
    let mut client = Client::connect(&secure).await;
    let sent = client.send(request("/"), b"").await;
    secure.server.arrival().await;
    secure.server.trigger.close();
    let gave_up = timeout(SOON, sent.head()).await.is_err();
    drop(client);
    let (_, after) = secure.server.left().await;
    assert!(gave_up && after >= SOON, "{after:?}");
    assert_eq!(secure.server.drained().await, Drained::default());
}

#[tokio::test]
async fn a_request_is_handled_to_its_end_though_the_client_leaves() {
    let mut secure = Secure::start_gated(Limits::default(), answer(Manner::Whole)).await;
    for leaves in [false, true] {
        let mut client = Client::connect(&secure).await;
        let sent = client.send(request("/"), b"").await;
        secure.server.arrival().await;
        drop(sent);
        if leaves {
            client.connection.abort();
        } else {
            // The reset has been read by the time that another request has.
            client.send(request("/"), b"").await;
            secure.server.arrival().await;
        }
    }
    secure.server.gate.add_permits(3);
    within("all handlers to end", async {
        while secure.server.gate.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_handler_that_panics_ends_its_own_stream_only() {
    let secure = server_of(Manner::Whole).await;
    let mut client = Client::connect(&secure).await;
    let told = client.send(request("/panic"), b"").await.whole().await;
    assert_eq!(told, Err((Some(Reason::INTERNAL_ERROR), Vec::new())));
    let told = client.send(request("/plain"), b"").await.whole().await;
    assert_eq!(told.map(|(status, _)| status), Ok(200));
}

#[tokio::test]
async fn a_stop_finishes_what_runs_and_closes_what_idles() {
    let limits = Limits {
        drain: Duration::from_secs(3600),
        ..Limits::default()
    };
    let mut secure = Secure::start_gated(limits, answer(Manner::Whole)).await;
    let mut busy = Client::connect(&secure).await;
    let idle = Client::connect(&secure).await;
    // One that speaks HTTP/2 no further than this.
    let mut deaf = secure.connect("h2").await;
    let sent = busy.send(request("/"), b"").await;
    secure.server.arrival().await;
    secure.server.trigger.stop();
    assert!(idle.end().await);
    within("the end", deaf.read_to_end(&mut Vec::new()))
        .await
        .ok();
    secure.server.gate.add_permits(1);
    assert_eq!(sent.whole().await.map(|(status, _)| status), Ok(200));
    assert!(busy.end().await);
    assert_eq!(secure.server.drained().await, Drained::default());
}
