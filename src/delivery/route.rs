//! The way from a provider to a URL.

use jiff::Timestamp;
use url::Url;

use crate::message::Message;
use crate::provider::{ComposeError, Composed, Draft, Provider, Tamper, compose};
use crate::retry::{BreakerUnit, Rules, Schedule};
use crate::signature::Key;

use super::{Client, Job, Make, Outgoing, Terms, Timings};

/// How a provider's deliveries reach one URL: with whose rules, key and connections.
pub(crate) struct Route {
    pub(super) provider: Provider,
    pub(super) key: Option<Key>,
    pub(super) url: Url,
    /// The URL without user and password.
    pub(super) shown: String,
    /// Path and query.
    target: String,
    pub(super) client: Client,
    pub(super) terms: Terms,
    tamper: Option<Tamper>,
    /// The delays after failed attempts, as the terms have it.
    pub(super) schedule: Schedule,
    /// How an answer is judged.
    pub(super) rules: Rules,
    /// What gives the endpoint up; `None`: nothing does.
    pub(super) watch: Option<Watch>,
}

/// Who watches over an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    /// Its number in the store; `None`: it is not kept.
    pub(crate) endpoint: Option<i64>,
    /// What a person calls it there: its name, or the URL.
    pub(crate) called: String,
    /// The failures in a row that it takes to disable it.
    pub(crate) limit: u32,
    /// What is counted.
    pub(crate) unit: BreakerUnit,
}

impl Route {
    /// A route by these terms. `url` is the real one, `shown` the same without user and password.
    pub(crate) fn new(
        provider: Provider,
        key: Option<Key>,
        (url, shown): (Url, String),
        client: Client,
        terms: Terms,
    ) -> Self {
        let query = url.query().map(|query| format!("?{query}"));
        let retry = match terms.timings {
            Timings::Production => provider.delivery.retry.clone(),
            Timings::Once => Schedule::None,
        };
        Self {
            target: format!("{}{}", url.path(), query.unwrap_or_default()),
            tamper: terms.tamper.as_deref().and_then(|name| name.parse().ok()),
            schedule: match terms.max_attempts {
                Some(attempts) => retry.limited(attempts),
                None => retry,
            },
            rules: provider.delivery.rules.clone(),
            watch: None,
            provider,
            key,
            url,
            shown,
            client,
            terms,
        }
    }

    /// Watched, so that failures in a row disable the endpoint.
    pub(crate) fn watched(mut self, watch: Option<Watch>) -> Self {
        self.watch = watch;
        self
    }

    /// Whether another route leads to the same endpoint: it has the same provider and URL.
    pub(super) fn leads_where(&self, other: &Self) -> bool {
        (&self.provider.id, &self.shown) == (&other.provider.id, &other.shown)
    }

    /// The provider whose rules hold.
    pub(crate) fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The connections that it uses.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether no document says how long the delays are.
    pub(super) fn assumes_delays(&self) -> bool {
        ["base", "factor", "cap"]
            .iter()
            .any(|key| self.provider.assumes(&format!("delivery.retry.{key}")))
    }

    /// By how much of itself a delay varies, in percent.
    pub(super) fn jitter_percent(&self) -> u32 {
        let own = self.provider.delivery.jitter_percent;
        self.terms.jitter.unwrap_or(own)
    }

    /// The message of a job's next attempt, and what is signed in it.
    pub(crate) fn compose(&self, job: &Job, at: Timestamp) -> Result<Composed, ComposeError> {
        if self.terms.make == Make::Kept {
            let message = Message {
                method: "POST".to_owned(),
                target: self.target.clone(),
                headers: job.headers.clone(),
                body: job.body.clone(),
            };
            return Ok(Composed {
                message,
                signed: None,
            });
        }
        let draft = Draft {
            event: &job.event,
            body: &job.body,
            id: job.webhook_id.as_deref().unwrap_or_default(),
            attempt: job.attempt,
            at,
            timestamp: self.terms.timestamp.as_deref(),
            url: self.url.as_str(),
            target: &self.target,
            extra: &job.headers,
            key: self.key.as_ref(),
            tamper: self.tamper,
        };
        compose(&self.provider, &draft)
    }

    /// How many attempts the platform would make of a job, or of its schedule where the numbers go on
    /// from an earlier one.
    fn of(&self, job: &Job) -> u32 {
        let is_first_schedule = job.attempt == job.made + 1;
        if self.terms.timings == Timings::Once && is_first_schedule {
            self.provider.delivery.retry.attempts()
        } else {
            self.schedule.attempts()
        }
    }

    /// What is told of a job's next attempt.
    pub(crate) fn outgoing(&self, job: &Job) -> Outgoing {
        let replaced = || {
            let header = &self.provider.signing_scheme().header;
            job.headers.first(header).is_some()
        };
        Outgoing {
            number: job.number,
            id: job.id,
            provider: self.provider.id.clone(),
            event: job.event.clone(),
            webhook_id: job.webhook_id.clone(),
            url: self.shown.clone(),
            attempt: job.attempt,
            nth: job.made + 1,
            of: self.of(job),
            signing: match (self.tamper, &self.key) {
                _ if self.terms.make == Make::Kept => "signed as it was".to_owned(),
                _ if replaced() => "signature given by -H".to_owned(),
                (Some(kind), _) => format!("tampered: {kind}"),
                (None, Some(_)) => "signed".to_owned(),
                (None, None) => "unsigned".to_owned(),
            },
            timeout: self.provider.delivery.timeout,
            success: self.provider.delivery.rules.success.clone(),
        }
    }
}
