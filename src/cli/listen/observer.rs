//! Holds what comes in against what is expected, and tells whoever waits where the run stands.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::expectations::{Expectations, Standing};
use crate::capture::Delivery;
use crate::report::Diagnosis;

/// Sees every delivery, shown or not.
#[derive(Debug)]
pub(super) struct Observer {
    pub(super) expectations: Expectations,
    standing: watch::Sender<Standing>,
    began: Instant,
}

impl Observer {
    /// An observer of a run that begins now, and where it stands from then on.
    pub(super) fn new(expectations: Expectations) -> (Self, watch::Receiver<Standing>) {
        let (standing, told) = watch::channel(expectations.standing());
        let observer = Self {
            expectations,
            standing,
            began: Instant::now(),
        };
        (observer, told)
    }

    /// Whether anybody waits for what it sees.
    pub(super) fn expects(&self) -> bool {
        !self.expectations.is_empty()
    }

    /// Takes note of a delivery, and of why it did not verify. One that could not be recorded does not count: it was not accepted,
    /// and its sender has to bring it again.
    pub(super) fn see(&mut self, delivery: &Delivery, diagnosis: Option<&Diagnosis>) {
        let Some(candidate) = delivery.candidate().filter(|_| self.expects()) else {
            return;
        };
        let why = diagnosis.and_then(Diagnosis::found);
        self.expectations
            .observe(&candidate, why.as_deref(), self.began.elapsed());
        let now = self.expectations.standing();
        self.standing.send_if_modified(|before| {
            let is_news = *before != now;
            *before = now;
            is_news
        });
    }

    /// How long the run has taken.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}
