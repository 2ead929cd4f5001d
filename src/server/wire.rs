//! The stream as hyper sees it. It copies what is read while a head is awaited, because hyper folds the
//! case of names, and it knows what the connection waits for, which hyper does not tell.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Manner;

/// A copy larger than this is given back after its request, so that an idle connection stays small.
const KEPT_COPY: usize = 16 * 1024;

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// The first byte of the next head.
    NextHead,
    /// The rest of a head (the whole, on a new connection).
    Head,
    /// The body, which has its own deadlines, or the answer, which is the handler's affair.
    Exchange,
    /// The client, to take more of an answer.
    Write,
    /// The client, to close its side after ours is closed.
    Close,
}

/// What the stream, the exchanges and the deadlines of one connection know together.
#[derive(Debug)]
pub(super) struct Tap(Mutex<State>);

#[derive(Debug)]
struct State {
    stage: Wait,
    /// The client takes no more of the answer at present.
    blocked: bool,
    /// Goes up with every change of what is waited for, and with progress while writing is blocked.
    turn: u64,
    /// What was read since the head was awaited, as far as a head may reach.
    copy: Vec<u8>,
    longest_head: usize,
    /// Bytes may still be on their way in when our side closes.
    unread: bool,
    /// How the connection ends once all that was answered has gone out.
    cut: Option<Manner>,
    /// HTTP/2: requests come side by side, each in a task of its own.
    streams: Option<Streams>,
}

/// What a connection of HTTP/2 adds.
#[derive(Debug, Default)]
struct Streams {
    /// The exchanges that are not over.
    open: usize,
    /// A stop was said: it ends when no exchange is left.
    ending: bool,
    /// Who waits for the connection to be cut.
    waker: Option<Waker>,
}

impl State {
    fn enter(&mut self, stage: Wait) {
        self.stage = stage;
        self.turn += 1;
    }
}

impl Tap {
    /// The state of a new connection, whose heads are no longer than `longest_head`.
    pub(super) fn new(longest_head: usize) -> Self {
        Self(Mutex::new(State {
            stage: Wait::Head,
            blocked: false,
            turn: 0,
            copy: Vec::new(),
            longest_head,
            unread: false,
            cut: None,
            streams: None,
        }))
    }

    /// The state of a new connection of HTTP/2, whose heads are not copied: they are no text.
    ///
    /// It waits for its first head, and then for a next one whenever no exchange is left. Bytes that
    /// begin no exchange (a `PING`, half a head) do not count.
    pub(super) fn of_streams() -> Self {
        let tap = Self::new(0);
        tap.lock().streams = Some(Streams::default());
        tap
    }

    /// What is waited for, and a number that differs whenever its deadline begins anew.
    pub(super) fn wait(&self) -> (Wait, u64) {
        let state = self.lock();
        let blocked = state.blocked && state.stage != Wait::Close;
        (if blocked { Wait::Write } else { state.stage }, state.turn)
    }

    /// Hyper has read a head: hands `read` the bytes it was read from, as far as they are known.
    pub(super) fn begin_exchange<T>(&self, read: impl FnOnce(&[u8]) -> T) -> T {
        let mut state = self.lock();
        let result = read(&state.copy);
        if state.copy.capacity() > KEPT_COPY {
            state.copy = Vec::new();
        }
        state.copy.clear();
        state.enter(Wait::Exchange);
        result
    }

    /// A stream of HTTP/2 has begun.
    pub(super) fn begin_stream(&self) {
        let mut state = self.lock();
        if let Some(streams) = &mut state.streams {
            streams.open += 1;
        }
        state.enter(Wait::Exchange);
    }

    /// The answer is made: what is read from here on belongs to the next head.
    pub(super) fn end_exchange(&self) {
        let mut state = self.lock();
        let next = match &mut state.streams {
            None => Wait::NextHead,
            Some(streams) => {
                streams.open -= 1;
                match streams.open {
                    0 if streams.ending => Wait::Close,
                    0 => Wait::NextHead,
                    _ => Wait::Exchange,
                }
            }
        };
        state.enter(next);
    }

