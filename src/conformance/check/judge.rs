//! What is made of the answers.

use std::time::Duration;

use crate::conformance::Ruling;
use crate::delivery::{Attempt, FailureKind};
use crate::provider::Provider;

use super::shot::{Shot, Wants};

/// What came of the requests of a rule.
pub(super) struct Seen<'s> {
    /// Whose rules they are.
    pub(super) provider: &'s Provider,
    /// Each request, in the order in which they went out, and what came of it; `None`: nobody waited.
    pub(super) shots: Vec<(Shot, Option<Attempt>)>,
    /// How many side effects there were more than before; `None`: they are not counted.
    pub(super) effects: Option<i64>,
    /// How many there should be.
    pub(super) wanted_effects: Option<i64>,
}

/// A judgement.
pub(super) struct Judged {
    pub(super) ruling: Ruling,
    /// What came back, in words.
    pub(super) came: String,
    /// What is worth saying beyond that, each in a sentence, also where it holds.
    pub(super) notes: Vec<String>,
    /// Which of the shots show that it does not hold, by their place.
    pub(super) culprits: Vec<usize>,
}

impl Judged {
    /// It holds.
    pub(super) fn pass(came: impl Into<String>) -> Self {
        Self::of(Ruling::Pass, came.into(), Vec::new())
    }

    /// It holds, but not as well as it should.
    pub(super) fn warn(came: impl Into<String>, culprits: Vec<usize>) -> Self {
        Self::of(Ruling::Warn, came.into(), culprits)
    }

    /// It does not hold.
    pub(super) fn fail(came: impl Into<String>, culprits: Vec<usize>) -> Self {
        Self::of(Ruling::Fail, came.into(), culprits)
    }

    /// Nothing came by which it could be told.
    pub(super) fn not_seen(came: impl Into<String>) -> Self {
        Self::of(Ruling::NotSeen, came.into(), Vec::new())
    }

    fn of(ruling: Ruling, came: String, culprits: Vec<usize>) -> Self {
        Self {
            ruling,
            came,
            notes: Vec::new(),
            culprits,
        }
    }
}

/// Each answer is as its request wants it.
pub(super) fn as_wanted(seen: &Seen<'_>) -> Judged {
    let culprits: Vec<usize> = (0..seen.shots.len())
        .filter(|nth| !seen.is_as_wanted(*nth))
        .collect();
    let Some(first) = culprits.first() else {
        return Judged::pass(seen.answers());
    };
    let (shot, attempt) = &seen.shots[*first];
    let came = match (seen.shots.len(), culprits.len()) {
        (1, _) => told(attempt.as_ref()),
        (_, 1) => format!("{}: {}", shot.label, told(attempt.as_ref())),
        (_, more) => {
            let more = more - 1;
            format!(
                "{}: {}, and {more} more",
                shot.label,
                told(attempt.as_ref())
            )
        }
    };
    let notes = Vec::from_iter(seen.by_breaking(&culprits));
    Judged {
        notes,
        ..Judged::fail(came, culprits)
    }
}

impl Seen<'_> {
    /// The answers that were waited for, in words, equal ones once: `200, 3 × 202`.
    pub(super) fn answers(&self) -> String {
        let waited = self
            .shots
            .iter()
            .filter_map(|(_, attempt)| attempt.as_ref());
        counted(waited.map(|attempt| told(Some(attempt))))
    }

    /// That what had to be refused was not taken, but broke the receiver, in a sentence; `None`: none
    /// of these did.
    fn by_breaking(&self, culprits: &[usize]) -> Option<String> {
        let refused = culprits
            .iter()
            .map(|nth| &self.shots[*nth])
            .filter(|(shot, _)| shot.wants == Wants::Refused)
            .filter_map(|(_, attempt)| Some(&attempt.as_ref()?.outcome));
        let mut broke = refused.filter(|outcome| match outcome {
            Ok(response) => response.status >= 500,
            Err(failure) => is_broken_off(failure.kind),
        });
        let is_answer = broke.next()?.is_ok();
        let which = if 1 + broke.count() == culprits.len() {
            "this"
        } else {
            "some of these"
        };
        Some(if is_answer {
            format!("It refused {which}, but by breaking: answer 401, as a 5xx is sent again.")
        } else {
            format!(
                "It did not answer {which}: the handler threw, or closed the connection. Answer 401."
            )
        })
    }

    /// Whether the answer to one of the requests is as it wants it.
    pub(super) fn is_as_wanted(&self, nth: usize) -> bool {
        let (shot, attempt) = &self.shots[nth];
        let status = attempt.as_ref().and_then(Attempt::status);
        let success = |status: &u16| self.provider.delivery.rules.success.contains(*status);
        match shot.wants {
            Wants::Nothing => true,
            Wants::Accepted => status.as_ref().is_some_and(success),
            Wants::Refused => status.is_some_and(|status| !success(&status) && status < 500),
            Wants::Unbroken => status.is_some_and(|status| status < 500),
        }
    }
}

/// Whether a connection ended where an answer should have come.
fn is_broken_off(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Reset | FailureKind::ClosedEarly)
}

/// An answer in words: its status, or why there is none.
pub(super) fn told(attempt: Option<&Attempt>) -> String {
    match attempt.map(|attempt| &attempt.outcome) {
        None => "nobody waited".to_owned(),
        Some(Ok(response)) => response.status.to_string(),
        Some(Err(failure)) => failure.to_string(),
    }
}

/// Words in a row, those that follow upon their like counted.
pub(super) fn counted(words: impl Iterator<Item = String>) -> String {
    let mut rows: Vec<(String, usize)> = Vec::new();
    for word in words {
        match rows.last_mut() {
            Some((last, times)) if *last == word => *times += 1,
            _ => rows.push((word, 1)),
        }
    }
    let row = |(word, times): (String, usize)| match times {
        1 => word,
        _ => format!("{times} × {word}"),
    };
    rows.into_iter().map(row).collect::<Vec<_>>().join(", ")
}

/// The longest of these times.
pub(super) fn longest(times: impl Iterator<Item = Duration>) -> Duration {
    times.max().unwrap_or_default()
}
