//! The other secrets that a user has, by name, and only where they are needed.

use std::fs;

use serde_json::Value;

use super::{SECRET, assert_unsaid, desk, listen, post, signature, verdict, verify};
use crate::support::{CONFIG, folder, raw, wh};

const OTHER: &str = "another-canary";

/// What is found of `{}`, signed with the other secret.
#[track_caller]
fn found(desk: &tempfile::TempDir, variables: &[(&str, &str)]) -> Option<String> {
    fs::write(desk.path().join("body"), "{}").unwrap();
    let words = format!("body --sig {}", signature(OTHER, "{}"));
    let call = variables
        .iter()
        .fold(verify(desk, &words), |call, (name, value)| {
            call.env(name, value)
        });
    let explanation = verdict(call)["explanation"].take();
    let finding = explanation["finding"].as_str().unwrap().to_owned();
    (explanation["found"] == true).then_some(finding)
}

#[test]
fn a_secret_that_stands_elsewhere_is_found_by_name() {
    assert_eq!(found(&desk(), &[]), None);
    let finding = found(&desk(), &[("WH_SECRET", OTHER)]).unwrap();
    assert!(finding.contains("the secret in `WH_SECRET`"), "{finding}");

    let desk = folder([("secret", SECRET), ("other", OTHER)]);
    let other = desk.path().join("other").display().to_string();
    let finding = found(&desk, &[("WH_SECRET_FILE", &other)]).unwrap();
    assert!(
        finding.contains(&format!("the secret in `{other}`")),
        "{finding}"
    );

    let settings = "[[listen.route]]\npath = '/a'\nprovider = 'cepro'\nsecret-file = 'other'\n";
    fs::write(desk.path().join("wh.toml"), settings).unwrap();
    let finding = found(&desk, &[]).unwrap();
    assert!(
        finding.contains("the secret of the route `/a`"),
        "{finding}"
    );
}

#[test]
fn an_endpoints_secret_is_found_by_its_name() {
    let desk = folder([("secret", SECRET), ("other", OTHER)]);
    let add = |name: &str, reference: [&str; 2]| {
        wh(["endpoint", "add", name, "--url", "3000"])
            .arg(reference[0])
            .arg(reference[1])
            .dir(desk.path())
            .home(desk.path())
            .capture()
    };
    fs::write(desk.path().join("gone"), OTHER).unwrap();
    for (name, reference) in [
        ("gone", ["--secret-file", "gone"]),
        ("unset", ["--secret-env", "NOT_SET"]),
        ("shop", ["--secret-file", "other"]),
    ] {
        assert_eq!(add(name, reference).code, 0, "{name}");
    }
    fs::remove_file(desk.path().join("gone")).unwrap();
    let finding = found(&desk, &[]).unwrap();
    assert!(finding.contains("endpoint `shop`"), "{finding}");

    let mut listener = listen(&["--json"]).home(desk.path()).start();
    raw(listener.addr(), post(&signature(OTHER, "{}"), "{}"));
    let line: Value = listener.next();
    let finding = line["verdict"]["explanation"]["finding"].as_str().unwrap();
    assert!(finding.contains("endpoint `shop`"), "{finding}");
    let output = listener.stop();
    assert_unsaid(&[output.stdout, output.stderr].concat());
}

#[test]
fn a_provider_of_ones_own_is_found_by_its_id() {
    let mine = "provider = { id = 'mine' }\n[signature]\nalgorithm = 'hmac-sha256'\n\
        signs = 'mine/{body}/mine'\nencoding = 'hex'\nheader = 'X-Webhook-Signature'\nvalue = '{sig}'\n";
    let path = format!("{CONFIG}/providers/mine.toml");
    let desk = folder([("secret", SECRET), (&path, mine), ("body", "{}")]);
    let signed = wh(["sign", "body", "-P", "mine", "--secret-file", "secret"])
        .dir(desk.path())
        .home(desk.path())
        .capture();
    let signed = String::from_utf8(signed.stdout).unwrap();
    let words = format!("body --sig {}", signed.trim());
    let line = verdict(verify(&desk, &words));
    let finding = line["explanation"]["finding"].as_str().unwrap();
    assert!(finding.contains("mine"), "{finding}");
}