    /// A stop was said to a connection of HTTP/2: a client that asks nothing more has little time left.
    pub(super) fn end_streams(&self) {
        let mut state = self.lock();
        let Some(streams) = &mut state.streams else {
            return;
        };
        streams.ending = true;
        if streams.open == 0 {
            state.enter(Wait::Close);
        }
    }

    /// The connection will be closed before all the client sends has been read.
    pub(super) fn leave_unread(&self) {
        self.lock().unread = true;
    }

    /// The connection ends in this manner, once what was answered so far has gone out.
    pub(super) fn cut(&self, manner: Manner) {
        let mut state = self.lock();
        state.cut = Some(manner);
        if let Some(waker) = state.streams.as_mut().and_then(|it| it.waker.take()) {
            waker.wake();
        }
    }

    /// Ready once the connection is to end in some manner and the client has taken all that was
    /// written.
    ///
    /// Must be polled after the connection, whenever that was: it is the connection that changes this,
    /// or one of its streams, which wakes it.
    pub(super) fn poll_cut(&self, cx: &Context<'_>) -> Poll<Manner> {
        let mut state = self.lock();
        if let Some(streams) = &mut state.streams {
            streams.waker = Some(cx.waker().clone());
        }
        match state.cut {
            Some(manner) if !state.blocked => Poll::Ready(manner),
            _ => Poll::Pending,
        }
    }

    /// Whether what was read of the head that is awaited begins with these bytes.
    pub(super) fn head_begins(&self, bytes: &[u8]) -> bool {
        self.lock().copy.starts_with(bytes)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of bytes that were read.
    fn note_read(&self, bytes: &[u8]) {
        let mut state = self.lock();
        if state.stage == Wait::NextHead && state.streams.is_none() {
            state.enter(Wait::Head);
        }
        if state.stage == Wait::Head {
            let room = state.longest_head.saturating_sub(state.copy.len());
            state
                .copy
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    fn note_blocked(&self, blocked: bool) {
        let mut state = self.lock();
        state.blocked = blocked;
        state.turn += 1;
    }

    /// Our side is closed: returns whether to wait for the client to close its own.
    fn begin_close(&self) -> bool {
        let mut state = self.lock();
        // A head that was begun and came to nothing: hyper refused it.
        let linger = state.unread || state.stage == Wait::Head && !state.copy.is_empty();
        state.enter(Wait::Close);
        linger
    }
}

/// A stream that tells a [`Tap`] what passes.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    tap: Arc<Tap>,
    blocked: bool,
    /// Our side is closed; the value says whether the client's is waited for.
    closed: Option<bool>,
}

impl<S> Wire<S> {
    /// Puts the tap on the stream.
    pub(super) fn new(stream: S, tap: Arc<Tap>) -> Self {
        Self {
            stream,
            tap,
            blocked: false,
            closed: None,
        }
    }

    /// The stream itself.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Takes note of whether a write or a flush went through.
    fn note_write<T>(&mut self, result: &Poll<io::Result<T>>) {
        let blocked = result.is_pending();
        if blocked != self.blocked {
            self.blocked = blocked;
            self.tap.note_blocked(blocked);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let read = &buf.filled()[before..];
        if !read.is_empty() {
            self.tap.note_read(read);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.note_write(&result);
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.note_write(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.note_write(&result);
        result
    }

    /// Closes our side. Where the client may still be sending, reads on until it closes too: closing
    /// with bytes unread makes TCP reset the connection, and the client might never see its answer.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.closed.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            this.closed = Some(this.tap.begin_close());
        }
        if this.closed == Some(true) {
            ready!(poll_discard(Pin::new(&mut this.stream), cx))?;
        }
        Poll::Ready(Ok(()))
    }
}

/// Reads to the end and keeps nothing.
pub(super) fn poll_discard<S: AsyncRead>(
    mut stream: Pin<&mut S>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    let mut scratch = [MaybeUninit::uninit(); 8 * 1024];
    loop {
        let mut buf = ReadBuf::uninit(&mut scratch);
        ready!(stream.as_mut().poll_read(cx, &mut buf))?;
        if buf.filled().is_empty() {
            return Poll::Ready(Ok(()));
        }
    }
}
