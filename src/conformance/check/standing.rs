//! Whether a receiver is there, and stays.

use std::time::Duration;

use tokio::time::sleep;

use crate::delivery::{Attempt, Failure, FailureKind, Response};

use super::firing::{Fired, exchange};
use super::patience::hurried;
use super::runner::Run;
use super::shot::Wants;
use super::wire::Wire;

/// The requests that are made before those of the rules.
pub(super) const BEFORE: usize = 1;

/// How often a receiver that has left a request without an answer is asked whether it is still there.
const ASKED: usize = 3;

/// How long it may take to start again before it is asked once more.
const AGAIN: Duration = Duration::from_millis(200);

/// What is known of the receiver.
#[derive(Debug)]
pub(super) enum Standing {
    /// Nothing yet.
    Unasked,
    /// It takes an ordinary delivery.
    Right,
    /// It answers one, but does not take it.
    Refuses(Response),
    /// It does not answer, in words: nothing more is asked of it.
    Silent(String),
}

/// What became of a receiver that has left a request without an answer.
pub(super) struct Aftermath {
    /// What became of it, in a sentence.
    pub(super) told: String,
    /// Whether it has ended over the request.
    pub(super) ended: bool,
}

impl<W: Wire> Run<'_, W> {
    /// Makes an ordinary delivery before all others. Where it gets no answer, none of the others
    /// would prove anything.
    pub(super) async fn introduce(&mut self) {
        let mut waited = self.patience.first();
        let mut asked = self.ask(waited).await.outcome;
        let broke_off = |failure: &Failure| {
            matches!(failure.kind, FailureKind::Reset | FailureKind::ClosedEarly)
        };
        if asked.as_ref().err().is_some_and(broke_off) {
            waited = self.patience.first();
            asked = self.ask(waited).await.outcome;
        }
        let success = &self.receiver.provider.delivery.rules.success;
        self.standing = match asked {
            Ok(response) if success.contains(response.status) => Standing::Right,
            Ok(response) => Standing::Refuses(response),
            Err(failure) => {
                let is_late = failure.kind == FailureKind::Timeout;
                let hurried = hurried(waited, &self.receiver.provider).filter(|_| is_late);
                let reason = hurried.clone();
                let reason = reason.unwrap_or_else(|| format!("nothing answers: {failure}"));
                self.report.hurried = hurried;
                self.report.silence = Some(failure);
                Standing::Silent(reason)
            }
        };
        if matches!(self.standing, Standing::Right) {
            self.ledger.learn(self.wire).await;
        }
    }

    /// Looks whether the receiver is still there, where the requests of a rule were left without an
    /// answer.
    pub(super) async fn look_after(
        &mut self,
        rule: &'static str,
        fired: &[Fired],
    ) -> Option<Aftermath> {
        let attempts = fired.iter().filter_map(|(_, attempt)| attempt.as_ref());
        let mut missed = attempts.filter_map(|attempt| attempt.outcome.as_ref().err());
        missed.next()?;
        let mut ended = false;
        let mut last = None;
        for nth in 0..ASKED {
            if nth > 0 {
                sleep(AGAIN).await;
            }
            let Err(failure) = self.ask(self.patience.answer).await.outcome else {
                return ended.then(|| Aftermath {
                    told: "It ended over this, and was started again.".to_owned(),
                    ended,
                });
            };
            ended |= failure.kind == FailureKind::Refused;
            last = Some(failure);
        }
        let failure = last?;
        let (told, reason) = if ended {
            (
                format!("It ended over this: {failure} since."),
                format!("the receiver is gone since `{rule}`"),
            )
        } else {
            (
                format!("It answers nothing any more: {failure}."),
                format!("the receiver does not answer any more since `{rule}`"),
            )
        };
        self.standing = Standing::Silent(reason);
        Some(Aftermath { told, ended })
    }

    /// Makes an ordinary delivery, and waits so long for the answer.
    async fn ask(&mut self, limit: Duration) -> Attempt {
        let parcel = self.workshop.usual();
        let shot = self.workshop.shot("", &parcel, Wants::Accepted);
        self.ledger.disturb();
        let (_, attempt) = exchange(self.wire.clone(), shot, limit).await;
        // It is only the manner of leaving early that nobody waits in.
        attempt.unwrap_or_else(|| Attempt {
            at: jiff::Timestamp::now(),
            elapsed: Duration::ZERO,
            outcome: Err(Failure {
                kind: FailureKind::Other,
                detail: String::new(),
            }),
        })
    }
}
