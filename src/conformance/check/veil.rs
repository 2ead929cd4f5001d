//! What goes along with every request and is nobody's business, taken out of what is shown: a receiver
//! that fails may send back all that it got.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::memmem;

use crate::delivery::Response;
use crate::message::{Headers, Message};

use super::receiver::Receiver;
use super::report::Evidence;

/// What stands in the place of a secret.
const VEILED: &[u8] = b"(redacted)";

/// A value shorter than this is no credential, and would take words out of every answer.
const SHORTEST: usize = 6;

/// The values that are not shown.
pub(super) struct Veil(Vec<Vec<u8>>);

impl Veil {
    /// The token that a receiver is sent, and the values of the user's own header lines.
    pub(super) fn of(receiver: &Receiver) -> Self {
        let scheme = receiver.provider.signing_scheme();
        let token = receiver.key.as_ref().and_then(|key| key.token(scheme));
        let mut values: Vec<Vec<u8>> = token.map(<[u8]>::to_vec).into_iter().collect();
        for (_, value) in receiver.extra.iter() {
            values.push(value.to_vec());
            // `Basic dXNlcjpwYXNz`: the second word is one by itself.
            values.extend(
                value
                    .split(|byte| *byte == b' ')
                    .skip(1)
                    .map(<[u8]>::to_vec),
            );
        }
        values.retain(|value| value.len() >= SHORTEST);
        // A whole value before a part of it.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    /// The same exchange without them.
    pub(super) fn over(&self, mut evidence: Evidence) -> Evidence {
        if self.0.is_empty() {
            return evidence;
        }
        let Message { headers, body, .. } = &mut evidence.request;
        self.cover(headers, body);
        if let Some(attempt) = &mut evidence.attempt
            && let Ok(Response { headers, body, .. }) = &mut attempt.outcome
        {
            self.cover(headers, body);
        }
        evidence
    }

    fn cover(&self, headers: &mut Headers, body: &mut Bytes) {
        let lines = headers.iter();
        *headers = lines
            .map(|(name, value)| (name.to_owned(), self.without(value).into_owned()))
            .collect();
        if let Cow::Owned(covered) = self.without(body) {
            *body = covered.into();
        }
    }

    fn without<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let mut left = Cow::Borrowed(bytes);
        for value in &self.0 {
            let finder = memmem::Finder::new(value);
            if finder.find(&left).is_none() {
                continue;
            }
            let mut out = Vec::with_capacity(left.len());
            let mut end = 0;
            for at in finder.find_iter(&left) {
                out.extend_from_slice(&left[end..at]);
                out.extend_from_slice(VEILED);
                end = at + value.len();
            }
            out.extend_from_slice(&left[end..]);
            left = Cow::Owned(out);
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use url::Url;

    use super::{Evidence, Receiver, Veil};
    use crate::delivery::{Attempt, Response};
    use crate::message::{Headers, Message};
    use crate::provider::builtin;
    use crate::signature::{Key, Secret};

    fn echoed(provider: &str) -> String {
        let provider = builtin(provider).expect("it is built in");
        let secret = Secret::new("topsecret42");
        let receiver = Receiver {
            key: Key::new(provider.signing_scheme(), &secret).ok(),
            provider,
            url: Url::parse("http://localhost/").expect("a URL"),
            extra: [("Authorization", "Basic dXNlcjpwYXNz"), ("X-A", "short")]
                .into_iter()
                .collect(),
        };
        let text = "Bearer topsecret42, Basic dXNlcjpwYXNz, dXNlcjpwYXNz, short";
        let headers: Headers = [("X-Echo", text)].into_iter().collect();
        let evidence = Veil::of(&receiver).over(Evidence {
            label: "an event".to_owned(),
            request: Message {
                method: "POST".to_owned(),
                target: "/".to_owned(),
                headers: headers.clone(),
                body: "{}".into(),
            },
            attempt: Some(Attempt {
                at: Timestamp::UNIX_EPOCH,
                elapsed: Duration::ZERO,
                outcome: Ok(Response {
                    status: 500,
                    headers,
                    body: text.into(),
                    truncated: false,
                }),
            }),
        });
        let answer = evidence.attempt.expect("an attempt").outcome;
        let answer = answer.expect("an answer");
        let echo = answer.headers.text("x-echo").expect("the line");
        assert_eq!(evidence.request.headers.text("x-echo"), Some(echo));
        assert_eq!(answer.body, echo);
        echo.to_owned()
    }

    #[test]
    fn what_a_receiver_sends_back_has_neither_token_nor_login() {
        assert_eq!(
            echoed("cepro-inbound"),
            "Bearer (redacted), (redacted), (redacted), short"
        );
        // The secret of an HMAC is never sent: what reads alike comes from somewhere else.
        assert_eq!(
            echoed("cepro"),
            "Bearer topsecret42, (redacted), (redacted), short"
        );
    }
}
