//! How well a message fits a provider, before anybody verifies it.

use crate::message::{Message, TimestampForm, json};
use crate::signature::{Carried, Source, names_secret};

use super::{IdForm, Provider, When};

/// How well a message fits a provider: of two, the greater one says more for its provider.
///
/// It is a guess by what is there to be seen, never a reason to believe a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit(i32);

/// The longest body in which places are looked up, in bytes: each is a walk through all of it.
const LONGEST_BODY: usize = 1024 * 1024;

/// A place of a message where a provider puts something.
#[derive(Clone, Copy, Debug)]
enum Place<'p> {
    Header(&'p str),
    Body(&'p str),
}

/// What a provider puts there.
#[derive(Clone, Copy, Debug)]
enum Form<'p> {
    /// Any text.
    Text,
    /// A point in time.
    Time(TimestampForm),
    /// Digits.
    Number,
    /// A text that begins so.
    Start(&'p str),
}

impl Provider {
    /// How well a message fits; `None` where not one of the provider's header lines is there.
    ///
    /// The points of each place are added up:
    ///
    /// | place | there, in its form | there, otherwise | missing |
    /// |---|---|---|---|
    /// | signature | 4 | 1 | -2, or -1 where it is optional |
    /// | timestamp, id, event, attempt, each other header | 1 | 0 | -1 |
    ///
    /// A form is: of a signature its literals, encoding and length; of a timestamp its form; of an id
    /// whether it is an integer, or begins with the prefix; of an attempt, digits. An event of the
    /// catalogue is one point more. Of a body longer than 1 MiB nothing is read.
    ///
    /// A query that names a secret counts as a signature of another form, where the provider refuses
    /// that by name: the refusal is its own.
    ///
    /// ```
    /// use wh::message::{Headers, Message};
    /// use wh::provider::builtin;
    ///
    /// let line = ("X-Webhook-Timestamp", "1769596200");
    /// let body = r#"{"id":1,"type":"client.created"}"#.into();
    /// let headers = [line].into_iter().collect();
    /// let message = Message { method: "POST".into(), target: "/".into(), headers, body };
    /// let fit = |id| builtin(id).unwrap().fit(&message);
    /// assert!(fit("wlcro") > fit("cepro") && fit("cepro").is_some());
    /// assert_eq!(fit("tenant"), None);
    /// ```
    #[must_use]
    pub fn fit(&self, message: &Message) -> Option<Fit> {
        let mut points = self.signature_points(message);
        let mut has_header = points > 0;
        for (place, form) in self.places() {
            let Some(value) = place.value(message) else {
                points -= 1;
                continue;
            };
            has_header |= matches!(place, Place::Header(_));
            points += i32::from(form.fits(&value));
        }
        let event = is_short(message).then(|| self.event_of(message)).flatten();
        points += i32::from(event.is_some_and(|name| self.event(&name).is_some()));
        has_header.then_some(Fit(points))
    }

    fn signature_points(&self, message: &Message) -> i32 {
        let schemes = self.schemes.iter();
        let carried = schemes.map(|scheme| scheme.carried_by(&message.headers));
        let in_query = |_: &i32| {
            let refuses = self.schemes.iter().any(|scheme| scheme.refuses_query);
            refuses && names_secret(&message.target)
        };
        match carried.max().unwrap_or(Carried::Nowhere) {
            Carried::AsWritten => 4,
            Carried::Otherwise => 1,
            Carried::Nowhere => Some(1)
                .filter(in_query)
                .unwrap_or_else(|| if self.signs_optionally() { -1 } else { -2 }),
        }
    }

    /// Where something stands in every delivery beside the signature, each place once.
    fn places(&self) -> Vec<(Place<'_>, Form<'_>)> {
        let timestamp = self.timestamp.iter();
        let timestamp = timestamp.map(|rule| (&rule.from, Form::Time(rule.form)));
        let id = match &self.id_rule.make {
            IdForm::Uuid => Form::Text,
            IdForm::Integer => Form::Number,
            IdForm::Prefix(prefix) => Form::Start(prefix),
        };
        let id = self.id_rule.from.iter().map(|source| (source, id));
        let event = self.event_from.iter().map(|source| (source, Form::Text));
        let attempt = self.attempt_from.iter();
        let attempt = attempt.map(|source| (source, Form::Number));
        let named = timestamp.chain(id).chain(event).chain(attempt);
        let named = named.filter_map(|(source, form)| Some((Place::of(source)?, form)));
        let always = self.headers.iter().filter(|rule| rule.when == When::Always);
        let others = always.map(|rule| (Place::Header(&rule.name), Form::Text));
        let mut places: Vec<(Place<'_>, Form<'_>)> = Vec::new();
        for (place, form) in named.chain(others) {
            if places.iter().all(|(known, _)| !known.is(place)) {
                places.push((place, form));
            }
        }
        places
    }
}

impl<'p> Place<'p> {
    /// `None`: it stands in the signature, which counts already.
    fn of(source: &'p Source) -> Option<Self> {
        match source {
            Source::Header(name) => Some(Self::Header(name)),
            Source::Body(pointer) => Some(Self::Body(pointer)),
            Source::Signature => None,
        }
    }

    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Header(one), Self::Header(other)) => one.eq_ignore_ascii_case(other),
            (Self::Body(one), Self::Body(other)) => one == other,
            _ => false,
        }
    }

    /// What stands there first.
    fn value(self, message: &Message) -> Option<String> {
        match self {
            Self::Header(name) => message
                .headers
                .first(name)
                .map(|value| String::from_utf8_lossy(value).into_owned()),
            Self::Body(pointer) if is_short(message) => json::scalar(&message.body, pointer),
            Self::Body(_) => None,
        }
    }
}

