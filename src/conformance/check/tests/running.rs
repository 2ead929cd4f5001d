//! How a check goes on, and when it does not.

use std::future::ready;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::conformance::Ruling;
use crate::conformance::check::Options;
use crate::conformance::check::catalogue::{Group, entries};
use crate::conformance::check::effects::Effects;
use crate::conformance::check::runner::{run, run_over};
use crate::delivery::FailureKind;
use crate::signature::{Verdict, verify};

use super::scripted::{Reply, Scripted, of, only, receiver, rulings, verifier};

/// Rules of each group, in the order in which they are looked at.
const SOME: &[&str] = &[
    "accepts-event",
    "accepts-retry",
    "refuses-no-signature",
    "idempotent-twice",
    "in-time-answer",
];

/// What is said where a connection ends instead of a refusal.
const THROWN: &str =
    "It did not answer this: the handler threw, or closed the connection. Answer 401.";

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

/// A receiver that takes what is right, and else answers so: to what has no signature, and to what has
/// a wrong one.
fn answering(unsigned: Reply, wrong: Reply) -> Scripted {
    let verifies = verifier(&receiver("cepro"));
    Scripted::new(
        move |message, _| match message.headers.first("x-webhook-signature") {
            None => unsigned,
            Some(_) if verifies(message) => Reply::Status(200),
            Some(_) => wrong,
        },
    )
}

#[tokio::test(start_paused = true)]
async fn what_breaks_has_refused_nothing() {
    use FailureKind::ClosedEarly;
    use Reply::{No, Status};
    let receiver = receiver("cepro");
    for (unsigned, wrong, ruling, came) in [
        (Status(401), Status(403), Ruling::Pass, "401, 403"),
        (Status(200), Status(401), Ruling::Pass, "200, 401"),
        (
            Status(401),
            Status(400),
            Ruling::Warn,
            "another secret: 400",
        ),
        (
            Status(500),
            Status(400),
            Ruling::Warn,
            "another secret: 400",
        ),
        (
            Status(401),
            Status(500),
            Ruling::NotSeen,
            "401, 500: what breaks has refused nothing",
        ),
        (
            No(ClosedEarly),
            Status(401),
            Ruling::NotSeen,
            "connection closed before the answer was complete, 401: what breaks has refused nothing",
        ),
        (
            Status(200),
            Status(200),
            Ruling::NotSeen,
            "nothing was refused",
        ),
    ] {
        let wire = answering(unsigned, wrong);
        let report = wire.checked(&receiver, &only(&["refuses-by-401"])).await;
        let found = of(&report, "refuses-by-401");
        assert_eq!((found.ruling, &*found.came), (ruling, came));
    }
}

#[tokio::test(start_paused = true)]
async fn who_refuses_by_breaking_is_told_so() {
    use Reply::{No, Status};
    let receiver = receiver("cepro");
    let status = "It refused this, but by breaking: answer 401, as a 5xx is sent again.";
    for (reply, notes) in [
        (Status(500), &[status][..]),
        (No(FailureKind::ClosedEarly), &[THROWN]),
        (No(FailureKind::Reset), &[THROWN]),
        (No(FailureKind::Timeout), &[]),
        (Status(401), &[]),
    ] {
        let wire = answering(Status(401), reply);
        let rules = only(&["refuses-other-secret", "robust-empty-body"]);
        let report = wire.checked(&receiver, &rules).await;
        assert_eq!(
            of(&report, "refuses-other-secret").notes,
            notes,
            "{reply:?}"
        );
        assert_eq!(of(&report, "robust-empty-body").notes, [""; 0]);
    }
    let some = Scripted::new(
        |message, nth| match message.headers.first("x-webhook-signature") {
            Some(_) if nth == 1 => Reply::Status(502),
            _ => Reply::Status(200),
        },
    );
    let report = some
        .checked(&receiver, &only(&["refuses-changed-spaces"]))
        .await;
    assert!(
        of(&report, "refuses-changed-spaces").notes[0]
            .starts_with("It refused some of these, but by")
    );
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
async fn answers_that_come_late_again_and_again_take_no_hours() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Late(200, Duration::from_secs(11)));
    let begun = Instant::now();
    let report = wire.checked(&receiver, &Options::default()).await;
    assert!(
        begun.elapsed() < Duration::from_secs(7 * 60),
        "{:?}",
        begun.elapsed()
    );
    let was_left = |group: Group| {
        let mut rules = report.rules.iter();
        rules.any(|finding| {
            finding.group == group && finding.came == "too many answers came too late to go on"
        })
    };
    assert!(was_left(Group::Robust));
    assert!(!was_left(Group::InTime));
    let late = of(&report, "in-time-answer");
    assert_eq!(late.ruling, Ruling::Fail);
    assert_eq!(late.came, "11s, and the platform waits 10s");
}

