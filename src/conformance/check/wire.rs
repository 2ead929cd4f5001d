//! How requests reach the receiver.

use std::future::{Future, ready};
use std::time::Duration;

use url::Url;

use crate::delivery::{Attempt, Client, ClientError, ClientOptions};
use crate::message::Message;

use super::effects::{Effects, EffectsError};
use super::receiver::{Options, Receiver};
use super::shot::Manner;

/// What takes requests to the receiver; a model takes its place in tests.
pub(super) trait Wire: Clone + Send + Sync + 'static {
    /// Makes one request and waits for the answer; `None` where the manner is to leave before it.
    fn exchange(
        &self,
        message: Message,
        manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static;

    /// How many side effects there have been so far; `None` where they are not counted.
    fn effects(&self) -> impl Future<Output = Result<Option<i64>, EffectsError>> + Send {
        ready(Ok(None))
    }
}

/// HTTP.
///
/// Every request has a connection of its own: it is the receiver that is looked at, and one that
/// closes idle connections, or the one on which it has refused something, is as right as another.
#[derive(Clone)]
pub(super) struct Http {
    /// Writes the names of header lines as the platforms do.
    client: Client,
    /// Writes them in lower case.
    lower_case: Client,
    url: Url,
    effects: Option<Effects>,
    /// Whether certificates go unchecked.
    insecure: bool,
}

impl Http {
    /// A wire to a receiver, on which nothing takes longer than `limit`.
    pub(super) fn new(
        receiver: &Receiver,
        options: &Options,
        limit: Duration,
    ) -> Result<Self, ClientError> {
        let client = |lower_case| {
            Client::new(&ClientOptions {
                timeout: limit,
                connect_timeout: receiver.provider.delivery.connect_timeout,
                insecure: options.insecure,
                tls: receiver.url.scheme() == "https",
                lower_case,
                fresh: true,
            })
        };
        Ok(Self {
            client: client(false)?,
            lower_case: client(true)?,
            url: receiver.url.clone(),
            effects: options.effects.clone(),
            insecure: options.insecure,
        })
    }
}

impl Wire for Http {
    fn exchange(
        &self,
        message: Message,
        manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static {
        let Self {
            client,
            lower_case,
            url,
            ..
        } = self.clone();
        let url = aimed(url, &message.target);
        async move {
            Some(match manner {
                Manner::Whole => client.attempt(&url, &message).await,
                Manner::LowerCase => lower_case.attempt(&url, &message).await,
                Manner::Slow(pause) => client.attempt_in_halves(&url, &message, pause).await,
                Manner::Half => {
                    client.leave_halfway(&url, &message).await;
                    return None;
                }
            })
        }
    }

    async fn effects(&self) -> Result<Option<i64>, EffectsError> {
        match &self.effects {
            Some(effects) => effects.count(self.insecure).await.map(Some),
            None => Ok(None),
        }
    }
}

/// The URL with the path and the query of a request.
fn aimed(mut url: Url, target: &str) -> Url {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    url.set_path(path);
    url.set_query(query);
    url
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::aimed;

    #[test]
    fn a_request_goes_where_its_target_says() {
        for (url, target, expected) in [
            ("http://h:1/a?b=c", "/a?b=c", "http://h:1/a?b=c"),
            (
                "http://h:1/a",
                "/a?signature=00",
                "http://h:1/a?signature=00",
            ),
            (
                "http://h:1/a%20b?c=%2F",
                "/a%20b?c=%2F",
                "http://h:1/a%20b?c=%2F",
            ),
            ("http://u:p@h/a?b", "/a", "http://u:p@h/a"),
        ] {
            let url: Url = url.parse().expect("a URL");
            assert_eq!(aimed(url, target).as_str(), expected);
        }
    }
}
