//! Two attempts beside each other.

use crate::message::Message;
use crate::report::{Look, Redaction};
use crate::store::{Attempt, Recorded};
use crate::term::Safe;

use super::body::body;
use super::lines::{Line, Mark, Place, all, render};

/// The columns that a fact may take.
const WIDEST: usize = 100;

/// What differs between the requests of two attempts, and in what came of them. Credentials are
/// compared, and not shown.
pub(crate) fn diff(old: &Recorded, new: &Recorded, look: Look<'_>) -> String {
    let (old_request, new_request) = (&old.exchange.request, &new.exchange.request);
    let mut lines = vec![
        Line::new(Mark::Old, format!("-- {}", title(old, look))),
        Line::new(Mark::New, format!("++ {}", title(new, look))),
    ];
    lines.extend(facts(&old.attempt, &new.attempt));
    lines.extend(heads(old_request, new_request, look.redaction));
    lines.extend(body(&old_request.body, &new_request.body));
    render(&lines, look.paint)
}

/// Which attempt it is.
fn title(recorded: &Recorded, look: Look<'_>) -> String {
    let number = recorded.place.delivery;
    let (nth, at) = (recorded.place.nth, look.moment(recorded.attempt.at));
    format!("#{number} attempt {nth}  {at}")
}

/// What the log says otherwise of the new one.
fn facts(old: &Attempt, new: &Attempt) -> Vec<Line> {
    type Fact = fn(&Attempt) -> String;
    let facts: [(&str, Fact); 9] = [
        ("direction", |a| a.direction.name().to_owned()),
        ("provider", |a| a.provider.clone()),
        ("event", |a| or_none(a.event.as_deref())),
        ("webhook id", |a| or_none(a.webhook_id.as_deref())),
        ("endpoint", |a| a.endpoint.clone()),
        ("attempt", |a| {
            or_none(a.number.map(|n| n.to_string()).as_deref())
        }),
        ("status", |a| {
            or_none(a.status.map(|s| s.to_string()).as_deref())
        }),
        ("outcome", |a| a.outcome.name().to_owned()),
        ("verdict", verdict),
    ];
    facts
        .iter()
        .map(|(name, fact)| (name, fact(old), fact(new)))
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| {
            let shown = |fact: String| Safe::line(fact).truncated(WIDEST);
            Line::remark(format!("{name}: {} -> {}", shown(old), shown(new)))
        })
        .collect()
}

fn or_none(fact: Option<&str>) -> String {
    fact.unwrap_or("(none)").to_owned()
}

fn verdict(attempt: &Attempt) -> String {
    match &attempt.verdict {
        Some(verdict) => match &verdict.reason {
            Some(reason) => format!("{}: {reason}", verdict.kind.name()),
            None => verdict.kind.name().to_owned(),
        },
        None => "(none)".to_owned(),
    }
}

/// Request lines and header lines.
fn heads(old: &Message, new: &Message, redaction: &Redaction) -> Vec<Line> {
    let old_lines: Vec<_> = old.headers.iter().collect();
    let new_lines: Vec<_> = new.headers.iter().collect();
    let is_same = (&old.method, &old.target) == (&new.method, &new.target);
    if is_same && old_lines == new_lines {
        return vec![Line::remark(format!(
            "headers: equal ({} lines)",
            old_lines.len()
        ))];
    }
    let first = |message: &Message| {
        let target = redaction.target(&message.target);
        Safe::line(format!("{} {target}", message.method)).to_string()
    };
    let mut lines = vec![Line::remark("headers:")];
    if is_same {
        lines.push(Line::new(Mark::Same, first(new)));
    } else {
        lines.push(Line::new(Mark::Old, first(old)));
        lines.push(Line::new(Mark::New, first(new)));
    }
    lines.extend(all(&old_lines, &new_lines).into_iter().map(|place| {
        let (mark, (name, value)) = match place {
            Place::Same(at) => (Mark::Same, old_lines[at]),
            Place::Old(at) => (Mark::Old, old_lines[at]),
            Place::New(at) => (Mark::New, new_lines[at]),
            Place::Gap => (Mark::Gap, ("", &b""[..])),
        };
        let value = Safe::line(redaction.value(name, value));
        Line::new(mark, format!("{}: {value}", Safe::line(name)))
    }));
    lines
}

#[cfg(test)]
mod tests {
    use crate::report::Redaction;
    use crate::report::samples::{lines, look, sample};
    use crate::store::{Outcome, Recorded};

    use super::diff;

    fn shown(old: &Recorded, new: &Recorded) -> String {
        diff(old, new, look(&Redaction::of(None)))
    }

    #[test]
    fn what_differs_is_told_and_credentials_are_not() {
        let new = sample();
        let mut old = sample();
        old.place.nth = 1;
        old.attempt.status = Some(200);
        old.attempt.outcome = Outcome::Success;
        old.attempt.verdict = None;
        old.exchange.request.headers = lines(&[("x-a", "1"), ("Cookie", "b=c"), ("B", "2")]);
        let want = "--- #1042 attempt 1  1970-01-01 00:00:00.000
+++ #1042 attempt 2  1970-01-01 00:00:00.000
status: 200 -> 401
outcome: success -> failed
verdict: (none) -> invalid: the signature does not match
headers:
 POST /hooks?a=1
-x-a: 1
-Cookie: (redacted)
-B: 2
+X-A: 1
+Cookie: (redacted)
body: equal (17 B)
";
        assert_eq!(shown(&old, &new), want);
    }

    #[test]
    fn equal_heads_have_no_lines() {
        let shown = shown(&sample(), &sample());
        assert!(
            shown.ends_with("\nheaders: equal (2 lines)\nbody: equal (17 B)\n"),
            "{shown}"
        );
    }

    #[test]
    fn other_request_lines_stand_below_each_other() {
        let mut new = sample();
        new.exchange.request.target = "/\x1b[2J".to_owned();
        let shown = shown(&sample(), &new);
        assert!(
            shown.contains("\n-POST /hooks?a=1\n+POST /\\x1b[2J\n X-A: 1\n"),
            "{shown}"
        );
    }
}
