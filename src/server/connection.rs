//! One connection, from its accept to its end.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::{sleep, timeout};
use tokio_rustls::server::TlsStream;

use super::budget::Budget;
use super::cut::{Resettable, close_gently, cut};
use super::exchange::exchange;
use super::limits::HEAD_LINES;
use super::streams::serve_streams;
use super::tls::{Identity, TLS_HANDSHAKE, speaks_http2};
use super::watch::{LINGER, Watch};
use super::wire::{Tap, Wire};
use super::{Handler, Limits, Manner, Shutdown, Trouble};

/// The least buffer that hyper accepts.
const LEAST_BUFFER: usize = 8 * 1024;

/// The answer to plain HTTP where TLS is spoken; Go's server says the same, so clients may know it.
const NO_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
Connection: close\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Serving<H> {
    pub(super) handler: Arc<H>,
    pub(super) limits: Limits,
    pub(super) budget: Budget,
    pub(super) stops: Stops,
    /// What is shown to clients, where TLS is spoken.
    pub(super) identity: Option<Identity>,
    http: http1::Builder,
    running: Arc<AtomicUsize>,
}

/// What connections wait for beside their clients.
#[derive(Clone, Debug)]
pub(super) struct Stops {
    /// Its close is said where nothing new is to begin.
    pub(super) close: Shutdown,
    /// Is said where answers that are held back on purpose have to go.
    pub(super) let_go: Shutdown,
}

/// A request that is running, as long as it is not dropped.
#[derive(Debug)]
pub(super) struct Running(Arc<AtomicUsize>);

impl<H: Handler> Serving<H> {
    /// What connections share, under these limits, until the stops are said.
    pub(super) fn new(
        handler: Arc<H>,
        limits: Limits,
        stops: Stops,
        identity: Option<Identity>,
    ) -> Self {
        let mut http = http1::Builder::new();
        // A client that has sent its request may close its side, or give up: the request is handled to its end.
        http.half_close(true)
            .header_read_timeout(None)
            .max_header_size(limits.head)
            .max_buf_size(limits.head.max(LEAST_BUFFER));
        if limits.head_lines != HEAD_LINES {
            http.max_headers(limits.head_lines);
        }
        Self {
            handler,
            budget: Budget::new(limits.in_flight),
            limits,
            stops,
            identity,
            http,
            running: Arc::default(),
        }
    }

    /// How many requests are running.
    pub(super) fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Counts a request as running.
    pub(super) fn run(&self) -> Running {
        Running::one(&self.running)
    }
}

impl Running {
    /// One more of so many.
    pub(super) fn one(running: &Arc<AtomicUsize>) -> Self {
        running.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(running))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why a connection is served no longer.
enum End {
    /// hyper is done with it.
    Served(hyper::Result<()>),
    /// A deadline has passed.
    Expired,
    /// The manner of an answer is that it ends.
    Cut(Manner),
}

/// A client with which TLS could not be spoken.
#[derive(Debug)]
pub(super) struct NoHandshake {
    pub(super) peer: SocketAddr,
    /// Why, for people.
    pub(super) cause: String,
}

/// Serves one connection, after a handshake where TLS is spoken.
pub(super) async fn serve<H: Handler>(
    serving: Arc<Serving<H>>,
    stream: TcpStream,
    peer: SocketAddr,
) -> Option<NoHandshake> {
    let Some(identity) = &serving.identity else {
        serve_requests(&serving, stream, peer).await;
        return None;
    };
    let shaken = select! {
        shaken = timeout(serving.limits.head_read, shake_hands(identity, stream)) => shaken,
        () = serving.stops.close.closed() => return None,
    };
    match shaken {
        Ok(Ok(stream)) if speaks_http2(&stream) => serve_streams(serving, stream, peer).await,
        Ok(Ok(stream)) => serve_requests(&serving, stream, peer).await,
        Ok(Err(cause)) => return cause.map(|cause| NoHandshake { peer, cause }),
        // Too late, like a head that does not come.
        Err(_) => {}
    }
    None
}

/// Speaks TLS with a client. The error says why that cannot be done; `None`: the client merely left.
async fn shake_hands(
    identity: &Identity,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Option<String>> {
    let mut first = [0];
    let peeked = stream.peek(&mut first).await;
    if !matches!(peeked, Ok(1..)) {
        return Err(None);
    }
    if first[0].is_ascii_alphabetic() {
        // A client that does not close its side in time is not waited for.
        let _ = timeout(LINGER, close_gently(stream, NO_TLS)).await;
        return Err(Some("plain HTTP on a port that speaks TLS".to_owned()));
    }
    let shaken = identity.shake_hands(stream).await;
    shaken.map_err(|error| (error.kind() == ErrorKind::InvalidData).then(|| error.to_string()))
}

/// Serves one connection until either side closes it, a deadline passes, or a stop lets it end.
async fn serve_requests<H, S>(serving: &Serving<H>, stream: S, peer: SocketAddr)
where
    H: Handler,
    S: AsyncRead + AsyncWrite + Resettable + Unpin,
{
    let tap = Arc::new(Tap::new(serving.limits.head));
    let io = TokioIo::new(Wire::new(stream, Arc::clone(&tap)));
    let service = service_fn(|request| exchange(serving, &tap, peer, request));
    let mut connection = serving.http.serve_connection(io, service);
    let timer = pin!(sleep(serving.limits.head_read));
    let mut watch = Watch::new(&tap, &serving.limits, timer);
    let mut stopped = pin!(serving.stops.close.closed());
    let mut stopping = false;
    let end = loop {
        select! {
            biased;
            ended = &mut connection => break End::Served(ended),
            manner = poll_fn(|cx| tap.poll_cut(cx)) => break End::Cut(manner),
            () = poll_fn(|cx| watch.poll_expired(cx)) => break End::Expired,
            () = stopped.as_mut(), if !stopping => stopping = true,
        }
        Pin::new(&mut connection).graceful_shutdown();
    };
    match end {
        End::Cut(manner) => {
            let stream = connection.into_parts().io.into_inner().into_stream();
            cut(serving, stream, manner).await;
        }
        End::Served(Err(error)) => {
            if let Some(trouble) = unreadable(&error, &tap, peer) {
                serving.handler.trouble(trouble);
            }
        }
        End::Served(Ok(())) | End::Expired => {}
    }
}

/// What to tell of a connection that ended with an error; `None` where the client merely went away.
fn unreadable(error: &hyper::Error, tap: &Tap, peer: SocketAddr) -> Option<Trouble> {
    if !error.is_parse() {
        return None;
    }
    let status = if error.is_parse_version_h2() {
        None
    } else if error.is_parse_too_large() {
        Some(431)
    } else {
        Some(400)
    };
    let cause = if tap.head_begins(TLS_HANDSHAKE) {
        "a TLS handshake on a port that speaks plain HTTP".to_owned()
    } else {
        error.to_string()
    };
    Some(Trouble::Unreadable {
        peer,
        status,
        cause,
    })
}
