//! What waits for its time: one heap, one timer.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tokio::time::Instant;

/// A delivery that waits for its next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// When it is due.
    pub(super) due: Instant,
    /// The number of the delivery.
    pub(super) delivery: i64,
    /// Which route it takes, and so which endpoint it goes to.
    pub(super) lane: u32,
}

impl Ord for Slip {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.delivery).cmp(&(other.due, other.delivery))
    }
}

impl PartialOrd for Slip {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The deliveries that wait, the next one first.
#[derive(Debug, Default)]
pub(super) struct Pending(BinaryHeap<Reverse<Slip>>);

impl Pending {
    /// Takes one in.
    pub(super) fn push(&mut self, slip: Slip) {
        self.0.push(Reverse(slip));
    }

    /// When the next one is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.0.peek().map(|slip| slip.0.due)
    }

    /// The next one, if it is due by now.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<Slip> {
        if self.next_due()? > now {
            return None;
        }
        self.0.pop().map(|slip| slip.0)
    }

    /// Takes those of a lane out; how many there were.
    pub(super) fn drop_lane(&mut self, lane: u32) -> usize {
        let before = self.0.len();
        self.0.retain(|slip| slip.0.lane != lane);
        before - self.0.len()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
