//! Repeats: what is one, and how it is answered.

use serde_json::{Value, json};

use super::{answer, listen, post, status};

const RIGHT: &str = "X-Webhook-Signature: {sig}";

/// The number of the delivery that each of these repeats, by a listener that hears them all.
#[track_caller]
fn repeats(
    provider: &str,
    words: &[&str],
    deliveries: &[(&[&str], &str)],
    expected: &[Option<u64>],
) {
    let mut listener = listen(provider, &[&["--json"], words].concat()).start();
    let mut found = Vec::new();
    for (headers, body) in deliveries {
        let answer = answer(&listener, post(provider, "/", headers, body));
        let line = listener.next();
        let number = line["duplicate_of"].as_u64();
        let text = if number.is_some() {
            "\r\n\r\nok, already received\n"
        } else {
            "\r\n\r\nok\n"
        };
        assert_eq!(answer.ends_with(text), status(&answer) == 200, "{answer}");
        found.push(number);
    }
    assert_eq!(found, expected, "{provider} {words:?}");
    let output = listener.stop();
    let last = super::told(&output.stdout).pop().unwrap();
    let count = expected.iter().filter(|number| number.is_some()).count();
    assert_eq!(last["duplicates"], count);
}

#[test]
fn the_same_id_is_a_repeat() {
    let one: &[&str] = &["X-Webhook-ID: 1", RIGHT];
    let two: &[&str] = &["X-Webhook-ID: 2", RIGHT];
    let none: &[&str] = &[RIGHT];
    for provider in ["cepro", "tenant"] {
        repeats(
            provider,
            &[],
            &[
                (one, "a"),
                (two, "a"),
                (one, "b"),
                (one, "a"),
                (none, "a"),
                (none, "a"),
            ],
            &[None, None, Some(1), Some(1), None, None],
        );
    }
}

#[test]
fn after_a_refusal_the_retry_is_no_repeat() {
    let wrong: &[&str] = &["X-Webhook-ID: 1", "X-Webhook-Signature: 00"];
    let right: &[&str] = &["X-Webhook-ID: 1", RIGHT];
    repeats(
        "cepro",
        &[],
        &[(wrong, ""), (right, ""), (wrong, ""), (right, "")],
        &[None, None, None, Some(1)],
    );
}

#[test]
fn without_a_store_repeats_are_known_too() {
    let one: &[&str] = &["X-Webhook-ID: 1", RIGHT];
    let wrong: &[&str] = &["X-Webhook-ID: 1", "X-Webhook-Signature: 00"];
    repeats(
        "cepro",
        &["--store", "none"],
        &[(wrong, ""), (one, "a"), (one, "b"), (wrong, "")],
        &[None, None, Some(2), None],
    );
    repeats(
        "orgjobs",
        &["--store", "none", "--dedupe", "body"],
        &[(&[RIGHT], "a"), (&[RIGHT], "b"), (&[RIGHT], "a")],
        &[None, None, Some(1)],
    );
}

#[test]
fn a_repeat_is_known_after_a_restart() {
    let home = tempfile::TempDir::new().unwrap();
    for (again, how) in [
        (false, "provider"),
        (true, "provider"),
        (false, "body"),
        (true, "body"),
    ] {
        let words = ["--json", "--dedupe", how];
        let mut listener = listen("cepro", &words).home(home.path()).start();
        let id = format!("X-Webhook-ID: {how}");
        answer(&listener, post("cepro", "/", &[&id, RIGHT], how));
        let line = listener.next();
        assert_eq!(line["duplicate_of"].is_u64(), again, "{line}");
    }
}

#[test]
fn the_same_id_at_another_path_is_another_delivery_and_a_repeat() {
    let mut listener = listen("cepro", &["--json"]).start();
    let numbers = ["/a", "/b", "/a?x=1"].map(|target| {
        answer(
            &listener,
            post("cepro", target, &["X-Webhook-ID: 1", RIGHT], ""),
        );
        let line = listener.next();
        (line["number"].clone(), line["duplicate_of"].clone())
    });
    let expected = [
        (json!(1), Value::Null),
        (json!(2), json!(1)),
        (json!(1), json!(1)),
    ];
    assert_eq!(numbers, expected);
}

#[test]
fn an_id_in_the_body_tells_as_well() {
    let right: &[&str] = &["X-Webhook-Timestamp: {now}", RIGHT];
    repeats(
        "wlcro",
        &[],
        &[
            (right, r#"{"id":12345,"type":"a"}"#),
            (right, r#"{"type": "b", "id": 12345}"#),
            (right, r#"{"id":12346}"#),
            (right, "{}"),
            (right, "no JSON"),
            (right, "no JSON"),
        ],
        &[None, Some(1), None, None, None, None],
    );
}

#[test]
fn two_ids_are_none() {
    let both: &[&str] = &["X-Webhook-ID: 1", "X-Webhook-ID: 1", RIGHT];
    repeats("cepro", &[], &[(both, ""), (both, "")], &[None, None]);
}

#[test]
fn a_platform_without_ids_has_no_repeats() {
    let right: &[&str] = &["X-Webhook-ID: 1", RIGHT];
    repeats(
        "orgjobs",
        &[],
        &[(right, "{}"), (right, "{}")],
        &[None, None],
    );
}

#[test]
fn equal_bodies_are_repeats_where_that_is_asked() {
    let right: &[&str] = &[RIGHT];
    repeats(
        "orgjobs",
        &["--dedupe", "body"],
        &[
            (right, "{}"),
            (right, "{} "),
            (right, "{}"),
            (right, ""),
            (right, ""),
        ],
        &[None, None, Some(1), None, Some(4)],
    );
    // Then the id counts no more.
    let one: &[&str] = &["X-Webhook-ID: 1", RIGHT];
    repeats(
        "cepro",
        &["--dedupe", "body"],
        &[(one, "a"), (one, "b"), (right, "a")],
        &[None, None, Some(1)],
    );
}

#[test]
fn what_is_answered_200_unchecked_has_repeats_too() {
    let mut listener = listen("cepro", &["--json"]).env("WH_SECRET", "").start();
    let numbers = [(); 2].map(|()| {
        answer(&listener, post("cepro", "/", &["X-Webhook-ID: 1"], ""));
        listener.next()["duplicate_of"].take()
    });
    assert_eq!(numbers, [Value::Null, json!(1)]);
}
