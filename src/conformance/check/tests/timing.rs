//! Answers in time, near the limit, beyond it.

use std::time::Duration;

use crate::conformance::Ruling;
use crate::conformance::check::judge::{Judged, Seen};
use crate::conformance::check::shot::{Manner, Round};
use crate::conformance::check::workshop::Workshop;
use crate::conformance::check::{Options, Receiver};
use crate::delivery::{Attempt, Failure, FailureKind, Response};
use crate::message::Headers;

use super::scripted::{Reply, Scripted, entry, of, only, receiver};

/// The judgement of a rule whose answers take so long; `None` is none within the wait.
fn judged(receiver: &Receiver, rule: &str, times: &[Option<u64>]) -> Judged {
    let mut workshop = Workshop::new(receiver, false);
    let entry = entry(rule);
    let rounds = (entry.plan)(&mut workshop).expect("such a rule");
    let shots = rounds.into_iter().flat_map(|round| match round {
        Round::Each(shots) | Round::Together(shots) => shots,
        Round::Meanwhile { first, others, .. } => [vec![*first], others].concat(),
    });
    let attempt = |time: &Option<u64>| Attempt {
        at: jiff::Timestamp::now(),
        elapsed: Duration::from_millis(time.unwrap_or(12_000)),
        outcome: match time {
            Some(_) => Ok(Response {
                status: 200,
                headers: Headers::new(),
                body: bytes::Bytes::new(),
                truncated: false,
            }),
            None => Err(Failure {
                kind: FailureKind::Timeout,
                detail: String::new(),
            }),
        },
    };
    let seen = Seen {
        provider: &receiver.provider,
        shots: shots
            .zip(times.iter().cycle())
            .map(|(shot, time)| {
                let waits = shot.manner != Manner::Half;
                (shot, waits.then(|| attempt(time)))
            })
            .collect(),
        effects: None,
        wanted_effects: None,
    };
    (entry.judge)(&seen)
}

#[test]
fn the_slowest_answer_is_held_against_the_platforms_timeout() {
    let cepro = receiver("cepro");
    for (time, ruling, came) in [
        (Some(20), Ruling::Pass, "20ms"),
        (Some(5000), Ruling::Pass, "5s"),
        (
            Some(5100),
            Ruling::Warn,
            "5.1s, more than half of the 10s that the platform waits",
        ),
        (
            Some(10_000),
            Ruling::Warn,
            "10s, more than half of the 10s that the platform waits",
        ),
        (
            Some(11_000),
            Ruling::Fail,
            "11s, and the platform waits 10s",
        ),
        (None, Ruling::Fail, "12s, and the platform waits 10s"),
    ] {
        let judged = judged(&cepro, "in-time-answer", &[time]);
        assert_eq!((judged.ruling, &*judged.came), (ruling, came));
        assert_eq!(judged.culprits.is_empty(), ruling == Ruling::Pass);
    }
}

#[test]
fn beyond_a_timeout_that_no_document_states_is_a_warning() {
    let judged = judged(&receiver("tenant"), "in-time-answer", &[Some(11_000)]);
    assert_eq!(judged.ruling, Ruling::Warn);
    assert_eq!(judged.came, "11s, and the platform waits 10s (assumed)");
}

#[test]
fn percentiles_leave_the_slowest_out() {
    let cepro = receiver("cepro");
    let times = |slow: usize| {
        let slow = (0..slow).map(|_| Some(11_000));
        slow.chain((0..50).map(|_| Some(20))).collect::<Vec<_>>()
    };
    let two = judged(&cepro, "in-time-p95", &times(2));
    assert_eq!(
        (two.ruling, &*two.came),
        (Ruling::Pass, "p50 20ms, p95 20ms")
    );
    let three = judged(&cepro, "in-time-p95", &times(3));
    assert_eq!(three.ruling, Ruling::Fail);
    assert_eq!(three.culprits, [0, 1, 2]);
    assert!(
        three.came.starts_with("p50 20ms, p95 11s"),
        "{}",
        three.came
    );
}

