use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::delivery::{Attempt, Failure, FailureKind, Outgoing, Response};
use crate::message::Headers;
use crate::report::{Detail, Prospect};
use crate::retry::StatusSet;

use super::Run;

fn outgoing() -> Outgoing {
    Outgoing {
        number: Some(1),
        id: Uuid::nil(),
        provider: "cepro".to_owned(),
        event: "a.b".to_owned(),
        webhook_id: None,
        url: "http://h/".to_owned(),
        attempt: 1,
        nth: 1,
        of: 1,
        signing: "signed".to_owned(),
        timeout: Duration::from_secs(10),
        success: StatusSet::success(),
    }
}

/// An attempt with this status or failure.
fn attempt(outcome: Result<u16, FailureKind>) -> Attempt {
    let response = |status| Response {
        status,
        headers: Headers::new(),
        body: Bytes::new(),
        truncated: false,
    };
    let failure = |kind| Failure {
        kind,
        detail: String::new(),
    };
    Attempt {
        at: Timestamp::UNIX_EPOCH,
        elapsed: Duration::ZERO,
        outcome: outcome.map(response).map_err(failure),
    }
}

fn of_thousands() -> Run {
    let prospect = Prospect {
        detail: Detail::Summary,
        ..Prospect::of(10_000)
    };
    Run::new(prospect, None)
}

#[test]
fn of_thousands_the_first_error_of_each_kind_is_told() {
    let mut run = of_thousands();
    for (outcome, is_told) in [
        (Ok(200), false),
        (Ok(500), true),
        (Err(FailureKind::Refused), true),
        (Ok(500), false),
        (Ok(503), true),
        (Err(FailureKind::Refused), false),
        (Err(FailureKind::Timeout), true),
    ] {
        let told = run.tells(&outgoing(), &attempt(outcome));
        assert_eq!(told, is_told, "{outcome:?}");
    }
    assert!(run.tells_unmet(500) && !run.tells_unmet(500) && run.tells_unmet(404));
    assert!(!run.tells_each());
}

#[test]
fn a_receiver_with_many_statuses_is_no_flood() {
    let mut run = of_thousands();
    let told = (400..600).filter(|status| run.tells(&outgoing(), &attempt(Ok(*status))));
    assert_eq!(told.count(), 8);
}

#[test]
fn of_a_few_each_attempt_is_told_and_a_hint_once() {
    let mut run = Run::new(Prospect::of(3), None);
    assert!(run.tells_each());
    for _ in 0..2 {
        assert!(run.tells(&outgoing(), &attempt(Ok(500))) && run.tells_unmet(500));
    }
    assert_eq!(
        ["a", "b", "a"].map(|hint| run.hints(hint)),
        [true, true, false]
    );
}
