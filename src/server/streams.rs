//! A connection of HTTP/2: requests side by side, each in a stream and a task of its own.

use std::future::{pending, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::CONTENT_LENGTH;
use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::select;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::budget::Hold;
use super::connection::Serving;
use super::content::{Content, CutShort};
use super::exchange::{Underway, arrive, hold_back, refuse, respond};
use super::watch::Watch;
use super::wire::{Tap, Wire};
use super::{Answer, Arrival, Handler, Manner, Trouble, body, head};

/// The bytes of bodies that may be on their way and not taken yet: of a stream, and of all streams of a
/// connection. With these a thousand connections stay small, and a body on the loopback is not slowed.
const WINDOWS: (u32, u32) = (128 * 1024, 256 * 1024);

/// What HTTP/2 counts for a header line beside its name and value (RFC 9113 §6.5.2).
const LINE: usize = 32;

/// What the streams of one connection share.
struct Shared<H> {
    serving: Arc<Serving<H>>,
    tap: Arc<Tap>,
    peer: SocketAddr,
    tasks: Tasks,
    /// Handlers that may be at work: a client that resets its streams does not get more.
    handlers: Arc<Semaphore>,
}

/// Serves one connection until either side closes it, a deadline passes, or a stop lets it end. Handlers
/// that are at work then are waited for.
pub(super) async fn serve_streams<H, S>(serving: Arc<Serving<H>>, stream: S, peer: SocketAddr)
where
    H: Handler,
    S: AsyncRead + AsyncWrite + Unpin,
{
    let limits = &serving.limits;
    let tap = Arc::new(Tap::of_streams());
    let tasks = Tasks::default();
    let several = Arc::new(Shared {
        serving: Arc::clone(&serving),
        tap: Arc::clone(&tap),
        peer,
        tasks: tasks.clone(),
        handlers: Arc::new(Semaphore::new(limits.streams as usize)),
    });
    let service = service_fn(|request| stream_exchange(Arc::clone(&several), request));
    let mut builder = http2::Builder::new(tasks.clone());
    builder
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX))
        .initial_stream_window_size(WINDOWS.0)
        .initial_connection_window_size(WINDOWS.1);
    let io = TokioIo::new(Wire::new(stream, Arc::clone(&tap)));
    let mut connection = builder.serve_connection(io, service);
    let timer = pin!(sleep(limits.head_read));
    let mut watch = Watch::new(&tap, limits, timer);
    let mut stopped = pin!(serving.stops.close.closed());
    let mut stopping = false;
    loop {
        select! {
            biased;
            _ = &mut connection => break,
            _ = poll_fn(|cx| tap.poll_cut(cx)) => break,
            () = poll_fn(|cx| watch.poll_expired(cx)) => break,
            () = stopped.as_mut(), if !stopping => stopping = true,
        }
        tap.end_streams();
        Pin::new(&mut connection).graceful_shutdown();
    }
    drop(connection);
    tasks.finish().await;
}

/// Handles one request whose head hyper has read. Is dropped when the client resets the stream.
async fn stream_exchange<H: Handler>(
    several: Arc<Shared<H>>,
    request: Request<Incoming>,
) -> Result<Response<Content>, CutShort> {
    let Shared {
        serving, tap, peer, ..
    } = &*several;
    tap.begin_stream();
    let underway = Underway::begin(tap, serving.run());
    let (parts, incoming) = request.into_parts();
    let lines = parts.headers.iter();
    let size: usize = lines
        .map(|(name, value)| name.as_str().len() + value.len() + LINE)
        .sum();
    if parts.headers.len() > serving.limits.head_lines {
        serving.handler.trouble(Trouble::Unreadable {
            peer: *peer,
            status: Some(431),
            cause: "it has too many header lines".to_owned(),
        });
        return Ok(too_many_lines());
    }
    let head = head::of_stream(&parts);
    let sends_body = parts.method != Method::HEAD;
    let mut arrival = arrive(parts, head, *peer);
    let collected = body::collect(incoming, size as u64, &serving.limits, &serving.budget).await;
    let (refused, hold) = match collected {
        Ok((body, hold)) => {
            arrival.message.body = body;
            (None, Some(hold))
        }
        Err(refusal) => (Some(refusal), None),
    };
    arrival.refused = refused;
    let (answer, underway) = several.answer(arrival, hold, underway).await?;
    match refused {
        Some(refusal) => Ok(refuse(refusal)),
        None => several.reply(answer, sends_body, underway).await,
    }
}

impl<H: Handler> Shared<H> {
    /// Has a request answered, in a task that runs to its end even when the client resets the stream.
    async fn answer(
        &self,
        arrival: Arrival,
        hold: Option<Hold>,
        underway: Underway,
    ) -> Result<(Answer, Underway), CutShort> {
        let place = Arc::clone(&self.handlers).acquire_owned().await;
        let handler = Arc::clone(&self.serving.handler);
        let (tell, answered) = oneshot::channel();
        self.tasks.execute(async move {
            let answer = handler.answer(arrival).await;
            drop((place, hold));
            // Where nobody waits for it any more, the client has left.
            let _ = tell.send((answer, underway));
        });
        // A handler that panics ends its stream.
        answered.await.map_err(|_| CutShort)
    }

    /// The response, in the answer's manner as far as a stream has it.
    async fn reply(
        &self,
        mut answer: Answer,
        sends_body: bool,
        underway: Underway,
    ) -> Result<Response<Content>, CutShort> {
        let serving = &*self.serving;
        hold_back(answer.after, &serving.stops.let_go).await;
        match answer.manner {
            Manner::Whole | Manner::Drip(_) | Manner::Truncated => {}
            Manner::Reset => return Err(CutShort),
            Manner::Hung(id) => {
                let _kept = Kept::new(&*serving.handler, id);
                // Either way its time is up.
                let _ = timeout(serving.limits.hang, serving.stops.let_go.stopped()).await;
                return Err(CutShort);
            }
            Manner::Garbage | Manner::Closed => {
                self.tap.cut(answer.manner);
                return pending().await;
            }
        }
        // hyper leaves it to us: a body here would break the stream.
        let length = answer.body.len();
        if !sends_body || matches!(answer.status, 204 | 304) {
            answer.body = Bytes::new();
            answer.manner = Manner::Whole;
        }
        let mut response = respond(answer, true, serving, underway);
        if !sends_body {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        Ok(response)
    }
}

fn too_many_lines() -> Response<Content> {
    let mut response = Response::new(Content::whole(Bytes::new()));
    *response.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    response
}

/// A client that is kept waiting; tells when that is over, however it ends.
struct Kept<'h, H: Handler> {
    handler: &'h H,
    id: Uuid,
    since: Instant,
}

impl<'h, H: Handler> Kept<'h, H> {
    fn new(handler: &'h H, id: Uuid) -> Self {
        Self {
            handler,
            id,
            since: Instant::now(),
        }
    }
}

impl<H: Handler> Drop for Kept<'_, H> {
    fn drop(&mut self) {
        self.handler.left(self.id, self.since.elapsed());
    }
}

/// The tasks of one connection. hyper ends those of its streams when the connection is dropped, and with
/// the last who knows of them all others end.
#[derive(Clone, Debug, Default)]
struct Tasks(Arc<Mutex<JoinSet<()>>>);

impl Tasks {
    fn lock(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all have ended.
    async fn finish(&self) {
        while poll_fn(|cx| self.lock().poll_join_next(cx)).await.is_some() {}
    }
}

impl<F> Executor<F> for Tasks
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, task: F) {
        let mut tasks = self.lock();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }
}
