//! The deadlines of one connection, on one timer.
//!
//! hyper's own `header_read_timeout` would count idle time and head time as one, make a timer for each
//! request, and know nothing of writes; it is switched off.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use super::Limits;
use super::wire::{Tap, Wait};

/// How long a client that was refused may take to close its side.
pub(super) const LINGER: Duration = Duration::from_secs(2);

/// Says when a connection has waited too long.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    tap: &'a Tap,
    limits: &'a Limits,
    timer: Pin<&'a mut Sleep>,
    turn: Option<u64>,
    deadline: Option<Instant>,
}

impl<'a> Watch<'a> {
    /// Watches a connection. The timer is anyone's; where it stands does not matter.
    pub(super) fn new(tap: &'a Tap, limits: &'a Limits, timer: Pin<&'a mut Sleep>) -> Self {
        Self {
            tap,
            limits,
            timer,
            turn: None,
            deadline: None,
        }
    }

    /// Ready once what the connection waits for has taken too long.
    ///
    /// Must be polled after the connection, whenever that was.
    pub(super) fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (wait, turn) = self.tap.wait();
        if self.turn != Some(turn) {
            self.turn = Some(turn);
            self.deadline = self
                .patience(wait)
                .map(|patience| Instant::now() + patience);
        }
        let Some(deadline) = self.deadline else {
            return Poll::Pending;
        };
        // Moving the timer for every request costs more than a wake-up in vain now and then.
        if self.timer.deadline() > deadline {
            self.timer.as_mut().reset(deadline);
        }
        while self.timer.as_mut().poll(cx).is_ready() {
            if self.timer.deadline() >= deadline {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    /// How long is waited for this; `None` where that is not the connection's to say.
    fn patience(&self, wait: Wait) -> Option<Duration> {
        match wait {
            Wait::NextHead => Some(self.limits.keep_alive),
            Wait::Head => Some(self.limits.head_read),
            Wait::Exchange => None,
            Wait::Write => Some(self.limits.write),
            Wait::Close => Some(LINGER),
        }
    }
}
