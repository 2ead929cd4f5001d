//! The listener: lets connections in up to the limit, survives errors, and stops in good order.

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::connection::{NoHandshake, Serving, Stops, serve};
use super::cut::close_gently;
use super::tls::{Identity, speaks_http2};
use super::troubles::Troubles;
use super::watch::LINGER;
use super::{Handler, Limits, Shutdown};

/// The answer to a connection over the limit, which is not read.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// So many connections over the limit are closed gently; the others at once.
const GENTLE: usize = 8;

/// The first and the longest pause after an accept that failed.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// How a server ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drained {
    /// How many requests were still running when the drain's time was up, and were dropped. 0 as a rule.
    pub(crate) running: usize,
    /// How many connections were turned away with 503, all told.
    pub(crate) turned_away: u64,
}

/// Where clients connect, and how they are spoken with.
pub(crate) struct Entrance {
    /// Listens already.
    pub(crate) listener: TcpListener,
    /// The certificate that is shown, where TLS is spoken.
    pub(crate) identity: Option<Identity>,
}

impl From<TcpListener> for Entrance {
    /// A listener that speaks plain HTTP.
    fn from(listener: TcpListener) -> Self {
        Self {
            listener,
            identity: None,
        }
    }
}

/// Serves HTTP/1.x, and HTTP/2 over TLS where the client wants it, until the stop is said.
///
/// The stop closes the listener at once, idle connections at once, and each other connection after the
/// answer that it is due; what takes longer than the drain allows is dropped. Answers that are held back
/// on purpose are let go at once; where only the close is said, once they had as long as a drain.
/// Dropping the future drops all connections. Needs a tokio runtime with time and I/O; one thread is enough.
pub(crate) async fn accept<H: Handler>(
    entrance: impl Into<Entrance>,
    handler: Arc<H>,
    limits: Limits,
    shutdown: Shutdown,
) -> Drained {
    let Entrance { listener, identity } = entrance.into();
    let drain = limits.drain;
    let (let_go, held) = Shutdown::new();
    let stops = Stops {
        close: shutdown.clone(),
        let_go: held,
    };
    let mut door = Door {
        serving: Arc::new(Serving::new(handler, limits, stops, identity)),
        connections: JoinSet::new(),
        leaving: JoinSet::new(),
        turned_away: 0,
        troubles: Troubles::default(),
    };
    door.stand_open(Listening::new(listener)).await;
    door.troubles.report(&*door.serving.handler);
    // Where the time is up, they are let go as by a stop.
    let _ = timeout(drain, async {
        select! {
            () = shutdown.stopped() => {}
            () = door.empty() => {}
        }
    })
    .await;
    let_go.stop();
    let in_time = timeout(drain, door.empty()).await;
    let running = if in_time.is_ok() {
        0
    } else {
        door.serving.running()
    };
    door.connections.shutdown().await;
    Drained {
        running,
        turned_away: door.turned_away,
    }
}

/// Where connections come in.
struct Door<H> {
    serving: Arc<Serving<H>>,
    connections: JoinSet<Option<NoHandshake>>,
    /// Connections that were turned away and are not closed yet.
    leaving: JoinSet<()>,
    /// How many were, all told.
    turned_away: u64,
    troubles: Troubles,
}

impl<H: Handler> Door<H> {
    /// Lets connections in until the stop, then drops the listener.
    async fn stand_open(&mut self, mut listening: Listening) {
        let stops = self.serving.stops.clone();
        let mut closed = pin!(stops.close.closed());
        loop {
            select! {
                biased;
                () = closed.as_mut() => return,
                Some(ended) = self.connections.join_next() => {
                    listening.resume();
                    if let Ok(Some(failed)) = ended {
                        self.troubles.note_handshake(failed);
                    }
                }
                () = self.troubles.due() => self.troubles.report(&*self.serving.handler),
                accepted = listening.next() => match accepted {
                    Ok((stream, peer)) => self.let_in(stream, peer),
                    Err(error) => self.troubles.note_failed(error),
                },
            }
        }
    }

    /// Waits until all connections have ended.
    async fn empty(&mut self) {
        while self.connections.join_next().await.is_some() {}
    }

    fn let_in(&mut self, stream: TcpStream, peer: SocketAddr) {
        if self.connections.len() >= self.serving.limits.connections {
            self.turned_away += 1;
            self.troubles.note_turned_away();
            self.turn_away(stream);
            return;
        }
        // Without it answers still arrive, only later.
        let _ = stream.set_nodelay(true);
        self.connections
            .spawn(serve(Arc::clone(&self.serving), stream, peer));
    }

    /// Answers 503 and closes. Is gentle where few are turned away, so that the client sees its answer;
    /// with TLS, the others are closed without one: it would cost a handshake.
    fn turn_away(&mut self, stream: TcpStream) {
        while self.leaving.try_join_next().is_some() {}
        let identity = self.serving.identity.clone();
        if self.leaving.len() < GENTLE {
            self.leaving
                .spawn(async { drop(timeout(LINGER, say_full(stream, identity)).await) });
        } else if identity.is_none()
            && let Ok(mut stream) = stream.into_std()
        {
            // The socket is new and its buffer empty: this neither blocks nor stops half-way.
            let _ = stream.write(FULL);
        }
    }
}

/// Sends the answer of a full server and closes, in the client's own time.
async fn say_full(stream: TcpStream, identity: Option<Identity>) -> io::Result<()> {
    let Some(identity) = identity else {
        return close_gently(stream, FULL).await;
    };
    let stream = identity.shake_hands(stream).await?;
    let last = if speaks_http2(&stream) { &[] } else { FULL };
    close_gently(stream, last).await
}

/// A listener that pauses after errors, ever longer while they go on.
struct Listening {
    listener: TcpListener,
    pause: Duration,
    until: Option<Instant>,
}

impl Listening {
    fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            pause: PAUSE.0,
            until: None,
        }
    }

    /// Ends a pause: a file has become free.
    fn resume(&mut self) {
        self.until = None;
    }

    /// The next connection, or an error that is the machine's (no files, no memory) and not the client's.
    /// May be dropped while it waits.
    async fn next(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        loop {
            if let Some(until) = self.until {
                sleep_until(until).await;
                self.until = None;
            }
            match self.listener.accept().await {
                Ok(accepted) => {
                    self.pause = PAUSE.0;
                    return Ok(accepted);
                }
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    self.until = Some(Instant::now() + self.pause);
                    self.pause = PAUSE.1.min(self.pause * 2);
                    return Err(error);
                }
            }
        }
    }
}

/// Whether an accept failed because the client left before it was done.
fn is_the_clients(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted
    )
}
