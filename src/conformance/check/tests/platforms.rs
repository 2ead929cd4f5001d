//! Platforms of every kind, and receivers of their deliveries.

use crate::conformance::check::receiver::Receiver;
use crate::message::Headers;
use crate::provider::{BUILTIN_IDS, Provider, builtin, parse};
use crate::signature::Key;

/// A platform that has every rule but those of tokens and of signed ids, and documents all of them.
pub(super) fn acme() -> Provider {
    file(
        r#"
        provider = { id = "acme", documents = ["Acme's page"] }
        timestamp = { from = "header:X-Time", format = "unix", tolerance = { past = "300s", future = "300s" } }
        id = { from = "header:X-Id", make = "uuid" }
        event = { from = "body:/event" }
        attempt = { from = "header:X-Attempt" }
        headers = { X-Event = "{event}", X-Attempt = "{attempt}" }
        test = { event = "thing.made", sample = '{"event":"thing.made","test":true}' }
        any_event = { sample = '{"event":"{event}","at":"{now}","data":{}}' }
        signature = { algorithm = "hmac-sha256", signs = "{timestamp}.{body}", encoding = "hex", header = "X-Sig", value = "sha256={sig}" }
        delivery = { timeout = "10s", retry = ["10s", "60s", "300s"], dedupe = "header:X-Id" }
        [[events]]
        name = "thing.made"
        sample = '{"event":"thing.made","at":"{now}","data":{"name":"a thing","size":3}}'
        [[events]]
        name = "thing.sent"
        sample = '{"event":"thing.sent","at":"{now}","data":{"name":"a thing","size":3}}'
        [[events]]
        name = "thing_made"
        legacy = true
        sample = '{"event":"thing_made","at":"{now}","data":{}}'
    "#,
    )
}

/// A decoded key, a list of signatures, the id under the signature.
pub(super) fn signed_id() -> Provider {
    file(
        r#"
        provider = { id = "signed-id" }
        timestamp = { from = "header:webhook-timestamp", format = "unix", tolerance = { past = "300s", future = "300s" } }
        id = { from = "header:webhook-id", make = "msg_" }
        signature = { algorithm = "hmac-sha256", key = { strip = "whsec_", decode = "base64" }, signs = "{id}.{timestamp}.{body}", encoding = "base64", header = "webhook-signature", value = "v1,{sig}", separator = " " }
        delivery = { retry = ["5s", "5m"], dedupe = "header:webhook-id" }
    "#,
    )
}

/// Everything in one header, and a tolerance on one side.
fn one_header() -> Provider {
    file(
        r#"
        provider = { id = "one-header" }
        timestamp = { from = "signature", format = "unix", tolerance = { past = "5s", future = "any" } }
        id = { from = "body:/id", make = "evt_" }
        signature = { algorithm = "hmac-sha256", signs = "{timestamp}.{body}", encoding = "hex", header = "Sig", value = "t={timestamp},v1={sig}", separator = "," }
    "#,
    )
}

/// The timestamp in the body, in milliseconds.
fn timed_body() -> Provider {
    file(
        r#"
        provider = { id = "timed-body" }
        timestamp = { from = "body:/sentAt", format = "unix-ms", tolerance = { past = "60s", future = "60s" } }
        id = { from = "header:Delivery", make = "uuid" }
        event = { from = "header:Event" }
        headers = { Event = "{event}" }
        signature = { algorithm = "hmac-sha512", signs = "{body}", encoding = "hex", header = "Sig", value = "{sig}" }
        delivery = { retry = ["1m"], success = "200", dedupe = "header:Delivery" }
    "#,
    )
}

/// The URL signed before the body.
pub(super) fn signed_url() -> Provider {
    file(
        r#"
        provider = { id = "signed-url" }
        signature = { algorithm = "hmac-sha256", signs = "{url}{body}", encoding = "base64", header = "sig", value = "{sig}" }
    "#,
    )
}

/// The URL signed, and nothing else.
pub(super) fn bare_url() -> Provider {
    file(
        r#"
        provider = { id = "bare-url" }
        timestamp = { from = "header:X-Time", format = "rfc3339" }
        signature = { algorithm = "hmac-sha1", signs = "{url}{timestamp}", encoding = "base64", header = "sig", value = "{sig}" }
    "#,
    )
}

/// A token without a word before it.
fn bare_token() -> Provider {
    file(
        r#"
        provider = { id = "bare-token" }
        event = { from = "header:X-Event" }
        headers = { X-Event = "{event}" }
        signature = { algorithm = "token", header = "X-Token", value = "{secret}" }
    "#,
    )
}

fn file(text: &str) -> Provider {
    parse(text).expect("a provider")
}

/// The platforms that are built in.
pub(super) fn built_in() -> impl Iterator<Item = Provider> {
    BUILTIN_IDS.into_iter().filter_map(builtin)
}

/// Every kind of platform.
pub(super) fn all() -> impl Iterator<Item = Provider> {
    let others = [
        acme(),
        signed_id(),
        one_header(),
        timed_body(),
        signed_url(),
        bare_url(),
        bare_token(),
    ];
    built_in().chain(others)
}

/// A receiver of a platform's deliveries, with a secret.
pub(super) fn receiver(provider: Provider) -> Receiver {
    let scheme = provider.signing_scheme();
    let secret = scheme.secret_of(b"of this many bytes, all known");
    let key = Key::new(scheme, &secret).expect("a key");
    Receiver {
        key: Some(key),
        url: "http://127.0.0.1:1/hooks?shop=7".parse().expect("a URL"),
        extra: Headers::new(),
        provider,
    }
}
