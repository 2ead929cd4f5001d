//! What `send` records of its attempts.

use crate::delivery::{Attempt, Client, head};
use crate::message::Message;
use crate::report::Outgoing;
use crate::store::{self, Direction, Entry, Exchange, Fault, Opening, Outcome, Sameness, Writer};

use super::args::TargetUrl;
use super::context::Context;
use super::error::Error;
use super::plan::Planned;

/// The store, or for `--store none` a count.
pub(crate) enum Journal {
    /// Kept on disk.
    Store(Writer),
    /// Not kept.
    Nowhere,
}

impl Journal {
    /// Opens the store that is meant.
    pub(crate) fn open(context: &Context) -> Result<Self, Error> {
        Ok(match context.store()? {
            Some(path) => Self::Store(Writer::open(&path)?),
            None => Self::Nowhere,
        })
    }

    /// Gives deliveries their numbers, before the first byte goes out; `is_new`: none of their ids
    /// was used before.
    pub(crate) fn enter(&self, planned: &mut [Planned], is_new: bool) -> Result<(), Error> {
        for (Planned { outgoing, .. }, count) in planned.iter_mut().zip(1..) {
            match self {
                Self::Nowhere => outgoing.number = Some(count),
                Self::Store(writer) => {
                    let opened = writer.open_delivery(Opening {
                        id: outgoing.id,
                        direction: Direction::Sent,
                        provider: outgoing.provider.clone(),
                        endpoint: outgoing.url.clone(),
                        webhook_id: outgoing.webhook_id.clone(),
                        is_new,
                    })?;
                    (outgoing.number, outgoing.id) = (Some(opened.number), opened.id);
                }
            }
        }
        Ok(())
    }

    /// Records an attempt, with the request as it went out.
    pub(crate) fn record(
        &self,
        client: &Client,
        url: &TargetUrl,
        planned: &Planned,
        attempt: &Attempt,
    ) -> Result<(), Error> {
        let Self::Store(writer) = self else {
            return Ok(());
        };
        let (_, headers) = head(client, &url.0, &planned.message);
        let request = Message {
            headers,
            ..planned.message.clone()
        };
        writer.record(Box::new(entry(&planned.outgoing, request, attempt)))?;
        Ok(())
    }
}

fn entry(outgoing: &Outgoing, request: Message, attempt: &Attempt) -> Entry {
    let response = attempt.outcome.as_ref().ok();
    let failure = attempt.outcome.as_ref().err();
    Entry {
        id: outgoing.id,
        delivery: outgoing.number,
        sameness: Sameness::Never,
        window: std::time::Duration::ZERO,
        attempt: store::Attempt {
            direction: Direction::Sent,
            provider: outgoing.provider.clone(),
            endpoint: outgoing.url.clone(),
            event: Some(outgoing.event.clone()).filter(|event| !event.is_empty()),
            webhook_id: outgoing.webhook_id.clone(),
            at: attempt.at,
            number: Some(outgoing.attempt),
            of: outgoing.of,
            status: attempt.status(),
            took: attempt.elapsed,
            outcome: if outgoing.succeeded(attempt) {
                Outcome::Success
            } else {
                Outcome::Failed
            },
            fault: failure.map(|failure| Fault {
                kind: failure.kind.name().to_owned(),
                message: failure.to_string(),
            }),
            verdict: None,
            size: request.body.len() as u64,
        },
        exchange: Exchange {
            request,
            http: "HTTP/1.1".to_owned(),
            exact: true,
            peer: None,
            response: response.map(|response| store::Response {
                headers: response.headers.clone(),
                body: response.body.clone(),
                truncated: response.truncated,
            }),
        },
    }
}
