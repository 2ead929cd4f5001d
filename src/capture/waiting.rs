//! The clients that are kept waiting on purpose.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The requests that get no answer while their clients stay, with the numbers of their deliveries.
///
/// Each is taken out when its client leaves.
#[derive(Debug, Default)]
pub(super) struct Waiting(Mutex<HashMap<Uuid, i64>>);

/// More than there are connections. A client that is gone before it begins to wait is never told to
/// leave, so that without a limit memory would grow.
const MOST: usize = 100_000;

impl Waiting {
    /// A client begins to wait.
    pub(super) fn begin(&self, request: Uuid, number: i64) {
        let mut waiting = self.lock();
        if waiting.len() >= MOST {
            waiting.clear();
        }
        waiting.insert(request, number);
    }

    /// A client has left; the number of its delivery, where that was told of.
    pub(super) fn end(&self, request: Uuid) -> Option<i64> {
        self.lock().remove(&request)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{MOST, Waiting};

    #[test]
    fn whoever_waits_leaves_once() {
        let waiting = Waiting::default();
        waiting.begin(Uuid::from_u128(1), 7);
        assert_eq!(waiting.end(Uuid::from_u128(2)), None);
        assert_eq!(waiting.end(Uuid::from_u128(1)), Some(7));
        assert_eq!(waiting.end(Uuid::from_u128(1)), None);
    }

    #[test]
    fn memory_is_bounded() {
        let waiting = Waiting::default();
        for nth in 0..=MOST {
            waiting.begin(Uuid::from_u128(nth as u128), 1);
        }
        assert!(waiting.lock().len() <= MOST);
        assert_eq!(waiting.end(Uuid::from_u128(MOST as u128)), Some(1));
    }
}
