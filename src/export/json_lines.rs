//! An attempt as a line of JSON: what `log` lists, and what an export keeps of it.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::message::{Headers, Record, RecordedValue};
use crate::store::{Answered, Attempt, Direction, Fault, Listed, Place, Recorded, VerdictKind};

use super::Redacting;

/// What a list says of an attempt; `type` and `schema` are the caller's.
#[derive(Debug, Serialize)]
pub(crate) struct AttemptLine<'a> {
    number: i64,
    row: i64,
    id: Uuid,
    webhook_id: Option<&'a str>,
    direction: &'static str,
    provider: &'a str,
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    at: String,
    attempt: u32,
    nth: u32,
    of: u32,
    status: Option<u16>,
    response_ms: Milliseconds,
    outcome: &'static str,
    error: Option<FaultLine<'a>>,
    verdict: Option<VerdictLine<'a>>,
    duplicate_of: Option<i64>,
    size: u64,
    #[serde(flatten)]
    answered: AnsweredLine<'a>,
}

/// What made the answer to something received; nothing, where that was the verdict alone.
#[derive(Debug, Default, Serialize)]
pub(crate) struct AnsweredLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forward: Option<ForwardLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handshake: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<&'a str>,
}

/// Where something was forwarded to, and what came back.
#[derive(Debug, Serialize)]
struct ForwardLine<'a> {
    url: &'a str,
    status: Option<u16>,
    latency_ms: Milliseconds,
    error: Option<FaultLine<'a>>,
}

/// All that the store keeps of an attempt, but its bytes.
#[derive(Debug, Serialize)]
pub(super) struct Kept<'a> {
    #[serde(flatten)]
    line: AttemptLine<'a>,
    /// Whether the sender gave the attempt its number.
    numbered: bool,
    http: &'a str,
    headers_exact: bool,
    peer: Option<SocketAddr>,
}

/// What an export says of an attempt; `type` and `schema` are the caller's. `wh verify --delivery`
/// reads it, and `wh import` makes of it what it was.
#[derive(Debug, Serialize)]
pub(crate) struct RecordedLine<'a> {
    #[serde(flatten)]
    kept: Kept<'a>,
    #[serde(flatten)]
    request: Record<'a>,
    response: Option<ResponseLine<'a>>,
}

#[derive(Debug, Serialize)]
struct ResponseLine<'a> {
    headers: Lines<'a>,
    body_b64: String,
    truncated: bool,
}

type Lines<'a> = Vec<(Cow<'a, str>, RecordedValue<'a>)>;

/// Why there was no answer.
#[derive(Debug, Serialize)]
struct FaultLine<'a> {
    kind: &'a str,
    message: &'a str,
}

/// What verification found.
#[derive(Debug, Serialize)]
struct VerdictLine<'a> {
    ok: bool,
    kind: &'static str,
    reason: Option<&'a str>,
}

/// How much of a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precision {
    /// Milliseconds, which is what people read.
    Shown,
    /// Microseconds, which is what the store keeps.
    Kept,
}

impl<'a> AttemptLine<'a> {
    /// The line of a list.
    pub(crate) fn of(listed: &'a Listed) -> Self {
        Self::new(&listed.place, &listed.attempt, Precision::Shown)
    }

    fn new(place: &Place, attempt: &'a Attempt, precision: Precision) -> Self {
        let endpoint = |direction| (attempt.direction == direction).then_some(&*attempt.endpoint);
        let verdict = attempt.verdict.as_ref().map(|verdict| VerdictLine {
            ok: verdict.kind == VerdictKind::Valid,
            kind: verdict.kind.name(),
            reason: verdict.reason.as_deref(),
        });
        Self {
            number: place.delivery,
            row: place.row,
            id: place.id,
            webhook_id: attempt.webhook_id.as_deref(),
            direction: attempt.direction.name(),
            provider: &attempt.provider,
            event: attempt.event.as_deref(),
            url: endpoint(Direction::Sent),
            path: endpoint(Direction::Received),
            at: precision.time(attempt.at),
            attempt: attempt.number.unwrap_or(place.nth),
            nth: place.nth,
            of: attempt.of,
            status: attempt.status,
            response_ms: precision.milliseconds(attempt.took),
            outcome: attempt.outcome.name(),
            error: attempt.fault.as_ref().map(FaultLine::of),
            verdict,
            duplicate_of: place.duplicate_of,
            size: attempt.size,
            answered: AnsweredLine::of(attempt.answered.as_ref()),
        }
    }
}

impl<'a> AnsweredLine<'a> {
    /// What is said of an answer.
    pub(crate) fn of(answered: Option<&'a Answered>) -> Self {
        match answered {
            None => Self::default(),
            Some(Answered::Script(entry)) => Self {
                script: Some(entry),
                ..Self::default()
            },
            Some(Answered::Forward(forwarded)) => Self {
                forward: Some(ForwardLine {
                    url: &forwarded.url,
                    status: forwarded.status,
                    latency_ms: Precision::Kept.milliseconds(forwarded.took),
                    error: forwarded.fault.as_ref().map(FaultLine::of),
                }),
                ..Self::default()
            },
            Some(Answered::Audit(told)) => Self {
                audit: Some(told),
                ..Self::default()
            },
            Some(Answered::Handshake(name)) => Self {
                handshake: Some(name),
                ..Self::default()
            },
        }
    }
}

impl<'a> FaultLine<'a> {
    fn of(fault: &'a Fault) -> Self {
        Self {
            kind: &fault.kind,
            message: &fault.message,
        }
    }
}

