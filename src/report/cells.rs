//! What is said of a recorded attempt in one word, with its style.

use crate::store::{Direction, Listed, Outcome, VerdictKind};
use crate::term::{Cell, Safe, Style};

/// The columns that the reason for no answer may take.
const LONGEST_FAULT: usize = 16;

/// The verdict as one word with a mark, so that it is told without colour too.
pub(super) fn verdict(line: &Listed) -> Cell {
    let Some(verdict) = &line.attempt.verdict else {
        let refused = line.attempt.direction == Direction::Received;
        return if refused {
            Cell::styled(Style::Bad, "✗ refused")
        } else {
            "".into()
        };
    };
    let (style, mark) = match verdict.kind {
        VerdictKind::Valid => (Style::Good, '✓'),
        VerdictKind::Unchecked => (Style::Warn, '?'),
        _ => (Style::Bad, '✗'),
    };
    Cell::styled(style, format!("{mark} {}", verdict.kind.name()))
}

/// Which attempt it is, and of how many, as `2/4`. The number alone where it has gone on from an earlier
/// schedule, beyond the attempts of its own.
pub(super) fn counted(line: &Listed) -> String {
    let (number, of) = (line.number(), line.attempt.of);
    if number > of {
        number.to_string()
    } else {
        format!("{number}/{of}")
    }
}

/// The status, or in one word why there was no answer.
pub(super) fn status(line: &Listed) -> Cell {
    let attempt = &line.attempt;
    let style = style(attempt.outcome);
    match (attempt.status, &attempt.fault) {
        (Some(status), _) => Cell::styled(style, status.to_string()),
        (None, Some(fault)) => {
            Cell::styled(style, Safe::line(&fault.kind).truncated(LONGEST_FAULT))
        }
        (None, None) => Cell::styled(style, "none"),
    }
}

/// What came of it.
pub(super) fn outcome(line: &Listed) -> Cell {
    let outcome = line.attempt.outcome;
    Cell::styled(style(outcome), word(outcome))
}

/// An outcome in the word of the platforms' delivery logs.
pub(super) const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "Success",
        Outcome::Failed => "Failed",
        Outcome::Retrying => "Retrying",
    }
}

pub(super) const fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Success => Style::Good,
        Outcome::Failed => Style::Bad,
        Outcome::Retrying => Style::Warn,
    }
}
