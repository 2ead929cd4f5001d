//! Receivers that verify something else, and what is told of them.

use jiff::Timestamp;

use crate::conformance::Ruling;
use crate::conformance::check::Receiver;
use crate::conformance::check::report::CheckFinding;
use crate::conformance::check::shot::Round;
use crate::message::Message;
use crate::provider::builtin;
use crate::signature::{Algorithm, Encoding, Key, Scheme, Secret, Template, ValueForm, verify};

use super::scripted::{Reply, SECRET, Scripted, of, only, receiver};

/// What is told of a receiver that takes what this lets through, and answers 401 to the rest.
async fn told(
    receiver: &Receiver,
    takes: impl Fn(&Message) -> bool + Send + Sync + 'static,
) -> CheckFinding {
    let wire =
        Scripted::new(move |message, _| Reply::Status(if takes(message) { 200 } else { 401 }));
    let report = wire.checked(receiver, &only(&["accepts-event"])).await;
    let finding = of(&report, "accepts-event");
    assert_eq!(finding.ruling, Ruling::Fail);
    finding.clone()
}

/// Takes what verifies by this scheme with the secret.
fn by(scheme: Scheme, secret: &str) -> impl Fn(&Message) -> bool + Send + Sync + 'static {
    let key = Key::new(&scheme, &Secret::new(secret)).expect("a key");
    let keys = vec![key];
    move |message| verify(&scheme, &keys, message, Timestamp::now()).is_valid()
}

fn scheme(provider: &str) -> Scheme {
    let provider = builtin(provider).expect("a built-in provider");
    provider.signing_scheme().clone()
}

#[tokio::test(start_paused = true)]
async fn a_signature_that_is_written_otherwise_is_named() {
    let value = |text| ValueForm::parse(text, None).expect("a form");
    let signs = |text| Template::parse(text, &["body", "timestamp"]).expect("a template");
    for (provider, scheme, words) in [
        (
            "cepro",
            Scheme {
                value: value("sha256={sig}"),
                ..scheme("cepro")
            },
            "It takes a signature that is written as `sha256={sig}`, where the platform writes",
        ),
        (
            "orgjobs",
            Scheme {
                value: value("{sig}"),
                ..scheme("orgjobs")
            },
            "It takes a signature that is written as `{sig}`, where the platform writes `sha256={sig}`",
        ),
        (
            "cepro",
            Scheme {
                encoding: Encoding::Base64,
                ..scheme("cepro")
            },
            "It takes a signature in base64, where the platform writes hex.",
        ),
        (
            "cepro",
            Scheme {
                signs: signs("{timestamp}.{body}"),
                ..scheme("cepro")
            },
            "It takes a signature over `{timestamp}.{body}`, where the platform signs `{body}`.",
        ),
        (
            "wlcro",
            Scheme {
                signs: signs("{body}"),
                ..scheme("wlcro")
            },
            "It takes a signature over `{body}`, where the platform signs `{timestamp}.{body}`",
        ),
        (
            "cepro",
            Scheme {
                algorithm: Algorithm::HmacSha1,
                ..scheme("cepro")
            },
            "It takes a signature by hmac-sha1, where the platform signs by hmac-sha256",
        ),
    ] {
        let finding = told(&receiver(provider), by(scheme, SECRET)).await;
        let [note] = &finding.notes[..] else {
            panic!("{:?}", finding.notes);
        };
        assert!(note.starts_with(words), "{provider}: {note}");
    }
}

