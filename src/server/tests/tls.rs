//! TLS: who comes in, who does not, and that nothing else is different.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use uuid::Uuid;

use super::super::{Answer, Entrance, Identity, Limits, Manner, Trouble, make_identity};
use super::{Peer, SOON, Server, TcpStream, status, within};

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

/// A server that speaks TLS, and how to speak it with that one.
pub(super) struct Secure {
    pub(super) server: Server,
    config: ClientConfig,
}

impl Secure {
    /// A server that gives this answer at once, with the status 200.
    pub(super) async fn start(limits: Limits, answer: Answer) -> Self {
        let secure = Self::start_gated(limits, answer).await;
        let permits = Semaphore::MAX_PERMITS / 2;
        secure.server.gate.add_permits(permits);
        secure
    }

    /// The same, once its gate permits it.
    pub(super) async fn start_gated(limits: Limits, answer: Answer) -> Self {
        let names = ["localhost".to_owned()];
        let made = make_identity(&names, SystemTime::now()).expect("a valid name");
        let identity = Identity::read(made.certificate.as_bytes(), made.key.as_bytes());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let entrance = Entrance {
            listener,
            identity: Some(identity.expect("a pair")),
        };
        let answer = Answer {
            status: 200,
            ..answer
        };
        let server = Server::start_on(entrance, limits, answer);
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(made.certificate.as_bytes());
        roots
            .add(certificate.expect("just made"))
            .expect("just made");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider's own")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { server, config }
    }

    /// A client that offers this protocol and trusts the server.
    pub(super) async fn connect(&self, protocol: &str) -> TlsStream<TcpStream> {
        let mut config = self.config.clone();
        config.alpn_protocols = vec![protocol.into()];
        let stream = self.server.connect().await.0;
        let name = ServerName::try_from("localhost").expect("a name");
        let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream);
        within("a handshake", shaken).await.expect("a handshake")
    }

    async fn peer(&self) -> Peer<TlsStream<TcpStream>> {
        Peer(self.connect("http/1.1").await)
    }
}

fn answer(manner: Manner) -> Answer {
    Answer {
        body: Bytes::from_static(b"0123456789"),
        manner,
        ..Answer::default()
    }
}

#[tokio::test]
async fn requests_are_read_and_answered_as_without() {
    let mut secure = Secure::start(Limits::default(), answer(Manner::Whole)).await;
    let mut peer = secure.peer().await;
    for _ in 0..2 {
        peer.send(b"POST /a HTTP/1.1\r\nX-Upper: 1\r\nContent-Length: 2\r\n\r\nhi")
            .await;
        let told = peer.answer().await;
        assert!(told.starts_with("HTTP/1.1 200 OK\r\n"), "{told}");
        assert!(told.ends_with("0123456789"), "{told}");
        let arrival = secure.server.arrival().await;
        assert_eq!(
            (&*arrival.message.body, arrival.http),
            (&b"hi"[..], "HTTP/1.1")
        );
        assert!(
            arrival
                .message
                .headers
                .iter()
                .any(|(name, _)| name == "X-Upper")
        );
    }
    secure.server.trigger.stop();
    assert_eq!(peer.rest().await, "");
    assert_eq!(secure.server.drained().await.running, 0);
}

#[tokio::test]
async fn manners_are_those_of_plain_connections() {
    for (manner, expected) in [
        (Manner::Closed, Ok("")),
        (Manner::Reset, Err(ErrorKind::ConnectionReset)),
        (Manner::Truncated, Ok("01234")),
    ] {
        let secure = Secure::start(Limits::default(), answer(manner)).await;
        let mut peer = secure.peer().await;
        peer.send(GET).await;
        if manner == Manner::Truncated {
            let head = peer.head().await;
            assert!(head.contains("content-length: 10\r\n"), "{head}");
        }
        let rest = within("the end", peer.read_to_end()).await;
        let rest = rest.map_err(|error| error.kind());
        assert_eq!(rest, expected.map(Vec::from), "{manner:?}");
    }
    let secure = Secure::start(Limits::default(), answer(Manner::Garbage)).await;
    let mut peer = secure.peer().await;
    peer.send(GET).await;
    let garbage = peer.rest().await;
    assert!(!garbage.is_empty() && !garbage.starts_with("HTTP"));
}

#[tokio::test]
async fn who_hangs_is_told_of() {
    let hung = answer(Manner::Hung(Uuid::nil()));
    let mut secure = Secure::start(Limits::default(), hung).await;
    let mut peer = secure.peer().await;
    peer.send(GET).await;
    secure.server.arrival().await;
    drop(peer);
    secure.server.left().await;
}

#[tokio::test]
async fn plain_http_is_named_and_told() {
    let mut secure = Secure::start(Limits::default(), answer(Manner::Whole)).await;
    let told = secure.server.talk(GET).await;
    assert_eq!(status(&told), "400");
    assert!(told.ends_with("Client sent an HTTP request to an HTTPS server.\n"));
    let Trouble::Handshake { cause, times, .. } = secure.server.trouble().await else {
        panic!("other trouble");
    };
    assert_eq!(cause, "plain HTTP on a port that speaks TLS");
    assert_eq!(times, 1);
}

#[tokio::test]
async fn who_does_not_trust_is_told_and_who_merely_leaves_is_not() {
    let mut secure = Secure::start(Limits::default(), answer(Manner::Whole)).await;
    drop(secure.server.connect().await);
    let mut half = secure.server.connect().await;
    half.send(&[22, 3, 1, 2, 0]).await;
    drop(half);
    let name = ServerName::try_from("elsewhere").expect("a name");
    let stream = secure.server.connect().await.0;
    let stranger = TlsConnector::from(Arc::new(secure.config.clone()));
    assert!(
        within("a refusal", stranger.connect(name, stream))
            .await
            .is_err()
    );
    let Trouble::Handshake { cause, times, .. } = secure.server.trouble().await else {
        panic!("other trouble");
    };
    assert_eq!(
        (cause.as_str(), times),
        ("received fatal alert: BadCertificate", 1)
    );
}

#[tokio::test]
async fn a_handshake_that_stalls_is_closed() {
    let limits = Limits {
        head_read: SOON,
        ..Limits::default()
    };
    let secure = Secure::start(limits, answer(Manner::Whole)).await;
    assert_eq!(secure.server.talk(b"").await, "");
    assert_eq!(secure.server.talk(&[22, 3, 1, 2, 0]).await, "");
}

#[tokio::test]
async fn a_stop_ends_handshakes_at_once() {
    let secure = Secure::start(Limits::default(), answer(Manner::Whole)).await;
    let mut peer = secure.server.connect().await;
    peer.send(&[22, 3, 1, 2, 0]).await;
    // Who came later is served: the first one's handshake has begun.
    drop(secure.peer().await);
    secure.server.trigger.stop();
    assert_eq!(secure.server.drained().await.running, 0);
}

#[tokio::test]
async fn a_connection_over_the_limit_is_503_within_tls() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let mut secure = Secure::start_gated(limits, answer(Manner::Whole)).await;
    let mut first = secure.peer().await;
    first.send(GET).await;
    secure.server.arrival().await;
    let mut second = secure.peer().await;
    assert_eq!(status(&second.rest().await), "503");
    second.0.shutdown().await.expect("an open connection");
    assert!(matches!(
        secure.server.trouble().await,
        Trouble::TurnedAway { connections: 1 }
    ));
    secure.server.gate.add_permits(1);
    assert_eq!(status(&first.answer().await), "200");
}
