//! How long the model waits: for an answer, and for its next attempt.

use std::time::Duration;

use crate::capture::{Manner, Scripted};
use crate::retry::{Disposition, StopReason};

use super::{Broken, LATENCY, Model};

impl Model {
    /// How long it waits for an answer; `None`: for ever.
    pub(super) fn patience(&self) -> Option<Duration> {
        let timeout = self.provider.delivery.timeout;
        match self.broken {
            // The listener closes its own side at once then.
            _ if self.half_closes => Some(LATENCY),
            Some(Broken::NoTimeout) => None,
            Some(Broken::Impatient) => Some(timeout / 2),
            Some(Broken::TooPatient) => Some(timeout * 2),
            _ => Some(timeout),
        }
    }

    /// The wait before the next attempt; `None`: there is none.
    pub(super) fn wait(&self, attempt: u32, answer: &Scripted) -> Option<Duration> {
        let hangs = matches!(answer.manner, Manner::Hung(_));
        let said = (!hangs).then_some((answer.status, &answer.headers));
        let mut disposition = self.provider.delivery.rules.judge(said, self.wall());
        let again = Disposition::Retry { after: None };
        let is_redirect = answer.headers.first("Location").is_some();
        match (self.broken, &disposition) {
            (Some(Broken::TimeoutIsFinal), _) if hangs => return None,
            (Some(Broken::RedirectIsFinal), _) if is_redirect => return None,
            (Some(Broken::GivesUpAfter(most)), _) if attempt >= most => return None,
            (Some(Broken::RepeatsSuccess), Disposition::Delivered) if attempt == 2 => {
                disposition = again;
            }
            (
                Some(Broken::IgnoresStopStatus),
                Disposition::Stop {
                    why: StopReason::Status(_),
                },
            )
            | (
                Some(Broken::IgnoresStopHeader),
                Disposition::Stop {
                    why: StopReason::Header(_),
                },
            )
            | (Some(Broken::IgnoresRetryAfter), Disposition::Retry { .. }) => disposition = again,
            _ => {}
        }
        let schedule = &self.provider.delivery.retry;
        let delay = match (schedule.delay_after(attempt), self.broken) {
            (None, Some(Broken::OneTooMany)) if attempt == schedule.attempts() => {
                Some(Duration::from_secs(5))
            }
            (Some(delay), Some(Broken::TooEarly)) => Some(delay / 2),
            (Some(delay), Some(Broken::TooLate)) => Some(delay * 5 / 4),
            (delay, _) => delay,
        };
        disposition.wait(delay)
    }
}
