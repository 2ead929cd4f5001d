//! A delivery of the store, explained later.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{NOBODYS, SECRET, assert_unsaid, desk, listen, post, signature, verdict, verify};
use crate::support::{raw, wh};

/// A desk whose store has taken in a body with a newline at its end, signed without it.
fn refused() -> (TempDir, Value) {
    let desk = desk();
    let mut listener = listen(&["--json"]).home(desk.path()).start();
    raw(listener.addr(), post(&signature(SECRET, "{}"), "{}\n"));
    let line = listener.next();
    listener.stop();
    (desk, line)
}

#[test]
fn what_was_refused_can_be_explained_later() {
    let (desk, line) = refused();
    let id = line["id"].as_str().unwrap();
    for named in ["#1".to_owned(), format!("#{id}"), format!("#{}", &id[..30])] {
        let verdict = verdict(verify(&desk, &format!("--delivery {named}")));
        assert_eq!(verdict["explanation"], line["verdict"]["explanation"]);
        assert_eq!(verdict["explanation"]["found"], true, "{named}");
    }
}

/// An explanation is told, and kept nowhere.
#[test]
fn nothing_of_an_explanation_is_kept() {
    let (desk, line) = refused();
    assert_eq!(line["verdict"]["explanation"]["found"], true);
    for words in [
        "show 1 --json",
        "export --format jsonl",
        "log --json",
        "show 1",
    ] {
        let output = wh(words.split(' ')).home(desk.path()).capture();
        let written = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.code, 0, "{words}");
        assert!(
            !written.contains("newline") && !written.contains("explanation"),
            "{words}\n{written}"
        );
    }
}

#[test]
fn the_line_of_a_listener_is_read_back_with_its_explanation() {
    let (desk, line) = refused();
    fs::write(desk.path().join("line"), line.to_string()).unwrap();
    let verdict = verdict(verify(&desk, "--delivery line"));
    assert_eq!(verdict["explanation"], line["verdict"]["explanation"]);
    let import = wh(["import", "line", "--store", "copy.db"]);
    let output = import.dir(desk.path()).home(desk.path()).capture();
    assert_eq!(output.code, 0, "{output:?}");
}

/// A timestamp is judged by when it came, not by when somebody asks.
#[test]
fn a_delivery_of_the_store_is_judged_as_of_when_it_came() {
    let desk = desk();
    let listener = listen(&["--json", "-P", "wlcro"]).home(desk.path()).start();
    let send = ["send", "client.created", "-P", "wlcro", "--store", "none"];
    let output = wh(send)
        .arg("--url")
        .arg(listener.url())
        .env("WH_SECRET", SECRET)
        .capture();
    assert_eq!(output.code, 0);
    listener.stop();
    verify(&desk, "--delivery #1").stdout("valid\n").run();
    let output = verify(&desk, "--delivery #1 --at +1h").capture();
    assert_eq!(output.code, 4);
    assert!(output.stdout.starts_with(b"stale: "));
}

#[test]
fn what_is_not_there_is_told() {
    verify(&desk(), "--delivery #9")
        .stderr("error: nothing is recorded yet\nhint: `wh listen` and `wh send` record what they see\n")
        .exit(7)
        .run();
    let (desk, _) = refused();
    for (named, message) in [
        ("#9", "error: there is no delivery `#9`\n"),
        ("#nope", "error: there is no delivery `nope`\n"),
    ] {
        verify(&desk, &format!("--delivery {named}"))
            .stderr_has(message)
            .exit(7)
            .run();
    }
    // Without a `#` it is a file.
    verify(&desk, "--delivery 1")
        .stderr("error: cannot read `1`: No such file or directory (os error 2)\n")
        .exit(7)
        .run();
    verify(&desk, "--delivery #1 --store none")
        .stderr("error: with `--store none` there is nothing to read\n")
        .exit(2)
        .run();
}

#[test]
fn a_body_that_was_not_taken_cannot_be_verified() {
    let desk = desk();
    let listener = listen(&["--json"]).home(desk.path()).start();
    let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 26214401\r\n\r\n";
    raw(listener.addr(), head);
    listener.stop();
    verify(&desk, "--delivery #1")
        .stderr("error: nothing of #1 can be verified: the body is longer than 26214400 bytes\n")
        .exit(7)
        .run();
}

/// What was taken out when it was written cannot be verified, and is not guessed at.
#[test]
fn what_is_redacted_is_not_explained() {
    let desk = desk();
    let line = json!({
        "type": "delivery",
        "provider": "cepro-inbound",
        "headers": [["Authorization", {"redacted": true}]],
        "body_b64": "",
    });
    fs::write(desk.path().join("line"), line.to_string()).unwrap();
    let verdict = verdict(verify(&desk, "--delivery line"));
    assert_eq!(verdict["kind"], "unchecked");
    assert_eq!(verdict["explanation"], Value::Null);
}

#[test]
fn what_was_sent_is_verified_too() {
    let desk = desk();
    let send = format!(
        "send lead.created --url 127.0.0.1:1 -H X-Webhook-Signature:{NOBODYS} --no-signature"
    );
    let output = wh(send.split(' ')).home(desk.path()).capture();
    assert_eq!(output.code, 6);
    let output = verify(&desk, "--delivery #1").capture();
    assert_eq!(output.code, 4);
    assert!(
        output
            .stdout
            .starts_with(b"invalid: the signature does not match\n  ")
    );
    assert_unsaid(&output.stdout);
}
