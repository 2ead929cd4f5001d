//! How many requests have gone out, also of a rule that is cut short.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::delivery::Attempt;
use crate::message::Message;

use super::effects::EffectsError;
use super::shot::Manner;
use super::wire::Wire;

/// A wire that counts what goes over it.
#[derive(Clone)]
pub(super) struct Tally<W> {
    wire: W,
    requests: Arc<AtomicUsize>,
    answered: Arc<AtomicUsize>,
}

impl<W> Tally<W> {
    /// Over which nothing has gone yet.
    pub(super) fn new(wire: W) -> Self {
        Self {
            wire,
            requests: Arc::default(),
            answered: Arc::default(),
        }
    }

    /// How many requests went out; each counts from its beginning.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    /// How many of them were answered.
    pub(super) fn answered(&self) -> usize {
        self.answered.load(Relaxed)
    }
}

impl<W: Wire> Wire for Tally<W> {
    fn exchange(
        &self,
        message: Message,
        manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static {
        let Self {
            wire,
            requests,
            answered,
        } = self.clone();
        async move {
            requests.fetch_add(1, Relaxed);
            let attempt = wire.exchange(message, manner).await;
            if attempt.as_ref().is_some_and(|it| it.outcome.is_ok()) {
                answered.fetch_add(1, Relaxed);
            }
            attempt
        }
    }

    fn effects(&self) -> impl Future<Output = Result<Option<i64>, EffectsError>> + Send {
        self.wire.effects()
    }
}
