//! Side effects, counted by a command and by a URL.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tempfile::TempDir;

use super::{SECRET, lines};
use crate::send::tls::server;
use crate::support::{Answer, Output, Receiver, Reply, folder, needs, wh};

/// The rules that ask for effects, and are few.
const RULES: &str = "--only=idempotent,refuses-no-signature";

/// A receiver that remembers the ids it took, or not, and counts what it does.
fn receiver(remembers: bool) -> (Receiver, Arc<AtomicUsize>) {
    let effects = Arc::new(AtomicUsize::new(0));
    let (theirs, known) = (Arc::clone(&effects), Mutex::new(HashSet::new()));
    let receiver = Receiver::start_by(move |request, _| {
        if request.head.starts_with(b"GET /count") {
            let body = format!("{{\"count\": {}}}", theirs.load(Relaxed));
            return Reply::new(200).body(body).into();
        }
        let text = String::from_utf8_lossy(&request.head).into_owned();
        if !text.contains("X-Webhook-Signature") || !is_right(request) {
            return Answer::from(401);
        }
        let id = request
            .header("x-webhook-id")
            .unwrap_or_default()
            .to_owned();
        if known.lock().unwrap().insert(id) || !remembers {
            theirs.fetch_add(1, Relaxed);
        }
        200.into()
    });
    (receiver, effects)
}

/// Whether a request is signed as `cepro` signs, by what `wh` itself says.
fn is_right(request: &crate::support::Request) -> bool {
    use wh::message::Headers;
    use wh::signature::{Facts, Key, Secret, sign};
    let scheme = &wh::provider::builtin("cepro").unwrap().schemes[0];
    let key = Key::new(scheme, &Secret::new(SECRET)).unwrap();
    let facts = Facts {
        timestamp: "",
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    let right = sign(scheme, &key, &facts, &request.body).unwrap();
    request.header("x-webhook-signature").map(str::as_bytes) == Some(&right.value[..])
}

fn checked(receiver: &Receiver, effects: &str) -> Output {
    let words = [
        "check",
        &receiver.url(),
        RULES,
        "--json",
        "--effects",
        effects,
    ];
    wh(words).env("WH_SECRET", SECRET).capture()
}

/// The rules that do not hold, each with what came.
fn failed(output: &Output) -> Vec<String> {
    let lines = lines(output);
    let failed = lines.iter().filter(|line| line["verdict"] == "fail");
    failed
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_url_counts() {
    let (forgetful, _) = receiver(false);
    let (right, effects) = receiver(true);
    let output = checked(&right, &format!("{}/count", right.url()));
    assert_eq!(failed(&output), [""; 0], "{output:?}");
    assert_eq!(output.code, 0);
    // One that every check begins with, three rules with one, and one with four.
    assert_eq!(effects.load(Relaxed), 8);

    let output = checked(&forgetful, &format!("{}/count", forgetful.url()));
    assert_eq!(
        failed(&output),
        ["idempotent-twice", "idempotent-at-once", "idempotent-later"]
    );
    assert_eq!(output.code, 8);
}

#[test]
fn a_command_counts() {
    let dir = folder([("done", "")]);
    let file = dir.path().join("done");
    let theirs = file.clone();
    let receiver = Receiver::start_by(move |request, _| {
        let is_signed = request.header("x-webhook-signature").is_some();
        if is_signed && is_right(request) {
            use std::io::Write as _;
            let mut file = std::fs::File::options().append(true).open(&theirs).unwrap();
            file.write_all(b"done\n").unwrap();
            return 200.into();
        }
        401.into()
    });
    let output = checked(&receiver, &format!("wc -l < {}", file.display()));
    assert_eq!(
        failed(&output),
        ["idempotent-twice", "idempotent-at-once", "idempotent-later"]
    );
}

#[test]
fn what_does_not_count_ends_the_check_before_anything_is_sent() {
    let receiver = Receiver::start([200]).unused();
    for (command, told) in [
        ("echo many", "`many` is no count of side effects"),
        ("exit 3", "`exit 3` counts no side effects: it ends with"),
    ] {
        let output = checked(&receiver, command);
        assert_eq!((output.code, &*output.stdout), (7, &b""[..]), "{command}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(told), "{stderr}");
    }
}

#[test]
fn a_url_counts_with_any_certificate_where_that_is_said() {
    if !needs("openssl") || !needs("python3") {
        return;
    }
    let dir = TempDir::new().unwrap();
    let (_server, url) = server(dir.path());
    let (right, _) = receiver(true);
    let to = right.url();
    let words = [
        "check",
        &to,
        "--only=refuses-no-signature",
        "--effects",
        &url,
    ];
    let check = |more: &[&str]| wh([&words[..], more].concat()).env("WH_SECRET", SECRET);
    let output = check(&[]).capture();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("counts no side effects: TLS handshake failed"),
        "{stderr}"
    );
    assert_eq!(output.code, 7);
    let output = check(&["-k"]).capture();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("401; 0 side effects"), "{stdout}");
    assert_eq!(output.code, 0);
}

#[test]
fn a_count_that_fails_later_is_no_proof() {
    let dir = folder([("done", "0")]);
    let file = dir.path().join("done");
    let (right, _) = receiver(true);
    let count = format!("cat {0} && rm {0}", file.display());
    let to = right.url();
    let words = ["check", &to, RULES, "--effects", &count];
    let output = wh(words).env("WH_SECRET", SECRET).capture();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let told = "\nside effects could not be counted: `cat ";
    assert!(stdout.contains(told), "{stdout}");
    assert_eq!(output.code, 8);
}
