//! What a check makes of a receiver that refuses what is right.

use crate::conformance::Ruling;
use crate::signature::{Key, Secret};

use super::scripted::{Scripted, of, only, receiver, rulings};

/// Rules of each group but that of the times.
const SOME: &[&str] = &[
    "accepts-event",
    "accepts-unicode",
    "refuses-no-signature",
    "idempotent-twice",
    "robust-goes-on",
];

#[tokio::test(start_paused = true)]
async fn one_rule_says_why_and_the_others_prove_nothing() {
    let receiver = receiver("cepro");
    let mut theirs = receiver.clone();
    theirs.key = Key::new(theirs.provider.signing_scheme(), &Secret::new("s3cret\n")).ok();
    let wire = Scripted::right(&theirs);
    let report = wire.checked(&receiver, &only(SOME)).await;
    assert_eq!(
        rulings(&report),
        [
            ("accepts-event", Ruling::Fail),
            ("accepts-unicode", Ruling::NotSeen),
            ("refuses-no-signature", Ruling::NotSeen),
            ("idempotent-twice", Ruling::NotSeen),
            ("robust-goes-on", Ruling::NotSeen),
        ]
    );
    let told = of(&report, "accepts-event");
    assert!(told.is_diagnosed);
    assert!(told.notes.concat().contains("newline"), "{:?}", told.notes);
    for rule in &SOME[1..] {
        assert!(of(&report, rule).notes.is_empty(), "{rule}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_proves_nothing_says_why_where_no_other_does() {
    let receiver = receiver("cepro");
    let mut theirs = receiver.clone();
    theirs.key = Key::new(theirs.provider.signing_scheme(), &Secret::new("s3cret\n")).ok();
    let wire = Scripted::right(&theirs);
    let report = wire.checked(&receiver, &only(&["refuses"])).await;
    let diagnosed = report.rules.iter().filter(|finding| finding.is_diagnosed);
    let diagnosed: Vec<_> = diagnosed.map(|finding| finding.rule.id).collect();
    assert_eq!(diagnosed, ["refuses-no-signature"]);
    let told = of(&report, "refuses-no-signature");
    assert_eq!(told.ruling, Ruling::NotSeen);
    assert!(told.notes.concat().contains("newline"), "{:?}", told.notes);
}
