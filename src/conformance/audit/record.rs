//! What came, in which order, and what is answered to it. It knows the time only as it is told.

use std::time::Duration;

use uuid::Uuid;

use crate::capture::{Asked, Choice};
use crate::conformance::{Finding, Findings, Ruling};
use crate::provider::Provider;

use super::answer::{answer, redirected};
use super::catalogue::CATALOGUE;
use super::delivery::{SeenAttempt, SeenDelivery, is_none};
use super::evidence::Judged;
use super::pace::{Pace, around, margin};
use super::plan::{Scene, Step, otherwise, plan};
use super::told::told;

/// The attempts that are kept: what comes beyond them says nothing new.
const MOST: usize = 1_000;

/// What a sender is held against.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) provider: Provider,
    pub(super) pace: Pace,
    /// The ids of the rules that are left out.
    pub(super) left_out: Vec<String>,
}

/// A sender's deliveries so far.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) terms: Terms,
    pub(super) plan: Vec<Scene>,
    pub(super) deliveries: Vec<SeenDelivery>,
    attempts: usize,
}

impl Terms {
    /// How long the platform waits for an answer.
    pub(super) fn timeout(&self) -> Duration {
        self.provider.delivery.timeout
    }

    /// Whether the platform tries again at all.
    pub(super) fn is_retried(&self) -> bool {
        self.provider.delivery.retry.attempts() > 1
    }

    /// From when on a client that was left to hang will not leave any more.
    pub(super) fn hangs_from(&self) -> Duration {
        let timeout = self.timeout();
        around(timeout).latest.saturating_add(margin(timeout) * 2)
    }

    /// Whether a rule is left out.
    pub(super) fn leaves_out(&self, id: &str) -> bool {
        self.left_out.iter().any(|out| out == id)
    }
}

impl Record {
    /// Nothing yet.
    pub(super) fn new(terms: Terms) -> Self {
        Self {
            plan: plan(&terms.provider, |id| terms.leaves_out(id)),
            terms,
            deliveries: Vec::new(),
            attempts: 0,
        }
    }

    /// Takes in a request that came at `now`, and chooses its answer.
    pub(super) fn arrives(&mut self, now: Duration, asked: &Asked<'_>) -> Choice {
        if let Some(request) = redirected(asked.message.path()) {
            return self.follows(request, asked);
        }
        if self.attempts >= MOST || is_none(&self.terms.provider, asked.message) {
            return Choice::Own;
        }
        self.attempts += 1;
        let step = otherwise(&self.terms.provider);
        let attempt = SeenAttempt::new(now, asked, step);
        let at = self.place(&attempt);
        let delivery = &mut self.deliveries[at];
        delivery.attempts.push(attempt);
        let made = delivery.attempts.len();
        if let (Some(step), Some(last)) =
            (delivery.scene.get(made - 1), delivery.attempts.last_mut())
        {
            last.step = step.clone();
        }
        let told = told(&self.terms, delivery);
        let step = &delivery.attempts[made - 1].step;
        Choice::Scripted(answer(step, asked.id, told))
    }

    /// Takes in that a redirect was followed.
    fn follows(&mut self, request: Uuid, asked: &Asked<'_>) -> Choice {
        let told = match self.attempt(request) {
            Some(attempt) => {
                attempt.followed = Some(asked.message.method.clone());
                "a redirect was followed ✗"
            }
            None => "a redirect that is not known",
        };
        // A failure, so that the sender goes on to show what it does.
        let step = Step::Fail(500);
        Choice::Scripted(answer(&step, asked.id, told.to_owned()))
    }

    /// Takes in that a client has left that was to hang.
    pub(super) fn left(&mut self, request: Uuid, after: Duration) {
        if let Some(attempt) = self.attempt(request) {
            attempt.left = Some(after);
        }
    }

    /// Takes in that a request got another answer than was chosen: a failure with this status.
    pub(super) fn fails(&mut self, request: Uuid, status: u16) {
        if let Some(attempt) = self.attempt(request) {
            attempt.step = Step::Fail(status);
        }
    }

    /// Takes in why a request did not verify.
    pub(super) fn explained(&mut self, request: Uuid, why: String) {
        if let Some(attempt) = self.attempt(request) {
            attempt.why = Some(why);
        }
    }

    fn attempt(&mut self, request: Uuid) -> Option<&mut SeenAttempt> {
        let deliveries = self.deliveries.iter_mut().rev();
        let mut attempts = deliveries.flat_map(|delivery| &mut delivery.attempts);
        attempts.find(|attempt| attempt.request == request)
    }

