//! What `send` will do: every delivery made ready, before the first byte goes out.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::delivery::{Client, ClientOptions, Job, Route, Terms, addresses, head, reserved_header};
use crate::export::{CurlBody, curl};
use crate::message::{Headers, Message, Shown, redact};
use crate::provider::{Composed, Event, Prepared, Provider, Wish, prepare};
use crate::report::DryRun;
use crate::signature::{Key, Source};

use super::args::TargetUrl;
use super::context::Context;
use super::error::Error;

/// The way to a URL by these terms; `connects` is off where nothing goes out.
pub(crate) fn route(
    provider: Provider,
    key: Option<Key>,
    url: &TargetUrl,
    terms: Terms,
    connects: bool,
) -> Result<Route, Error> {
    let client = Client::new(&ClientOptions {
        timeout: provider.delivery.timeout,
        connect_timeout: provider.delivery.connect_timeout,
        insecure: terms.insecure,
        tls: url.0.scheme() == "https" && connects,
        lower_case: false,
        fresh: false,
    })?;
    let place = (url.0.clone(), url.shown());
    Ok(Route::new(provider, key, place, client, terms))
}

/// The provider file that a flag names, by a path that any folder knows it by.
pub(crate) fn provider_file(context: &Context) -> Option<PathBuf> {
    let file = context.global.provider_file.as_ref()?;
    Some(std::path::absolute(file).unwrap_or_else(|_| file.clone()))
}

/// What the deliveries of a command have in common beside their route.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) route: Arc<Route>,
    /// Header lines of the user's.
    pub(crate) extra: Headers,
    /// The number of the first attempt.
    pub(crate) attempt: u32,
    /// Whether the ids are made just now.
    pub(crate) is_new: bool,
}

impl Plan {
    /// The delivery of a wish and, where they are wanted, those of the event's legacy twins; each is
    /// known to be one that can be sent.
    pub(crate) fn all(&self, wish: &Wish<'_>, twins: bool) -> Result<Vec<Job>, Error> {
        let mut jobs = vec![self.one(wish)?];
        if twins {
            let event = jobs[0].event.clone();
            let is_twin = |twin: &&Event| twin.replaced_by.as_ref() == Some(&event);
            for twin in self.route.provider().events.iter().filter(is_twin) {
                let wish = Wish {
                    event: Some(&twin.name),
                    id: None,
                    ..wish.clone()
                };
                jobs.push(self.one(&wish)?);
            }
            if jobs.len() == 1 {
                return Err(Error::input(format!("`{event}` has no legacy twin")));
            }
        }
        jobs.iter().try_for_each(check)?;
        Ok(jobs)
    }

    /// The delivery of one wish.
    pub(crate) fn one(&self, wish: &Wish<'_>) -> Result<Job, Error> {
        self.one_of(wish, random())
    }

    /// The delivery of one wish; `random` makes the id and what varies in a sample.
    pub(crate) fn one_of(&self, wish: &Wish<'_>, random: u128) -> Result<Job, Error> {
        let provider = self.route.provider();
        let prepared = prepare(provider, wish, Timestamp::now(), random)?;
        Ok(Job {
            number: None,
            id: uuid::Uuid::now_v7(),
            route: Arc::clone(&self.route),
            webhook_id: webhook_id(provider, &prepared, &self.extra),
            event: prepared.event,
            headers: self.extra.clone(),
            body: prepared.body,
            attempt: self.attempt,
            made: self.attempt - 1,
            is_new: self.is_new,
            intended: None,
        })
    }
}

/// The webhook id that a delivery will carry.
fn webhook_id(provider: &Provider, prepared: &Prepared, extra: &Headers) -> Option<String> {
    match &provider.id_rule.from {
        Some(Source::Header(name)) if extra.first(name).is_none() => Some(prepared.id.clone()),
        Some(_) => provider.webhook_id_of(&Message {
            method: String::new(),
            target: String::new(),
            headers: extra.clone(),
            body: prepared.body.clone(),
        }),
        None => None,
    }
}

/// Refuses a delivery that cannot be sent.
pub(crate) fn check(job: &Job) -> Result<(), Error> {
    let Composed { message, .. } = job.route.compose(job, Timestamp::now())?;
    refuse_reserved(&message.headers)?;
    refuse_unsendable(&message.headers)
}

/// What would go out.
pub(crate) fn with_dry_run<T>(
    job: &Job,
    url: &TargetUrl,
    show: impl FnOnce(&DryRun<'_>) -> T,
) -> Result<T, Error> {
    let route = &job.route;
    let Composed { message, signed } = route.compose(job, Timestamp::now())?;
    let (request_line, headers) = head(route.client(), &url.0, &message);
    let provider = route.provider();
    let redacted = |(name, value)| match redact(name, value, &provider.token_headers()) {
        Shown::Value(value) => (name.to_owned(), value.to_vec()),
        Shown::Redacted => (name.to_owned(), b"(redacted)".to_vec()),
    };
    let mut shown: Headers = message.headers.iter().map(redacted).collect();
    if shown.first("Authorization").is_none() && headers.first("Authorization").is_some() {
        // It comes from user and password of the URL, which is shown without them.
        shown.push("Authorization", "(redacted)");
    }
    let outgoing = route.outgoing(job);
    let body = CurlBody::Bytes(&message.body);
    Ok(show(&DryRun {
        outgoing: &outgoing,
        request_line,
        curl: curl("POST", &url.shown(), &shown, body),
        message: Message {
            headers,
            ..message.clone()
        },
        signed: signed.as_deref(),
    }))
}

/// Random bits from the system.
pub(crate) fn random() -> u128 {
    uuid::Uuid::new_v4().as_u128().rotate_left(61) ^ uuid::Uuid::new_v4().as_u128()
}

/// Refuses a header that would break the exchange itself.
pub(crate) fn refuse_reserved(headers: &Headers) -> Result<(), Error> {
    match headers.iter().find(|(name, _)| reserved_header(name)) {
        Some((name, _)) => Err(Error::usage(format!(
            "`{name}` frames the request and cannot be set"
        ))),
        None => Ok(()),
    }
}

/// More header lines than any server takes.
const MOST_LINES: usize = 1000;

/// Refuses a header whose value would not arrive as it is. The value is not shown: it may be a secret.
pub(crate) fn refuse_unsendable(headers: &Headers) -> Result<(), Error> {
    if headers.len() > MOST_LINES {
        let count = headers.len();
        return Err(Error::usage(format!(
            "{count} header lines cannot be sent: there may be {MOST_LINES}"
        )));
    }
    match headers.unsendable() {
        Some(name) => Err(Error::usage(format!(
            "the value of the header `{name}` cannot be sent: it has a control character, or a blank \
             at an end"
        ))),
        None => Ok(()),
    }
}

/// Applies the platform's own rule for URLs, as `--strict-url` asks.
pub(crate) async fn check_url(provider: &Provider, url: &Url) -> Result<(), Error> {
    let found = addresses(url).await;
    provider.delivery.url.check(url, &found).map_err(|problem| {
        Error::input(problem.message)
            .detail(problem.because)
            .hint("without --strict-url the platform's rule is not applied")
    })
}
