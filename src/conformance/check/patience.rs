//! How long a check waits: for an answer, for a rule, and in all.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::conformance::length::length;
use crate::provider::Provider;

use super::receiver::Options;

/// How much longer than the platform an answer is waited for, so that a late one is told from none.
const LONGER: Duration = Duration::from_secs(2);

/// How long a quick check waits for an answer. One that never comes must leave time for the others.
const QUICK: Duration = Duration::from_secs(2);

/// When a quick check ends.
const QUICK_END: Duration = Duration::from_millis(4500);

/// How long before the end of a quick check the wait for its first answer ends, so that it is told that
/// none came.
const TO_TELL: Duration = Duration::from_millis(100);

/// For how many answers that come as late as they may the requests of one rule go on.
const OF_A_RULE: u32 = 3;

/// For how many such answers a check goes on with rules that are not about time.
const OF_A_CHECK: u32 = 10;

/// How long a check waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For one answer.
    pub(super) answer: Duration,
    /// For the first answer of all, at the most.
    whole: Duration,
    /// For all answers of one rule that does its requests one after the other.
    pub(super) rule: Duration,
    /// What is left of the time for answers that come too late for the platform.
    late: Duration,
    /// When the check ends.
    until: Option<Instant>,
}

impl Patience {
    /// With a receiver of a platform's deliveries.
    pub(super) fn new(provider: &Provider, options: &Options) -> Self {
        let whole = provider.delivery.timeout + LONGER;
        let usual = if options.quick {
            whole.min(QUICK)
        } else {
            whole
        };
        let answer = options.timeout.unwrap_or(usual);
        Self {
            answer,
            whole: options.timeout.unwrap_or(whole),
            rule: answer * OF_A_RULE,
            late: answer * OF_A_CHECK,
            until: options.quick.then(|| Instant::now() + QUICK_END),
        }
    }

    /// For the first answer of all: in a quick check until nearly its end, as without that one nothing
    /// else would prove anything.
    pub(super) fn first(&self) -> Duration {
        let left = |until: Instant| until.duration_since(Instant::now());
        let left = self.until.map(|until| left(until).saturating_sub(TO_TELL));
        left.map_or(self.whole, |left| left.min(self.whole))
    }

    /// Takes note of a rule that took so long because answers came too late for the platform.
    pub(super) fn spend(&mut self, took: Duration) {
        self.late = self.late.saturating_sub(took);
    }

    /// Whether there is none left for rules that are not about time.
    pub(super) fn is_spent(&self) -> bool {
        self.late.is_zero()
    }

    /// Waits for the end of the check.
    pub(super) async fn end(self) {
        match self.until {
            Some(until) => sleep_until(until).await,
            None => pending().await,
        }
    }
}

/// What it says that no answer came within this time, where the platform waits longer.
pub(super) fn hurried(waited: Duration, provider: &Provider) -> Option<String> {
    let patience = provider.delivery.timeout;
    (waited < patience).then(|| {
        format!(
            "no answer within {}, and the platform waits {}",
            length(waited),
            length(patience)
        )
    })
}
