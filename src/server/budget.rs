//! The bytes that all bodies in flight may take together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is left of a number of bytes.
#[derive(Debug)]
pub(super) struct Budget(Arc<AtomicU64>);

/// A part of a [`Budget`], given back when dropped.
#[derive(Debug)]
pub(super) struct Hold {
    left: Arc<AtomicU64>,
    bytes: u64,
}

impl Budget {
    /// A budget of so many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    /// A hold on nothing yet.
    pub(super) fn hold(&self) -> Hold {
        Hold {
            left: Arc::clone(&self.0),
            bytes: 0,
        }
    }
}

impl Hold {
    /// Takes so many bytes more. Returns `false`, and takes none, where fewer are left.
    pub(super) fn grow(&mut self, bytes: u64) -> bool {
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .is_ok();
        if taken {
            self.bytes += bytes;
        }
        taken
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn a_hold_takes_no_more_than_is_left_and_gives_it_back() {
        let budget = Budget::new(10);
        let mut first = budget.hold();
        let mut second = budget.hold();
        assert!(first.grow(6));
        assert!(!second.grow(5));
        assert!(second.grow(4));
        drop(first);
        assert!(second.grow(6));
    }
}
