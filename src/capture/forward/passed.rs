//! What came of a forward, as an answer to the sender and for the record.

use std::time::Duration;

use crate::capture::reply::Reply;
use crate::delivery::{Failure, Missed, PASSED_BACK, Response, end_to_end};
use crate::message::Headers;
use crate::server::Answer;
use crate::store::{self, Answered, Fault, Forwarded};

/// The most of an answer's body that is kept on record, in bytes.
const KEPT: usize = 64 * 1024;

/// Why a forward has no answer.
#[derive(Debug)]
pub(super) enum Miss {
    /// So many others were under way for as long as it could wait.
    Busy(usize),
    /// The time was up.
    Late(Failure),
    /// The connection could not be had, or broke.
    Failed(Missed),
    /// The listener stopped, and has waited.
    Stopped,
    /// It asks for a tunnel, which is no delivery.
    Tunnel,
}

impl Miss {
    /// The status that the sender gets, and what it reads: nothing that tells of the target.
    fn answer(&self) -> (u16, &'static str) {
        match self {
            Self::Busy(_) => (503, "too much is under way to where this goes\n"),
            Self::Late(_) => (504, "no answer in time from where this goes\n"),
            Self::Failed(_) | Self::Tunnel => (502, "no answer from where this goes\n"),
            Self::Stopped => (503, "the listener is about to end\n"),
        }
    }

    /// For the record.
    fn fault(&self) -> Fault {
        let (kind, message) = match self {
            Self::Busy(many) => ("busy", format!("{many} forwards are under way there")),
            Self::Late(failure) | Self::Failed(Missed { failure, .. }) => {
                (failure.kind.name(), failure.to_string())
            }
            Self::Stopped => (
                "stopped",
                "the listener stopped before there was an answer".to_owned(),
            ),
            Self::Tunnel => ("other", "`CONNECT` asks for a tunnel".to_owned()),
        };
        Fault {
            kind: kind.to_owned(),
            message,
        }
    }
}

/// The reply to what was forwarded to `url`, which took so long.
pub(super) fn reply(passed: Result<Response, Miss>, url: String, took: Duration) -> Reply {
    // The record keeps microseconds.
    let took = Duration::from_micros(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    match passed {
        Ok(response) => passed_back(response, url, took),
        Err(miss) => {
            let (status, text) = miss.answer();
            let mut headers = Headers::new();
            headers.push("Content-Type", "text/plain; charset=utf-8");
            if status == 503 {
                headers.push("Retry-After", "1");
            }
            Reply {
                answer: Answer {
                    status,
                    headers,
                    body: text.into(),
                    ..Answer::default()
                },
                answered: Some(Answered::Forward(Box::new(Forwarded {
                    url,
                    status: None,
                    took,
                    fault: Some(miss.fault()),
                }))),
                ..Reply::default()
            }
        }
    }
}

/// An answer as it goes to the sender: with success one that a sender knows for it, and everything else
/// so that the sender does what it would.
fn passed_back(response: Response, url: String, took: Duration) -> Reply {
    let cut = response.truncated.then(|| Fault {
        kind: "cut".to_owned(),
        message: format!(
            "the answer is longer than {PASSED_BACK} bytes, the rest is not passed back"
        ),
    });
    let status = response.status;
    Reply {
        answer: Answer {
            status: if matches!(status, 200..=299) {
                200
            } else {
                status
            },
            headers: end_to_end(&response.headers),
            body: response.body.clone(),
            ..Answer::default()
        },
        answered: Some(Answered::Forward(Box::new(Forwarded {
            url,
            status: Some(status),
            took,
            fault: cut,
        }))),
        kept: Some(store::Response {
            truncated: response.truncated || response.body.len() > KEPT,
            body: response.body.slice(..response.body.len().min(KEPT)),
            headers: response.headers,
        }),
        ..Reply::default()
    }
}
