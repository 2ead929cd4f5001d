//! What the rules send, held against our own verification.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;

use super::platforms::{acme, all, bare_url, built_in, receiver, signed_id, signed_url};
use crate::conformance::check::catalogue::{Group, entries};
use crate::conformance::check::receiver::Receiver;
use crate::conformance::check::shot::{Round, Shot, Wants};
use crate::conformance::check::workshop::Workshop;
use crate::message::Message;
use crate::signature::{Envelope, Key, Tolerance, Verdict};

/// What a right receiver finds.
pub(super) fn verdict(receiver: &Receiver, message: &Message) -> Verdict {
    let keys: Vec<Key> = receiver.key.iter().cloned().collect();
    let envelope = Envelope {
        url: Some(receiver.url.as_str()),
        ..Envelope::of(message)
    };
    let mut verifiers = receiver.provider.verifier(&[keys], &envelope);
    verifiers.update(&message.body);
    verifiers.finish(Timestamp::now())
}

fn shots(rounds: Vec<Round>) -> Vec<Shot> {
    let shots = rounds.into_iter().flat_map(|round| match round {
        Round::Each(shots) | Round::Together(shots) => shots,
        Round::Meanwhile { first, others, .. } => std::iter::once(*first).chain(others).collect(),
    });
    shots.collect()
}

/// Each rule that the platform has, and its requests.
fn planned(receiver: &Receiver, quick: bool) -> Vec<(&'static str, Group, Vec<Shot>)> {
    let mut workshop = Workshop::new(receiver, quick);
    let planned = entries().filter(|entry| entry.quick || !quick);
    let planned = planned.filter_map(|entry| {
        let rounds = (entry.plan)(&mut workshop).ok()?;
        Some((entry.rule.id, entry.group, shots(rounds)))
    });
    planned.collect()
}

#[test]
fn who_is_right_takes_what_is_to_be_taken_and_refuses_what_is_to_be_refused() {
    for provider in all() {
        let receiver = receiver(provider);
        for (rule, group, shots) in planned(&receiver, false) {
            for shot in shots {
                let verdict = verdict(&receiver, &shot.message);
                let context = format!("{} {rule} {}: {verdict}", receiver.provider.id, shot.label);
                match shot.wants {
                    Wants::Accepted => assert!(verdict.is_valid(), "{context}"),
                    Wants::Refused => assert!(!verdict.is_valid(), "{context}"),
                    // What cannot be verified never comes as far as the parser that it is meant for.
                    Wants::Unbroken if group == Group::Robust && shot.message.method == "POST" => {
                        let reads_body = receiver.provider.signing_scheme().reads_body();
                        assert!(verdict.is_valid() || reads_body, "{context}");
                    }
                    Wants::Unbroken | Wants::Nothing => {}
                }
            }
        }
    }
}

#[test]
fn what_is_a_part_in_base64_is_one_to_decoders_that_pass_over_the_padding_too() {
    let lenient = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let decoded = |text: &[u8]| {
        let end = text.iter().position(|byte| *byte == b'=');
        lenient.decode(&text[..end.unwrap_or(text.len())]).ok()
    };
    for provider in [signed_id(), signed_url(), bare_url()] {
        let receiver = receiver(provider);
        let workshop = Workshop::new(&receiver, false);
        let length = |message: &Message| decoded(&workshop.tag(message)).map(|bytes| bytes.len());
        let whole = length(&workshop.message(&workshop.usual()));
        assert!(whole.is_some());
        let rules = ["refuses-truncated", "refuses-longer"];
        let planned = planned(&receiver, false).into_iter();
        for (rule, _, shots) in planned.filter(|(rule, ..)| rules.contains(rule)) {
            for shot in shots {
                let id = &receiver.provider.id;
                assert_ne!(length(&shot.message), whole, "{id} {rule}: {}", shot.label);
            }
        }
    }
}

#[test]
fn a_timestamp_that_is_held_against_nothing_may_have_any_form() {
    let mut provider = acme();
    for scheme in &mut provider.schemes {
        let rule = scheme.timestamp.as_mut().expect("it has a timestamp");
        rule.tolerance = Tolerance::default();
    }
    let planned = planned(&receiver(provider), false);
    let rules: Vec<_> = planned.iter().map(|(rule, ..)| *rule).collect();
    assert!(!rules.contains(&"refuses-timestamp-form"));
    assert!(rules.contains(&"refuses-changed-timestamp"));
}

