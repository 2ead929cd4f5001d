use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::delivery::{Attempt, Failure, FailureKind, Next, Outgoing, Retry};
use crate::retry::{StatusSet, StopHeader, StopReason};

use super::{counted, following};

fn outgoing(attempt: u32, nth: u32, of: u32) -> Outgoing {
    Outgoing {
        number: Some(1043),
        id: Uuid::nil(),
        provider: "cepro".to_owned(),
        event: "estimate.created".to_owned(),
        webhook_id: None,
        url: "http://localhost:3000/hooks".to_owned(),
        attempt,
        nth,
        of,
        signing: "signed".to_owned(),
        timeout: Duration::from_secs(10),
        success: StatusSet::success(),
    }
}

fn attempt(kind: FailureKind) -> Attempt {
    Attempt {
        at: Timestamp::UNIX_EPOCH,
        elapsed: Duration::ZERO,
        outcome: Err(Failure {
            kind,
            detail: String::new(),
        }),
    }
}

fn retry() -> Retry {
    Retry {
        nth: 1,
        of: 3,
        after: Duration::from_secs(10),
        asked: false,
        assumed: false,
        speed: 1.0,
        wait: Duration::from_secs(10),
        due: Timestamp::UNIX_EPOCH,
    }
}

/// What is told of an attempt that was refused and of what follows.
fn told(nth: u32, next: &Next) -> Option<String> {
    let (outgoing, attempt) = (outgoing(nth, nth, 4), attempt(FailureKind::Refused));
    following(&TimeZone::UTC, &outgoing, &attempt, next)
}

#[test]
fn a_retry_says_when_and_why() {
    let faster = Retry {
        speed: 60.0,
        wait: Duration::from_millis(167),
        ..retry()
    };
    for (retry, expected) in [
        (retry(), "retry 1/3 in 10s (due 00:00:00)"),
        (
            Retry {
                assumed: true,
                ..retry()
            },
            "retry 1/3 in 10s (assumed) (due 00:00:00)",
        ),
        (
            Retry {
                asked: true,
                ..retry()
            },
            "retry 1/3 in 10s, as Retry-After asks (due 00:00:00)",
        ),
        (
            faster.clone(),
            "retry 1/3 in 10s (at 60x 167ms, due 00:00:00)",
        ),
        (
            Retry {
                assumed: true,
                ..faster.clone()
            },
            "retry 1/3 in 10s (assumed) (at 60x 167ms, due 00:00:00)",
        ),
        // Also where both waits are the same.
        (
            Retry {
                after: Duration::ZERO,
                wait: Duration::ZERO,
                ..faster
            },
            "retry 1/3 in 0ms (at 60x 0ms, due 00:00:00)",
        ),
    ] {
        assert_eq!(told(1, &Next::Retry(retry)).as_deref(), Some(expected));
    }
}

#[test]
fn an_end_says_what_it_was() {
    assert_eq!(told(2, &Next::Delivered), None);
    assert_eq!(
        told(4, &Next::Failed).as_deref(),
        Some("failed after 4 attempts")
    );
    // A single attempt, of which no others were to follow.
    assert_eq!(told(2, &Next::Failed), None);
    assert_eq!(told(1, &Next::Failed), None);
    let stopped = Next::Stopped(StopReason::Status(410));
    let expected = "stopped by the receiver: status 410";
    assert_eq!(told(1, &stopped).as_deref(), Some(expected));
}

#[test]
fn what_a_receiver_wrote_does_nothing() {
    let header = StopHeader {
        name: "X-Stop\x1b[2J".to_owned(),
        value: Some("a\nb\u{202e}".to_owned()),
    };
    let stopped = Next::Stopped(StopReason::Header(header));
    let expected = r"stopped by the receiver: header X-Stop\x1b[2J: a\nb\u{202e}";
    assert_eq!(told(1, &stopped).as_deref(), Some(expected));
}

#[test]
fn an_unknown_outcome_is_no_retry() {
    let (outgoing, attempt) = (outgoing(2, 2, 4), attempt(FailureKind::Unknown));
    let next = Next::Retry(retry());
    let told = following(&TimeZone::UTC, &outgoing, &attempt, &next);
    assert_eq!(told.as_deref(), Some("attempt 2 is made again"));
}

#[test]
fn attempts_are_counted_by_their_schedule() {
    for (attempt, nth, of, expected) in [
        (2, 2, 4, "attempt 2/4"),
        (5, 1, 4, "attempt 5 (1/4)"),
        (5, 1, 1, "attempt 5"),
    ] {
        assert_eq!(counted(&outgoing(attempt, nth, of)), expected);
    }
}
