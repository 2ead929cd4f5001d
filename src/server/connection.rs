//! One connection, from its accept to its end.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::sleep;

use super::budget::Budget;
use super::cut::cut;
use super::exchange::exchange;
use super::limits::HEAD_LINES;
use super::watch::Watch;
use super::wire::{Tap, Wire};
use super::{Handler, Limits, Manner, Shutdown, Trouble};

/// The least buffer that hyper accepts.
const LEAST_BUFFER: usize = 8 * 1024;

/// How a TLS handshake begins: record type 22, major version 3.
const TLS_HANDSHAKE: &[u8] = &[22, 3];

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Serving<H> {
    pub(super) handler: Arc<H>,
    pub(super) limits: Limits,
    pub(super) budget: Budget,
    pub(super) shutdown: Shutdown,
    http: http1::Builder,
    running: Arc<AtomicUsize>,
}

/// A request that is running, as long as it is not dropped.
#[derive(Debug)]
pub(super) struct Running(Arc<AtomicUsize>);

impl<H: Handler> Serving<H> {
    /// What connections share, under these limits, until the stop is said.
    pub(super) fn new(handler: Arc<H>, limits: Limits, shutdown: Shutdown) -> Self {
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
            shutdown,
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

/// Serves one connection until either side closes it, a deadline passes, or a stop lets it end.
pub(super) async fn serve<H: Handler>(
    serving: Arc<Serving<H>>,
    stream: TcpStream,
    peer: SocketAddr,
) {
    let tap = Arc::new(Tap::new(serving.limits.head));
    let io = TokioIo::new(Wire::new(stream, Arc::clone(&tap)));
    let service = service_fn(|request| exchange(&serving, &tap, peer, request));
    let mut connection = serving.http.serve_connection(io, service);
    let timer = pin!(sleep(serving.limits.head_read));
    let mut watch = Watch::new(&tap, &serving.limits, timer);
    let mut stopped = pin!(serving.shutdown.stopped());
    let mut stopping = false;
    let end = loop {
        select! {
            biased;
            ended = &mut connection => break End::Served(ended),
            manner = poll_fn(|_| tap.poll_cut()) => break End::Cut(manner),
            () = poll_fn(|cx| watch.poll_expired(cx)) => break End::Expired,
            () = stopped.as_mut(), if !stopping => stopping = true,
        }
        Pin::new(&mut connection).graceful_shutdown();
    };
    match end {
        End::Cut(manner) => {
            let stream = connection.into_parts().io.into_inner().into_stream();
            cut(&serving, stream, manner).await;
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
