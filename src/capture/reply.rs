//! The answer to a request, before it is recorded.

use crate::message::Headers;
use crate::server::Answer;
use crate::store::{Answered, Fault, Forwarded, Outcome};

use super::judged::{Finding, Judged};
use super::responder::Scripted;

/// An answer, and what made it.
pub(super) struct Reply {
    pub(super) answer: Answer,
    /// What made it; `None`: the verdict alone.
    pub(super) answered: Option<Answered>,
    /// Why no status goes out.
    pub(super) fault: Option<Fault>,
}

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
        };
        let mut headers = Headers::new();
        headers.push("Content-Type", "text/plain; charset=utf-8");
        if status == 401 && judged.party.takes_token() {
            headers.push("WWW-Authenticate", "Bearer");
        }
        Self {
            answer: Answer {
                status,
                headers,
                body: text.into(),
                ..Answer::default()
            },
            answered: None,
            fault: judged.fault(),
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
            answered: Some(Answered::Script(scripted.told)),
            fault: None,
        }
    }

    /// What a target answered, under the status that goes to the sender.
    pub(super) fn forwarded(status: u16, forwarded: Forwarded) -> Self {
        Self {
            answer: Answer {
                status,
                ..Answer::default()
            },
            answered: Some(Answered::Forward(forwarded)),
            fault: None,
        }
    }

    /// The status that the sender gets, where it gets one.
    pub(super) fn status(&self) -> Option<u16> {
        let has_status = self.answer.manner.has_status();
        has_status.then_some(self.answer.status)
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.status() {
            Some(200..=299) => Outcome::Success,
            _ => Outcome::Failed,
        }
    }

    /// The answer to what is recorded.
    pub(super) fn into_answer(mut self, is_repeat: bool) -> Answer {
        if is_repeat && self.answered.is_none() && self.answer.body == TAKEN[0] {
            self.answer.body = TAKEN[1].into();
        }
        self.answer
    }
}
