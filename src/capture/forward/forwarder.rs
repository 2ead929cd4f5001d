//! Which target takes a delivery, and what becomes of it there.

use std::sync::Arc;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::capture::reply::Reply;
use crate::capture::{Asked, Update};
use crate::delivery::{Relay, RelayError};
use crate::message::Headers;
use crate::server::Shutdown;

use super::host::Host;
use super::passed::{Miss, reply};
use super::target::{Target, TargetOptions};

/// How long a forward that is under way at a stop may still take: half of what the server gives it, so
/// that it is recorded in the other half.
const GRACE: Duration = Duration::from_secs(5);

/// Where deliveries go, and how.
#[derive(Clone, Debug)]
pub(crate) struct ForwardOptions {
    /// The targets; the first that takes a delivery gets it.
    pub(crate) targets: Vec<TargetOptions>,
    /// Header lines, in the place of those of that name.
    pub(crate) headers: Headers,
    /// How long an answer is waited for; `None`: as long as the provider does.
    pub(crate) timeout: Option<Duration>,
    /// Whether certificates go unchecked.
    pub(crate) insecure: bool,
}

/// The programs that deliveries are forwarded to.
pub(crate) struct Forwarder {
    targets: Vec<Target>,
    timeout: Option<Duration>,
    /// Ends what is under way.
    shutdown: Option<Shutdown>,
}

/// How long an answer was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// That long.
    pub(crate) length: Duration,
    /// Whether that is the provider's own timeout.
    pub(crate) is_provider: bool,
    /// Whether no document says how long that is.
    pub(crate) is_assumed: bool,
}

impl Forwarder {
    /// A forwarder to these targets.
    pub(crate) fn new(options: ForwardOptions) -> Result<Self, RelayError> {
        let mut hosts: Vec<Arc<Host>> = Vec::new();
        let is_tls = |target: &TargetOptions| target.url.scheme() == "https";
        let relay = Relay::new(options.targets.iter().any(is_tls), options.insecure)?;
        let targets = options.targets.into_iter().map(|target| {
            let known = hosts.iter().find(|host| host.is_of(&target.url)).cloned();
            let host = known.unwrap_or_else(|| {
                let host = Arc::new(Host::new(target.url.clone(), relay.clone()));
                hosts.push(Arc::clone(&host));
                host
            });
            Target::new(target, &options.headers, host)
        });
        Ok(Self {
            targets: targets.collect(),
            timeout: options.timeout,
            shutdown: None,
        })
    }

    /// The same; what is under way when the stop is said has a little time left.
    pub(crate) fn until(self, shutdown: Shutdown) -> Self {
        let shutdown = Some(shutdown);
        Self { shutdown, ..self }
    }

    /// Where it forwards to.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &Url> {
        self.targets.iter().map(Target::url)
    }

    /// Forwards a delivery and passes the answer back; tells where a target can be reached no longer,
    /// or again. `None`: no target takes it.
    pub(in crate::capture) async fn forward(
        &self,
        asked: &Asked<'_>,
        updates: &mpsc::Sender<Update>,
    ) -> Option<Reply> {
        let target = self.targets.iter().find(|one| one.takes(asked.event))?;
        let patience = self.patience(asked);
        let begun = Instant::now();
        let passed = if asked.message.method == "CONNECT" {
            Err(Miss::Tunnel)
        } else {
            let message = target.message(asked.message);
            select! {
                passed = target.host.pass(message, begun + patience.length) => passed,
                () = self.cut_off() => Err(Miss::Stopped),
            }
        };
        let took = begun.elapsed();
        if let Some(news) = target.host.news(&passed) {
            // An end of the listener is told with the delivery.
            let _ = updates.send(Update::Target(news)).await;
        }
        Some(Reply {
            patience: Some(patience),
            ..reply(passed, target.shown(asked.shown_target), took)
        })
    }

    fn patience(&self, asked: &Asked<'_>) -> Patience {
        let provider = asked.provider;
        Patience {
            length: self.timeout.unwrap_or(provider.delivery.timeout),
            is_provider: self.timeout.is_none(),
            is_assumed: self.timeout.is_none() && provider.assumes("delivery.timeout"),
        }
    }

    /// Waits until what is under way has to end.
    async fn cut_off(&self) {
        match &self.shutdown {
            Some(shutdown) => shutdown.closed().await,
            None => std::future::pending().await,
        }
        sleep(GRACE).await;
    }
}