/// Takes what verifies once its body is written anew.
fn rewriting(
    write: fn(&serde_json::Value) -> serde_json::Result<Vec<u8>>,
) -> impl Fn(&Message) -> bool + Send + Sync + 'static {
    let right = by(scheme("cepro"), SECRET);
    move |message| {
        let body = serde_json::from_slice(&message.body);
        let body = body.and_then(|body| write(&body));
        body.is_ok_and(|body| {
            right(&Message {
                body: body.into(),
                ..message.clone()
            })
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_written_anew_is_named() {
    let receiver = receiver("cepro");
    for (takes, words) in [
        // Refuses the compact delivery that every check begins with.
        (
            rewriting(serde_json::to_vec_pretty),
            "indented by two spaces",
        ),
        // Takes that one, and refuses the samples.
        (rewriting(serde_json::to_vec), "compactly"),
    ] {
        let wire =
            Scripted::new(move |message, _| Reply::Status(if takes(message) { 200 } else { 401 }));
        let report = wire.checked(&receiver, &only(&["accepts"])).await;
        let notes = report.rules.iter().flat_map(|finding| &finding.notes);
        let notes: Vec<_> = notes.collect();
        assert!((1..=2).contains(&notes.len()), "{words}: {notes:?}");
        for note in notes {
            let begin = "It takes a signature that matches if the JSON is";
            assert!(note.starts_with(begin), "{note}");
            assert!(note.contains(words), "{note}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_or_emptied_is_named() {
    let right = by(scheme("cepro"), SECRET);
    let finding = told(&receiver("cepro"), move |message| {
        let body = [&message.body[..], b"\n"].concat().into();
        right(&Message {
            body,
            ..message.clone()
        })
    })
    .await;
    assert_eq!(
        finding.notes,
        [
            "It takes a signature that matches if a final newline is added. It changes the body before \
          it verifies: verify the raw bytes, as they came."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_was_changed_on_its_way_is_named() {
    for (secret, words) in [
        ("s3cret\n", "a final newline is added to the secret"),
        ("\"s3cret\"", "the secret stands in double quotes"),
    ] {
        let finding = told(&receiver("cepro"), by(scheme("cepro"), secret)).await;
        let [note] = &finding.notes[..] else {
            panic!("{:?}", finding.notes);
        };
        let expected = format!(
            "It takes a signature that matches if {words}: the secret that it has is not the one \
             that was given here."
        );
        assert!(note.starts_with(&expected), "{note}");
    }
}

#[tokio::test(start_paused = true)]
async fn upper_case_digits_are_named() {
    let right = by(scheme("cepro"), SECRET);
    let receiver = receiver("cepro");
    let finding = told(&receiver, move |message| {
        let value = message
            .headers
            .text("x-webhook-signature")
            .unwrap_or_default();
        let is_upper = !value.bytes().any(|byte| byte.is_ascii_lowercase());
        let mut lower = message.clone();
        lower
            .headers
            .set("X-Webhook-Signature", value.to_lowercase());
        is_upper && right(&lower)
    });
    assert_eq!(
        finding.await.notes,
        ["It takes a signature in upper-case digits; the platform writes lower-case ones."]
    );
}

#[tokio::test(start_paused = true)]
async fn another_platforms_receiver_is_named() {
    for (provider, other, expected) in [
        (
            "cepro",
            "wlcro",
            "It takes what WhiteLabelCRO sends: is it meant for -P wlcro?",
        ),
        (
            "wlcro",
            "cepro",
            "It takes what CleanEstimatePro sends: is it meant for -P cepro?",
        ),
        (
            "wlcro",
            "orgjobs",
            "It takes a signature over `{body}`, where the platform signs `{timestamp}.{body}`. So \
             signs",
        ),
    ] {
        let finding = told(&receiver(provider), by(scheme(other), SECRET)).await;
        let [note] = &finding.notes[..] else {
            panic!("{:?}", finding.notes);
        };
        assert!(note.starts_with(expected), "{note}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_takes_only_what_is_unsigned_is_told() {
    let receiver = receiver("cepro");
    let finding = told(&receiver, |message| {
        message.headers.first("x-webhook-signature").is_none()
    });
    let notes = finding.await.notes;
    assert!(
        notes[0].starts_with("It takes a delivery without a signature"),
        "{notes:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_after_all_is_not_put_down_to_what_was_tried() {
    const NOW: &str = "It refused it at first, and takes it now.";
    let cepro = receiver("cepro");
    for (refused, begin) in [
        // The delivery that every check begins with, and one of the samples.
        (0..2, "It breaks over a right delivery"),
        // One of the samples alone.
        (1..2, NOW),
    ] {
        let wire = Scripted::new(move |_, nth| {
            Reply::Status(if refused.contains(&nth) { 500 } else { 200 })
        });
        let rules = only(&["accepts-event", "refuses-no-signature"]);
        let report = wire.checked(&cepro, &rules).await;
        let finding = of(&report, "accepts-event");
        assert_eq!(finding.ruling, Ruling::Fail);
        let notes = &finding.notes;
        assert!(notes[0].starts_with(begin), "{notes:?}");
        assert_eq!(notes.last().map(String::as_str), Some(NOW));
        assert_eq!(report.requests, wire.came().len());
        // What is taken now can show what should not be.
        assert_eq!(of(&report, "refuses-no-signature").ruling, Ruling::Fail);
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_says_by_itself_needs_no_trial() {
    let receiver = receiver("cepro");
    for (status, part) in [
        (302, "senders follow no redirect"),
        (404, "look at the path"),
        (405, "takes no POST"),
        (415, "content type"),
        (429, "limits how many"),
        (503, "is it running"),
    ] {
        let wire = Scripted::new(move |_, _| Reply::Status(status));
        let report = wire.checked(&receiver, &only(&["accepts-event"])).await;
        let [note] = &of(&report, "accepts-event").notes[..] else {
            panic!("{status}: not one note");
        };
        assert!(note.contains(part), "{status}: {note}");
        assert!(report.requests < 20, "{} requests", report.requests);
    }
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_taken_that_is_told_and_no_more_than_sixty_are_tried() {
    for (status, part) in [
        (
            401,
            "either it has another secret, or the route wants a login",
        ),
        (400, "look whether it has this very secret"),
        (500, "It breaks over a right delivery"),
    ] {
        let receiver = receiver("cepro");
        let wire = Scripted::new(move |_, _| Reply::Status(status));
        let report = wire.checked(&receiver, &only(&["accepts-event"])).await;
        let notes = of(&report, "accepts-event").notes.join(" ");
        assert!(notes.contains(part), "{notes}");
        let rule = super::scripted::entry("accepts-event");
        let mut workshop = crate::conformance::check::workshop::Workshop::new(&receiver, false);
        let rounds = (rule.plan)(&mut workshop).expect("such a rule");
        let planned: usize = rounds.iter().map(Round::len).sum();
        let tried = report.requests - planned - 1;
        assert!((10..=60).contains(&tried), "{tried} requests");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_secret_nothing_is_tried() {
    let receiver = Receiver {
        key: None,
        ..receiver("orgjobs")
    };
    let wire = Scripted::new(|_, _| Reply::Status(401));
    let report = wire.checked(&receiver, &only(&["accepts-event"])).await;
    assert!(of(&report, "accepts-event").notes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_secret_itself_goes_out_to_nobody_who_should_not_have_it() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Status(401));
    wire.checked(&receiver, &only(&["accepts-event"])).await;
    for (message, ..) in wire.came() {
        for (name, value) in message.headers.iter() {
            let value = String::from_utf8_lossy(value);
            assert!(!value.contains(SECRET), "{name}: {value}");
        }
    }
}
