//! The catalogue: what holds of every built-in provider, what the documents say of each, and what a
//! provider file is told when it is wrong.

mod bodies;
mod facts;
mod fits;
mod keys;
mod prepared;
mod problems;
mod schedules;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use wh::message::{Headers, Message};
use wh::provider::{
    BUILTIN_IDS, Draft, Event, Filling, Provider, builtin, builtin_text, compose, nearest, parse,
    render,
};
use wh::signature::{Key, Secret};

/// 2026-01-28T10:30:00Z, the time of the example that wlcro documents.
const NOW: i64 = 1_769_596_200;

fn providers() -> impl Iterator<Item = Provider> {
    BUILTIN_IDS.into_iter().map(|id| builtin(id).unwrap())
}

/// A sample's name and its text: of each event, of other events, of the test delivery.
fn samples(provider: &Provider) -> Vec<(String, String)> {
    let events = provider.events.iter();
    let events = events.map(|event: &Event| (event.name.clone(), event.sample.clone()));
    let any = provider.any_event.iter();
    let any = any.map(|any| ("other.event".to_owned(), any.sample.clone()));
    let test = provider.test.iter();
    let test = test.map(|test| (test.event.clone(), test.sample.clone()));
    events.chain(any).chain(test).collect()
}

fn filled(sample: &str, event: &str, id: &str, second: i64, seed: u64) -> String {
    let now = Timestamp::from_second(second).unwrap();
    render(
        sample,
        &Filling {
            event,
            id,
            now,
            seed,
        },
    )
}

/// The first attempt, or a later one, as it is sent.
fn sent(provider: &Provider, event: &str, body: &str, attempt: u32, signed: bool) -> Message {
    let key = Key::new(provider.signing_scheme(), &Secret::new("secret")).unwrap();
    let draft = Draft {
        event,
        body: &body.to_owned().into(),
        id: "12345",
        attempt,
        at: Timestamp::from_second(NOW + i64::from(attempt) - 1).unwrap(),
        timestamp: None,
        url: "https://example.com/hooks",
        target: "/hooks",
        extra: &Headers::new(),
        key: signed.then_some(&key),
        tamper: None,
    };
    compose(provider, &draft).unwrap().message
}

#[test]
fn the_list_of_providers_is_the_folder_of_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider/builtin");
    let files = fs::read_dir(&folder).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".toml").unwrap().to_owned()
    });
    let listed = BUILTIN_IDS.map(str::to_owned);
    assert_eq!(files.collect::<BTreeSet<_>>(), BTreeSet::from(listed));
    for id in BUILTIN_IDS {
        let text = fs::read_to_string(folder.join(format!("{id}.toml"))).unwrap();
        assert_eq!(builtin_text(id), Some(text.as_str()));
        assert_eq!(parse(&text).unwrap().id, id);
    }
    assert_eq!(BUILTIN_IDS[0], "cepro", "the default comes first");
    assert_eq!(builtin("nobody"), None);
    assert_eq!(builtin_text("nobody"), None);
}

#[test]
fn no_two_providers_answer_to_one_name() {
    let mut names = BTreeSet::new();
    for provider in providers() {
        for name in provider.aliases.iter().chain([&provider.id]) {
            assert!(names.insert(name.clone()), "{name} is there twice");
        }
    }
}

#[test]
fn nothing_is_assumed_twice() {
    for provider in providers() {
        let assumed: BTreeSet<_> = provider.assumed.iter().collect();
        assert_eq!(assumed.len(), provider.assumed.len(), "{}", provider.id);
        for key in &provider.assumed {
            assert!(provider.assumes(key) && provider.assumes(&format!("{key}.below")));
            assert!(!provider.assumes(&format!("{key}x")), "{key}");
        }
        assert!(!provider.assumes("signature.algorithm"), "{}", provider.id);
    }
}

#[test]
fn every_provider_says_where_it_is_from_and_every_event_is_current_first() {
    for provider in providers() {
        assert!(!provider.documents.is_empty(), "{}", provider.id);
        assert!(provider.events.is_sorted_by_key(|event| event.legacy));
        for event in &provider.events {
            assert_eq!(provider.event(&event.name), Some(event));
            let twin = event.replaced_by.as_ref();
            let twin = twin.map(|twin| provider.event(twin).unwrap());
            assert!(twin.is_none_or(|twin| event.legacy && !twin.legacy));
        }
    }
}

#[test]
fn every_sample_is_json_with_values_of_its_own_each_time() {
    for provider in providers() {
        for (event, sample) in samples(&provider) {
            let at = format!("{} {event}", provider.id);
            let first = filled(&sample, &event, "12345", NOW, 1);
            let again = filled(&sample, &event, "12345", NOW, 1);
            let later = filled(&sample, &event, "12346", NOW + 1, 2);
            for text in [&first, &later] {
                serde_json::from_str::<serde_json::Value>(text).unwrap();
                let left = text.match_indices('{');
                let next = left.filter_map(|(at, _)| text[at + 1..].chars().next());
                assert!(
                    next.into_iter().all(|c| !c.is_alphanumeric()),
                    "{at}: {text}"
                );
            }
            assert_eq!(first, again, "{at}");
            let fixed = bodies::DOCUMENTED.contains(&&*first);
            assert_eq!(first == later, fixed, "{at}");
        }
    }
}

#[test]
fn a_message_tells_its_event_its_id_and_its_attempt() {
    for provider in providers() {
        for (event, sample) in samples(&provider) {
            let body = filled(&sample, &event, "12345", NOW, 1);
            let message = sent(&provider, &event, &body, 3, true);
            let at = format!("{} {event}", provider.id);
            let told = provider.event_from.as_ref().map(|_| event);
            assert_eq!(provider.event_of(&message), told, "{at}");
            let id = provider.id_rule.from.as_ref().map(|_| "12345".to_owned());
            assert_eq!(provider.webhook_id_of(&message), id, "{at}");
            assert_eq!(provider.dedupe_key_of(&message), id, "{at}");
            let attempt = provider.attempt_from.as_ref().map(|_| 3);
            assert_eq!(provider.attempt_of(&message), attempt, "{at}");
        }
    }
}

/// What stands twice is no value: nobody can know which one is meant.
#[test]
fn a_message_that_says_a_thing_twice_does_not_say_it() {
    let cepro = builtin("cepro").unwrap();
    let mut message = sent(&cepro, "a.b", "{}", 1, true);
    for name in ["X-Webhook-ID", "X-Webhook-Attempt"] {
        message.headers.push(name.to_lowercase(), "1");
    }
    assert_eq!(cepro.webhook_id_of(&message), None);
    assert_eq!(cepro.dedupe_key_of(&message), None);
    assert_eq!(cepro.attempt_of(&message), None);
}

#[test]
fn the_nearest_name_is_found_and_a_far_one_is_not() {
    for (name, near) in [
        ("cepor", Some("cepro")),
        ("CEPRO", Some("cepro")),
        ("inbound", Some("cepro-inbound")),
        ("wlcr", Some("wlcro")),
        ("org", Some("orgjobs")),
        ("tennant", Some("tenant")),
        ("stripe", None),
        ("", None),
    ] {
        assert_eq!(nearest(name, BUILTIN_IDS.into_iter()), near, "{name}");
    }
}
