//! What is made anew, and what is kept.

use wh::signature::Verdict;

use crate::support::{Receiver, Request, raw};

use super::{Desk, verdict};

/// Nothing may be changed in it: `2500.00` is not `2500.0`.
const BODY: &str = "{\"event\":\"job.completed\",\"id\":7,\"total\":2500.00}";

fn count(request: &Request, name: &str) -> usize {
    let head = String::from_utf8_lossy(&request.head).to_lowercase();
    let line = format!("\r\n{name}:");
    head.matches(&line).count()
}

#[test]
fn it_is_signed_afresh_and_every_other_line_is_kept() {
    for (provider, signature) in [
        ("cepro", "x-webhook-signature"),
        ("wlcro", "x-webhook-signature"),
        ("tenant", "x-webhook-signature"),
    ] {
        let receiver = Receiver::start([200, 200]);
        let desk = Desk::new();
        let url = receiver.url();
        desk.wh(&format!(
            "send x.y --force -P {provider} -q --url {url} --timestamp -1h"
        ))
        .arg("--data")
        .arg(BODY)
        .arg("-HX-Tenant: a")
        .arg("-HX-Tenant: b")
        .arg("-HContent-Type: text/plain")
        .stdout_has("<-- 200")
        .run();
        desk.wh("replay 1").stdout_has("✓ signed").run();
        let requests = receiver.requests();
        let again = &requests[1];
        assert!(verdict(provider, again).is_valid(), "{provider}");
        assert_eq!(again.body, BODY.as_bytes());
        assert_eq!(again.header("Content-Type"), Some("text/plain"));
        for (name, times) in [
            ("x-tenant", 2),
            ("content-type", 1),
            ("content-length", 1),
            ("user-agent", 1),
            ("accept", 1),
            ("host", 1),
            (signature, 1),
        ] {
            assert_eq!(count(again, name), times, "{provider} {name}");
        }
    }
}

#[test]
fn lines_of_the_users_take_the_place_of_those_of_the_same_name() {
    let receiver = Receiver::start([200, 200]);
    let desk = Desk::new();
    let url = receiver.url();
    desk.wh(&format!(
        "send estimate.created -q --url {url} -H X-Tenant:a"
    ))
    .stdout_has("<-- 200")
    .run();
    desk.wh("replay 1 -H x-tenant:c -H X-More:d")
        .stdout_has("<-- 200")
        .run();
    let again = &receiver.requests()[1];
    assert_eq!(
        (count(again, "x-tenant"), again.header("X-Tenant")),
        (1, Some("c"))
    );
    assert_eq!(again.header("X-More"), Some("d"));
}

#[test]
fn a_kept_signature_is_stale_where_a_fresh_one_is_valid() {
    let receiver = Receiver::start([200, 200, 200]);
    let desk = Desk::new();
    desk.sends("-P wlcro client.created --timestamp -1h", &receiver);
    // No secret is asked for where nothing is signed.
    desk.bare("replay 1 --keep-signature")
        .stdout_has("signed as it was")
        .run();
    desk.wh("replay 1").stdout_has("✓ signed").run();
    let requests = receiver.requests();
    for name in ["X-Webhook-Signature", "X-Webhook-Timestamp"] {
        assert_eq!(requests[0].header(name), requests[1].header(name));
        assert_eq!(
            count(&requests[1], &name.to_lowercase()),
            count(&requests[0], &name.to_lowercase())
        );
    }
    let stale = verdict("wlcro", &requests[1]);
    assert!(matches!(stale, Verdict::Stale { .. }), "{stale}");
    assert!(verdict("wlcro", &requests[2]).is_valid());
    for words in ["--edit", "--new-id"] {
        desk.wh(&format!("replay 1 --keep-signature {words}"))
            .stderr_has("cannot be used with")
            .exit(2)
            .run();
    }
}

#[test]
fn a_kept_message_is_given_no_line_that_it_lacked() {
    let desk = Desk::new();
    let listener = desk.wh("listen --port 0 --json --accept-invalid").start();
    let head = "POST /hooks HTTP/1.1\r\nHost: h\r\nX-Tenant: a\r\nContent-Length: 2\r\n\r\n";
    let answer = raw(listener.addr(), format!("{head}{{}}"));
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
    listener.stop();
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    desk.bare(&format!("replay 1 --keep-signature --url {url}"))
        .stdout_has("signed as it was")
        .run();
    let kept = &receiver.requests()[0];
    assert_eq!(kept.header("X-Tenant"), Some("a"));
    let head = String::from_utf8_lossy(&kept.head).to_lowercase();
    assert!(!head.contains("\r\nx-webhook-"), "{head}");
}

#[test]
fn user_and_password_of_a_new_url_count() {
    let receiver = Receiver::start([200, 200]);
    let desk = Desk::new();
    let url = receiver.url().replace("//", "//ann:one@");
    desk.wh(&format!("send estimate.created -q --url {url}"))
        .stdout_has("<-- 200")
        .run();
    let url = url.replace("ann:one", "bob:two");
    desk.wh(&format!("replay 1 --url {url}"))
        .stdout_has("attempt 2 (1/4)")
        .run();
    let again = &receiver.requests()[1];
    assert_eq!(again.header("Authorization"), Some("Basic Ym9iOnR3bw=="));
    assert_eq!(count(again, "authorization"), 1);
}

#[test]
fn test_deliveries_are_left_out_where_only_live_ones_are_sent_again() {
    let receiver = Receiver::start([200]);
    let desk = Desk::new();
    desk.sends("--test", &receiver);
    desk.sends("estimate.created", &receiver);
    let told = "#1 is a test delivery: the platform sends only live ones again";
    let hint = "--include-tests sends test deliveries too";
    for command in ["replay", "retry"] {
        desk.wh(&format!("{command} 1"))
            .stderr(format!("error: {told}\nhint: {hint}\n"))
            .exit(7)
            .run();
    }
    desk.wh("replay 1 2")
        .stdout_has("[#2]")
        .stderr(format!("note: {told}; {hint}\n"))
        .run();
    assert_eq!(receiver.requests().len(), 3);
    desk.wh("replay 1 --include-tests").stdout_has("[#1]").run();
}
