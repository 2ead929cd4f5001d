//! From a recorded delivery to one that is sent again.

use std::sync::Arc;

use bytes::Bytes;
use url::Url;

use crate::cli::error::Error;
use crate::cli::plan::random;
use crate::delivery::{Job, Make, USER_AGENT};
use crate::export::end_to_end;
use crate::message::json::Edit;
use crate::message::{Headers, Message};
use crate::provider::{IdForm, PrepareError, Provider, new_id};
use crate::signature::Source;
use crate::store::{Attempt, Direction, Listed, Reader, Recorded};

use super::ways::Way;

/// What of a delivery is another when it is sent again.
pub(super) struct Changes {
    /// Whether the message is kept as it was.
    pub(super) make: Make,
    /// Whether it is a new delivery.
    pub(super) new_id: bool,
    /// Header lines of the user's, in the place of those of the same name.
    pub(super) extra: Headers,
    /// Another body.
    pub(super) body: Option<Bytes>,
}

impl Changes {
    /// The delivery that takes this way again; `recorded_by` is the provider that it was of.
    pub(super) fn job(
        &self,
        reader: &Reader,
        recorded: Recorded,
        way: &Way,
        recorded_by: Option<&Provider>,
    ) -> Result<Job, Error> {
        let provider = way.route.provider();
        let attempt = &recorded.attempt;
        let headers = self.lines(&recorded, way, recorded_by);
        let message = Message {
            body: self.body.clone().unwrap_or(recorded.exchange.request.body),
            ..recorded.exchange.request
        };
        let event = self.body.as_ref().and_then(|_| provider.event_of(&message));
        let event = event.or_else(|| attempt.event.clone());
        let (webhook_id, body) = self.identity(provider, attempt, message)?;
        let line = Listed {
            place: recorded.place,
            attempt: recorded.attempt,
        };
        let known = self.known(reader, &line, way, webhook_id.as_deref())?;
        Ok(Job {
            number: known.map(|(number, _)| number),
            id: uuid::Uuid::now_v7(),
            route: Arc::clone(&way.route),
            event: event.unwrap_or_default(),
            webhook_id,
            headers,
            body,
            attempt: known.map_or(1, |(_, last)| last.saturating_add(1)),
            made: 0,
            is_new: self.new_id,
            intended: None,
        })
    }

    /// The header lines that are kept, with the user's.
    fn lines(&self, recorded: &Recorded, way: &Way, recorded_by: Option<&Provider>) -> Headers {
        let mut dropped: Vec<&str> = match self.make {
            Make::Kept => Vec::new(),
            Make::Afresh => {
                let of = [Some(way.route.provider()), recorded_by];
                of.into_iter()
                    .flatten()
                    .flat_map(Provider::made_headers)
                    .collect()
            }
        };
        let has_own = way.url.0.as_str() != way.url.shown();
        if has_own || (self.make == Make::Afresh && leaves_its_host(&recorded.attempt, way)) {
            // The URL has credentials of its own, or those that are recorded are another host's.
            dropped.push("authorization");
        }
        dropped.extend(self.extra.iter().map(|(name, _)| name));
        let end_to_end = end_to_end(&recorded.exchange.request.headers);
        let is_kept = |name: &str, value: &[u8]| {
            let is_dropped = dropped.iter().any(|one| one.eq_ignore_ascii_case(name));
            !is_dropped && !is_clients(name, value)
        };
        let kept = end_to_end
            .iter()
            .filter(|(name, value)| is_kept(name, value));
        kept.chain(self.extra.iter()).collect()
    }