#[tokio::test(start_paused = true)]
async fn a_quick_check_ends_within_seconds_and_says_what_it_left() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Late(200, Duration::from_millis(700)));
    let options = Options {
        quick: true,
        ..Options::default()
    };
    let begun = Instant::now();
    let report = wire.checked(&receiver, &options).await;
    assert_eq!(begun.elapsed(), Duration::from_millis(4500));
    // What must not be taken comes before what else there is.
    for (rule, ruling) in [
        ("accepts-event", Ruling::Pass),
        ("refuses-no-signature", Ruling::Fail),
        ("accepts-unicode", Ruling::LeftOut),
        ("in-time-half-request", Ruling::LeftOut),
    ] {
        assert_eq!(of(&report, rule).ruling, ruling, "{rule}");
    }
    let left = of(&report, "in-time-half-request");
    assert_eq!(left.came, "no time is left for it in a quick check");
    assert!(report.late > 20, "{}", report.late);
    let ids = report.rules.iter().map(|finding| finding.rule.id);
    assert!(ids.eq(entries().map(|entry| entry.rule.id)));
}

#[tokio::test(start_paused = true)]
async fn a_quick_check_waits_for_its_first_answer_until_nearly_its_end() {
    let receiver = receiver("cepro");
    for (timeout, reply, answered, hurried) in [
        (None, Reply::Late(200, Duration::from_secs(3)), 1, None),
        (
            None,
            Reply::Never,
            0,
            Some("no answer within 4.4s, and the platform waits 10s"),
        ),
        (
            Some(1),
            Reply::Late(200, Duration::from_secs(3)),
            0,
            Some("no answer within 1s, and the platform waits 10s"),
        ),
    ] {
        let wire = Scripted::new(move |_, _| reply);
        let options = Options {
            quick: true,
            timeout: timeout.map(Duration::from_secs),
            ..Options::default()
        };
        let report = wire.checked(&receiver, &options).await;
        assert_eq!(report.answered, answered, "{reply:?}");
        assert_eq!(report.hurried.as_deref(), hurried);
        assert_eq!(report.silence.is_some(), hurried.is_some());
        let came = hurried.unwrap_or("no time is left for it in a quick check");
        assert_eq!(of(&report, "accepts-event").came, came);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_cut_short_is_no_failure() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, nth| match nth {
        0 => Reply::Status(200),
        _ => Reply::Late(200, Duration::from_secs(3)),
    });
    let options = Options {
        timeout: Some(Duration::from_secs(2)),
        ..only(&["accepts-event"])
    };
    let report = wire.checked(&receiver, &options).await;
    let finding = of(&report, "accepts-event");
    assert_eq!(finding.ruling, Ruling::NotSeen);
    assert_eq!(
        finding.came,
        "no answer within 2s, and the platform waits 10s"
    );
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

#[tokio::test(start_paused = true)]
async fn what_was_found_until_it_is_stopped_is_told() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Late(200, Duration::from_millis(100)));
    let stop = sleep(Duration::from_millis(1450));
    let options = Options::default();
    let report = run_over(&wire, &receiver, &options, |_| {}, stop).await;
    let report = report.expect("a check");
    assert!(report.cut);
    assert!(!report.rules.is_empty());
    assert!(report.rules.len() < entries().count());
    // Those of the rule that was cut short count too.
    assert_eq!((report.requests, wire.came().len()), (15, 15));
    assert_eq!(report.answered, 14);
}

#[cfg(unix)]
#[tokio::test]
async fn the_first_count_of_side_effects_is_not_waited_for_when_it_is_stopped() {
    let receiver = receiver("cepro");
    let options = Options {
        effects: Some(Effects::Command("sleep 4242".to_owned())),
        ..Options::default()
    };
    let report = run(&receiver, &options, |_| {}, ready(())).await;
    let report = report.expect("what was found until then");
    assert!(report.cut);
    assert_eq!((report.requests, report.rules.len()), (0, 0));
}