impl<'a> Kept<'a> {
    pub(super) fn of(recorded: &'a Recorded) -> Self {
        Self {
            line: AttemptLine::new(&recorded.place, &recorded.attempt, Precision::Kept),
            numbered: recorded.attempt.number.is_some(),
            http: &recorded.exchange.http,
            headers_exact: recorded.exchange.exact,
            peer: recorded.exchange.peer,
        }
    }
}

impl<'a> RecordedLine<'a> {
    /// The line of an export.
    pub(crate) fn of(recorded: &'a Recorded, redacting: &Redacting) -> Self {
        let request = &recorded.exchange.request;
        let response = recorded.exchange.response.as_ref();
        Self {
            kept: Kept::of(recorded),
            request: Record {
                method: request.method.as_str().into(),
                target: redacting.target(recorded),
                headers: lines(&request.headers, redacting),
                body_b64: Record::base64(&request.body),
            },
            response: response.map(|response| ResponseLine {
                headers: lines(&response.headers, redacting),
                body_b64: Record::base64(&response.body),
                truncated: response.truncated,
            }),
        }
    }
}

fn lines<'a>(headers: &'a Headers, redacting: &Redacting) -> Lines<'a> {
    let line = |(name, value): (&'a str, &'a [u8])| {
        let value = if redacting.hides(name, value) {
            RecordedValue::Redacted { redacted: true }
        } else {
            RecordedValue::of(value)
        };
        (name.into(), value)
    };
    headers.iter().map(line).collect()
}

impl Precision {
    fn time(self, at: Timestamp) -> String {
        match self {
            Self::Shown => format!("{at:.3}"),
            Self::Kept => format!("{at:.6}"),
        }
    }

    fn milliseconds(self, took: Duration) -> Milliseconds {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        Milliseconds(match self {
            Self::Shown => micros / 1000 * 1000,
            Self::Kept => micros,
        })
    }
}

/// Microseconds, written as milliseconds: whole ones without a fraction.
#[derive(Clone, Copy, Debug)]
struct Milliseconds(u64);

impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(1000) {
            return serializer.serialize_u64(self.0 / 1000);
        }
        #[expect(clippy::cast_precision_loss, reason = "exact for 285 years")]
        serializer.serialize_f64(self.0 as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use uuid::Uuid;

    use crate::store::{
        Answered, Attempt, Direction, Fault, Forwarded, Judgement, Listed, Outcome, Place,
        VerdictKind,
    };

    use super::AttemptLine;

    fn listed(direction: Direction) -> Listed {
        let received = direction == Direction::Received;
        Listed {
            place: Place {
                row: 2000,
                delivery: 1042,
                id: Uuid::from_u128(7),
                nth: 2,
                duplicate_of: received.then_some(1040),
            },
            attempt: Attempt {
                direction,
                provider: "cepro".to_owned(),
                endpoint: if received { "/hooks" } else { "http://h/hooks" }.to_owned(),
                event: Some("estimate.created".to_owned()),
                webhook_id: None,
                at: "2026-01-28T10:30:00.123456Z".parse().expect("a time"),
                number: None,
                of: 4,
                status: received.then_some(200),
                took: Duration::from_micros(23_417),
                outcome: Outcome::Retrying,
                fault: (!received).then(|| Fault {
                    kind: "refused".to_owned(),
                    message: "nobody listens".to_owned(),
                }),
                verdict: received.then(|| Judgement {
                    kind: VerdictKind::Invalid,
                    reason: Some("the signature does not match".to_owned()),
                }),
                size: 512,
                answered: None,
            },
        }
    }

    #[test]
    fn a_list_says_what_was_received_and_what_was_sent() {
        let line =
            |direction| serde_json::to_value(AttemptLine::of(&listed(direction))).expect("JSON");
        assert_eq!(
            line(Direction::Received),
            json!({
                "number": 1042, "row": 2000, "id": "00000000-0000-0000-0000-000000000007",
                "webhook_id": null, "direction": "received", "provider": "cepro",
                "event": "estimate.created", "path": "/hooks", "at": "2026-01-28T10:30:00.123Z",
                "attempt": 2, "nth": 2, "of": 4, "status": 200, "response_ms": 23,
                "outcome": "retrying", "error": null,
                "verdict": {"ok": false, "kind": "invalid", "reason": "the signature does not match"},
                "duplicate_of": 1040, "size": 512,
            })
        );
        let sent = line(Direction::Sent);
        assert_eq!(sent["url"], "http://h/hooks");
        assert_eq!(sent.get("path"), None);
        assert_eq!(
            sent["error"],
            json!({"kind": "refused", "message": "nobody listens"})
        );
        assert_eq!(sent["verdict"], json!(null));
    }

    #[test]
    fn a_list_says_what_made_an_answer() {
        let line = |answered| {
            let mut listed = listed(Direction::Received);
            listed.attempt.answered = answered;
            serde_json::to_value(AttemptLine::of(&listed)).expect("JSON")
        };
        let scripted = line(Some(Answered::Script("500x2".to_owned())));
        assert_eq!(scripted["script"], "500x2");
        assert_eq!(scripted.get("forward"), None);
        let forwarded = line(Some(Answered::Forward(Box::new(Forwarded {
            url: "http://h/hooks".to_owned(),
            status: None,
            took: Duration::from_micros(1_500),
            fault: Some(Fault {
                kind: "refused".to_owned(),
                message: "connection refused".to_owned(),
            }),
        }))));
        assert_eq!(
            forwarded["forward"],
            json!({
                "url": "http://h/hooks", "status": null, "latency_ms": 1.5,
                "error": {"kind": "refused", "message": "connection refused"},
            })
        );
        assert_eq!(forwarded.get("script"), None);
    }
}
