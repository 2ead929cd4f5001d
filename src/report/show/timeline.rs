//! The attempts of a delivery, one a line.

use crate::report::{Look, cells};
use crate::store::{Answered, Listed};
use crate::term::{Cell, Safe, Style, Table, duration};

/// The attempts that are shown: the last ones.
const SHOWN: usize = 50;

/// The columns that a remark may take.
const WIDEST: usize = 160;

/// The table of the attempts, oldest first, and how many there are beside those.
pub(super) fn timeline(
    attempts: &[Listed],
    look: Look<'_>,
    width: Option<usize>,
) -> (String, usize) {
    let mut table = Table::new([
        "N", "TIME", "DELAY", "VERDICT", "TRY", "STATUS", "TOOK", "OUTCOME", "",
    ]);
    table.right(0).whole(1).right(2).whole(3).right(6);
    let left_out = attempts.len().saturating_sub(SHOWN);
    for (at, line) in attempts.iter().enumerate().skip(left_out) {
        let before = at.checked_sub(1).and_then(|at| attempts.get(at));
        let delay = before.map(|before| since(before, line)).unwrap_or_default();
        table.row([
            line.place.nth.to_string().into(),
            Cell::styled(Style::Dim, look.short_moment(line.attempt.at)),
            delay.into(),
            cells::verdict(line),
            cells::counted(line).into(),
            cells::status(line),
            duration(line.attempt.took).into(),
            cells::outcome(line),
            remarks(line).into(),
        ]);
    }
    (table.render(look.paint, width), left_out)
}

/// The time from one attempt to another, as `+10s`; clocks also go back.
fn since(from: &Listed, to: &Listed) -> String {
    let span = to.attempt.at.duration_since(from.attempt.at);
    let sign = if span.is_negative() { '-' } else { '+' };
    format!("{sign}{}", duration(span.unsigned_abs()))
}

/// What the attempt repeats, why the verdict is what it is, why there was no answer, and what made it.
fn remarks(line: &Listed) -> String {
    let attempt = &line.attempt;
    let reason = attempt.verdict.as_ref().and_then(|v| v.reason.clone());
    let fault = attempt.fault.as_ref().map(|fault| fault.message.clone());
    let repeats = line.place.duplicate_of.map(|first| {
        if first == line.place.delivery {
            "duplicate".to_owned()
        } else {
            format!("repeats #{first}")
        }
    });
    let answered = attempt.answered.as_ref().map(|answered| match answered {
        Answered::Script(told) => format!("script {told}"),
        Answered::Forward(forwarded) => match &forwarded.fault {
            None => "forwarded".to_owned(),
            Some(fault) => format!("forwarded: {}", fault.message),
        },
        Answered::Audit(told) => format!("audit: {told}"),
        Answered::Handshake(name) => format!("handshake {name}"),
    });
    let all: Vec<String> = repeats
        .into_iter()
        .chain([reason, fault, answered].into_iter().flatten())
        .collect();
    Safe::line(all.join("; ")).truncated(WIDEST)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use crate::report::Redaction;
    use crate::report::samples::{listed, look, sample};
    use crate::store::{Fault, Listed, Outcome, VerdictKind};

    use super::timeline;

    /// An attempt so many seconds after the first.
    fn attempt(nth: u32, seconds: i64) -> Listed {
        let mut line = listed(&sample());
        line.place.nth = nth;
        line.attempt.at += SignedDuration::from_secs(seconds);
        line
    }

    fn shown(attempts: &[Listed]) -> (Vec<String>, usize) {
        let redaction = Redaction::off();
        let (table, left_out) = timeline(attempts, look(&redaction), None);
        let lines = table.lines().skip(1).map(str::to_owned).collect();
        (lines, left_out)
    }

    #[test]
    fn attempts_stand_with_the_time_since_the_ones_before() {
        let mut attempts = [attempt(1, 0), attempt(2, 10), attempt(3, 9)];
        let (second, third) = (&mut attempts[1], 2);
        second.attempt.status = None;
        second.attempt.verdict = None;
        second.attempt.direction = crate::store::Direction::Sent;
        second.attempt.outcome = Outcome::Retrying;
        second.attempt.fault = Some(Fault {
            kind: "refused".to_owned(),
            message: "nobody listens".to_owned(),
        });
        attempts[third].attempt.status = Some(200);
        attempts[third].attempt.outcome = Outcome::Success;
        attempts[third].attempt.number = Some(7);
        attempts[third].place.duplicate_of = Some(1040);
        if let Some(verdict) = &mut attempts[third].attempt.verdict {
            verdict.kind = VerdictKind::Valid;
            verdict.reason = None;
        }
        let (lines, left_out) = shown(&attempts);
        assert_eq!(left_out, 0);
        let words: Vec<String> = lines
            .iter()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            words,
            [
                "1 01-01 00:00:00 ✗ invalid 1/4 401 23ms Failed the signature does not match",
                "2 01-01 00:00:10 +10s 2/4 refused 23ms Retrying nobody listens",
                "3 01-01 00:00:09 -1s ✓ valid 7 200 23ms Success repeats #1040",
            ]
        );
    }

    #[test]
    fn of_many_attempts_the_last_are_shown() {
        let attempts: Vec<Listed> = (1..=60).map(|nth| attempt(nth, i64::from(nth))).collect();
        let (lines, left_out) = shown(&attempts);
        assert_eq!((lines.len(), left_out), (50, 10));
        assert!(
            lines[0].starts_with("11  01-01 00:00:11    +1s  "),
            "{}",
            lines[0]
        );
    }
}
