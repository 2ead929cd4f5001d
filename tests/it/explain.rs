//! Why a signature does not match: where it is told, to whom, and what is never told to whom.

mod clues;
mod recorded;
mod sender;
mod told;
mod verified;

use serde_json::Value;
use tempfile::TempDir;
use wh::message::Headers;
use wh::provider::builtin;
use wh::signature::{Facts, Key, Secret, sign};

use crate::support::{Wh, folder, wh};

/// The secret of every test here, unless it says otherwise.
const SECRET: &str = "canary-s3cret";

/// Sixty-four digits that are nobody's signature.
const NOBODYS: &str = "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed";

/// The signature that `cepro` makes of a body.
fn signature(secret: &str, body: impl AsRef<[u8]>) -> String {
    signed("cepro", secret, "", body.as_ref())
}

/// The signature that `wlcro` makes of a timestamp and a body.
fn stamped(timestamp: &str, body: &[u8]) -> String {
    signed("wlcro", SECRET, timestamp, body)
}

fn signed(provider: &str, secret: &str, timestamp: &str, body: &[u8]) -> String {
    let scheme = builtin(provider).unwrap().schemes.remove(0);
    let key = Key::new(&scheme, &Secret::new(secret)).unwrap();
    let facts = Facts {
        timestamp,
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    String::from_utf8(sign(&scheme, &key, &facts, body).unwrap().value).unwrap()
}

/// A folder with the secret.
fn desk() -> TempDir {
    folder([("secret", SECRET)])
}

/// `wh verify` there, with words that are separated by spaces.
fn verify(desk: &TempDir, words: &str) -> Wh {
    let secret = ["verify", "--secret-file", "secret"];
    wh(secret.into_iter().chain(words.split(' ')))
        .dir(desk.path())
        .home(desk.path())
}

/// The verdict as JSON, where nothing is valid.
#[track_caller]
fn verdict(call: Wh) -> Value {
    let output = call.arg("--json").capture();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.code, &*errors), (4, ""));
    assert_unsaid(&output.stdout);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Nothing of a secret is written.
#[track_caller]
fn assert_unsaid(written: &[u8]) {
    let written = String::from_utf8_lossy(written);
    assert!(!written.contains("canary"), "{written}");
}

/// The bytes of a POST that is signed so.
fn post(signature: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /hooks HTTP/1.1\r\nHost: h\r\nX-Webhook-Signature: {signature}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// `wh listen` on a free port, with the secret.
fn listen(words: &[&str]) -> Wh {
    wh([&["listen", "--port", "0"], words].concat()).env("WH_SECRET", SECRET)
}
