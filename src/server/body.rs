//! A request's body: bytes as they came, under a size, two deadlines and the common budget.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, Sleep, sleep_until};

use super::budget::{Budget, Hold};
use super::buffer::Buffer;
use super::{Limits, Refusal};

/// Reads a body to its end.
///
/// Returns its bytes and the part of the budget they take, with the `head` bytes that the request's
/// head takes of it. A body that says at the outset that it is
/// too long is refused without being polled, so that `Expect: 100-continue` is not answered with 100.
pub(super) async fn collect(
    mut body: Incoming,
    head: u64,
    limits: &Limits,
    budget: &Budget,
) -> Result<(Bytes, Hold), Refusal> {
    let too_large = Refusal::TooLarge { limit: limits.body };
    let announced = body.size_hint().lower();
    if announced > limits.body {
        return Err(too_large);
    }
    let mut hold = budget.hold();
    if !hold.grow(head) {
        return Err(Refusal::Overloaded);
    }
    let mut buffer = Buffer::new(announced);
    let mut patience = Patience::new(limits);
    while let Some(frame) = poll_fn(|cx| patience.poll_frame(cx, &mut body)).await? {
        if buffer.len() as u64 + frame.len() as u64 > limits.body {
            return Err(too_large);
        }
        if !hold.grow(frame.len() as u64) {
            return Err(Refusal::Overloaded);
        }
        buffer.push(&frame);
    }
    Ok((buffer.into_bytes(), hold))
}

/// How long a body is waited for. Its timer is made at the first pause: most bodies come with the head.
struct Patience {
    idle: Duration,
    total: Duration,
    waiting: Option<Waiting>,
}

/// A timer for the pause that is on, and the time at which no pause helps any more.
struct Waiting {
    timer: Pin<Box<Sleep>>,
    end: Instant,
    paused: bool,
}

impl Patience {
    fn new(limits: &Limits) -> Self {
        Self {
            idle: limits.body_idle,
            total: limits.body_total,
            waiting: None,
        }
    }

    /// The next bytes of the body, `None` at its end.
    fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
        body: &mut Incoming,
    ) -> Poll<Result<Option<Bytes>, Refusal>> {
        loop {
            let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(cx) else {
                ready!(self.poll_out_of_time(cx));
                return Poll::Ready(Err(Refusal::Stalled));
            };
            if let Some(waiting) = &mut self.waiting {
                waiting.paused = false;
            }
            match frame.map(|frame| frame.map(hyper::body::Frame::into_data)) {
                None => return Poll::Ready(Ok(None)),
                Some(Ok(Ok(data))) => return Poll::Ready(Ok(Some(data))),
                // Trailers: they are no part of the body.
                Some(Ok(Err(_))) => {}
                Some(Err(_)) => return Poll::Ready(Err(Refusal::BrokenBody)),
            }
        }
    }

    /// Ready once the pause that is on has been too long.
    fn poll_out_of_time(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let waiting = self.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            let end = now + self.total;
            let timer = Box::pin(sleep_until(end.min(now + self.idle)));
            Waiting {
                timer,
                end,
                paused: true,
            }
        });
        if !waiting.paused {
            waiting.paused = true;
            let until = waiting.end.min(Instant::now() + self.idle);
            waiting.timer.as_mut().reset(until);
        }
        waiting.timer.as_mut().poll(cx)
    }
}
