//! A delivery as a whole.

use crate::report::{Look, cells};
use crate::store::{Listed, Recorded};
use crate::term::{Paint, Safe};

use super::exchange::{answer, request};
use super::timeline::timeline;

/// The columns that an event may take.
const WIDEST: usize = 100;

/// What is shown of a delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    /// Its attempts, oldest first.
    pub(crate) attempts: &'a [Listed],
    /// The one whose bytes are shown.
    pub(crate) recorded: &'a Recorded,
    /// Whether bodies are shown.
    pub(crate) bodies: bool,
    /// The columns at which lines are wrapped where that can be done.
    pub(crate) width: Option<usize>,
}

/// A delivery for people.
pub(crate) fn show(shown: Shown<'_>, look: Look<'_>) -> String {
    let Shown {
        attempts,
        recorded,
        bodies,
        width,
    } = shown;
    let paint = look.paint;
    let mut lines = facts(recorded, paint);
    lines.push(String::new());
    let (table, left_out) = timeline(attempts, look, width);
    lines.extend(table.lines().map(str::to_owned));
    if left_out > 0 {
        lines.push(
            paint
                .dim(format!("({left_out} earlier attempts not shown)"))
                .to_string(),
        );
    }
    lines.push(String::new());
    if attempts.len() > 1 {
        let nth = recorded.place.nth;
        lines.push(paint.dim(format!("attempt {nth}:")).to_string());
    }
    lines.extend(request(recorded, bodies, look));
    lines.push(String::new());
    lines.extend(answer(recorded, bodies, look));
    lines.join("\n") + "\n"
}

/// What all attempts have in common. The verdict comes before anything that a sender wrote.
fn facts(recorded: &Recorded, paint: Paint) -> Vec<String> {
    let Recorded { place, attempt, .. } = recorded;
    let listed = Listed {
        place: *place,
        attempt: attempt.clone(),
    };
    let number = paint.strong(format!("#{}", place.delivery)).to_string();
    let direction = attempt.direction.name();
    let verdict = cells::verdict(&listed).painted(paint).to_string();
    let event = match attempt.event.as_deref() {
        None | Some("") => "(no event)".to_owned(),
        Some(event) => Safe::line(event).truncated(WIDEST),
    };
    let event = paint.name(event).to_string();
    let words = [number, direction.to_owned(), verdict, event];
    let title: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let fact = |name: &str, value: &str| format!("  {:<10} {}", paint.dim(name), Safe::line(value));
    let mut lines = vec![
        title.join("  "),
        fact("id", &place.id.to_string()),
        fact("provider", &attempt.provider),
        fact("endpoint", &attempt.endpoint),
    ];
    if let Some(webhook_id) = &attempt.webhook_id {
        lines.insert(2, fact("webhook id", webhook_id));
    }
    lines
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::report::Redaction;
    use crate::report::samples::{lines, listed, look, sample};
    use crate::store::{Fault, Recorded, Response};

    use super::{Shown, show};

    fn shown(recorded: &Recorded, bodies: bool) -> String {
        let shown = Shown {
            attempts: &[listed(recorded)],
            recorded,
            bodies,
            width: None,
        };
        show(shown, look(&Redaction::of(None)))
    }

    #[test]
    fn everything_is_told_and_credentials_are_not() {
        let mut recorded = sample();
        recorded.exchange.exact = false;
        recorded.exchange.response = Some(Response {
            headers: lines(&[("Set-Cookie", "a"), ("X-B", "")]),
            body: Bytes::from_static(b"no\n"),
            truncated: true,
        });
        let want = "#1042  received  ✗ invalid  estimate.created
  id         00000000-0000-0000-0000-000000000001
  webhook id evt_1
  provider   cepro
  endpoint   /hooks

N  TIME            DELAY  VERDICT    TRY  STATUS  TOOK  OUTCOME
2  01-01 00:00:00         ✗ invalid  2/4  401     23ms  Failed   the signature does not match

request  1970-01-01 00:00:00.000, from 127.0.0.1:53122, headers: normalised
  POST /hooks?a=1 HTTP/1.1
  X-A: 1
  Cookie: (redacted)

  {
    \"total\": 2500.00
  }

answer  401 in 23ms
  Set-Cookie: (redacted)
  X-B:

  no
  (truncated: the answer is longer; its first 3 B are kept)
";
        assert_eq!(shown(&recorded, true), want);
        let brief = shown(&recorded, false);
        assert!(brief.contains("\n  (a body of 17 B)\n"), "{brief}");
    }

    #[test]
    fn an_answer_that_is_not_there_is_told() {
        let mut recorded = sample();
        assert!(shown(&recorded, true).ends_with("\nanswer  401 in 23ms, no more of it is kept\n"));
        recorded.attempt.status = None;
        recorded.attempt.fault = Some(Fault {
            kind: "timeout".to_owned(),
            message: "no answer in time".to_owned(),
        });
        let text = shown(&recorded, true);
        assert!(
            text.ends_with("\nanswer  none after 23ms: no answer in time\n"),
            "{text}"
        );
    }

    #[test]
    fn whatever_was_recorded_does_nothing_to_a_terminal() {
        let hostile = "\x1b[2J\u{202e}\r\n\u{9b}31m";
        let mut recorded = sample();
        let attempt = &mut recorded.attempt;
        for text in [&mut attempt.provider, &mut attempt.endpoint] {
            hostile.clone_into(text);
        }
        attempt.event = Some(hostile.to_owned());
        attempt.webhook_id = Some(hostile.to_owned());
        attempt.fault = Some(Fault {
            kind: hostile.to_owned(),
            message: hostile.to_owned(),
        });
        let exchange = &mut recorded.exchange;
        hostile.clone_into(&mut exchange.http);
        hostile.clone_into(&mut exchange.request.method);
        hostile.clone_into(&mut exchange.request.target);
        exchange.request.headers = lines(&[(hostile, hostile)]);
        for body in [hostile.as_bytes(), b"\xff\x1b[2J"] {
            recorded.exchange.request.body = Bytes::copy_from_slice(body);
            let text = shown(&recorded, true);
            let acts = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!text.contains(acts), "{text:?}");
        }
    }
}