impl Form<'_> {
    fn fits(self, value: &str) -> bool {
        match self {
            _ if value.is_empty() => false,
            Self::Text => true,
            Self::Time(form) => form.read(value).is_ok(),
            Self::Number => value.bytes().all(|b| b.is_ascii_digit()),
            Self::Start(prefix) => value.starts_with(prefix),
        }
    }
}

fn is_short(message: &Message) -> bool {
    message.body.len() <= LONGEST_BODY
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::message::Message;
    use crate::provider::builtin;

    /// The points of a provider for a message.
    fn points(
        id: &str,
        target: &str,
        lines: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Option<i32> {
        let message = Message {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: lines.iter().copied().collect(),
            body: body.into(),
        };
        builtin(id)
            .expect("built in")
            .fit(&message)
            .map(|fit| fit.0)
    }

    #[test]
    fn each_place_counts_once() {
        let digits = "0f".repeat(32);
        let signature = ("X-Webhook-Signature", digits.as_str());
        let prefixed = format!("sha256={digits}");
        let prefixed = ("X-Webhook-Signature", prefixed.as_str());
        let known = r#"{"id":1,"type":"client.created"}"#;
        for (id, lines, body, expected) in [
            // Timestamp, id, event header, attempt and the event in the body are missing.
            ("cepro", &[signature][..], "", Some(4 - 5)),
            (
                "cepro",
                &[signature, ("x-webhook-id", "a")],
                "",
                Some(4 - 3),
            ),
            ("cepro", &[prefixed], "", Some(1 - 5)),
            ("cepro", &[("X-Webhook-Attempt", "one")], "", Some(-2 - 4)),
            ("cepro", &[("X-Webhook-Attempt", "1")], "", Some(-2 - 3)),
            (
                "wlcro",
                &[prefixed, ("X-Webhook-Timestamp", "1769596200")],
                known,
                Some(8),
            ),
            (
                "wlcro",
                &[prefixed, ("X-Webhook-Timestamp", "2026-01-28")],
                known,
                Some(7),
            ),
            (
                "wlcro",
                &[prefixed],
                r#"{"id":"a","type":"other"}"#,
                Some(4),
            ),
            ("wlcro", &[], known, None),
            // Event in the header and the body; the signature is optional.
            (
                "orgjobs",
                &[("X-Webhook-Event", "a")],
                r#"{"event":"a"}"#,
                Some(-1 + 2),
            ),
            ("orgjobs", &[], r#"{"event":"a"}"#, None),
            // The header of the event is that of the rule: it counts once.
            (
                "tenant",
                &[signature, ("X-Webhook-Event", "a")],
                "",
                Some(4),
            ),
        ] {
            assert_eq!(
                points(id, "/", lines, body),
                expected,
                "{id} {lines:?} {body}"
            );
        }
    }

    #[test]
    fn a_secret_in_the_query_is_for_whom_refuses_it() {
        for (target, expected) in [("/?token=a", Some(1)), ("/?a=b", None), ("/token=a", None)] {
            assert_eq!(
                points("cepro-inbound", target, &[], ""),
                expected,
                "{target}"
            );
            assert_eq!(points("cepro", target, &[], ""), None, "{target}");
        }
    }

    #[test]
    fn a_long_body_is_not_read() {
        let short = r#"{"id":1,"type":"client.created"}"#.to_owned();
        let long = short.clone() + &" ".repeat(super::LONGEST_BODY);
        let line = ("X-Webhook-Timestamp", "1769596200");
        assert_eq!(points("wlcro", "/", &[line], short), Some(2));
        assert_eq!(points("wlcro", "/", &[line], long), Some(-3));
    }
}
