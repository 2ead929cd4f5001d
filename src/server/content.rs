//! The body of an answer on its way out: whole, in drops, or the half of it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use thiserror::Error;
use tokio::time::{Instant, Sleep, sleep, timeout_at};

use super::exchange::Underway;
use super::{Manner, Shutdown};

/// How many drops make a second, where there are bytes enough.
const DROPS: u32 = 10;

/// How long half of an answer is left to go out before its HTTP/2 stream is reset: a reset overtakes
/// what still waits.
const HEAD_START: Duration = Duration::from_millis(100);

/// An answer that is to break in its stream.
#[derive(Debug, Error)]
#[error("the answer is cut short, as asked")]
pub(super) struct CutShort;

/// What goes out of a body, and when. Its length is announced from the beginning.
#[derive(Debug)]
pub(super) enum Content {
    /// All of it at once.
    Whole(Full<Bytes>),
    /// All of it, in its time.
    Drip(Drip),
    /// Some of it, and then the connection ends.
    Half(Half),
}

/// A body that goes out at a rate.
pub(super) struct Drip {
    rest: Bytes,
    /// Bytes a second.
    rate: u32,
    /// When the next drop is due; says whether it is let go.
    due: Pin<Box<dyn Future<Output = bool> + Send>>,
    at: Instant,
    let_go: Shutdown,
    _underway: Underway,
}

/// A body of which not all goes out.
#[derive(Debug)]
pub(super) struct Half {
    first: Option<Bytes>,
    /// What is announced and has not gone out.
    missing: u64,
    end: HalfEnd,
    underway: Underway,
}

/// What ends after half of a body.
#[derive(Debug)]
enum HalfEnd {
    /// The connection.
    Connection,
    /// The stream, once this time is over.
    Stream(Option<Pin<Box<Sleep>>>),
}

impl Content {
    /// A body that goes out at once.
    pub(super) fn whole(body: Bytes) -> Self {
        Self::Whole(Full::new(body))
    }

    /// A body that goes out at so many bytes a second; all the rest of it once it is let go.
    pub(super) fn drip(body: Bytes, rate: u32, let_go: Shutdown, underway: Underway) -> Self {
        let mut drip = Drip {
            rest: body,
            rate: rate.max(1),
            due: Box::pin(std::future::ready(false)),
            at: Instant::now(),
            let_go,
            _underway: underway,
        };
        drip.wait();
        Self::Drip(drip)
    }

    /// A body of which the first half goes out, and at least one byte does not; then the connection
    /// ends, or only the stream where the connection has several.
    pub(super) fn half(mut body: Bytes, has_streams: bool, underway: Underway) -> Self {
        let announced = body.len().max(1) as u64;
        body.truncate(body.len() / 2);
        Self::Half(Half {
            missing: announced,
            first: Some(body),
            end: if has_streams {
                HalfEnd::Stream(None)
            } else {
                HalfEnd::Connection
            },
            underway,
        })
    }
}

impl Drip {
    /// How many bytes the next drop has.
    fn size(&self) -> usize {
        let drop = (self.rate / DROPS).max(1) as usize;
        drop.min(self.rest.len())
    }

    /// Waits for the time by which the next drop's last byte is due.
    fn wait(&mut self) {
        let size = u32::try_from(self.size()).unwrap_or(u32::MAX);
        self.at += Duration::from_secs(1) * size / self.rate;
        let (at, let_go) = (self.at, self.let_go.clone());
        self.due = Box::pin(async move { timeout_at(at, let_go.stopped()).await.is_ok() });
    }

    fn poll_drop(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let is_last = ready!(self.due.as_mut().poll(cx));
        let size = if is_last {
            self.rest.len()
        } else {
            self.size()
        };
        let drop = self.rest.split_to(size);
        self.wait();
        Poll::Ready(Some(drop))
    }
}

impl fmt::Debug for Drip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.rest.len();
        write!(f, "Drip {{ left: {left}, rate: {} }}", self.rate)
    }
}

impl Half {
    fn poll_half(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, CutShort>> {
        if let Some(first) = self.first.take().filter(|first| !first.is_empty()) {
            self.missing -= first.len() as u64;
            return Poll::Ready(Ok(first));
        }
        match &mut self.end {
            HalfEnd::Connection => {
                // Nobody is woken: nothing more comes of it.
                self.underway.cut(Manner::Truncated);
                Poll::Pending
            }
            HalfEnd::Stream(timer) => {
                let timer = timer.get_or_insert_with(|| Box::pin(sleep(HEAD_START)));
                timer.as_mut().poll(cx).map(|()| Err(CutShort))
            }
        }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = CutShort;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutShort>>> {
        let data = match &mut *self {
            Self::Whole(body) => {
                return Pin::new(body)
                    .poll_frame(cx)
                    .map_err(|never| match never {});
            }
            Self::Drip(drip) => ready!(drip.poll_drop(cx)).map(Ok),
            Self::Half(half) => Some(ready!(half.poll_half(cx))),
        };
        Poll::Ready(data.map(|data| data.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Drip(drip) => drip.rest.is_empty(),
            Self::Half(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Drip(drip) => SizeHint::with_exact(drip.rest.len() as u64),
            Self::Half(half) => SizeHint::with_exact(half.missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::BodyExt as _;

    use super::super::connection::Running;
    use super::super::wire::Tap;
    use super::{Body as _, Bytes, Content, Duration, Instant, Shutdown, Underway};

    /// The drops of a body: how many milliseconds after the head each came, and how long it was.
    async fn drops(body: &'static [u8], rate: u32) -> Vec<(u128, usize)> {
        let running = Arc::new(AtomicUsize::new(0));
        let underway = Underway::begin(&Arc::new(Tap::new(0)), Running::one(&running));
        let (_trigger, shutdown) = Shutdown::new();
        let begun = Instant::now();
        let mut content = Content::drip(Bytes::from_static(body), rate, shutdown, underway);
        let (mut drops, mut sent) = (Vec::new(), Vec::new());
        while !content.is_end_stream() {
            assert_eq!(running.load(Ordering::Relaxed), 1);
            let frame = content.frame().await.expect("more to come");
            let data = frame.expect("a whole body").into_data();
            let data = data.expect("no trailers");
            drops.push((begun.elapsed().as_millis(), data.len()));
            sent.extend_from_slice(&data);
        }
        drop(content);
        assert_eq!((&*sent, running.load(Ordering::Relaxed)), (body, 0));
        drops
    }

    #[tokio::test(start_paused = true)]
    async fn drops_come_at_their_rate() {
        assert_eq!(drops(b"abc", 1).await, [(1000, 1), (2000, 1), (3000, 1)]);
        assert_eq!(drops(b"abc", 0).await, drops(b"abc", 1).await);
        assert_eq!(drops(b"abc", 4).await, [(250, 1), (500, 1), (750, 1)]);
        assert_eq!(drops(&[0; 25], 100).await, [(100, 10), (200, 10), (250, 5)]);
        assert_eq!(drops(b"abc", u32::MAX).await.len(), 1);
        assert_eq!(drops(b"", 1).await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_makes_one_drop_of_the_rest() {
        let running = Running::one(&Arc::default());
        let underway = Underway::begin(&Arc::new(Tap::new(0)), running);
        let (trigger, shutdown) = Shutdown::new();
        let begun = Instant::now();
        let body = Bytes::from_static(&[0; 100]);
        let mut content = Content::drip(body, 1, shutdown, underway);
        content.frame().await;
        trigger.stop();
        content.frame().await;
        assert!(content.is_end_stream());
        assert_eq!(begun.elapsed(), Duration::from_secs(1));
    }
}
