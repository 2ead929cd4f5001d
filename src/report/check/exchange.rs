//! The exchanges that show that a rule does not hold.

use std::fmt::Write as _;

use crate::conformance::check::Evidence;
use crate::delivery::{Attempt, Response};
use crate::report::show::header_lines;
use crate::report::{Redaction, preview};
use crate::term::{Paint, Safe, duration};

/// The most exchanges of a rule that people see: the others look like these.
const MOST: usize = 3;

/// The most of a body that people see, in bytes.
const SHOWN: usize = 1024;

/// The first exchanges of a rule: head and body of request and answer, without credentials.
pub(super) fn exchanges(evidence: &[Evidence], redaction: &Redaction, paint: Paint) -> String {
    let mut text = String::new();
    for one in evidence.iter().take(MOST) {
        text += "\n";
        for line in lines(one, redaction, paint) {
            let _ = writeln!(text, "{}", format!("  {line}").trim_end());
        }
    }
    if let more @ 1.. = evidence.len().saturating_sub(MOST) {
        let _ = writeln!(text, "\n  {}", paint.dim(format!("{more} more, in --json")));
    }
    text
}

fn lines(evidence: &Evidence, redaction: &Redaction, paint: Paint) -> Vec<String> {
    let request = &evidence.request;
    let label = Safe::line(&evidence.label);
    let target = redaction.target(&request.target);
    let mut lines = vec![
        format!("{}  {label}", paint.strong("request")),
        format!(
            "  {} {}",
            Safe::line(&request.method),
            Safe::line(target.as_ref())
        ),
    ];
    lines.extend(header_lines(&request.headers, redaction, paint));
    lines.extend(body(&request.body));
    lines.extend(answer(evidence.attempt.as_ref(), redaction, paint));
    lines
}

fn answer(attempt: Option<&Attempt>, redaction: &Redaction, paint: Paint) -> Vec<String> {
    let title = paint.strong("answer");
    let Some(attempt) = attempt else {
        return vec![format!("{title}  nobody waited")];
    };
    let took = duration(attempt.elapsed);
    match &attempt.outcome {
        Ok(Response {
            status,
            headers,
            body: bytes,
            ..
        }) => {
            let mut lines = vec![format!("{title}  {status} in {took}")];
            lines.extend(header_lines(headers, redaction, paint));
            lines.extend(body(bytes));
            lines
        }
        Err(failure) => vec![format!(
            "{title}  none after {took}: {}",
            Safe::line(failure.to_string())
        )],
    }
}

/// The beginning of a body, after an empty line.
fn body(bytes: &[u8]) -> Vec<String> {
    let lines = preview(bytes, SHOWN)
        .into_iter()
        .map(|line| format!("  {line}"));
    let empty = (!bytes.is_empty()).then(String::new);
    empty.into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::exchanges;
    use crate::delivery::{Failure, FailureKind};
    use crate::report::Redaction;
    use crate::report::check::samples::evidence;
    use crate::term::Paint;

    #[test]
    fn credentials_are_left_out_and_nothing_acts_on_a_terminal() {
        let text = exchanges(&[evidence(3)], &Redaction::of(None), Paint::new(false));
        assert_eq!(
            text,
            "\n  request  no signature\n    POST /hooks\n    Authorization: (redacted)\n    \
             X-A: \\x1b[2J\n\n    aaa\n  answer  200 in 7ms\n    Set-Cookie: (redacted)\n    \
             X-A: \\x1b[2J\n\n    ok\n"
        );
    }

    #[test]
    fn long_bodies_and_many_exchanges_are_cut() {
        let many = vec![evidence(5000); 5];
        let text = exchanges(&many, &Redaction::of(None), Paint::new(false));
        assert_eq!(text.matches("request  ").count(), 3);
        assert!(text.contains("… 3.9 KiB more"), "{text}");
        assert!(text.ends_with("\n  2 more, in --json\n"), "{text}");
    }

    #[test]
    fn where_there_is_no_answer_it_says_why() {
        let mut waited = evidence(0);
        let failure = Failure {
            kind: FailureKind::Refused,
            detail: String::new(),
        };
        if let Some(attempt) = &mut waited.attempt {
            attempt.outcome = Err(failure.clone());
        }
        let mut left = evidence(0);
        left.attempt = None;
        let text = exchanges(&[waited, left], &Redaction::of(None), Paint::new(false));
        assert!(
            text.contains("  answer  none after 7ms: connection refused\n"),
            "{text}"
        );
        assert!(text.ends_with("  answer  nobody waited\n"), "{text}");
    }
}
