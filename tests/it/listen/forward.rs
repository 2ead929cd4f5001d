//! `wh listen -f`: what goes on to other programs, what comes back, and what is told of both.

mod answers;
mod bytes;
mod circles;
mod order;
mod recorded;
mod state;
mod stop;
mod targets;
mod tls;

use std::net::{SocketAddr, TcpListener};

use serde_json::Value;

use super::{answer, listen, post, signed, status};
use crate::support::{Listener, Receiver, Wh};

/// A call of `wh listen` that forwards to this target, for programs.
fn forwarding(target: &str, words: &[&str]) -> Wh {
    listen("cepro", &[&["--json", "-f", target], words].concat())
}

/// A delivery that is accepted.
fn delivery(target: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    post("cepro", target, signed("cepro"), body)
}

/// The paths of what a receiver got.
fn paths(receiver: &Receiver) -> Vec<String> {
    let path = |head: &[u8]| {
        let head = String::from_utf8_lossy(head);
        head.split(' ').nth(1).unwrap().to_owned()
    };
    let requests = receiver.requests();
    requests.iter().map(|request| path(&request.head)).collect()
}

/// What a listener tells next, which is of this type.
#[track_caller]
fn next(listener: &mut Listener, r#type: &str) -> Value {
    let line = listener.next();
    assert_eq!(line["type"], r#type, "{line}");
    line
}

/// An address at which nobody listens.
fn deserted() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
