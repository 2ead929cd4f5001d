//! The answer to a request, before it is recorded.

use crate::message::Headers;
use crate::provider::{Handshake, Shaken};
use crate::server::{Answer, Manner};
use crate::store::{Answered, Fault, Outcome, Response};

use super::Patience;
use super::judged::{Finding, Judged};
use super::responder::Scripted;

/// An answer, and what made it.
#[derive(Default)]
pub(super) struct Reply {
    pub(super) answer: Answer,
    /// What made it; `None`: the verdict alone.
    pub(super) answered: Option<Answered>,
    /// Why no answer goes out, or not all of it.
    pub(super) fault: Option<Fault>,
    /// What is kept of an answer that came from elsewhere.
    pub(super) kept: Option<Response>,
    /// How long that was waited for.
    pub(super) patience: Option<Patience>,
    /// Whether it should have come from elsewhere, and no target takes the event.
    pub(super) is_unforwarded: bool,
}

/// What is kept of the body of a scripted answer, in bytes.
const KEPT: usize = 64 * 1024;

/// What is said to a delivery that is taken, and to one that was taken before.
const TAKEN: [&str; 2] = ["ok\n", "ok, already received\n"];

impl Reply {
    /// By what was found; its text tells a sender why, and nothing that is derived from the secret.
    pub(super) fn by_verdict(judged: &Judged<'_>, accepts: bool) -> Self {
        let (status, text) = match &judged.finding {
            // The server answers these by itself.
            Finding::Refused(refusal) => (refusal.status(), String::new()),
            Finding::Verified(_) if accepts => (200, TAKEN[0].to_owned()),
            Finding::Verified(verdict) => (401, format!("{verdict}\n")),
            // The paths there are, are the operator's affair.
            Finding::Astray(_) => (404, "no route\n".to_owned()),
        };
        let mut headers = Headers::new();
        headers.push("Content-Type", "text/plain; charset=utf-8");
        if let Some(challenge) = judged.party.challenge().filter(|_| status == 401) {
            headers.push("WWW-Authenticate", challenge);
        }
        Self {
            answer: Answer {
                status,
                headers,
                body: text.into(),
                ..Answer::default()
            },
            fault: judged.fault(),
            ..Self::default()
        }
    }

    /// What a platform wants to hear before it sends.
    pub(super) fn handshake(handshake: Handshake, shaken: Shaken) -> Self {
        let mut headers = Headers::new();
        if let Some(content_type) = shaken.content_type {
            headers.push("Content-Type", content_type);
            // It holds what the sender wrote.
            headers.push("X-Content-Type-Options", "nosniff");
        }
        Self {
            answer: Answer {
                status: shaken.status,
                headers,
                body: shaken.body,
                ..Answer::default()
            },
            answered: Some(Answered::Handshake(handshake.name().to_owned())),
            ..Self::default()
        }
    }

    /// As a script says.
    pub(super) fn scripted(scripted: Scripted) -> Self {
        Self {
            answer: Answer {
                status: scripted.status,
                headers: scripted.headers,
                body: scripted.body,
                after: scripted.after,
                manner: scripted.manner,
            },
            answered: Some(scripted.by),
            fault: fault(scripted.manner),
            ..Self::default()
        }
    }

    /// What is accepted, and goes nowhere.
    pub(super) fn unforwarded(judged: &Judged<'_>) -> Self {
        Self {
            is_unforwarded: true,
            ..Self::by_verdict(judged, true)
        }
    }

    /// The status that the sender gets, where it gets one.
    pub(super) fn status(&self) -> Option<u16> {
        let has_status = self.answer.manner.has_status();
        has_status.then_some(self.answer.status)
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.status() {
            Some(200..=299) if self.fault.is_none() => Outcome::Success,
            _ => Outcome::Failed,
        }
    }

    /// What is kept of the answer: of a scripted one all, as far as it goes out.
    pub(super) fn response(&self) -> Option<Response> {
        if self.kept.is_some() {
            return self.kept.clone();
        }
        let is_scripted = matches!(
            self.answered,
            Some(Answered::Script(_) | Answered::Audit(_))
        );
        let Answer {
            headers,
            body,
            manner,
            ..
        } = &self.answer;
        let sent = match manner {
            Manner::Truncated => body.len() / 2,
            _ => body.len(),
        };
        let kept = sent.min(KEPT);
        (is_scripted && manner.has_status()).then(|| Response {
            headers: headers.clone(),
            body: body.slice(..kept),
            truncated: kept < body.len(),
        })
    }

    /// The answer to what is recorded.
    pub(super) fn into_answer(mut self, is_repeat: bool) -> Answer {
        if is_repeat && self.answered.is_none() && self.answer.body == TAKEN[0] {
            self.answer.body = TAKEN[1].into();
        }
        self.answer
    }
}

/// What goes wrong on purpose, in one word and in a sentence.
fn fault(manner: Manner) -> Option<Fault> {
    let (kind, message) = match manner {
        Manner::Whole | Manner::Drip(_) => return None,
        Manner::Truncated => ("truncate", "the answer is cut short on purpose"),
        Manner::Garbage => ("garbage", "bytes that are no HTTP, on purpose"),
        Manner::Closed => (
            "close",
            "the connection is closed without an answer, on purpose",
        ),
        Manner::Reset => ("reset", "the connection is reset on purpose"),
        Manner::Hung(_) => ("hang", "no answer, on purpose"),
    };
    Some(Fault {
        kind: kind.to_owned(),
        message: message.to_owned(),
    })
}
