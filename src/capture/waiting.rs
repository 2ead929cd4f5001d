//! The clients that are kept waiting on purpose.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The requests that get no answer while their clients stay, with the numbers of their deliveries.
///
/// There are at most as many as connections: each is taken out when its client leaves.
#[derive(Debug, Default)]
pub(super) struct Waiting(Mutex<HashMap<Uuid, i64>>);

impl Waiting {
    /// A client begins to wait.
    pub(super) fn begin(&self, request: Uuid, number: i64) {
        self.lock().insert(request, number);
    }

    /// A client has left; the number of its delivery, where that was told of.
    pub(super) fn end(&self, request: Uuid) -> Option<i64> {
        self.lock().remove(&request)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
