//! Attempts for the tests of this module.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::message::{Headers, Message};
use crate::store::{
    Attempt, Direction, Exchange, Judgement, Listed, Outcome, Place, Recorded, VerdictKind,
};
use crate::term::Paint;

use super::{Look, Redaction};

/// The second attempt of #1042, received with a wrong signature.
pub(super) fn sample() -> Recorded {
    let body = Bytes::from_static(br#"{"total":2500.00}"#);
    Recorded {
        place: Place {
            row: 7,
            delivery: 1042,
            id: Uuid::from_u128(1),
            nth: 2,
            duplicate_of: None,
        },
        attempt: Attempt {
            direction: Direction::Received,
            provider: "cepro".to_owned(),
            endpoint: "/hooks".to_owned(),
            event: Some("estimate.created".to_owned()),
            webhook_id: Some("evt_1".to_owned()),
            at: Timestamp::UNIX_EPOCH,
            number: None,
            of: 4,
            status: Some(401),
            took: Duration::from_millis(23),
            outcome: Outcome::Failed,
            fault: None,
            verdict: Some(Judgement {
                kind: VerdictKind::Invalid,
                reason: Some("the signature does not match".to_owned()),
            }),
            size: body.len() as u64,
            answered: None,
        },
        exchange: Exchange {
            request: Message {
                method: "POST".to_owned(),
                target: "/hooks?a=1".to_owned(),
                headers: lines(&[("X-A", "1"), ("Cookie", "a=b")]),
                body,
            },
            http: "HTTP/1.1".to_owned(),
            exact: true,
            peer: "127.0.0.1:53122".parse().ok(),
            response: None,
        },
    }
}

/// Header lines.
pub(super) fn lines(lines: &[(&str, &str)]) -> Headers {
    lines.iter().copied().collect()
}

/// What a list says of an attempt.
pub(super) fn listed(recorded: &Recorded) -> Listed {
    Listed {
        place: recorded.place,
        attempt: recorded.attempt.clone(),
    }
}

static UTC: TimeZone = TimeZone::UTC;

/// Without colour, in UTC.
pub(super) fn look(redaction: &Redaction) -> Look<'_> {
    Look {
        redaction,
        zone: &UTC,
        paint: Paint::new(false),
    }
}