    /// The delivery that an attempt is of: that of its id, or the one that it would be the next
    /// attempt of; otherwise a new one.
    fn place(&mut self, attempt: &SeenAttempt) -> usize {
        let is_same = |delivery: &SeenDelivery| {
            let mut others = delivery.attempts.iter();
            let has_id = others.any(|other| other.webhook_id == attempt.webhook_id);
            let is_alike = delivery.attempts[0].likeness == attempt.likeness;
            // One id for everything: then it is no id.
            let is_another = !is_alike && delivery.is_over(&self.terms, attempt.at);
            attempt.webhook_id.is_some() && has_id && !is_another
        };
        let follows = |delivery: &SeenDelivery| self.would_follow(delivery, attempt);
        let deliveries = || self.deliveries.iter();
        let found = deliveries()
            .position(is_same)
            .or_else(|| deliveries().position(|delivery| follows(delivery) == Some(Fit::Whole)))
            .or_else(|| deliveries().position(|delivery| follows(delivery) == Some(Fit::Number)));
        found.unwrap_or_else(|| {
            let nth = self.deliveries.len();
            self.deliveries.push(SeenDelivery {
                nth: nth + 1,
                scene: self.plan.get(nth).cloned().unwrap_or_default(),
                attempts: Vec::new(),
            });
            nth
        })
    }

    /// Whether an attempt without a known id would be the next one of a delivery that is not over.
    fn would_follow(&self, delivery: &SeenDelivery, attempt: &SeenAttempt) -> Option<Fit> {
        let last = delivery.attempts.last()?;
        let is_nameless = self.terms.provider.id_rule.from.is_none();
        let is_over = if is_nameless {
            attempt.at >= delivery.settled_from(&self.terms)
        } else {
            delivery.is_over(&self.terms, attempt.at)
        };
        if is_over {
            return None;
        }
        let is_alike = last.likeness == attempt.likeness;
        match attempt.number {
            Some(number) if number != delivery.made().saturating_add(1) => None,
            Some(_) if is_alike => Some(Fit::Whole),
            Some(_) => Some(Fit::Number),
            // Where the platform has no id two equal bodies are one delivery.
            None => {
                (is_alike && (is_nameless || self.is_due(delivery, attempt))).then_some(Fit::Whole)
            }
        }
    }

    /// Whether an attempt comes when the next one of a delivery is due.
    fn is_due(&self, delivery: &SeenDelivery, attempt: &SeenAttempt) -> bool {
        let failed = delivery
            .attempts
            .last()
            .and_then(|last| last.failed(self.terms.timeout()));
        let (Some(wait), Some((failed, _))) = (delivery.due(&self.terms), failed) else {
            return false;
        };
        attempt.at >= failed.saturating_add(self.terms.pace.span(wait).earliest)
    }

    /// How many deliveries of the plan have come, and how many of them have nothing more to show.
    pub(super) fn progress(&self, now: Duration) -> (usize, usize) {
        let planned = self.deliveries.iter().take(self.plan.len());
        let settled = planned
            .clone()
            .filter(|delivery| delivery.settled_from(&self.terms) <= now);
        (planned.count(), settled.count())
    }

    /// When the next of the planned deliveries that came will have nothing more to show, if nothing
    /// comes.
    pub(super) fn next_settled(&self, now: Duration) -> Option<Duration> {
        let planned = self.deliveries.iter().take(self.plan.len());
        let settled = planned.map(|delivery| delivery.settled_from(&self.terms));
        settled.filter(|at| *at > now).min()
    }

    /// Judges each rule by what has come until `now`.
    pub(super) fn findings(&self, now: Duration) -> Findings {
        let provider = &self.terms.provider;
        let (_, settled) = self.progress(now);
        let rules = CATALOGUE.iter().map(|entry| {
            let judged = if self.terms.leaves_out(entry.rule.id) {
                Judged::left_out()
            } else {
                (entry.judge)(self, now)
            };
            let page = entry.rule.page.map(str::to_owned);
            Finding {
                rule: entry.rule,
                page: page.unwrap_or_else(|| provider.documents.join("; ")),
                expected: judged.expected,
                assumed: judged.assumed,
                seen: match judged.ruling {
                    Ruling::NotSeen if judged.seen.is_empty() => self.wanting(now),
                    _ => judged.seen,
                },
                ruling: judged.ruling,
            }
        });
        Findings {
            provider: provider.id.clone(),
            speed: self.terms.pace.speed,
            deliveries: self.deliveries.len(),
            attempts: self.attempts,
            wanted: self.plan.len(),
            settled,
            rules: rules.collect(),
        }
    }

    /// What it takes to see more.
    fn wanting(&self, now: Duration) -> String {
        let (come, settled) = self.progress(now);
        if come == 0 {
            "nothing came: send a delivery".to_owned()
        } else if come < self.plan.len() {
            "send another delivery".to_owned()
        } else if settled < come {
            "the audit was ended before".to_owned()
        } else {
            "what came did not show it".to_owned()
        }
    }
}

/// By what an attempt fits a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// By its body, and by its time or number.
    Whole,
    /// By its number alone.
    Number,
}