#[test]
fn without_a_secret_nothing_is_to_be_refused() {
    for provider in all() {
        let unsigned = Receiver {
            key: None,
            ..receiver(provider)
        };
        for (rule, group, shots) in planned(&unsigned, false) {
            assert_ne!(group, Group::Refuses, "{rule}");
            let header = &unsigned.provider.signing_scheme().header;
            let mut shots = shots.iter();
            assert!(
                shots.all(|shot| shot.message.headers.first(header).is_none()),
                "{rule}"
            );
        }
    }
}

#[test]
fn every_request_can_go_out_as_it_is() {
    for provider in all() {
        let receiver = receiver(provider);
        for (rule, _, shots) in planned(&receiver, false) {
            for shot in shots {
                let unsendable = shot.message.headers.unsendable();
                assert_eq!(unsendable, None, "{rule} {}", shot.label);
                let target = shot.message.target;
                assert!(target.starts_with("/hooks?shop=7"), "{rule} {target}");
            }
        }
    }
}

#[test]
fn rules_that_a_platform_does_not_have_are_not_sent() {
    let missing = |provider| {
        let receiver = receiver(provider);
        let planned: Vec<_> = planned(&receiver, false)
            .into_iter()
            .map(|(rule, ..)| rule)
            .collect();
        let owned = [Group::Accepts, Group::Refuses, Group::Robust];
        let rules = entries().filter(|entry| owned.contains(&entry.group));
        let rules = rules.map(|entry| entry.rule.id);
        rules
            .filter(|rule| !planned.contains(rule))
            .collect::<Vec<_>>()
    };
    let unsigned_timestamp = [
        "refuses-no-timestamp",
        "refuses-stale",
        "refuses-future",
        "refuses-timestamp-form",
        "refuses-milliseconds",
        "refuses-changed-timestamp",
    ];
    let with = |rules: &[&'static str]| [rules, &unsigned_timestamp].concat();
    for (provider, rules) in built_in().zip([
        with(&[
            "accepts-clock-skew",
            "accepts-scheme-case",
            "refuses-changed-id",
        ]),
        with(&[
            "accepts-legacy-event",
            "accepts-test",
            "accepts-unknown-event",
            "accepts-retry",
            "accepts-clock-skew",
            "refuses-other-body",
            "refuses-changed-body",
            "refuses-changed-spaces",
            "refuses-changed-id",
            "refuses-upper-case",
        ]),
        vec![
            "accepts-legacy-event",
            "accepts-scheme-case",
            "refuses-changed-id",
        ],
        with(&[
            "accepts-legacy-event",
            "accepts-test",
            "accepts-clock-skew",
            "accepts-scheme-case",
            "refuses-changed-id",
        ]),
        with(&[
            "accepts-legacy-event",
            "accepts-test",
            "accepts-retry",
            "accepts-clock-skew",
            "accepts-scheme-case",
            "refuses-changed-id",
        ]),
    ]) {
        let id = provider.id.clone();
        assert_eq!(missing(provider), rules, "{id}");
    }
    assert_eq!(
        missing(acme()),
        ["accepts-scheme-case", "refuses-changed-id"]
    );
}

#[test]
fn ids_begin_with_their_group_and_stand_once() {
    let mut ids = Vec::new();
    for entry in entries() {
        let id = entry.rule.id;
        assert!(id.starts_with(&format!("{}-", entry.group.name())), "{id}");
        assert!(!ids.contains(&id), "{id}");
        for text in [entry.rule.title, entry.rule.why, entry.rule.fix] {
            assert!(!text.is_empty(), "{id}");
        }
        assert!(!entry.rule.title.ends_with('.'), "{id}");
        ids.push(id);
    }
    assert_eq!(ids.last(), Some(&"robust-goes-on"));
}

#[test]
fn a_quick_check_has_fewer_requests() {
    let owned = [Group::Accepts, Group::Refuses, Group::Robust];
    let count = |receiver: &Receiver, quick| -> usize {
        let planned = planned(receiver, quick).into_iter();
        let planned = planned.filter(|(_, group, _)| owned.contains(group));
        planned.map(|(.., shots)| shots.len()).sum()
    };
    for provider in built_in() {
        let receiver = receiver(provider);
        let (quick, whole) = (count(&receiver, true), count(&receiver, false));
        let id = &receiver.provider.id;
        assert!(quick <= 60 && quick < whole, "{id}: {quick} of {whole}");
    }
}
