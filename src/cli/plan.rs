//! What `send` will do: every delivery composed, before the first byte goes out.

use jiff::Timestamp;
use url::Url;

use crate::delivery::{Client, addresses, head, reserved_header};
use crate::export::{CurlBody, curl};
use crate::message::{Headers, Message, Shown, redact};
use crate::provider::{Composed, Draft, Event, Prepared, Provider, Tamper, Wish, compose, prepare};
use crate::report::{DryRun, Outgoing};
use crate::signature::Key;

use super::args::TargetUrl;
use super::error::Error;

/// One delivery, ready to go.
pub(crate) struct Planned {
    /// What is reported of it.
    pub(crate) outgoing: Outgoing,
    /// The message.
    pub(crate) message: Message,
    /// What was signed in it.
    pub(crate) signed: Option<Vec<u8>>,
}

/// What all deliveries of a run have in common.
pub(crate) struct Terms<'t> {
    pub(crate) provider: &'t Provider,
    pub(crate) key: Option<&'t Key>,
    pub(crate) url: &'t TargetUrl,
    pub(crate) attempt: u32,
    pub(crate) timestamp: Option<&'t str>,
    pub(crate) extra: &'t Headers,
    pub(crate) tamper: Option<Tamper>,
}

impl Terms<'_> {
    /// Composes the delivery of a wish and, where they are wanted, of the event's legacy twins.
    pub(crate) fn plan_all(&self, wish: &Wish<'_>, twins: bool) -> Result<Vec<Planned>, Error> {
        let mut planned = vec![self.plan(wish)?];
        if !twins {
            return Ok(planned);
        }
        let event = planned[0].outgoing.event.clone();
        let is_twin = |twin: &&Event| twin.replaced_by.as_ref() == Some(&event);
        for twin in self.provider.events.iter().filter(is_twin) {
            let wish = Wish {
                event: Some(&twin.name),
                id: None,
                ..wish.clone()
            };
            planned.push(self.plan(&wish)?);
        }
        if planned.len() == 1 {
            return Err(Error::input(format!("`{event}` has no legacy twin")));
        }
        Ok(planned)
    }

    /// Composes the delivery of one wish.
    pub(crate) fn plan(&self, wish: &Wish<'_>) -> Result<Planned, Error> {
        let now = Timestamp::now();
        let Prepared { event, id, body } = prepare(self.provider, wish, now, random())?;
        let Composed { message, signed } = compose(
            self.provider,
            &Draft {
                event: &event,
                body: &body,
                id: &id,
                attempt: self.attempt,
                at: now,
                timestamp: self.timestamp,
                url: self.url.0.as_str(),
                target: &self.url.target(),
                extra: self.extra,
                key: self.key,
                tamper: self.tamper,
            },
        )?;
        refuse_reserved(&message.headers)?;
        refuse_unsendable(&message.headers)?;
        let delivery = &self.provider.delivery;
        let replaced = self
            .extra
            .first(&self.provider.signing_scheme().header)
            .is_some();
        let outgoing = Outgoing {
            number: None,
            id: uuid::Uuid::now_v7(),
            provider: self.provider.id.clone(),
            event,
            webhook_id: self.provider.webhook_id_of(&message),
            url: self.url.shown(),
            attempt: self.attempt,
            of: delivery.retry.attempts(),
            signing: match (self.tamper, self.key) {
                _ if replaced => "signature given by -H".to_owned(),
                (Some(kind), _) => format!("tampered: {kind}"),
                (None, Some(_)) => "signed".to_owned(),
                (None, None) => "unsigned".to_owned(),
            },
            timeout: delivery.timeout,
            success: delivery.success.clone(),
        };
        Ok(Planned {
            outgoing,
            message,
            signed,
        })
    }
}

impl Planned {
    /// What would go out.
    pub(crate) fn dry_run(&self, client: &Client, terms: &Terms<'_>) -> DryRun<'_> {
        let (request_line, headers) = head(client, &terms.url.0, &self.message);
        let redacted = |(name, value)| match redact(name, value, &terms.provider.token_headers()) {
            Shown::Value(value) => (name.to_owned(), value.to_vec()),
            Shown::Redacted => (name.to_owned(), b"(redacted)".to_vec()),
        };
        let mut shown: Headers = self.message.headers.iter().map(redacted).collect();
        if shown.first("Authorization").is_none() && headers.first("Authorization").is_some() {
            // It comes from user and password of the URL, which is shown without them.
            shown.push("Authorization", "(redacted)");
        }
        DryRun {
            outgoing: &self.outgoing,
            request_line,
            message: Message {
                headers,
                ..self.message.clone()
            },
            signed: self.signed.as_deref(),
            curl: curl(
                "POST",
                &terms.url.shown(),
                &shown,
                CurlBody::Bytes(&self.message.body),
            ),
        }
    }
}

/// Random bits from the system.
fn random() -> u128 {
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
