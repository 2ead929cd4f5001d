//! `wh listen --respond`: answers as a script says.

mod errors;
mod kept;
mod play;
mod wire;

use super::{SECRET, answer, listen, post, signed, status, told};
use crate::support::{Listener, Wh};

/// A call of `wh listen` with this script, for programs.
fn responding(script: &str) -> Wh {
    listen("cepro", &["--json", "--respond", script])
}

/// A request of the delivery with this id, signed.
fn delivery(id: &str) -> Vec<u8> {
    let id = format!("X-Webhook-ID: {id}");
    post(
        "cepro",
        "/hooks",
        &[&id, "X-Webhook-Signature: {sig}"],
        "{}",
    )
}

/// The statuses of the answers to these deliveries, one after the other.
fn statuses(listener: &Listener, ids: &[&str]) -> Vec<u16> {
    ids.iter()
        .map(|id| status(&answer(listener, delivery(id))))
        .collect()
}
