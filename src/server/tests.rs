//! The server against raw peers: what they send and read are bytes, not another library's idea of them.

mod answers;
mod bodies;
mod connections;
mod heads;
mod held;
mod manners;
mod stop;
mod stream_limits;
mod streams;
mod tls;
mod unreadable;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    Answer, Arrival, Drained, Entrance, Handler, Limits, Manner, Shutdown, Trigger, Trouble, accept,
};
use crate::message::Headers;

/// Longer than anything here takes; a test that gets there hangs.
const FOREVER: Duration = Duration::from_secs(20);

/// A deadline that is meant to pass.
const SOON: Duration = Duration::from_millis(30);

/// Waits, but not for ever.
async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(result) = timeout(FOREVER, future).await else {
        panic!("waited in vain for {what}")
    };
    result
}

/// Answers as it is told, one request for each permit of its gate, and passes on what it sees. What
/// asks for `/plain` is answered at once and whole, whatever it was told.
struct Recorder {
    arrivals: mpsc::UnboundedSender<Arrival>,
    troubles: mpsc::UnboundedSender<Trouble>,
    gone: mpsc::UnboundedSender<(Uuid, Duration)>,
    answer: Answer,
    gate: Arc<Semaphore>,
}

impl Handler for Recorder {
    async fn answer(&self, arrival: Arrival) -> Answer {
        assert!(arrival.message.target != "/panic", "as asked");
        let is_plain = arrival.message.target == "/plain";
        // A test may have dropped the other end: it does not look.
        let _ = self.arrivals.send(arrival);
        self.gate
            .acquire()
            .await
            .expect("the gate is never closed")
            .forget();
        let mut answer = self.answer.clone();
        if is_plain {
            answer.after = Duration::ZERO;
            answer.manner = Manner::Whole;
        }
        answer
    }

    fn trouble(&self, trouble: Trouble) {
        let _ = self.troubles.send(trouble);
    }

    fn left(&self, id: Uuid, after: Duration) {
        let _ = self.gone.send((id, after));
    }
}

/// A server that runs, and all that it reports.
struct Server {
    address: SocketAddr,
    gate: Arc<Semaphore>,
    trigger: Trigger,
    arrivals: mpsc::UnboundedReceiver<Arrival>,
    troubles: mpsc::UnboundedReceiver<Trouble>,
    gone: mpsc::UnboundedReceiver<(Uuid, Duration)>,
    task: JoinHandle<Drained>,
}

impl Server {
    /// A server that answers `200` and `ok` at once.
    async fn start(limits: Limits) -> Self {
        let server = Self::start_gated(limits).await;
        server.gate.add_permits(Semaphore::MAX_PERMITS / 2);
        server
    }

    /// A server whose answers wait for permits of its gate.
    async fn start_gated(limits: Limits) -> Self {
        let body = Bytes::from_static(b"ok");
        Self::start_with(
            limits,
            Answer {
                status: 200,
                headers: Headers::new(),
                body,
                ..Answer::default()
            },
        )
        .await
    }

    /// A server that gives this answer once its gate permits it.
    async fn start_with(limits: Limits, answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self::start_on(listener, limits, answer)
    }

    fn start_on(entrance: impl Into<Entrance>, limits: Limits, answer: Answer) -> Self {
        let entrance = entrance.into();
        let address = entrance.listener.local_addr().expect("a bound address");
        let gate = Arc::new(Semaphore::new(0));
        let (heard, arrivals) = mpsc::unbounded_channel();
        let (told, troubles) = mpsc::unbounded_channel();
        let (left, gone) = mpsc::unbounded_channel();
        let (trigger, shutdown) = Shutdown::new();
        let recorder = Arc::new(Recorder {
            arrivals: heard,
            troubles: told,
            gone: left,
            answer,
            gate: Arc::clone(&gate),
        });
        let task = tokio::spawn(accept(entrance, recorder, limits, shutdown));
        Self {
            address,
            gate,
            trigger,
            arrivals,
            troubles,
            gone,
            task,
        }
    }

    async fn connect(&self) -> Peer {
        let stream = TcpStream::connect(self.address)
            .await
            .expect("the server listens");
        stream.set_nodelay(true).expect("a TCP socket");
        Peer(stream)
    }

    /// Sends bytes on a new connection and reads to its end, which the server must bring about.
    async fn talk(&self, bytes: &[u8]) -> String {
        let mut peer = self.connect().await;
        peer.send(bytes).await;
        peer.rest().await
    }

    async fn arrival(&mut self) -> Arrival {
        within("an arrival", self.arrivals.recv())
            .await
            .expect("the server runs")
    }

    async fn trouble(&mut self) -> Trouble {
        within("trouble", self.troubles.recv())
            .await
            .expect("the server runs")
    }

    /// Who was kept waiting and has left, and after how long.
    async fn left(&mut self) -> (Uuid, Duration) {
        within("a client to leave", self.gone.recv())
            .await
            .expect("the server runs")
    }

    async fn drained(self) -> Drained {
        within("the server to end", self.task)
            .await
            .expect("the server does not panic")
    }
}

/// A raw client.
struct Peer<S = TcpStream>(S);

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    async fn send(&mut self, bytes: &[u8]) {
        within("the server to read", self.0.write_all(bytes))
            .await
            .expect("an open connection");
    }

    /// Closes this side only.
    async fn finish(&mut self) {
        self.0.shutdown().await.expect("an open connection");
    }

    /// Reads one answer, framed by its `Content-Length`.
    async fn answer(&mut self) -> String {
        let mut text = self.head().await;
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().expect("a length"));
        let mut body = vec![0; length];
        within("a body", self.0.read_exact(&mut body))
            .await
            .expect("a whole body");
        text.push_str(&String::from_utf8_lossy(&body));
        text
    }

    /// Reads up to an empty line.
    async fn head(&mut self) -> String {
        let mut text = String::new();
        while !text.ends_with("\r\n\r\n") {
            let byte = within("a head", self.0.read_u8())
                .await
                .expect("a whole head");
            text.push(char::from(byte));
        }
        text
    }

    /// Reads until the server closes; a reset counts as a failure of the test.
    async fn rest(&mut self) -> String {
        let rest = within("the server to close", self.read_to_end()).await;
        String::from_utf8_lossy(&rest.expect("no reset")).into_owned()
    }

    async fn read_to_end(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }
}

/// The names and values of header lines, as text.
fn lines(headers: &Headers) -> Vec<(&str, String)> {
    headers
        .iter()
        .map(|(name, value)| (name, String::from_utf8_lossy(value).into_owned()))
        .collect()
}

/// The status of an answer.
#[track_caller]
fn status(answer: &str) -> &str {
    answer
        .split(' ')
        .nth(1)
        .unwrap_or_else(|| panic!("not an answer: {answer:?}"))
}