#[test]
fn a_burst_is_as_slow_as_its_slowest() {
    let judged = judged(&receiver("cepro"), "in-time-burst", &[Some(20), Some(6000)]);
    assert_eq!(judged.ruling, Ruling::Warn);
    let came = "the slowest 6s, more than half of the 10s that the platform waits";
    assert_eq!(judged.came, came);
}

#[test]
fn a_slow_request_may_take_its_time_and_others_not_for_it() {
    let cepro = receiver("cepro");
    let rule = "in-time-slow-client";
    // Alone, the slow one, and two beside it.
    let beside = |alone, beside| [Some(alone), Some(2000), Some(beside), Some(beside)];
    for (times, ruling) in [
        (beside(10, 15), Ruling::Pass),
        (beside(10, 700), Ruling::Pass),
        (beside(10, 1500), Ruling::Fail),
        // Who always takes three seconds holds nobody up.
        (beside(3000, 3100), Ruling::Pass),
    ] {
        assert_eq!(judged(&cepro, rule, &times).ruling, ruling, "{times:?}");
    }
    let held = judged(&cepro, rule, &beside(10, 1500));
    assert_eq!(held.came, "10ms alone, 1.5s beside it");
    assert_eq!(held.culprits, [2, 3]);
}

#[tokio::test(start_paused = true)]
async fn the_others_go_out_while_the_slow_one_is_under_way() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Status(200));
    let report = wire
        .checked(&receiver, &only(&["in-time-slow-client"]))
        .await;
    assert_eq!(of(&report, "in-time-slow-client").ruling, Ruling::Pass);
    let came = wire.came();
    // After the one that every check begins with, and the one alone.
    let [_, _, slow, beside, _] = &came[..] else {
        panic!("{} requests", came.len());
    };
    assert_eq!(slow.1, Manner::Slow(Duration::from_secs(2)));
    assert_eq!(beside.2 - slow.2, Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_halves_is_answered() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Status(200));
    let report = wire
        .checked(&receiver, &only(&["in-time-half-request"]))
        .await;
    assert_eq!(of(&report, "in-time-half-request").ruling, Ruling::Pass);
    let halves = wire
        .came()
        .iter()
        .filter(|came| came.1 == Manner::Half)
        .count();
    assert_eq!(halves, 3);

    // One that breaks over them answers nothing after.
    let wire = Scripted::new(|_, nth| match nth {
        0 => Reply::Status(200),
        _ => Reply::No(FailureKind::Refused),
    });
    let report = wire
        .checked(&receiver, &only(&["in-time-half-request"]))
        .await;
    let finding = of(&report, "in-time-half-request");
    assert_eq!(finding.ruling, Ruling::Fail);
    assert_eq!(finding.came, "a delivery: connection refused");
}

#[test]
fn requests_that_go_out_late_are_signed_when_they_do() {
    // Signatures over a timestamp are stale after a while.
    let receiver = receiver("wlcro");
    for rule in ["in-time-p95", "idempotent-later"] {
        let mut workshop = Workshop::new(&receiver, false);
        let rounds = (entry(rule).plan)(&mut workshop).expect("such a rule");
        let Round::Each(shots) = &rounds[0] else {
            panic!("another kind of round");
        };
        assert!(shots.iter().all(|shot| shot.parcel.is_some()), "{rule}");
    }
}

#[test]
fn a_quick_check_makes_fewer() {
    let receiver = receiver("cepro");
    let count = |quick| {
        let options = Options {
            quick,
            ..Options::default()
        };
        let infos = crate::conformance::check::infos(&receiver, &options);
        let wanted = infos.iter().filter(|info| info.rule.id == "in-time-p95");
        wanted.map(|info| info.requests.clone().ok()).next()
    };
    assert_eq!(count(false), Some(Some(50)));
    assert_eq!(count(true), Some(Some(10)));
}
