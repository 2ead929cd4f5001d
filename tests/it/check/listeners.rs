//! Our own listener is a right receiver of every platform.

use serde_json::Value;

use super::{SECRET, lines};
use crate::support::{Listener, wh};

/// All rules but those of time, which a busy machine may not keep.
#[track_caller]
fn passes(provider: &str, secret: &[&str], skipped: usize) {
    let with = [&["-P", provider, "--store", "none"], secret].concat();
    let listener = Listener::start(&with);
    let words = ["check", listener.url(), "--skip", "in-time", "--json"];
    let output = wh([&words[..], &with].concat()).capture();
    let lines = lines(&output);
    let last = lines.last().unwrap();
    for verdict in ["fail", "warn"] {
        let those: Vec<&Value> = lines
            .iter()
            .filter(|line| line["verdict"] == verdict)
            .collect();
        assert_eq!(those, [&Value::Null; 0], "{provider}");
    }
    assert_eq!(
        (output.code, &last["holds"]),
        (0, &true.into()),
        "{provider} {last}"
    );
    let told = &last["skip"];
    assert_eq!(told, &Value::from(skipped), "{provider} {last}");
}

const WITH: &[&str] = &["--secret", SECRET];

#[test]
fn as_cepro() {
    passes("cepro", WITH, 14);
}

#[test]
fn as_wlcro() {
    passes("wlcro", WITH, 8);
}

#[test]
fn as_tenant() {
    passes("tenant", WITH, 16);
}

#[test]
fn as_orgjobs_with_a_secret_and_without() {
    passes("orgjobs", WITH, 21);
    passes("orgjobs", &[], 36);
}

#[test]
fn as_one_with_a_token() {
    passes("cepro-inbound", WITH, 25);
}
