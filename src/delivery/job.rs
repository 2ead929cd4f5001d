//! A delivery under way.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;
use uuid::Uuid;

use crate::message::Headers;
use crate::store;

use super::Route;

/// A delivery as the engine works it: what stays from attempt to attempt, and how far it is.
#[derive(Clone)]
pub(crate) struct Job {
    /// The number of the delivery, once it has one.
    pub(crate) number: Option<i64>,
    /// Our id of it.
    pub(crate) id: Uuid,
    /// The way that it takes.
    pub(crate) route: Arc<Route>,
    /// The event; empty where there is none.
    pub(crate) event: String,
    /// The webhook id.
    pub(crate) webhook_id: Option<String>,
    /// The header lines that are kept, beside those that are made anew for each attempt.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// The number of the next attempt, from 1.
    pub(crate) attempt: u32,
    /// The attempts that were made on this schedule before.
    pub(crate) made: u32,
    /// Whether its ids were made just now, so that there is no delivery like it.
    pub(crate) is_new: bool,
    /// When it should go out, where that is not as soon as it can.
    pub(crate) intended: Option<Instant>,
}

impl Job {
    /// The job of a queued delivery.
    pub(super) fn of_load(number: i64, route: &Arc<Route>, load: store::Load) -> Self {
        Self {
            number: Some(number),
            id: load.id,
            route: Arc::clone(route),
            event: load.event.unwrap_or_default(),
            webhook_id: load.webhook_id,
            headers: load.headers,
            body: load.body,
            attempt: load.next.attempt,
            made: load.next.made,
            is_new: false,
            intended: None,
        }
    }
}
