//! What stands twice, what is missing, and what may stand in another place.

use wh::signature::{
    Algorithm, Ambiguity, Envelope, Field, Invalid, Key, Secret, Unchecked, Verdict, verify,
};

use super::{BODY, Delivery, NOW, OTHER, SECRET, VALID, at, valid};
use crate::known_answers::example;

const TWO_SIGNATURES: &str = "ambiguous: two signature headers";
const TWO_TIMESTAMPS: &str = "ambiguous: two timestamps";
const TWO_IDS: &str = "ambiguous: two webhook ids";

/// Provider, the header that comes once more, and what is found.
const TWICE: &[(&str, &str, &str)] = &[
    ("cepro", "X-Webhook-Signature", TWO_SIGNATURES),
    ("cepro", "x-webhook-signature", TWO_SIGNATURES),
    ("wlcro", "X-WEBHOOK-SIGNATURE", TWO_SIGNATURES),
    ("stripe", "Stripe-Signature", TWO_SIGNATURES),
    ("standard-webhooks", "webhook-signature", TWO_SIGNATURES),
    ("cepro-inbound", "Authorization", TWO_SIGNATURES),
    ("gitlab", "X-Gitlab-Token", TWO_SIGNATURES),
    ("wlcro", "X-Webhook-Timestamp", TWO_TIMESTAMPS),
    ("wlcro", "x-webhook-timestamp", TWO_TIMESTAMPS),
    ("standard-webhooks", "webhook-timestamp", TWO_TIMESTAMPS),
    ("cepro", "X-Webhook-Timestamp", TWO_TIMESTAMPS),
    ("standard-webhooks", "webhook-id", TWO_IDS),
    ("cepro", "X-Webhook-ID", VALID), // not under the signature
    ("cepro", "Content-Type", VALID),
];

#[test]
fn what_stands_twice_is_ambiguous_even_where_both_are_alike() {
    for (provider, header, found) in TWICE {
        let delivery = Delivery::of(provider);
        let first = delivery.message.headers.text(header).unwrap().to_owned();
        for second in [first.as_str(), "1", ""] {
            let verdict = delivery.clone().and(header, second).judge();
            assert_eq!(verdict.to_string(), *found, "{provider} {header} {second}");
        }
    }
}

const NO_TIMESTAMP: &str = "invalid: the timestamp is missing";
const NO_ID: &str = "invalid: the signed id is missing";

/// Provider, the header that is missing, and what is found.
const MISSING: &[(&str, &str, &str)] = &[
    ("cepro", "X-Webhook-Signature", "unsigned"),
    ("orgjobs", "X-Webhook-Signature", "unsigned"),
    ("cepro-inbound", "Authorization", "unsigned"),
    ("stripe", "Stripe-Signature", "unsigned"),
    ("wlcro", "X-Webhook-Timestamp", NO_TIMESTAMP),
    ("slack", "X-Slack-Request-Timestamp", NO_TIMESTAMP),
    ("standard-webhooks", "webhook-timestamp", NO_TIMESTAMP),
    ("standard-webhooks", "webhook-id", NO_ID),
    ("cepro", "X-Webhook-Timestamp", VALID),
    ("cepro", "X-Webhook-ID", VALID),
    ("cepro", "Content-Type", VALID),
];

#[test]
fn what_is_missing_is_named() {
    for (provider, header, found) in MISSING {
        let verdict = Delivery::of(provider).without(header).judge();
        let found = match *found {
            "unsigned" => format!("unsigned: no `{header}` header"),
            found => found.to_owned(),
        };
        assert_eq!(verdict.to_string(), found, "{provider} without {header}");
    }
    // The URL is not in the message: whoever verifies has to give it.
    let verdict = Delivery::of("square").judge();
    assert_eq!(verdict, Verdict::Invalid(Invalid::Missing(Field::Url)));
    assert_eq!(verdict.to_string(), "invalid: the signed url is missing");
}

