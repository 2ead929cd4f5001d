//! How long a check waits: for an answer, for a rule, and in all.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::provider::Provider;

use super::receiver::Options;

/// How much longer than the platform an answer is waited for, so that a late one is told from none.
const LONGER: Duration = Duration::from_secs(2);

/// How long a quick check waits for an answer. One that never comes must leave time for the others.
const QUICK: Duration = Duration::from_secs(2);

/// When a quick check ends.
const QUICK_END: Duration = Duration::from_millis(4500);

/// For how many answers that come as late as they may the requests of one rule go on.
const OF_A_RULE: u32 = 3;

/// For how many such answers a check goes on with rules that are not about time.
const OF_A_CHECK: u32 = 10;

/// How long a check waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For one answer.
    pub(super) answer: Duration,
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
            rule: answer * OF_A_RULE,
            late: answer * OF_A_CHECK,
            until: options.quick.then(|| Instant::now() + QUICK_END),
        }
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
