//! What comes late, what there is no time for, and what is stopped.

use std::future::ready;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::conformance::Ruling;
use crate::conformance::check::Options;
use crate::conformance::check::catalogue::{Group, entries};
use crate::conformance::check::effects::Effects;
use crate::conformance::check::runner::{run, run_over};

use super::scripted::{Reply, Scripted, of, only, receiver};

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
