//! What made the answer to something received, in words.

use crate::store::{Answered, Forwarded};
use crate::term::{Safe, duration};

/// The columns that an entry of a script, or a URL, may take.
const WIDEST: usize = 160;

/// What made an answer: `script 1/3: 500x2`, where it was forwarded to and what came back, which
/// handshake it was, or what of an audit.
pub(crate) fn answered(answered: &Answered) -> String {
    match answered {
        Answered::Script(entry) => format!("script {}", Safe::line(entry).truncated(WIDEST)),
        Answered::Forward(forwarded) => self::forwarded(forwarded),
        Answered::Audit(told) => format!("audit: {}", Safe::line(told).truncated(WIDEST)),
        Answered::Handshake(name) => format!("handshake {}", Safe::line(name).truncated(WIDEST)),
    }
}

/// `forwarded to http://localhost:3000/hooks: 500 in 21ms`.
fn forwarded(forwarded: &Forwarded) -> String {
    let url = Safe::line(&forwarded.url).truncated(WIDEST);
    let fault = forwarded.fault.as_ref();
    let fault = fault.map(|fault| Safe::line(&fault.message).truncated(WIDEST));
    let took = duration(forwarded.took);
    match (forwarded.status, fault) {
        (Some(status), None) => format!("forwarded to {url}: {status} in {took}"),
        (Some(status), Some(fault)) => {
            format!("forwarded to {url}: {status} in {took}, {fault}")
        }
        (None, fault) => {
            let fault = fault.unwrap_or_else(|| "no answer".to_owned());
            format!("forwarded to {url}: {fault} after {took}")
        }
    }
}
