//! How a check goes on, and when it does not.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::conformance::Ruling;
use crate::delivery::FailureKind;
use crate::signature::{Verdict, verify};

use super::breaking::THROWN;
use super::scripted::{Reply, Scripted, of, only, receiver, rulings, verifier};

/// Rules of each group, in the order in which they are looked at.
const SOME: &[&str] = &[
    "accepts-event",
    "accepts-retry",
    "refuses-no-signature",
    "idempotent-twice",
    "in-time-answer",
];

#[tokio::test(start_paused = true)]
async fn a_right_receiver_passes() {
    let receiver = receiver("cepro");
    let report = Scripted::right(&receiver)
        .checked(&receiver, &only(SOME))
        .await;
    let failed: Vec<_> = report
        .rules
        .iter()
        .filter(|finding| SOME.contains(&finding.rule.id) && finding.ruling != Ruling::Pass)
        .map(|finding| (finding.rule.id, &finding.came))
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(report.answered, report.requests);
}

#[tokio::test(start_paused = true)]
async fn where_nothing_answers_nothing_more_is_tried() {
    let receiver = receiver("cepro");
    for (reply, requests, reason) in [
        (
            Reply::No(FailureKind::Refused),
            1,
            "nothing answers: connection refused",
        ),
        (Reply::Never, 1, "nothing answers: no answer in time"),
        // A connection that breaks once may be chance.
        (
            Reply::No(FailureKind::Reset),
            2,
            "nothing answers: connection reset",
        ),
    ] {
        let begun = Instant::now();
        let wire = Scripted::new(move |_, _| reply);
        let report = wire.checked(&receiver, &only(SOME)).await;
        assert_eq!((report.requests, report.answered), (requests, 0));
        for rule in SOME {
            let finding = of(&report, rule);
            assert_eq!((finding.ruling, &*finding.came), (Ruling::NotSeen, reason));
        }
        // The platform's ten seconds, and a little longer.
        assert!(begun.elapsed() <= Duration::from_secs(12));
    }
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_ends_over_a_rule_is_told_and_asked_no_more() {
    let receiver = receiver("cepro");
    let verifies = verifier(&receiver);
    let gone = std::sync::atomic::AtomicBool::new(false);
    let wire = Scripted::new(move |message, _| {
        use std::sync::atomic::Ordering::Relaxed;
        if gone.load(Relaxed) {
            return Reply::No(FailureKind::Refused);
        }
        match (
            verifies(message),
            message.headers.first("x-webhook-signature"),
        ) {
            (_, None) => {
                gone.store(true, Relaxed);
                Reply::No(FailureKind::ClosedEarly)
            }
            (true, _) => Reply::Status(200),
            (false, _) => Reply::Status(401),
        }
    });
    let report = wire.checked(&receiver, &only(SOME)).await;
    assert_eq!(
        rulings(&report),
        [
            ("accepts-event", Ruling::Pass),
            ("accepts-retry", Ruling::Pass),
            ("refuses-no-signature", Ruling::Fail),
            ("idempotent-twice", Ruling::NotSeen),
            ("in-time-answer", Ruling::NotSeen),
        ]
    );
    let killed = of(&report, "refuses-no-signature");
    assert_eq!(
        killed.notes,
        [THROWN, "It ended over this: connection refused since."]
    );
    assert_eq!(
        of(&report, "in-time-answer").came,
        "the receiver is gone since `refuses-no-signature`"
    );
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_is_started_again_has_ended_all_the_same() {
    let receiver = receiver("cepro");
    let verifies = verifier(&receiver);
    let down = std::sync::atomic::AtomicUsize::new(0);
    let wire = Scripted::new(move |message, _| {
        use std::sync::atomic::Ordering::Relaxed;
        if down.load(Relaxed) > 0 {
            down.fetch_sub(1, Relaxed);
            return Reply::No(FailureKind::Refused);
        }
        if message.headers.first("x-webhook-signature").is_none() {
            down.store(2, Relaxed);
            return Reply::No(FailureKind::ClosedEarly);
        }
        Reply::Status(if verifies(message) { 200 } else { 401 })
    });
    let report = wire.checked(&receiver, &only(SOME)).await;
    let killed = of(&report, "refuses-no-signature");
    assert_eq!(killed.ruling, Ruling::Fail);
    assert_eq!(
        killed.notes,
        [THROWN, "It ended over this, and was started again."]
    );
    assert_eq!(of(&report, "in-time-answer").ruling, Ruling::Pass);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_answers_no_more_is_not_waited_for_again_and_again() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, nth| match nth {
        0..20 => Reply::Status(200),
        _ => Reply::Never,
    });
    let begun = Instant::now();
    let report = wire.checked(&receiver, &only(&["accepts", "robust"])).await;
    assert!(
        begun.elapsed() < Duration::from_secs(2 * 60),
        "{:?}",
        begun.elapsed()
    );
    let unseen = report.rules.iter().filter(|finding| {
        finding
            .came
            .starts_with("the receiver does not answer any more since `")
    });
    assert!(unseen.count() > 3);
    // It has refused to answer, which is not the same as to have ended.
    let note = "It answers nothing any more: no answer in time.";
    assert!(report.rules.iter().any(|finding| finding.notes == [note]));
}

#[tokio::test(start_paused = true)]
async fn one_request_without_an_answer_ends_nothing() {
    let receiver = receiver("cepro");
    let verifies = verifier(&receiver);
    let wire = Scripted::new(move |message, _| {
        if message.headers.first("x-webhook-signature").is_none() {
            return Reply::No(FailureKind::Reset);
        }
        Reply::Status(if verifies(message) { 200 } else { 401 })
    });
    let report = wire.checked(&receiver, &only(SOME)).await;
    assert_eq!(of(&report, "refuses-no-signature").ruling, Ruling::Fail);
    assert_eq!(of(&report, "in-time-answer").ruling, Ruling::Pass);
}

#[tokio::test(start_paused = true)]
async fn what_is_wanting_here_is_no_fault_of_the_receiver() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, nth| match nth {
        0 => Reply::Status(200),
        _ if nth % 2 == 1 => Reply::No(FailureKind::Files),
        _ => Reply::Status(200),
    });
    let report = wire.checked(&receiver, &only(&["in-time-answer"])).await;
    let finding = of(&report, "in-time-answer");
    assert_eq!(finding.ruling, Ruling::NotSeen);
    assert_eq!(finding.came, "too many open files here");
}

