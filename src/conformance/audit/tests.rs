//! A model of a sender that is right, and of the same sender broken in one way after another.

mod model;

use std::time::Duration;

use model::{Broken, Model};

use super::catalogue::rules;
use crate::conformance::{Findings, Ruling};
use crate::provider::{BUILTIN_IDS, Provider, builtin, parse};

/// A platform that has every rule, and documents all of them.
fn acme() -> Provider {
    let text = r#"
        provider = { id = "acme", documents = ["Acme's page"] }
        timestamp = { from = "header:X-Time", format = "unix", tolerance = { past = "300s", future = "300s" } }
        id = { from = "header:X-Id", make = "uuid" }
        event = { from = "body:/event" }
        attempt = { from = "header:X-Attempt" }
        headers = { X-Event = "{event}", X-Attempt = "{attempt}" }
        any_event = { open = true, sample = '{"event":"{event}","at":"{now}"}' }
        [signature]
        algorithm = "hmac-sha256"
        signs = "{timestamp}.{body}"
        encoding = "hex"
        header = "X-Sig"
        value = "{sig}"
        [delivery]
        timeout = "30s"
        retry = ["10s", "60s", "300s"]
        retry_after = "honour"
        stop = { status = ["410"], header = ["X-No-Retry"] }
    "#;
    parse(text).expect("a provider")
}

/// The rules that came to this.
fn those(findings: &Findings, ruling: Ruling) -> Vec<&'static str> {
    let rules = findings.rules.iter();
    rules
        .filter(|finding| finding.ruling == ruling)
        .map(|finding| finding.rule.id)
        .collect()
}

