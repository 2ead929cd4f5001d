//! Where a listener tells an explanation: on the screen, in its lines, of what was expected, beside an
//! audit.

use serde_json::Value;

use super::{NOBODYS, SECRET, assert_unsaid, listen, post, signature};
use crate::support::{Output, masked, raw};

const BODY: &str = "{\"event\":\"invoice.paid\"}\n";

/// A body whose final newline was not signed.
fn request() -> String {
    post(&signature(SECRET, BODY.trim_end()), BODY)
}

/// What is written of one request.
fn screen(words: &[&str], request: &str) -> Vec<String> {
    let listener = listen(words).start_for_people();
    raw(listener.addr(), request);
    let Output { stdout, stderr, .. } = listener.stop();
    assert_unsaid(&[stdout.clone(), stderr].concat());
    masked(&stdout).lines().map(str::to_owned).collect()
}

const INDENT: &str = "              ";

#[test]
fn people_read_the_finding_and_the_fix_below_the_verdict() {
    let told = screen(&[], &request());
    assert_eq!(told[1], format!("{INDENT}the signature does not match"));
    let finding = &told[2];
    assert!(
        finding.starts_with(&format!("{INDENT}the signature ")) && finding.contains("newline"),
        "{told:?}"
    );
    assert!(told[3].starts_with(&format!("{INDENT}fix: ")), "{told:?}");

    let quiet = screen(&["--quiet"], &request());
    let answer = "TIME  --> 401 TOOK  [#1]";
    assert_eq!(quiet[1..], [told[1].as_str(), finding, answer]);
}

#[test]
fn the_words_are_dim_where_there_is_colour() {
    let told = screen(&["--color", "always", "-q"], &request());
    let finding = &told[2];
    let dim = format!("{INDENT}\u{1b}[2mthe signature ");
    assert!(finding.starts_with(&dim), "{finding:?}");
}

#[test]
fn a_valid_delivery_has_no_explanation() {
    let valid = post(&signature(SECRET, BODY), BODY);
    let mut listener = listen(&["--json"]).start();
    raw(listener.addr(), valid);
    let line: Value = listener.next();
    assert_eq!(line["verdict"]["kind"], "valid");
    assert_eq!(line["verdict"].get("explanation"), None);
}

/// What is near by its verdict is told with why.
#[test]
fn what_was_expected_and_did_not_verify_is_explained() {
    let words = ["--expect", "invoice.paid", "--json"];
    let mut listener = listen(&words).start();
    raw(listener.addr(), request());
    listener.next();
    let output = listener.stop();
    assert_eq!(output.code, 8);
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut unmet = lines.filter(|line| line["type"] == "expectation");
    let near = &unmet.next().unwrap()["nearest"][0];
    assert_eq!(near["was"], "invalid");
    assert!(near["why"].as_str().unwrap().contains("newline"), "{near}");
}

#[test]
fn an_audit_says_why_a_signature_does_not_match() {
    for (request, is_explained) in [(request(), true), (post(NOBODYS, BODY), false)] {
        let mut listener = listen(&["--json", "--audit", "cepro"]).start();
        raw(listener.addr(), request);
        listener.next();
        let output = listener.stop();
        let lines = str::from_utf8(&output.stdout).unwrap().lines();
        let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut rules = lines.filter(|line| line["id"] == "signature");
        let seen = rules.next().unwrap()["seen"].as_str().unwrap().to_owned();
        assert!(seen.contains("the signature does not match"), "{seen}");
        assert_eq!(seen.contains("newline"), is_explained, "{seen}");
    }
}

/// Nobody's headers fit, and yet somebody signed it.
#[test]
fn what_fits_no_provider_is_tried_by_all() {
    let mut listener = listen(&["--json", "-P", "auto"]).start();
    let unsigned = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
    raw(listener.addr(), unsigned);
    let line: Value = listener.next();
    assert_eq!(line["provider"], "unknown");
    assert!(line["verdict"]["explanation"]["finding"].is_string());
}
