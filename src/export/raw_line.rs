//! The fields by which attempts were recorded, as they are read back.

use std::net::SocketAddr;

use serde::Deserialize;
use uuid::Uuid;

use crate::message::Message;
use crate::store::{
    Answered, Attempt, Direction, Exchange, Fault, Forwarded, Judgement, Outcome, Response,
    VerdictKind,
};

use super::imported::{Imported, Origin, checked, milliseconds, time};

/// The most attempts that a delivery has: more would leave no numbers for those to come.
const MOST_ATTEMPTS: u32 = 1_000_000_000;

/// What `wh export` and `wh listen --json` write of an attempt, but for its bytes. What is wanted is
/// found missing by [`imported`](Self::imported), which says so by name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawLine {
    number: Option<i64>,
    id: Option<Uuid>,
    webhook_id: Option<String>,
    direction: Option<String>,
    provider: Option<String>,
    event: Option<String>,
    url: Option<String>,
    path: Option<String>,
    at: Option<String>,
    received_at: Option<String>,
    attempt: Option<u32>,
    nth: Option<u32>,
    numbered: Option<bool>,
    of: Option<u32>,
    status: Option<u16>,
    response_ms: Option<f64>,
    outcome: Option<String>,
    error: Option<RawFault>,
    refused: Option<String>,
    verdict: Option<RawVerdict>,
    duplicate_of: Option<i64>,
    http: Option<String>,
    headers_exact: Option<bool>,
    peer: Option<SocketAddr>,
    script: Option<String>,
    handshake: Option<String>,
    audit: Option<String>,
    forward: Option<RawForward>,
    /// Status and duration, where `listen` wrote it.
    #[serde(skip)]
    answer: RawAnswer,
}

#[derive(Debug, Deserialize)]
struct RawFault {
    kind: String,
    message: String,
}

#[derive(Debug, Deserialize)]
struct RawForward {
    url: String,
    status: Option<u16>,
    latency_ms: Option<f64>,
    error: Option<RawFault>,
}

#[derive(Debug, Deserialize)]
struct RawVerdict {
    kind: String,
    reason: Option<String>,
}

/// What `listen` writes of its own answer.
#[derive(Debug, Default)]
pub(super) struct RawAnswer {
    pub(super) status: Option<u16>,
    pub(super) latency_ms: Option<f64>,
}

impl RawFault {
    fn fault(&self) -> Fault {
        Fault {
            kind: self.kind.clone(),
            message: self.message.clone(),
        }
    }
}

fn wanted<T>(value: Option<T>, field: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("there is no `{field}`"))
}

impl RawLine {
    /// With what `listen` wrote of its answer.
    pub(super) fn answered(self, answer: RawAnswer) -> Self {
        Self { answer, ..self }
    }

    /// The attempt, with these bytes.
    pub(super) fn imported(
        self,
        request: Message,
        response: Option<Response>,
    ) -> Result<Imported, String> {
        let request = checked(request)?;
        let attempt = self.attempt(&request)?;
        let nth = match self.nth {
            Some(nth) if nth == 0 || nth > MOST_ATTEMPTS => return Err("`nth` is no place".into()),
            nth => nth,
        };
        Ok(Imported {
            origin: Origin::Wh {
                id: wanted(self.id, "id")?,
                number: self.number,
                nth,
                duplicate_of: self.duplicate_of,
            },
            attempt,
            exchange: Exchange {
                request,
                http: self.http.unwrap_or_default(),
                exact: self.headers_exact.unwrap_or_default(),
                peer: self.peer,
                response,
            },
            left_out: 0,
        })
    }

    fn attempt(&self, request: &Message) -> Result<Attempt, String> {
        let direction = match &self.direction {
            Some(name) => Direction::of_name(name).ok_or("`direction` is none")?,
            None => Direction::Received,
        };
        let endpoint = match direction {
            Direction::Received => self.path.as_deref().unwrap_or(request.path()),
            Direction::Sent => wanted(self.url.as_deref(), "url")?,
        };
        let at = wanted(self.at.as_ref().or(self.received_at.as_ref()), "at")?;
        let status = self.status.or(self.answer.status);
        if status.is_some_and(|status| !(100..1000).contains(&status)) {
            return Err("`status` is none".to_owned());
        }
        let took = self.response_ms.or(self.answer.latency_ms);
        Ok(Attempt {
            direction,
            provider: wanted(self.provider.clone(), "provider")?,
            endpoint: endpoint.to_owned(),
            event: self.event.clone(),
            webhook_id: self.webhook_id.clone(),
            at: time(at).ok_or("`at` is no time")?,
            number: self.attempt.filter(|_| self.numbered.unwrap_or(true)),
            of: self.of.unwrap_or_default(),
            status,
            took: milliseconds(took.unwrap_or_default()),
            outcome: self.outcome(status)?,
            fault: self.fault(),
            verdict: self.judgement()?,
            size: request.body.len() as u64,
            answered: self.answered_by()?,
        })
    }

    fn outcome(&self, status: Option<u16>) -> Result<Outcome, String> {
        match &self.outcome {
            Some(name) => Outcome::of_name(name).ok_or_else(|| "`outcome` is none".to_owned()),
            None => Ok(outcome_of(status)),
        }
    }

    fn fault(&self) -> Option<Fault> {
        let refused = || {
            self.refused.as_ref().map(|message| Fault {
                kind: "body".to_owned(),
                message: message.clone(),
            })
        };
        self.error.as_ref().map(RawFault::fault).or_else(refused)
    }

    fn answered_by(&self) -> Result<Option<Answered>, String> {
        let forward = self.forward.as_ref().map(|forward| {
            Answered::Forward(Box::new(Forwarded {
                url: forward.url.clone(),
                status: forward.status,
                took: milliseconds(forward.latency_ms.unwrap_or_default()),
                fault: forward.error.as_ref().map(RawFault::fault),
            }))
        });
        let all = [
            self.script.clone().map(Answered::Script),
            self.audit.clone().map(Answered::Audit),
            self.handshake.clone().map(Answered::Handshake),
            forward,
        ];
        let mut all = all.into_iter().flatten();
        match (all.next(), all.next()) {
            (one, None) => Ok(one),
            _ => Err(
                "it has more than one of `script`, `audit`, `forward` and `handshake`".to_owned(),
            ),
        }
    }

    fn judgement(&self) -> Result<Option<Judgement>, String> {
        let Some(verdict) = &self.verdict else {
            return Ok(None);
        };
        let kind = VerdictKind::of_name(&verdict.kind).ok_or("`verdict.kind` is none")?;
        Ok(Some(Judgement {
            kind,
            reason: verdict.reason.clone(),
        }))
    }
}

/// What came of an attempt that was answered so, as far as the status tells.
pub(super) fn outcome_of(status: Option<u16>) -> Outcome {
    match status {
        Some(200..300) => Outcome::Success,
        _ => Outcome::Failed,
    }
}
