//! The one who watches: it has the clock.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use crate::capture::{Asked, Choice, Responder};
use crate::conformance::Findings;
use crate::provider::Provider;

use super::pace::Pace;
use super::record::{Record, Terms};

/// How a sender is audited.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    /// How many times faster than the platform's its waits are.
    pub(crate) speed: f64,
    /// The ids of the rules that are left out; what only they need is not done.
    pub(crate) left_out: Vec<String>,
}

/// An audit under way; copies are the same one.
#[derive(Clone)]
pub(crate) struct Audit(Arc<Room>);

struct Room {
    began: Instant,
    record: Mutex<Record>,
    /// When it was over.
    ended: OnceLock<Duration>,
    /// Something came.
    news: Notify,
}

/// How far an audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The deliveries that it takes to see everything.
    pub(crate) wanted: usize,
    /// Those of them that have come.
    pub(crate) come: usize,
    /// Those of them that have nothing more to show.
    pub(crate) settled: usize,
}

impl Progress {
    /// Whether everything was seen that there is to see.
    pub(crate) fn is_complete(self) -> bool {
        self.settled == self.wanted
    }
}

impl Audit {
    /// An audit of one who sends this platform's deliveries; it begins now.
    pub(crate) fn new(provider: Provider, options: Options) -> Self {
        let pace = Pace {
            speed: options.speed,
            jitter_percent: provider.delivery.jitter_percent,
        };
        let terms = Terms {
            provider,
            pace,
            left_out: options.left_out,
        };
        Self(Arc::new(Room {
            began: Instant::now(),
            record: Mutex::new(Record::new(terms)),
            ended: OnceLock::new(),
            news: Notify::new(),
        }))
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> Progress {
        let record = self.record();
        let (come, settled) = record.progress(self.now());
        Progress {
            wanted: record.plan.len(),
            come,
            settled,
        }
    }

    /// Waits until another delivery has nothing more to show than `settled` of them. May be dropped
    /// while it waits.
    pub(crate) async fn settled_beyond(&self, settled: usize) -> Progress {
        loop {
            // Before the look, so that nothing comes between the two unseen.
            let news = self.0.news.notified();
            let progress = self.progress();
            if progress.settled > settled {
                return progress;
            }
            let next = self.record().next_settled(self.now());
            let due = next.and_then(|next| self.0.began.checked_add(next));
            tokio::select! {
                () = news => {}
                () = sleep_until(due.unwrap_or(self.0.began)), if due.is_some() => {}
            }
        }
    }

    /// Takes in why a request did not verify, as its sender is told at the end.
    pub(crate) fn explained(&self, request: Uuid, why: String) {
        self.record().explained(request, why);
    }

    /// It is over: that nothing comes from now on proves nothing.
    pub(crate) fn end(&self) {
        self.0.ended.get_or_init(|| self.0.began.elapsed());
    }

    /// Judges each rule by what has come until now, or until the end.
    pub(crate) fn findings(&self) -> Findings {
        self.record().findings(self.now())
    }

    fn now(&self) -> Duration {
        let ended = self.0.ended.get().copied();
        ended.unwrap_or_else(|| self.0.began.elapsed())
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Responder for Audit {
    fn choose(&self, asked: &Asked<'_>) -> Choice {
        let choice = self.record().arrives(self.now(), asked);
        self.0.news.notify_waiters();
        choice
    }

    fn unrecorded(&self, id: Uuid, status: u16) {
        self.record().fails(id, status);
    }

    fn left(&self, id: Uuid, after: Duration) {
        self.record().left(id, after);
        self.0.news.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use tokio::time::advance;
    use uuid::Uuid;

    use super::{Audit, Options};
    use crate::capture::{Asked, Choice, Responder};
    use crate::conformance::Ruling;
    use crate::message::{Headers, Message};
    use crate::provider::builtin;
    use crate::signature::{Unchecked, Verdict};

    fn audit(left_out: &[&str]) -> Audit {
        let provider = builtin("orgjobs").expect("it is built in");
        let options = Options {
            speed: 1.0,
            left_out: left_out.iter().copied().map(str::to_owned).collect(),
        };
        Audit::new(provider, options)
    }

    fn arrives(audit: &Audit, body: &'static str) -> Choice {
        let message = Message {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: Headers::new(),
            body: body.into(),
        };
        audit.choose(&Asked {
            id: Uuid::nil(),
            provider: &builtin("orgjobs").expect("it is built in"),
            message: &message,
            shown_target: &message.target,
            event: None,
            webhook_id: None,
            attempt: None,
            verdict: &Verdict::Unchecked(Unchecked::NoSecret),
            received_at: Timestamp::UNIX_EPOCH,
        })
    }

    fn last(audit: &Audit) -> Ruling {
        let findings = audit.findings();
        let mut rules = findings.rules.iter();
        let last = rules.find(|finding| finding.rule.id == "stops-at-last");
        last.expect("the rule is there").ruling
    }

    #[tokio::test(start_paused = true)]
    async fn a_delivery_is_done_when_it_was_silent_for_long_enough() {
        let audit = audit(&["timeout"]);
        let waiting = tokio::spawn({
            let audit = audit.clone();
            async move { audit.settled_beyond(0).await }
        });
        tokio::task::yield_now().await;
        arrives(&audit, "{}");
        let progress = waiting.await.expect("it does not panic");
        assert!(progress.is_complete(), "{progress:?}");
        assert_eq!(last(&audit), Ruling::Pass);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_after_the_end_proves_nothing() {
        let audit = audit(&["timeout"]);
        arrives(&audit, "{}");
        audit.end();
        advance(Duration::from_secs(1000)).await;
        assert_eq!(last(&audit), Ruling::NotSeen);
        assert!(!audit.progress().is_complete());
    }

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_recorded_was_a_failure_whatever_was_chosen() {
        let audit = audit(&[]);
        arrives(&audit, "{}");
        // It did not hang, so nobody has to leave.
        audit.unrecorded(Uuid::nil(), 507);
        advance(Duration::from_secs(12)).await;
        assert_eq!(last(&audit), Ruling::Pass);
    }
}