/// What did not pass, with what was seen.
fn told(findings: &Findings) -> String {
    let rules = findings.rules.iter();
    let others = rules.filter(|finding| finding.ruling != Ruling::Pass);
    let lines = others.map(|f| format!("{} {:?}: {}", f.rule.id, f.ruling, f.seen));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn who_is_right_passes_every_rule_there_is() {
    let findings = Model::new(acme(), None).audited();
    let passed: Vec<_> = rules().map(|rule| rule.id).collect();
    assert_eq!(
        those(&findings, Ruling::Pass),
        passed,
        "{}",
        told(&findings)
    );
    assert_eq!((findings.deliveries, findings.wanted), (4, 4));
    assert_eq!(findings.attempts, 8);
    assert!(findings.holds());
}

#[test]
fn who_is_right_passes_every_built_in_platform_at_any_speed() {
    for id in BUILTIN_IDS {
        for speed in [1.0, 60.0, 10_000.0] {
            let provider = builtin(id).expect("it is built in");
            let findings = Model::new(provider, None).at(speed).audited();
            for ruling in [Ruling::Fail, Ruling::Warn] {
                assert_eq!(
                    those(&findings, ruling),
                    [""; 0],
                    "{id} {speed} {}",
                    told(&findings)
                );
            }
            assert_eq!(those(&findings, Ruling::NotSeen), [""; 0], "{id} {speed}");
            assert!(findings.holds(), "{id} {speed}");
        }
    }
}

/// Each way to be broken, and the rule that it fails by.
const BROKEN: [(Broken, &str); 34] = [
    (Broken::Method, "method"),
    (Broken::ContentType, "content-type"),
    (Broken::NoContentType, "content-type"),
    (Broken::Secret, "signature"),
    (Broken::Unsigned, "signature"),
    (Broken::SignedOnce, "signature"),
    (Broken::No("X-Id"), "headers"),
    (Broken::No("X-Time"), "headers"),
    (Broken::No("X-Event"), "headers"),
    (Broken::No("X-Attempt"), "headers"),
    (Broken::Twice("X-Id"), "headers"),
    (Broken::Event, "headers"),
    (Broken::IdForm, "headers"),
    (Broken::Id, "id"),
    (Broken::OneId, "id"),
    (Broken::NumberStays, "attempt-number"),
    (Broken::NumberFromZero, "attempt-number"),
    (Broken::Body, "body"),
    (Broken::Timestamp, "timestamp"),
    (Broken::TooEarly, "waits"),
    (Broken::TooLate, "waits"),
    (Broken::NoTimeout, "timeout"),
    (Broken::Impatient, "timeout"),
    (Broken::TooPatient, "timeout"),
    (Broken::FollowsRedirects, "redirects"),
    (Broken::GivesUpAfter(1), "retries"),
    (Broken::GivesUpAfter(3), "retries"),
    (Broken::TimeoutIsFinal, "retries"),
    (Broken::RedirectIsFinal, "retries"),
    (Broken::OneTooMany, "stops-at-last"),
    (Broken::RepeatsSuccess, "stops-after-success"),
    (Broken::IgnoresRetryAfter, "retry-after"),
    (Broken::IgnoresStopStatus, "stop-status"),
    (Broken::IgnoresStopHeader, "stop-header"),
];

#[test]
fn who_is_broken_in_one_way_fails_by_one_rule() {
    for (broken, rule) in BROKEN {
        let findings = Model::new(acme(), Some(broken)).audited();
        let failed = those(&findings, Ruling::Fail);
        assert_eq!(failed, [rule], "{broken:?} {}", told(&findings));
        assert_eq!(those(&findings, Ruling::Warn), [""; 0], "{broken:?}");
        assert!(!findings.holds());
    }
}

#[test]
fn nothing_of_a_value_from_outside_acts_where_it_is_told() {
    let findings = Model::new(acme(), Some(Broken::ContentType)).audited();
    let told = told(&findings);
    assert!(told.contains(": `text/\u{fffd}plain`; "), "{told}");
}

#[test]
fn every_rule_can_fail() {
    for rule in rules() {
        let mut broken = BROKEN.iter();
        assert!(broken.any(|(_, id)| *id == rule.id), "{}", rule.id);
    }
}

#[test]
fn what_no_document_states_is_a_warning() {
    let judged = |id: &str, broken| {
        let provider = builtin(id).expect("it is built in");
        let findings = Model::new(provider, Some(broken)).audited();
        assert_eq!(those(&findings, Ruling::Fail), [""; 0], "{id} {broken:?}");
        assert!(findings.holds());
        those(&findings, Ruling::Warn)
    };
    for (id, broken, rule) in [
        ("tenant", Broken::TooLate, "waits"),
        ("tenant", Broken::Impatient, "timeout"),
        ("tenant", Broken::Id, "id"),
        ("tenant", Broken::GivesUpAfter(3), "retries"),
        ("tenant", Broken::No("X-Webhook-Event"), "headers"),
        ("tenant", Broken::Unsigned, "signature"),
        ("wlcro", Broken::TooLate, "waits"),
        ("wlcro", Broken::ContentType, "content-type"),
        ("orgjobs", Broken::No("X-Webhook-Event"), "headers"),
        // It is not under the signature, and the document calls it the delivery's.
        ("cepro", Broken::Timestamp, "timestamp"),
        ("cepro", Broken::IdForm, "headers"),
    ] {
        assert_eq!(judged(id, broken), [rule], "{id} {broken:?}");
    }
}

#[test]
fn built_in_platforms_fail_by_what_their_documents_state() {
    for (id, broken, rule) in [
        ("cepro", Broken::TooLate, "waits"),
        ("cepro", Broken::Id, "id"),
        ("cepro", Broken::NumberStays, "attempt-number"),
        // Its id stands in the body, and nothing numbers its attempts.
        ("wlcro", Broken::Id, "id"),
        ("wlcro", Broken::Body, "body"),
        ("wlcro", Broken::Timestamp, "timestamp"),
        ("wlcro", Broken::GivesUpAfter(10), "retries"),
        // It has no id either: two equal bodies are one delivery.
        ("orgjobs", Broken::OneTooMany, "stops-at-last"),
        ("orgjobs", Broken::Impatient, "timeout"),
        ("orgjobs", Broken::FollowsRedirects, "redirects"),
        ("cepro-inbound", Broken::Secret, "signature"),
    ] {
        let provider = builtin(id).expect("it is built in");
        let findings = Model::new(provider, Some(broken)).audited();
        assert_eq!(
            those(&findings, Ruling::Fail),
            [rule],
            "{id} {broken:?} {}",
            told(&findings)
        );
    }
}

#[test]
fn what_is_left_out_is_not_judged_and_needs_no_delivery() {
    for (out, deliveries, attempts) in [
        (&["timeout", "redirects"][..], 4, 8),
        (&["stop-status", "stop-header"], 2, 6),
        (
            &[
                "stop-status",
                "stop-header",
                "retry-after",
                "stops-after-success",
            ],
            1,
            4,
        ),
    ] {
        let findings = Model::new(acme(), None).without(out).audited();
        assert_eq!(
            those(&findings, Ruling::LeftOut).len(),
            out.len(),
            "{out:?}"
        );
        assert_eq!(those(&findings, Ruling::Fail), [""; 0], "{out:?}");
        let come = (findings.deliveries, findings.attempts);
        assert_eq!(come, (deliveries, attempts), "{out:?}");
    }
}

#[test]
fn what_was_not_seen_says_what_to_send() {
    let seen = |findings: &Findings, id: &str| {
        let mut rules = findings.rules.iter();
        let finding = rules.find(|finding| finding.rule.id == id);
        finding.map(|finding| (finding.ruling, finding.seen.clone()))
    };
    let not_seen = |why: &str| Some((Ruling::NotSeen, why.to_owned()));
    let mut model = Model::new(acme(), None);
    let findings = model.findings();
    assert!(!findings.holds());
    assert_eq!(
        seen(&findings, "waits"),
        not_seen("nothing came: send a delivery")
    );
    model.delivers();
    model.rests();
    let findings = model.findings();
    assert!(!findings.holds());
    assert_eq!(
        seen(&findings, "retry-after"),
        not_seen("send another delivery")
    );
    assert_eq!(
        seen(&findings, "stops-at-last"),
        Some((Ruling::Pass, "1 delivery".to_owned()))
    );
    for _ in 1..4 {
        model.delivers();
    }
    let findings = model.findings();
    assert!(!findings.holds());
    assert_eq!(
        seen(&findings, "stop-header"),
        not_seen("the audit was ended before")
    );
    model.rests();
    assert!(model.findings().holds());
}

#[test]
fn without_a_secret_nothing_is_said_of_the_signature() {
    let findings = Model::new(acme(), None).unverified().audited();
    assert_eq!(those(&findings, Ruling::NotSeen), ["signature"]);
    assert!(findings.holds());
}

#[test]
fn of_who_half_closes_the_timeout_cannot_be_told_and_all_else_can() {
    for broken in [None, Some(Broken::NoTimeout), Some(Broken::Impatient)] {
        let findings = Model::new(acme(), broken).half_closing().audited();
        assert_eq!(those(&findings, Ruling::NotSeen), ["timeout"]);
        assert!(told(&findings).contains("closed its side"));
        assert!(findings.holds(), "{}", told(&findings));
    }
}

#[test]
fn deliveries_that_come_together_are_told_apart() {
    let provider = builtin("cepro").expect("it is built in");
    let findings = Model::new(provider, None).audited_together();
    assert_eq!(
        those(&findings, Ruling::Fail),
        [""; 0],
        "{}",
        told(&findings)
    );
    assert_eq!(those(&findings, Ruling::NotSeen), [""; 0]);
    assert_eq!((findings.deliveries, findings.attempts), (2, 6));
}

#[test]
fn equal_bodies_under_two_ids_are_two_deliveries_unless_one_is_due() {
    let text = r#"
        provider = { id = "acme" }
        id = { from = "header:X-Id", make = "uuid" }
        signature = { algorithm = "hmac-sha256", signs = "{body}", encoding = "hex", header = "X-Sig", value = "{sig}" }
        delivery = { retry = ["10s", "20s"] }
        any_event = { open = true, sample = "{}" }
    "#;
    let provider = parse(text).expect("a provider");
    let findings = Model::new(provider.clone(), None).audited_together();
    assert_eq!(
        those(&findings, Ruling::Fail),
        [""; 0],
        "{}",
        told(&findings)
    );
    assert_eq!((findings.deliveries, findings.attempts), (2, 5));
    let findings = Model::new(provider, Some(Broken::Id)).audited();
    assert_eq!(
        those(&findings, Ruling::Fail),
        ["id"],
        "{}",
        told(&findings)
    );
    assert_eq!((findings.deliveries, findings.attempts), (2, 5));
}

#[test]
fn who_is_noticed_late_to_have_left_was_not_early_with_the_next() {
    let provider = builtin("cepro").expect("it is built in");
    // The next one is due a second after it has left.
    let model = Model::new(provider, None).at(60.0);
    let findings = model.noticed_late(Duration::from_millis(300)).audited();
    assert_eq!(
        those(&findings, Ruling::Fail),
        [""; 0],
        "{}",
        told(&findings)
    );
}

#[test]
fn what_is_no_delivery_is_not_counted() {
    let mut model = Model::new(acme(), None);
    model.browses();
    assert_eq!(model.findings().attempts, 0);
}

#[test]
fn what_is_kept_is_bounded() {
    let mut model = Model::new(builtin("orgjobs").expect("it is built in"), None);
    for _ in 0..1_000 {
        model.delivers();
    }
    model.delivers_unseen();
    let findings = model.findings();
    assert_eq!((findings.deliveries, findings.attempts), (1_000, 1_000));
}

#[test]
fn it_is_complete_when_nothing_more_can_be_seen() {
    let mut model = Model::new(builtin("cepro").expect("it is built in"), None);
    assert_eq!(model.progress(), (0, 0));
    model.delivers();
    assert_eq!(model.progress(), (1, 0));
    // Silence is as long as the last wait, and what it may be late.
    model.passes(Duration::from_secs(329));
    assert_eq!(model.progress(), (1, 0));
    model.passes(Duration::from_secs(2));
    assert_eq!(model.progress(), (1, 1));
    model.delivers();
    model.passes(Duration::from_secs(65));
    assert_eq!(model.progress(), (2, 1));
    model.passes(Duration::from_secs(2));
    assert_eq!(model.progress(), (2, 2));
}

#[test]
fn attempts_within_a_moment_say_nothing_of_their_time() {
    let model = Model::new(acme(), Some(Broken::Timestamp));
    let findings = model.at(10_000.0).without(&["timeout"]).audited();
    assert_eq!(those(&findings, Ruling::NotSeen), ["timestamp"]);
    assert_eq!(those(&findings, Ruling::Fail), [""; 0]);
}
