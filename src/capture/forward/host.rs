//! The host that targets are on: one program, as a rule.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::delivery::{Failure, FailureKind, Relay, Response};
use crate::message::Message;
use crate::store::Fault;

use super::passed::Miss;

/// The forwards that may be under way to one host; more wait, each as long as it would for an answer.
const UNDER_WAY: usize = 64;

/// A change in whether a target can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetNews {
    /// Scheme, host and port.
    pub(crate) url: String,
    /// What is so from now on.
    pub(crate) reach: Reach,
}

/// Whether a target can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// No connection can be had.
    Unreachable(Fault),
    /// It answers again.
    Reachable,
}

/// Where requests go.
pub(super) struct Host {
    url: Url,
    relay: Relay,
    room: Semaphore,
    /// What is under way.
    under_way: Mutex<Vec<Arc<Message>>>,
    is_down: Mutex<bool>,
}

/// A place among the forwards that are under way, free again on drop.
struct Place<'h> {
    host: &'h Host,
    message: Arc<Message>,
    _permit: SemaphorePermit<'h>,
}

impl Host {
    /// The host of a URL.
    pub(super) fn new(url: Url, relay: Relay) -> Self {
        Self {
            url,
            relay,
            room: Semaphore::new(UNDER_WAY),
            under_way: Mutex::default(),
            is_down: Mutex::new(false),
        }
    }

    /// Whether a URL leads here.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        self.url.origin() == url.origin()
    }

    /// Scheme, host and port.
    pub(super) fn shown(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Passes a request on and waits for the whole answer, up to a point in time.
    pub(super) async fn pass(&self, message: Message, until: Instant) -> Result<Response, Miss> {
        let message = Arc::new(message);
        let place = timeout_at(until, self.enter(&message)).await;
        let Ok(Some(_place)) = place else {
            return Err(Miss::Busy(UNDER_WAY));
        };
        let late = Failure {
            kind: FailureKind::Timeout,
            detail: String::new(),
        };
        match timeout_at(until, self.relay.pass(&self.url, &message)).await {
            Ok(passed) => passed.map_err(Miss::Failed),
            Err(_) => Err(Miss::Late(late)),
        }
    }

    /// Waits for room; what is the same as something under way does not: a delivery that goes round in a
    /// circle of listeners waits for itself, and this is where it ends if nowhere else.
    async fn enter(&self, message: &Arc<Message>) -> Option<Place<'_>> {
        let permit = match self.room.try_acquire() {
            Ok(permit) => permit,
            Err(_) if self.has_under_way(message) => return None,
            Err(_) => self.room.acquire().await.ok()?,
        };
        lock(&self.under_way).push(Arc::clone(message));
        Some(Place {
            host: self,
            message: Arc::clone(message),
            _permit: permit,
        })
    }

    /// Whether the same delivery is under way: the same lines, with their ids and signatures, and the
    /// same body.
    fn has_under_way(&self, message: &Message) -> bool {
        let lines = lines(message);
        let is_same =
            |other: &Arc<Message>| other.body == message.body && self::lines(other) == lines;
        lock(&self.under_way).iter().any(is_same)
    }

    /// What is news, now that this has come of a request.
    pub(super) fn news(&self, passed: &Result<Response, Miss>) -> Option<TargetNews> {
        let fault = match passed {
            Ok(_) => None,
            Err(Miss::Failed(missed)) if missed.unconnected => Some(missed.failure.clone()),
            // Whether it could be reached was not found out, or it could.
            Err(_) => return None,
        };
        let was_down = std::mem::replace(&mut *lock(&self.is_down), fault.is_some());
        let reach = match fault {
            Some(failure) if !was_down => Reach::Unreachable(Fault {
                kind: failure.kind.name().to_owned(),
                message: failure.to_string(),
            }),
            None if was_down => Reach::Reachable,
            _ => return None,
        };
        Some(TargetNews {
            url: self.shown(),
            reach,
        })
    }
}

/// The header lines in an order of their own: clients change the one that they came in.
fn lines(message: &Message) -> Vec<(String, &[u8])> {
    let lines = message.headers.iter();
    let mut lines: Vec<_> = lines
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    lines.sort_unstable();
    lines
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut under_way = lock(&self.host.under_way);
        let is_it = |one: &Arc<Message>| Arc::ptr_eq(one, &self.message);
        if let Some(at) = under_way.iter().position(is_it) {
            under_way.swap_remove(at);
        }
    }
}

/// What a lock guards is whole, whoever panicked with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