    /// The webhook id, and the body that it may stand in.
    fn identity(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        message: Message,
    ) -> Result<(Option<String>, Bytes), Error> {
        let form = &provider.id_rule.make;
        Ok(match &provider.id_rule.from {
            _ if self.make == Make::Kept => (attempt.webhook_id.clone(), message.body),
            Some(Source::Header(_)) => {
                let own = attempt.webhook_id.clone().filter(|_| !self.new_id);
                (
                    Some(own.unwrap_or_else(|| new_id(form, random()))),
                    message.body,
                )
            }
            Some(Source::Body(pointer)) if self.new_id => {
                let id = new_id(form, random());
                let body = with_id(&message.body, pointer, form, &id)?;
                (Some(id), body)
            }
            _ => (provider.webhook_id_of(&message), message.body),
        })
    }

    /// The delivery that is gone on with, and the number of its last attempt; `None`: it is one that
    /// never went to this endpoint.
    fn known(
        &self,
        reader: &Reader,
        line: &Listed,
        way: &Way,
        webhook_id: Option<&str>,
    ) -> Result<Option<(i64, u32)>, Error> {
        let attempt = &line.attempt;
        let (provider, url) = (&way.route.provider().id, way.url.shown());
        let last = |line: &Listed| {
            let place = line.place;
            (place.delivery, line.attempt.number.unwrap_or(place.nth))
        };
        let is_same = attempt.direction == Direction::Sent
            && (&attempt.provider, &attempt.endpoint) == (provider, &url)
            && attempt.webhook_id.as_deref() == webhook_id;
        Ok(match webhook_id {
            _ if self.new_id => None,
            _ if is_same => Some(last(line)),
            Some(id) => reader.last_sent(provider, &url, id)?.as_ref().map(last),
            None => None,
        })
    }
}

/// Whether what was sent to one host goes to another.
fn leaves_its_host(attempt: &Attempt, way: &Way) -> bool {
    let before = attempt.endpoint.parse::<Url>();
    attempt.direction == Direction::Sent
        && before.is_ok_and(|before| before.origin() != way.url.0.origin())
}

/// Whether a line is one that the client adds by itself.
fn is_clients(name: &str, value: &[u8]) -> bool {
    let ours = USER_AGENT.split('/').next().unwrap_or_default();
    let is_ours = || {
        value
            .strip_prefix(ours.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"/"))
    };
    (name.eq_ignore_ascii_case("accept") && value == b"*/*")
        || (name.eq_ignore_ascii_case("user-agent") && is_ours())
}

/// The body with another webhook id.
fn with_id(body: &Bytes, pointer: &str, form: &IdForm, id: &str) -> Result<Bytes, Error> {
    let text = std::str::from_utf8(body).map_err(|_| PrepareError::NotText)?;
    let value = match form {
        IdForm::Integer => serde_json::from_str(id).unwrap_or_else(|_| id.into()),
        _ => id.into(),
    };
    Ok(Edit::replace(pointer, value).apply(text)?.into())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::provider::IdForm;

    use super::{is_clients, with_id};

    #[test]
    fn what_the_client_adds_is_its_own_affair() {
        for (name, value, expected) in [
            ("Accept", "*/*", true),
            ("accept", "text/plain", false),
            ("User-Agent", "wh/0.0.1", true),
            ("user-agent", "whatever/1", false),
            ("User-Agent", "CleanEstimatePro/1.0", false),
            ("X-Accept", "*/*", false),
        ] {
            assert_eq!(
                is_clients(name, value.as_bytes()),
                expected,
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn a_new_id_is_of_the_form_of_the_old_one() {
        let body = Bytes::from_static(br#"{"total":2500.00, "meta": {"id": "a"}}"#);
        let changed = |form: &IdForm, id| {
            let body = with_id(&body, "/meta/id", form, id);
            body.map(|body| String::from_utf8_lossy(&body).into_owned())
        };
        assert_eq!(
            changed(&IdForm::Integer, "7").expect("it has the place"),
            r#"{"total":2500.00, "meta": {"id": 7}}"#
        );
        assert_eq!(
            changed(&IdForm::Uuid, "7").expect("it has the place"),
            r#"{"total":2500.00, "meta": {"id": "7"}}"#
        );
        assert!(with_id(&body, "/id", &IdForm::Uuid, "7").is_err());
    }
}
