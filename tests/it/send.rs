//! `wh send`: what goes out, what is said of what comes back, and how it ends.

mod answers;
mod body;
mod curl;
mod dry_run;
mod expect;
mod failures;
mod load;
mod progress;
mod report;
mod retries;
mod retry;
mod tamper;
mod targets;
pub(crate) mod tls;
mod wire;

use jiff::Timestamp;
use wh::message::{Headers, Message};
use wh::provider::builtin;
use wh::signature::{Key, Secret, Verdict, verify};

use crate::support::{Request, Wh, wh};

/// The secret of every delivery here, unless a test says otherwise.
const SECRET: &str = "whsec_test";

/// A body that nothing may be changed in: `2500.00` is not `2500.0`.
const BODY: &str = r#"{"event":"job.completed","id":7,"total":2500.00}"#;

/// Words for a provider, and those that keep two runs of them equal, byte for byte.
fn fixed<'w>(provider: &'w str, words: &[&'w str]) -> Vec<&'w str> {
    let fixed = ["--timestamp", "1769596200", "--data", BODY];
    // This one's id is in the body.
    let id: &[_] = if provider == "wlcro" {
        &[]
    } else {
        &["--id", "d-1"]
    };
    [&["-P", provider], words, &fixed, id].concat()
}

/// A call of `wh send` with these words, and with the secret.
fn send(words: &[&str]) -> Wh {
    wh([&["send"], words].concat()).env("WH_SECRET", SECRET)
}

/// The header lines of a request, as they came.
fn lines(request: &Request) -> Vec<&str> {
    let head = str::from_utf8(&request.head).unwrap();
    let (_, lines) = head.trim_end().split_once("\r\n").unwrap();
    lines.split("\r\n").collect()
}

/// What a receiver that knows the secret finds, at the time that [`fixed`] states.
fn verdict(provider: &str, request: &Request) -> Verdict {
    let scheme = builtin(provider).unwrap().schemes.remove(0);
    let key = Key::new(&scheme, &Secret::new(SECRET)).unwrap();
    let line = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.trim().to_owned())
    };
    let headers: Headers = lines(request).into_iter().map(line).collect();
    let message = Message {
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers,
        body: request.body.clone().into(),
    };
    let at = Timestamp::from_second(1_769_596_200).unwrap();
    verify(&scheme, &[key], &message, at)
}

/// Asserts that the signature of a request is right for what came.
#[track_caller]
fn assert_valid(provider: &str, request: &Request) {
    let verdict = verdict(provider, request);
    assert!(verdict.is_valid(), "{verdict}");
}
