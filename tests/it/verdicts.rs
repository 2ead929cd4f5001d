//! Verdicts: tables of deliveries and of what verification finds in each.

mod presence;
mod spellings;
mod timestamps;
mod tokens;
mod words;

use jiff::{SignedDuration, Timestamp};
use wh::message::{Headers, Message, TimestampError, TimestampForm};
use wh::provider::{Draft, Provider, builtin, compose};
use wh::signature::{
    Algorithm, Direction, Facts, Invalid, Key, Scheme, Secret, Tolerance, Valid, Verdict, sign,
    verify,
};

use crate::known_answers::example;

/// 2026-01-28T10:30:00Z, when every delivery here is signed and judged.
const NOW: i64 = 1_769_596_200;
/// Base64 behind a prefix, so that it is a key of every provider; chosen so that the signature by
/// Standard Webhooks has both `+` and `/`.
const SECRET: &str = "whsec_dmVyZGljdC10YWJsZXMtMDAwMDAwMTAwMg==";
const BODY: &str = r#"{"id":12345,"webhookTimestamp":1769596200000}"#;

/// A delivery as its provider signs it, for a table to damage.
#[derive(Clone)]
struct Delivery {
    scheme: Scheme,
    key: Key,
    message: Message,
    /// The digits of the right signature.
    right: String,
}

impl Delivery {
    fn of(provider: &str) -> Self {
        Self::drafted(provider, "msg_1", None)
    }

    /// With another webhook id.
    fn named(provider: &str, id: &str) -> Self {
        Self::drafted(provider, id, None)
    }

    /// With another timestamp on the wire, under the signature where the provider signs it.
    fn stamped(provider: &str, timestamp: &str) -> Self {
        Self::drafted(provider, "msg_1", Some(timestamp))
    }

    fn drafted(provider: &str, id: &str, timestamp: Option<&str>) -> Self {
        let provider = load(provider);
        let scheme = provider.signing_scheme().clone();
        let key = Key::new(&scheme, &Secret::new(SECRET)).unwrap();
        let draft = Draft {
            event: "client.created",
            body: &BODY.into(),
            id,
            attempt: 1,
            at: at(NOW),
            timestamp,
            url: "https://example.com/hooks",
            target: "/hooks",
            extra: &Headers::new(),
            key: Some(&key),
            tamper: None,
        };
        let message = compose(&provider, &draft).unwrap().message;
        let value = message.headers.text(&scheme.header).unwrap();
        Self {
            right: digits(value).to_owned(),
            scheme,
            key,
            message,
        }
    }

    /// Signed anew, by another algorithm and over another body.
    fn signing(mut self, algorithm: Algorithm, body: &'static str) -> Self {
        self.scheme.algorithm = algorithm;
        self.key = Key::new(&self.scheme, &Secret::new(SECRET)).unwrap();
        self.message.body = body.into();
        let facts = Facts {
            timestamp: "",
            id: None,
            url: None,
            method: "POST",
            headers: &self.message.headers,
        };
        let line = sign(&self.scheme, &self.key, &facts, body.as_bytes()).unwrap();
        let value = String::from_utf8(line.value).unwrap();
        digits(&value).clone_into(&mut self.right);
        self.presenting(value)
    }

    /// With one line of this name.
    fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.message.headers.set(name, value.as_ref());
        self
    }

    /// With one more line.
    fn and(mut self, name: &str, value: &str) -> Self {
        self.message.headers.push(name, value);
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.message.headers.remove(name);
        self
    }

    /// With another value in the signature header.
    fn presenting(self, value: impl AsRef<[u8]>) -> Self {
        let header = self.scheme.header.clone();
        self.with(&header, value)
    }

    fn to(mut self, target: &str) -> Self {
        target.clone_into(&mut self.message.target);
        self
    }

    /// Under another tolerance.
    fn within(mut self, tolerance: Tolerance) -> Self {
        self.scheme.timestamp.as_mut().unwrap().tolerance = tolerance;
        self
    }

    fn judge(&self) -> Verdict {
        self.judge_at(at(NOW))
    }

    fn judge_at(&self, now: Timestamp) -> Verdict {
        let verdict = verify(
            &self.scheme,
            std::slice::from_ref(&self.key),
            &self.message,
            now,
        );
        self.tells_nothing(&verdict);
        verdict
    }

    /// No verdict may show the secret, or the signature that would be right.
    fn tells_nothing(&self, verdict: &Verdict) {
        let shown = format!("{verdict} {verdict:?} {:?}", verdict.reason());
        for hidden in [SECRET, &SECRET[6..], "verdict-tables", &self.right] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
    }
}

/// What is left of a signature header's value without its decoration.
fn digits(value: &str) -> &str {
    let parts = value.split(['=', ',', ' ']);
    parts.max_by_key(|part| part.len()).unwrap()
}

/// A built-in provider, or an example file.
fn load(provider: &str) -> Provider {
    builtin(provider).unwrap_or_else(|| example(provider))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn valid(age: i64) -> Verdict {
    Verdict::Valid(Valid {
        age: Some(SignedDuration::from_secs(age)),
        ..Valid::default()
    })
}

/// Older or further ahead than five minutes.
fn stale(age: i64) -> Verdict {
    Verdict::Stale {
        age: SignedDuration::from_secs(age),
        tolerance: SignedDuration::from_secs(300),
        direction: if age > 0 {
            Direction::Past
        } else {
            Direction::Future
        },
    }
}

/// Verdicts as they are shown.
const VALID: &str = "valid";
const OTHER: &str = "invalid: the signature does not match";

/// Verdicts as they are.
const NOT_SECONDS: Verdict = Verdict::Invalid(Invalid::Timestamp(TimestampError::Form(
    TimestampForm::Unix,
)));
const OUT_OF_RANGE: Verdict = Verdict::Invalid(Invalid::Timestamp(TimestampError::Range));
const MISMATCH: Verdict = Verdict::Invalid(Invalid::Mismatch);
const NO_TIMESTAMP: Verdict = Verdict::Invalid(Invalid::TimestampMissing);
