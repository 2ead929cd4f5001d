//! A body that goes out in two halves, or of which only the first does.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

/// The half of a body that goes out at once, and what becomes of the other one.
pub(super) struct Halves {
    first: Option<Bytes>,
    rest: Rest,
}

/// What becomes of the second half.
enum Rest {
    /// It goes out after so long.
    Later(Bytes, Duration),
    /// It is waited for.
    Waiting(Bytes, Pin<Box<Sleep>>),
    /// It never goes out; so many bytes of it were promised.
    Missing(usize),
    /// The first half is on its way; after that there is an end.
    Leaving(usize),
    /// There is no more.
    Gone,
}

/// The client ends the connection in the middle of the body.
#[derive(Debug, Error)]
#[error("left in the middle of the body")]
pub(super) struct Left;

impl Halves {
    /// The first half at once and the second after a pause, which begins when the first is on its way.
    pub(super) fn apart(body: &Bytes, pause: Duration) -> Self {
        let (first, second) = halves(body);
        Self {
            first: Some(first),
            rest: Rest::Later(second, pause),
        }
    }

    /// The first half, and then the end of the connection. The length that goes with it is that of
    /// the whole.
    pub(super) fn first(body: &Bytes) -> Self {
        let (first, second) = halves(body);
        Self {
            first: Some(first),
            rest: Rest::Missing(second.len()),
        }
    }
}

fn halves(body: &Bytes) -> (Bytes, Bytes) {
    let middle = body.len() / 2;
    (body.slice(..middle), body.slice(middle..))
}

impl Body for Halves {
    type Data = Bytes;
    type Error = Left;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Left>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if let Rest::Later(second, pause) = &mut self.rest {
            self.rest = Rest::Waiting(std::mem::take(second), Box::pin(sleep(*pause)));
        }
        match &mut self.rest {
            Rest::Waiting(second, waiting) => {
                ready!(waiting.as_mut().poll(context));
                let second = std::mem::take(second);
                self.rest = Rest::Gone;
                Poll::Ready(Some(Ok(Frame::data(second))))
            }
            // Whoever asks for more writes what it has before it asks again.
            Rest::Missing(length) => {
                self.rest = Rest::Leaving(*length);
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Rest::Leaving(_) => {
                self.rest = Rest::Gone;
                Poll::Ready(Some(Err(Left)))
            }
            Rest::Later(..) | Rest::Gone => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && matches!(self.rest, Rest::Gone)
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.as_ref().map_or(0, Bytes::len);
        let rest = match &self.rest {
            Rest::Later(second, _) | Rest::Waiting(second, _) => second.len(),
            Rest::Missing(length) | Rest::Leaving(length) => *length,
            Rest::Gone => 0,
        };
        SizeHint::with_exact((first + rest) as u64)
    }
}
