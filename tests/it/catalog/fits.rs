//! Whose a message is by the look of it.

use jiff::Timestamp;
use wh::message::{Headers, Message, TimestampForm};
use wh::provider::{Draft, IdForm, Provider, compose};
use wh::signature::{Key, Secret, Source};

use super::{NOW, filled, providers, samples, sent};
use crate::known_answers::{EXAMPLES, example};

/// Every provider that is no shorter form of another: built in, and as users write them.
fn every() -> Vec<Provider> {
    let examples = EXAMPLES
        .into_iter()
        .filter(|name| !name.ends_with("-short"));
    providers().chain(examples.map(example)).collect()
}

/// The one that a message fits best; panics where two fit it equally well.
#[track_caller]
fn best(every: &[Provider], message: &Message) -> String {
    let fits = every
        .iter()
        .filter_map(|one| Some((one.fit(message)?, &one.id)));
    let mut fits: Vec<_> = fits.collect();
    fits.sort();
    let last = fits.pop().expect("somebody fits");
    assert!(
        fits.iter().all(|(fit, _)| *fit < last.0),
        "{fits:?} {last:?}"
    );
    last.1.clone()
}

#[test]
fn each_sample_of_a_provider_is_its_own() {
    let every = every();
    for provider in providers() {
        for (event, sample) in samples(&provider) {
            for attempt in [1, 2] {
                let body = filled(&sample, &event, "12345", NOW, 7);
                let message = sent(&provider, &event, &body, attempt, true);
                assert_eq!(best(&every, &message), provider.id, "{event} {attempt}");
            }
        }
    }
}

/// What carries no signature has nothing else of a token's.
#[test]
fn without_its_signature_it_is_its_own_too() {
    let every = every();
    for provider in providers().filter(|one| one.id != "cepro-inbound") {
        for (event, sample) in samples(&provider) {
            let body = filled(&sample, &event, "12345", NOW, 7);
            let message = sent(&provider, &event, &body, 1, false);
            assert_eq!(best(&every, &message), provider.id, "{event}");
        }
    }
}

/// A body that holds what a provider looks for in it.
fn body(provider: &Provider, id: &str) -> String {
    let form = provider.timestamp.as_ref().map(|rule| rule.form);
    let time = form.unwrap_or(TimestampForm::Unix);
    let time = time.write(Timestamp::from_second(NOW).unwrap());
    let timestamp = provider.timestamp.as_ref().map(|rule| &rule.from);
    let places = [
        (timestamp, time.as_str()),
        (provider.id_rule.from.as_ref(), id),
    ];
    let in_body = places
        .into_iter()
        .filter_map(|(source, value)| match source {
            Some(Source::Body(pointer)) => Some(format!("{:?}:{value:?}", &pointer[1..])),
            _ => None,
        });
    format!("{{{}}}", in_body.collect::<Vec<_>>().join(","))
}

#[test]
fn what_a_provider_of_a_users_own_sends_is_its_own() {
    let every = every();
    for provider in EXAMPLES.map(example) {
        if provider.id.ends_with("-short") {
            continue;
        }
        let id = match &provider.id_rule.make {
            IdForm::Prefix(prefix) => format!("{prefix}1"),
            _ => "12345".to_owned(),
        };
        let key = Key::new(provider.signing_scheme(), &Secret::new("00ff")).unwrap();
        let draft = Draft {
            event: "thing.new",
            body: &body(&provider, &id).into(),
            id: &id,
            attempt: 1,
            at: Timestamp::from_second(NOW).unwrap(),
            timestamp: None,
            url: "https://example.com/hooks",
            target: "/hooks",
            extra: &Headers::new(),
            key: Some(&key),
            tamper: None,
        };
        let message = compose(&provider, &draft).unwrap().message;
        assert_eq!(best(&every, &message), provider.id);
    }
}

#[test]
fn what_is_nobodys_fits_nobody() {
    for (name, value) in [
        ("Content-Type", "application/json"),
        ("X-Signature-Of-Nobody", "0f"),
        ("User-Agent", "GitHub-Hookshot/1"),
    ] {
        let message = Message {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: [(name, value)].into_iter().collect(),
            body: r#"{"id":1,"type":"client.created","event":"job.completed"}"#.into(),
        };
        for provider in every() {
            assert_eq!(provider.fit(&message), None, "{} {name}", provider.id);
        }
    }
}