#[tokio::test(start_paused = true)]
async fn to_refuse_what_is_wrong_proves_nothing_where_all_is_refused() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Status(404));
    let report = wire.checked(&receiver, &only(SOME)).await;
    let finding = of(&report, "refuses-no-signature");
    assert_eq!(finding.ruling, Ruling::NotSeen);
    assert_eq!(finding.came, "404, but a right delivery is refused too");
    assert_eq!(of(&report, "accepts-event").ruling, Ruling::Fail);
    for rule in ["idempotent-twice", "in-time-answer"] {
        let finding = of(&report, rule);
        assert_eq!(finding.ruling, Ruling::NotSeen);
        let end = ", but a right delivery is always refused here";
        assert!(finding.came.ends_with(end), "{}", finding.came);
    }
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_takes_all_is_told_so_once() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Status(200));
    let report = wire.checked(&receiver, &only(&["refuses"])).await;
    let notes = report.rules.iter().flat_map(|finding| &finding.notes);
    let notes: Vec<_> = notes.collect();
    assert_eq!(
        notes,
        ["It takes whatever comes: it does not verify at all."]
    );
    // It looks at signatures, and not at when they were made.
    let aged = super::scripted::receiver("wlcro");
    let scheme = aged.provider.signing_scheme().clone();
    let keys = [aged.key.clone().expect("a key")];
    let wire = Scripted::new(move |message, _| {
        let verdict = verify(&scheme, &keys, message, Timestamp::now());
        let is_right = verdict.is_valid() || matches!(verdict, Verdict::Stale { .. });
        Reply::Status(if is_right { 200 } else { 401 })
    });
    let rules = only(&["refuses-stale", "refuses-future"]);
    let report = wire.checked(&aged, &rules).await;
    for rule in ["refuses-stale", "refuses-future"] {
        assert_ne!(of(&report, rule).ruling, Ruling::Pass);
        assert!(of(&report, rule).notes.is_empty());
    }
    let verifies = verifier(&receiver);
    let wire = Scripted::new(move |message, _| {
        let is_signed = message.headers.first("x-webhook-signature").is_some();
        Reply::Status(if is_signed && !verifies(message) {
            401
        } else {
            200
        })
    });
    let report = wire.checked(&receiver, &only(&["refuses"])).await;
    assert_eq!(of(&report, "refuses-no-signature").ruling, Ruling::Fail);
    assert!(of(&report, "refuses-no-signature").notes.is_empty());
}
