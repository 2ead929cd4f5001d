//! `wh replay`: what goes out again, and as what.

mod bodies;
mod edited;
mod named;
mod numbers;
mod picked;
mod received;
mod resumed;

use jiff::Timestamp;
use tempfile::TempDir;
use wh::message::{Headers, Message};
use wh::provider::builtin;
use wh::signature::{Key, Secret, Verdict, verify};

use crate::support::{Receiver, Request, Wh, folder, wh};

/// A folder with a secret, which is the home of every call.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(folder([("secret", "s3cret")]))
    }

    pub(crate) fn dir(&self) -> &TempDir {
        &self.0
    }

    /// A call with these words, which sees the secret.
    pub(crate) fn wh(&self, line: &str) -> Wh {
        self.bare(line).arg("--secret-file").arg("secret")
    }

    /// A call with these words alone.
    pub(crate) fn bare(&self, line: &str) -> Wh {
        wh(line.split_whitespace())
            .dir(self.0.path())
            .home(self.0.path())
    }

    /// Sends a delivery, which is taken or not.
    #[track_caller]
    pub(crate) fn sends(&self, words: &str, receiver: &Receiver) {
        let url = receiver.url();
        let output = self
            .wh(&format!("send {words} -q --url {url}/hooks"))
            .capture();
        assert!([0, 5].contains(&output.code), "{words}");
    }
}

/// What a receiver that knows the secret finds now.
pub(crate) fn verdict(provider: &str, request: &Request) -> Verdict {
    let scheme = builtin(provider).unwrap().schemes.remove(0);
    let key = Key::new(&scheme, &Secret::new("s3cret")).unwrap();
    let head = str::from_utf8(&request.head).unwrap();
    let lines = head.trim_end().split("\r\n").skip(1);
    let line = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.trim().to_owned())
    };
    let headers: Headers = lines.map(line).collect();
    let message = Message {
        method: "POST".to_owned(),
        target: "/hooks".to_owned(),
        headers,
        body: request.body.clone().into(),
    };
    verify(&scheme, &[key], &message, Timestamp::now())
}
