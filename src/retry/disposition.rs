//! What an answer means to the sender: delivered, try again, or stop.

use std::fmt;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::message::Headers;

use super::StatusSet;

/// The rules by which a sender judges an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The answers that count as success.
    pub success: StatusSet,
    /// The answers after which nothing is tried again.
    pub stop: Stop,
    /// Whether `Retry-After` is honoured, and up to which wait.
    pub retry_after: Option<Duration>,
}

/// The answers by which a receiver ends a delivery that it did not take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    /// Their statuses.
    pub status: Option<StatusSet>,
    /// The header lines of which one is enough.
    pub headers: Vec<StopHeader>,
}

/// A header line by which a receiver asks not to be tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopHeader {
    /// Its name, in any letter case.
    pub name: String,
    /// Its value, to the letter; any value where there is none.
    pub value: Option<String>,
}

/// What an answer, or none, means to the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The receiver has it.
    Delivered,
    /// The receiver does not have it; the schedule says whether and when it is tried again.
    Retry {
        /// The wait that the receiver asked for, at most what the sender grants.
        after: Option<Duration>,
    },
    /// The receiver does not have it and does not want it.
    Stop {
        /// By what it said so.
        why: StopReason,
    },
}

/// By what a receiver ended a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// By this status.
    Status(u16),
    /// By this header line of its answer.
    Header(StopHeader),
}

impl Default for Rules {
    /// Success is 200 to 299, nothing stops, `Retry-After` is ignored.
    fn default() -> Self {
        Self {
            success: StatusSet::success(),
            stop: Stop::default(),
            retry_after: None,
        }
    }
}

impl Rules {
    /// What an answer means that came at `now`: its status and header lines, or `None` where there
    /// was no answer.
    ///
    /// Success comes first: nothing stops what is delivered. `Retry-After` is read as RFC 9110
    /// §10.2.3 has it, seconds or a date in any form of §5.6.7; a date that is past is no wait. A
    /// value of another form is ignored, and so are several that differ.
    ///
    /// ```
    /// use std::time::Duration;
    /// use jiff::Timestamp;
    /// use wh::message::Headers;
    /// use wh::retry::{Disposition, Rules};
    ///
    /// let rules = Rules { retry_after: Some(Duration::from_secs(3600)), ..Rules::default() };
    /// let headers: Headers = [("Retry-After", "120")].into_iter().collect();
    /// let judge = |status| rules.judge(Some((status, &headers)), Timestamp::UNIX_EPOCH);
    /// assert_eq!(judge(204), Disposition::Delivered);
    /// assert_eq!(judge(503), Disposition::Retry { after: Some(Duration::from_secs(120)) });
    /// ```
    #[must_use]
    pub fn judge(&self, answer: Option<(u16, &Headers)>, now: Timestamp) -> Disposition {
        let Some((status, headers)) = answer else {
            return Disposition::Retry { after: None };
        };
        if self.success.contains(status) {
            return Disposition::Delivered;
        }
        if let Some(why) = self.stop.reason(status, headers) {
            return Disposition::Stop { why };
        }
        let after = self
            .retry_after
            .and_then(|most| Some(retry_after(headers, now)?.min(most)));
        Disposition::Retry { after }
    }
}

impl Stop {
    /// Whether no answer ends a delivery.
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.status.is_none() && self.headers.is_empty()
    }

    /// By what this answer ends a delivery; `None`: it does not. The status speaks first.
    fn reason(&self, status: u16, headers: &Headers) -> Option<StopReason> {
        if self.status.as_ref().is_some_and(|set| set.contains(status)) {
            return Some(StopReason::Status(status));
        }
        let said = self.headers.iter().find(|header| header.is_in(headers))?;
        Some(StopReason::Header(said.clone()))
    }
}

impl StopHeader {
    /// Whether a line of these is the one.
    fn is_in(&self, headers: &Headers) -> bool {
        let fits = |value: &[u8]| {
            let wanted = self.value.as_ref();
            wanted.is_none_or(|wanted| value.trim_ascii() == wanted.as_bytes())
        };
        headers.all(&self.name).any(fits)
    }
}

impl Disposition {
    /// The wait before the next attempt, where the schedule would wait `scheduled` (jitter
    /// included; `None`: it has no more attempts). `None`: there is no next attempt.
    ///
    /// The longer of the two waits holds: a receiver may ask for more patience, never for a burst,
    /// and never for more attempts.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wh::retry::Disposition;
    /// let [short, long] = [10, 60].map(Duration::from_secs);
    /// assert_eq!(Disposition::Retry { after: Some(long) }.wait(Some(short)), Some(long));
    /// assert_eq!(Disposition::Retry { after: Some(short) }.wait(Some(long)), Some(long));
    /// assert_eq!(Disposition::Retry { after: Some(long) }.wait(None), None);
    /// assert_eq!(Disposition::Delivered.wait(Some(short)), None);
    /// ```
    #[must_use]
    pub fn wait(&self, scheduled: Option<Duration>) -> Option<Duration> {
        match self {
            Self::Retry { after } => scheduled.map(|delay| delay.max(after.unwrap_or_default())),
            Self::Delivered | Self::Stop { .. } => None,
        }
    }
}

impl fmt::Display for StopHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}: {value}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Header(header) => write!(f, "header {header}"),
        }
    }
}

/// The wait that the `Retry-After` lines ask for, where they agree.
fn retry_after(headers: &Headers, now: Timestamp) -> Option<Duration> {
    let mut values = headers.all("Retry-After").map(<[u8]>::trim_ascii);
    let value = values.next()?;
    if values.any(|other| other != value) {
        return None;
    }
    let text = str::from_utf8(value).ok()?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // So many digits that they are no number are a long wait all the same.
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(SystemTime::from(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests;
