//! `--tamper` and `--no-signature`: damage that a receiver must notice, and damage that none could.

use super::{BODY, fixed, send, verdict};
use crate::support::{Receiver, Request};

const PROVIDERS: [&str; 5] = ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"];

/// The same delivery, whole and with this damage.
fn pair(provider: &str, damage: &[&str], note: &str) -> [Request; 2] {
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    let words = fixed(provider, &["e.v", "--url", &url]);
    send(&words).stdout_has("]  ✓ signed  attempt 1/").run();
    send(&[&words[..], damage].concat())
        .stdout_has(format!("]  ! {note}  attempt 1/"))
        .run();
    receiver.wait_for(2).try_into().unwrap()
}

/// The lines of the second request that the first does not have.
fn changed(requests: &[Request; 2]) -> Vec<String> {
    let [whole, damaged] = requests.each_ref().map(super::lines);
    damaged
        .iter()
        .filter(|line| !whole.contains(line))
        .map(ToString::to_string)
        .collect()
}

fn signature_header(provider: &str) -> &'static str {
    if provider == "cepro-inbound" {
        "authorization"
    } else {
        "x-webhook-signature"
    }
}

fn refusal(provider: &str) -> &'static str {
    if provider == "cepro-inbound" {
        "invalid: the token does not match"
    } else {
        "invalid: the signature does not match"
    }
}

#[test]
fn a_body_is_changed_by_one_byte_after_it_was_signed() {
    for provider in ["cepro", "wlcro", "tenant", "orgjobs"] {
        let requests = pair(provider, &["--tamper", "body"], "tampered: body");
        assert_eq!(changed(&requests), [""; 0]);
        assert_eq!(requests[0].body, BODY.as_bytes());
        assert_eq!(
            requests[1].body,
            BODY.replace("2500.00", "2500.01").as_bytes()
        );
        assert_eq!(
            verdict(provider, &requests[1]).to_string(),
            refusal(provider)
        );
    }
}

#[test]
fn a_signature_is_changed_by_one_character() {
    for provider in PROVIDERS {
        let requests = pair(provider, &["--tamper", "signature"], "tampered: signature");
        assert_eq!(requests[0].body, requests[1].body);
        assert_eq!(changed(&requests).len(), 1);
        let [whole, damaged] = requests
            .each_ref()
            .map(|request| request.header(signature_header(provider)).unwrap());
        let differ = whole.bytes().zip(damaged.bytes()).filter(|(a, b)| a != b);
        assert_eq!((differ.count(), whole.len()), (1, damaged.len()));
        assert_eq!(
            verdict(provider, &requests[1]).to_string(),
            refusal(provider)
        );
    }
}

#[test]
fn another_secret_signs_in_the_right_form() {
    for provider in PROVIDERS {
        let requests = pair(provider, &["--tamper", "secret"], "tampered: secret");
        assert_eq!(requests[0].body, requests[1].body);
        assert_eq!(changed(&requests).len(), 1);
        assert_eq!(
            verdict(provider, &requests[1]).to_string(),
            refusal(provider)
        );
    }
}

#[test]
fn a_signed_timestamp_is_moved_by_a_second() {
    let requests = pair("wlcro", &["--tamper", "timestamp"], "tampered: timestamp");
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(changed(&requests), ["X-Webhook-Timestamp: 1769596201"]);
    assert_eq!(verdict("wlcro", &requests[1]).to_string(), refusal("wlcro"));
}

#[test]
fn without_a_signature_the_rest_goes_out() {
    for provider in PROVIDERS {
        let requests = pair(provider, &["--no-signature"], "unsigned");
        assert_eq!(requests[0].body, requests[1].body);
        assert_eq!(changed(&requests), [""; 0]);
        let header = signature_header(provider);
        assert_eq!(requests[1].header(header), None);
        let counts = requests
            .each_ref()
            .map(|request| super::lines(request).len());
        assert_eq!(counts[0], counts[1] + 1);
        assert_eq!(verdict(provider, &requests[1]).kind(), "unsigned");
    }
}

#[test]
fn damage_that_nobody_could_notice_is_refused() {
    let receiver = Receiver::start([200]).unused();
    for (provider, kind) in [
        ("cepro", "timestamp"),
        ("tenant", "timestamp"),
        ("orgjobs", "timestamp"),
        ("cepro-inbound", "timestamp"),
        ("cepro-inbound", "body"),
    ] {
        let words = ["-P", provider, "e.v", "--data", "{}", "--url"];
        send(&[&words[..], &[&receiver.url(), "--tamper", kind]].concat())
            .stderr(format!(
                "error: `{provider}` does not sign the {kind}, so no receiver could notice\n\
                 hint: --tamper signature and --tamper secret always tell\n"
            ))
            .exit(2)
            .run();
    }
    let words = ["-P", "orgjobs", "job.created", "--tamper", "body", "--url"];
    send(&[&words[..], &[&receiver.url()]].concat())
        .env("WH_SECRET", "")
        .stderr(
            "error: there is nothing to tamper with: no secret is given, so nothing is signed\n\
             hint: give a secret, or leave --tamper out\n",
        )
        .exit(2)
        .run();
}

#[test]
fn kinds_that_are_none_are_usage_errors() {
    let receiver = Receiver::start([200]).unused();
    for (words, error) in [
        (
            &["--tamper", "header"][..],
            "error: invalid value 'header' for '--tamper <KIND>': one of body, signature, \
             timestamp, secret\n",
        ),
        (
            &["--tamper", "body", "--no-signature"],
            "error: the argument '--tamper <KIND>' cannot be used with '--no-signature'\n",
        ),
    ] {
        send(&[&["job.created", "--url", &receiver.url()], words].concat())
            .stderr_has(error)
            .exit(2)
            .run();
    }
}

#[test]
fn a_platform_with_an_optional_secret_sends_unsigned_without_one() {
    let receiver = Receiver::start([200]);
    send(&["-P", "orgjobs", "job.created", "--url", &receiver.url()])
        .env("WH_SECRET", "")
        .stdout_has("  --> orgjobs job.created  [#1]  ! unsigned  attempt 1/1\n")
        .run();
    let request = receiver.requests().remove(0);
    assert_eq!(request.header("x-webhook-signature"), None);
}

#[test]
fn the_other_platforms_want_a_secret() {
    for provider in ["cepro", "cepro-inbound", "wlcro", "tenant"] {
        send(&["-P", provider, "e", "--data", "{}", "--url", "1"])
            .env("WH_SECRET", "")
            .stderr(
                "error: no secret given\n\
                 hint: --secret-file FILE, --secret-env NAME, or the variable WH_SECRET; \
                 --secret asks for it on a terminal\n\
                 hint: --no-signature sends without one\n",
            )
            .exit(7)
            .run();
    }
}
