//! `--events`: which deliveries are told of.

use super::{answer, listen, post, status};

const EVENTS: [&str; 5] = [
    "invoice.created",
    "invoice.paid",
    "job.created",
    "proposal_created",
    "",
];

/// Flags, and the events that are told of; an empty one is none at all.
const TABLE: &[(&[&str], &[&str])] = &[
    (&[], &EVENTS),
    (&["-e", "invoice.paid"], &["invoice.paid"]),
    (&["-e", "invoice.*"], &["invoice.created", "invoice.paid"]),
    (&["-e", "invoice.*,!invoice.paid"], &["invoice.created"]),
    (
        &["--events", "*created"],
        &["invoice.created", "job.created", "proposal_created"],
    ),
    (
        &["-e", "job.*", "-e", "invoice.paid"],
        &["invoice.paid", "job.created"],
    ),
    (
        &["-e", "!invoice.*"],
        &["job.created", "proposal_created", ""],
    ),
    (&["-e", "invoice"], &[]),
];

#[test]
fn globs_choose_what_is_told_and_everything_is_answered() {
    for (flags, expected) in TABLE {
        let listener = listen("cepro", &[&["--json"], *flags].concat()).start();
        for event in EVENTS {
            let body = if event.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{\"event\":\"{event}\"}}")
            };
            let request = post("cepro", "/", &["X-Webhook-Signature: {sig}"], body);
            assert_eq!(status(&answer(&listener, request)), 200);
        }
        let output = listener.stop();
        let mut lines = super::told(&output.stdout);
        let summary = lines.pop().unwrap();
        assert_eq!(summary["received"], expected.len());
        let told: Vec<_> = lines
            .iter()
            .map(|line| line["event"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(told, *expected, "{flags:?}");
        // The numbers are those of all that came.
        for line in &lines {
            let event = line["event"].as_str().unwrap_or_default();
            let place = EVENTS.iter().position(|name| *name == event).unwrap();
            assert_eq!(line["number"], place + 1);
        }
    }
}

#[test]
fn text_that_is_no_filter_is_a_usage_error() {
    for text in ["", "a,,b", "!", "a b", "a,"] {
        let why = format!(
            "error: invalid value '{text}' for '--events <GLOBS>': `{text}` names no event: \
             write globs with commas, for example `invoice.*,!invoice.draft`\n"
        );
        listen("cepro", &["-e", text]).stderr_has(why).exit(2).run();
    }
}
