//! Whose a message is, and what is found of it.

use jiff::Timestamp;

use super::Several;
use crate::capture::Party;
use crate::capture::judged::Finding;
use crate::message::{Headers, Message};
use crate::provider::{BUILTIN_IDS, Draft, Provider, builtin, compose, parse};
use crate::signature::{Key, Secret};

const SECRET: &str = "s3cret";

fn party(provider: Provider, secret: Option<&str>) -> Party {
    let key = |scheme| secret.and_then(|secret| Key::new(scheme, &Secret::new(secret)).ok());
    let keys = |scheme| key(scheme).into_iter().collect();
    Party {
        keys: provider.schemes.iter().map(keys).collect(),
        provider,
        public_url: None,
    }
}

/// These providers with these secrets, of which the first one says whether any is given.
fn several(parties: &[(&str, Option<&str>)]) -> Several {
    let verifies = parties.iter().any(|(_, secret)| secret.is_some());
    let party = |(id, secret): &(&str, Option<&str>)| party(builtin(id).expect(id), *secret);
    Several::new(parties.iter().map(party).collect(), verifies)
}

fn now() -> Timestamp {
    Timestamp::from_second(1_769_596_200).expect("a time")
}

/// The delivery of a provider with this body, signed with a secret.
fn sent(id: &str, body: &str, secret: Option<&str>) -> Message {
    let provider = builtin(id).expect(id);
    let key = secret.map(Secret::new);
    let key = key.map(|secret| Key::new(provider.signing_scheme(), &secret).expect("a key"));
    let draft = Draft {
        event: "a.b",
        body: &body.to_owned().into(),
        id: "12345",
        attempt: 1,
        at: now(),
        timestamp: None,
        url: "http://h/",
        target: "/",
        extra: &Headers::new(),
        key: key.as_ref(),
        tamper: None,
    };
    compose(&provider, &draft).expect("a message").message
}

/// Whose it is, and the verdict in words.
fn found(several: &Several, message: &Message) -> (String, String) {
    let judged = several.judge(message, now());
    let Finding::Verified(verdict) = judged.finding else {
        panic!("it was not verified");
    };
    (judged.party.provider.id.clone(), verdict.to_string())
}

fn told(id: &str, verdict: &str) -> (String, String) {
    (id.to_owned(), verdict.to_owned())
}

const BODY: &str = r#"{"id":1,"type":"a.b","event":"a.b"}"#;

#[test]
fn each_is_told_from_the_others() {
    let all = BUILTIN_IDS.map(|id| (id, Some(SECRET)));
    for id in BUILTIN_IDS {
        let message = sent(id, BODY, Some(SECRET));
        assert_eq!(found(&several(&all), &message), told(id, "valid"));
        let none = BUILTIN_IDS.map(|id| (id, None));
        let unchecked = told(id, "unchecked: no secret given");
        assert_eq!(found(&several(&none), &message), unchecked);
    }
}

#[test]
fn a_right_signature_says_more_than_the_look() {
    // By the look of it cepro's; the secret is tenant's alone.
    let message = sent("cepro", BODY, Some("tenant's"));
    let both = [("cepro", Some("cepro's")), ("tenant", Some("tenant's"))];
    assert_eq!(found(&several(&both), &message), told("tenant", "valid"));
    let wrong = [("cepro", Some("cepro's")), ("tenant", Some("other"))];
    let mismatch = told("cepro", "invalid: the signature does not match");
    assert_eq!(found(&several(&wrong), &message), mismatch);
}

#[test]
fn an_old_signature_that_is_right_says_more_than_the_look() {
    // By the look of it an event of orgjobs.
    let body = r#"{"event":"job.created"}"#;
    let mut message = sent("wlcro", body, Some(SECRET));
    let later = now() + jiff::SignedDuration::from_hours(1);
    message.headers.push("X-Webhook-Event", "a.b");
    let both = several(&[("orgjobs", Some(SECRET)), ("wlcro", Some(SECRET))]);
    let judged = both.judge(&message, later);
    assert_eq!(judged.party.provider.id, "wlcro");
    let verdict = judged.verdict().expect("a verdict").to_string();
    assert_eq!(verdict, "stale: signature valid, 1h old, tolerance 5m");
}

#[test]
fn of_equals_the_first_is_taken() {
    let mut twin = builtin("cepro").expect("cepro");
    twin.id = "twin".to_owned();
    let message = sent("cepro", BODY, Some(SECRET));
    for ids in [["cepro", "twin"], ["twin", "cepro"]] {
        let provider = |id| {
            if id == "twin" {
                twin.clone()
            } else {
                builtin("cepro").expect("cepro")
            }
        };
        let parties = ids.map(|id| party(provider(id), Some(SECRET)));
        let several = Several::new(parties.into(), true);
        assert_eq!(found(&several, &message), told(ids[0], "valid"));
    }
}

#[test]
fn what_fits_nobody_is_believed_only_where_nothing_is_verified() {
    let message = Message {
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers: [("Content-Type", "application/json")].into_iter().collect(),
        body: BODY.into(),
    };
    let given = several(&[("cepro", Some(SECRET)), ("wlcro", Some(SECRET))]);
    let unsigned = told("unknown", "unsigned: no provider's headers fit");
    assert_eq!(found(&given, &message), unsigned);
    let none = several(&[("cepro", None), ("wlcro", None)]);
    assert_eq!(
        found(&none, &message),
        told("unknown", "unchecked: no secret given")
    );
    // One alone takes everything, as it always did.
    let alone = several(&[("cepro", Some(SECRET))]);
    let unsigned = told("cepro", "unsigned: no `X-Webhook-Signature` header");
    assert_eq!(found(&alone, &message), unsigned);
}

/// Without this, whoever looks like a provider without a key would be accepted unchecked.
#[test]
fn who_has_no_key_refuses_where_another_has_one() {
    let keyless = several(&[("cepro", Some(SECRET)), ("wlcro", None)]);
    let message = sent("wlcro", BODY, Some(SECRET));
    let no_key = told("wlcro", "invalid: no secret that is given can be its key");
    assert_eq!(found(&keyless, &message), no_key);
    let alone = Several::new(vec![party(builtin("wlcro").expect("wlcro"), None)], true);
    assert_eq!(found(&alone, &message), no_key);
}

#[test]
fn a_provider_of_the_users_own_is_one_of_several() {
    let own = r#"
        provider = { id = "own" }
        signature = { algorithm = "token", header = "X-Own", value = "{secret}" }
        "#;
    let own = party(parse(own).expect("a provider"), Some(SECRET));
    let cepro = party(builtin("cepro").expect("cepro"), Some(SECRET));
    let several = Several::new(vec![cepro, own], true);
    let mut message = sent("cepro", BODY, None);
    message.headers = [("x-own", SECRET)].into_iter().collect();
    assert_eq!(found(&several, &message), told("own", "valid"));
}
