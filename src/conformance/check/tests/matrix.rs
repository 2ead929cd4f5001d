//! Each rule against receivers that are wrong in one thing.

use std::future::pending;

use super::faults::tables;
use super::model::{Fault, Model};
use super::platforms::{acme, all, built_in, receiver};
use super::scripted::only;
use crate::conformance::Ruling;
use crate::conformance::check::catalogue::{Group, Weight, entries};
use crate::conformance::check::receiver::Options;
use crate::conformance::check::runner::run_over;
use crate::conformance::check::{CheckReport, Receiver, infos, requests};
use crate::provider::builtin;

async fn checked(receiver: &Receiver, fault: Option<Fault>) -> CheckReport {
    let model = Model::new(receiver, fault);
    let options = Options::default();
    let report = run_over(&model, receiver, &options, |_| {}, pending());
    report.await.expect("it can be checked")
}

/// The rules that came to one of these.
fn those(report: &CheckReport, rulings: &[Ruling]) -> Vec<&'static str> {
    let rules = report.rules.iter();
    rules
        .filter(|finding| rulings.contains(&finding.ruling))
        .map(|finding| finding.rule.id)
        .collect()
}

/// What did not pass, with what came back.
fn told(report: &CheckReport) -> String {
    let rules = report.rules.iter();
    let others = rules.filter(|finding| finding.ruling != Ruling::Pass);
    let lines = others.map(|f| format!("{} {:?}: {} {:?}", f.rule.id, f.ruling, f.came, f.notes));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(start_paused = true)]
async fn who_is_right_passes_every_rule_of_every_platform() {
    for provider in all() {
        let receiver = receiver(provider);
        for receiver in [
            receiver.clone(),
            Receiver {
                key: None,
                ..receiver
            },
        ] {
            let report = checked(&receiver, None).await;
            let wrong = those(&report, &[Ruling::Fail, Ruling::Warn, Ruling::NotSeen]);
            let id = &receiver.provider.id;
            assert_eq!(wrong, [""; 0], "{id}\n{}", told(&report));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_wrong_in_what_it_takes_fails_by_one_rule() {
    fails_by_one_rule(Group::Accepts).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_wrong_in_what_it_refuses_fails_by_one_rule() {
    fails_by_one_rule(Group::Refuses).await;
}

#[tokio::test(start_paused = true)]
async fn who_does_a_thing_twice_fails_by_one_rule() {
    fails_by_one_rule(Group::Idempotent).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_late_fails_by_one_rule() {
    fails_by_one_rule(Group::InTime).await;
}

#[tokio::test(start_paused = true)]
async fn who_breaks_fails_by_one_rule() {
    fails_by_one_rule(Group::Robust).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_right_gets_as_many_requests_as_are_announced() {
    let some = [
        "*",
        "accepts-event",
        "refuses-no-signature",
        "in-time-slow-client",
    ];
    for (provider, rules) in built_in().flat_map(|it| some.map(|rules| (it.clone(), rules))) {
        let receiver = receiver(provider);
        let options = only(&[rules]);
        let announced = requests(&infos(&receiver, &options));
        let model = Model::new(&receiver, None);
        let report = run_over(&model, &receiver, &options, |_| {}, pending()).await;
        let id = &receiver.provider.id;
        let made = report.expect("it can be checked").requests;
        assert_eq!(made, announced, "{id} {rules}");
    }
}

/// Every receiver that is wrong in one thing of this group fails by the rule on that, and by no other.
async fn fails_by_one_rule(group: Group) {
    let mut wrong = Vec::new();
    for (provider, rows) in tables() {
        let receiver = receiver(provider);
        let rows = rows
            .iter()
            .filter(|(rule, ..)| rule.starts_with(group.name()));
        for (rule, what, fault) in rows {
            let report = checked(&receiver, Some(*fault)).await;
            let failed = those(&report, &[Ruling::Fail, Ruling::Warn]);
            if failed != [*rule] {
                wrong.push(format!("{rule}, {what}: {failed:?}\n{}", told(&report)));
            }
            let is_warning = those(&report, &[Ruling::Warn]).contains(rule);
            let mut entries = entries();
            let entry = entries.find(|entry| entry.rule.id == *rule);
            let weight = entry.map(|entry| entry.weight);
            assert_eq!(is_warning, weight == Some(Weight::Should), "{rule}, {what}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_rule_can_fail() {
    for entry in entries() {
        let mut rows = tables().into_iter().flat_map(|(_, rows)| rows);
        let id = entry.rule.id;
        assert!(rows.any(|(rule, ..)| *rule == id), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_no_document_states_of_the_future_is_a_warning() {
    let (_, _, fault) = tables()[0]
        .1
        .iter()
        .find(|(rule, ..)| *rule == "refuses-future")
        .expect("there is one");
    for (provider, fails, warns) in [
        (acme(), &["refuses-future"][..], &[][..]),
        (
            builtin("wlcro").expect("it is built in"),
            &[],
            &["refuses-future"],
        ),
    ] {
        let report = checked(&receiver(provider), Some(*fault)).await;
        assert_eq!(those(&report, &[Ruling::Fail]), fails, "{}", told(&report));
        assert_eq!(those(&report, &[Ruling::Warn]), warns, "{}", told(&report));
    }
}
