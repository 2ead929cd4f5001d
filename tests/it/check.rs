//! `wh check`: what it sends to whom, what it tells, and how it ends.

mod baseline;
mod chosen;
mod command;
mod effects;
mod in_time;
mod junit;
mod listeners;
mod manners;
mod moving;
mod permitted;
mod reference;
mod rules;
mod samples;
mod told;

use serde_json::Value;

use crate::support::{Answer, Output, Receiver, Reply, Request, Wh, wh};

const SECRET: &str = "s3cret";

/// Two rules that any receiver of `cepro` is held to.
const TWO: &str = "--only=accepts-event,refuses-no-signature";

/// The requests of these rules, where nothing goes wrong: one before all others, one for each of the
/// nine events, one without a signature.
const REQUESTS: usize = 11;

/// Whether a request carries a signature.
fn is_signed(request: &Request) -> bool {
    request.header("x-webhook-signature").is_some()
}

/// Takes whatever carries a signature, and nothing else.
fn right() -> Receiver {
    Receiver::start_by(|request, _| if is_signed(request) { 200 } else { 401 }.into())
}

/// Takes everything.
fn careless() -> Receiver {
    Receiver::start([200])
}

/// Refuses everything, in words.
fn strict() -> Receiver {
    let reply = Reply::new(403)
        .header("Set-Cookie", "a=b")
        .body("no \u{1b}[2J");
    Receiver::start([Answer::Reply(reply)])
}

/// A check of these two rules alone.
fn check(url: &str, words: &[&str]) -> Wh {
    wh([&["check", url, TWO], words].concat()).env("WH_SECRET", SECRET)
}

/// The lines of JSON that came.
fn lines(output: &Output) -> Vec<Value> {
    let text = str::from_utf8(&output.stdout).unwrap();
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}