#[test]
fn without_a_secret_nothing_is_checked_whatever_is_presented() {
    let unchecked = Verdict::Unchecked(Unchecked::NoSecret);
    for provider in [
        "cepro",
        "wlcro",
        "orgjobs",
        "cepro-inbound",
        "standard-webhooks",
    ] {
        let signed = Delivery::of(provider);
        let header = signed.scheme.header.clone();
        let twice = signed.clone().and(&header, "x");
        for delivery in [signed.clone(), twice, signed.without(&header)] {
            let verdict = verify(&delivery.scheme, &[], &delivery.message, at(NOW));
            assert_eq!(verdict, unchecked, "{provider}");
        }
    }
    assert_eq!(unchecked.to_string(), "unchecked: no secret given");
    assert_eq!(
        Verdict::Unchecked(Unchecked::Redacted).to_string(),
        "unchecked: the value is redacted"
    );
}

#[test]
fn a_signature_may_come_under_another_name_of_its_header() {
    let mut delivery = Delivery::of("wlcro");
    delivery.scheme.aliases = vec!["X-Old-Signature".to_owned()];
    let value = delivery.spelled("sha256={hex}");
    let renamed = delivery.clone().without("X-Webhook-Signature");
    assert_eq!(
        renamed.judge().to_string(),
        "unsigned: no `X-Webhook-Signature` header"
    );
    assert_eq!(renamed.and("x-old-signature", &value).judge(), valid(0));
    let both = delivery.and("X-Old-Signature", &value).judge();
    assert_eq!(both, Verdict::Ambiguous(Ambiguity::Signatures));
}

const NOT_SHA1: &str = "invalid: the signature is not of the form `sha1={sig}` in lower-case hex";

/// Of several signature tables any may match; where none does, the one that says most is told.
#[test]
fn any_of_several_schemes_may_match() {
    let provider = example("github");
    let right = Delivery::of("github");
    let sha256 = right.spelled("sha256={hex}");
    let sha1 = Delivery::of("github").signing(Algorithm::HmacSha1, BODY);
    let sha1 = sha1.spelled("sha1={hex}");
    let keys: Vec<_> = provider
        .schemes
        .iter()
        .map(|scheme| vec![Key::new(scheme, &Secret::new(SECRET)).unwrap()])
        .collect();
    for (new, old, found) in [
        (Some(&*sha256), Some(&*sha1), VALID),
        (Some(&*sha256), None, VALID),
        (None, Some(&*sha1), VALID),
        (Some(&*sha256), Some("sha1=00"), VALID),
        (Some("sha256=00"), Some(&*sha1), VALID),
        (Some("sha256=00"), Some("sha1=00"), OTHER),
        (Some("sha256=00"), None, OTHER),
        (None, Some("sha1=00"), OTHER),
        (None, Some(&*sha256), NOT_SHA1),
        (None, None, "unsigned: no `X-Hub-Signature-256` header"),
    ] {
        let mut message = right.message.clone();
        message.headers.remove("X-Hub-Signature-256");
        for (name, value) in [("X-Hub-Signature-256", new), ("X-Hub-Signature", old)] {
            if let Some(value) = value {
                message.headers.push(name, value);
            }
        }
        let mut verifiers = provider.verifier(&keys, &Envelope::of(&message));
        verifiers.update(&message.body);
        let verdict = verifiers.finish(at(NOW));
        assert_eq!(verdict.to_string(), found, "{new:?} {old:?}");
    }
}

/// Bytes that are no text do not pass for the replacement character they would be shown as.
#[test]
fn a_signed_id_is_compared_byte_for_byte() {
    let signed = Delivery::named("standard-webhooks", "msg_\u{fffd}");
    assert_eq!(signed.judge(), valid(0));
    for id in [&b"msg_\xff"[..], b"msg_\xef\xbf", b"\xff", b"msg_"] {
        let verdict = signed.clone().with("webhook-id", id).judge();
        assert_eq!(verdict.to_string(), OTHER, "{id:?}");
    }
}
