//! How requests reach the receiver.

use std::future::Future;

use url::Url;

use crate::delivery::{Attempt, Client};
use crate::message::Message;

use super::shot::Manner;

/// What takes requests to the receiver; a model takes its place in tests.
pub(super) trait Wire: Clone + Send + 'static {
    /// Makes one request and waits for the answer; `None` where the manner is to leave before it.
    fn exchange(
        &self,
        message: Message,
        manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static;
}

/// HTTP.
#[derive(Clone)]
pub(super) struct Http {
    pub(super) client: Client,
    pub(super) url: Url,
}

impl Wire for Http {
    fn exchange(
        &self,
        message: Message,
        _manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static {
        let Self { client, url } = self.clone();
        async move { Some(client.attempt(&url, &message).await) }
    }
}
