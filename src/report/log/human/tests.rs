use std::time::Duration;

use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::report::log::columns::{Calendar, MEDIUM, NARROW, WIDE, line, table};
use crate::store::{
    Attempt, Direction, Fault, Judgement, Listed, Outcome, Place, Tally, VerdictKind,
};
use crate::term::Paint;

use super::{in_words, response_times};

const PLAIN: Paint = Paint::new(false);

fn calendar() -> Calendar {
    Calendar {
        now: "2026-03-02T10:00:00Z".parse().expect("a time"),
        zone: TimeZone::UTC,
    }
}

/// A delivery that was received today, and is valid.
fn received(row: i64) -> Listed {
    Listed {
        place: Place {
            row,
            delivery: 1000 + row,
            id: Uuid::from_u128(7),
            nth: 1,
            duplicate_of: None,
        },
        attempt: Attempt {
            direction: Direction::Received,
            provider: "cepro".to_owned(),
            endpoint: "/hooks".to_owned(),
            event: Some("estimate.created".to_owned()),
            webhook_id: None,
            at: "2026-03-02T09:30:15.5Z".parse().expect("a time"),
            number: None,
            of: 4,
            status: Some(200),
            took: Duration::from_millis(23),
            outcome: Outcome::Success,
            fault: None,
            verdict: Some(Judgement {
                kind: VerdictKind::Valid,
                reason: None,
            }),
            size: 512,
            answered: None,
        },
    }
}

/// The same, sent to where nobody listens.
fn sent(row: i64) -> Listed {
    let mut line = received(row);
    line.attempt.direction = Direction::Sent;
    line.attempt.endpoint = "http://localhost:3000/hooks/with/a/long/path?and=a&query=too".into();
    line.attempt.verdict = None;
    line.attempt.status = None;
    line.attempt.number = Some(2);
    line.attempt.outcome = Outcome::Retrying;
    line.attempt.fault = Some(Fault {
        kind: "refused".to_owned(),
        message: "connection refused".to_owned(),
    });
    line
}

fn listed() -> [Listed; 5] {
    let mut repeated = received(3);
    repeated.place.duplicate_of = Some(1001);
    let mut earlier = received(2);
    earlier.attempt.at = "2026-02-27T23:59:59Z".parse().expect("a time");
    earlier.attempt.event = None;
    earlier.attempt.status = Some(401);
    earlier.attempt.outcome = Outcome::Failed;
    earlier.attempt.verdict = Some(Judgement {
        kind: VerdictKind::Unsigned,
        reason: Some("the header `X-Sig` is missing".to_owned()),
    });
    let mut refused = received(1);
    refused.attempt.at = "2025-12-31T23:59:59Z".parse().expect("a time");
    refused.attempt.verdict = None;
    refused.attempt.took = Duration::from_micros(100);
    [sent(4), repeated, earlier, refused, received(0)]
}

#[test]
fn all_columns_stand_where_there_is_room() {
    let expected = "\
#      TIME                      VERDICT     PROVIDER  EVENT             TRY  STATUS   TOOK  OUTCOME             ENDPOINT
#1004  09:30:15             -->              cepro     estimate.created  2/4  refused  23ms  Retrying            http://localhost:3000/hooks/with/a/long/path?and=a&query=too
#1003  09:30:15             <--  ✓ valid     cepro     estimate.created  1/4  200      23ms  Success, duplicate  /hooks
#1002  2026-02-27 23:59:59  <--  ✗ unsigned  cepro     (no event)        1/4  401      23ms  Failed              /hooks
#1001  2025-12-31 23:59:59  <--  ✗ refused   cepro     estimate.created  1/4  200      <1ms  Success             /hooks
#1000  09:30:15             <--  ✓ valid     cepro     estimate.created  1/4  200      23ms  Success             /hooks
";
    let shown = table(WIDE, &listed(), &calendar()).render(PLAIN, None);
    assert_eq!(shown, expected);
}

#[test]
fn a_narrower_terminal_cuts_endpoints_and_then_does_without() {
    let medium = "\
#      TIME           VERDICT  EVENT             TRY  STATUS   TOOK  OUTCOME             ENDPOINT
#1004  09:30:15  -->           estimate.created  2/4  refused  23ms  Retrying            http://…
#1003  09:30:15  <--  ✓ valid  estimate.created  1/4  200      23ms  Success, duplicate  /hooks
";
    let shown = table(MEDIUM, &listed()[..2], &calendar()).render(PLAIN, Some(97));
    assert_eq!(shown, medium);
    let narrow = "\
#      TIME              VERDICT     EVENT       TRY  STATUS  TOOK  OUTCOME
#1002  02-27 23:59  <--  ✗ unsigned  (no event)  1/4  401     23ms  Failed
#1001  2025-12-31   <--  ✗ refused   estimate.…  1/4  200     <1ms  Success
";
    let shown = table(NARROW, &listed()[2..4], &calendar()).render(PLAIN, Some(75));
    assert_eq!(shown, narrow);
}

#[test]
fn a_line_by_itself_stands_below_others() {
    let shown: String = listed()[..2]
        .iter()
        .map(|attempt| line(&WIDE, attempt, &calendar(), PLAIN))
        .collect();
    let expected = "\
#1004  09:30:15  -->               cepro   estimate.created  2/4  refused   23ms  Retrying  http://localhost:3000/hooks/with/a/long/path?and=a&query=too
#1003  09:30:15  <--  ✓ valid      cepro   estimate.created  1/4  200       23ms  Success, duplicate  /hooks
";
    assert_eq!(shown, expected);
}

#[test]
fn what_a_sender_wrote_stays_in_its_place() {
    let mut line_of = received(1);
    line_of.attempt.event = Some("\r\x1b[2J✓ valid\u{202e}\n".repeat(20));
    line_of.attempt.provider = "\u{9b}31m".to_owned();
    line_of.attempt.endpoint = "/\u{1b}]0;title\u{7}".to_owned();
    line_of.attempt.status = None;
    line_of.attempt.fault = Some(Fault {
        kind: "\x1b[31mtimeout".repeat(9),
        message: String::new(),
    });
    let calendar = calendar();
    let lines = [line_of];
    for shown in [
        table(WIDE, &lines, &calendar).render(PLAIN, None),
        table(WIDE, &lines, &calendar).render(PLAIN, Some(120)),
        table(NARROW, &lines, &calendar).render(PLAIN, Some(80)),
        line(&WIDE, &lines[0], &calendar, PLAIN),
    ] {
        let acts = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(acts), "{shown:?}");
        let last = shown.lines().last().unwrap_or_default();
        assert!(last.starts_with("#1001  09:30:15  <--  ✓ valid"), "{shown}");
    }
}

#[test]
fn response_times_go_from_oldest_to_newest() {
    let mut lines: Vec<_> = (0..4).map(received).collect();
    for (line, ms) in lines.iter_mut().zip([10, 80, 45, 10]) {
        line.attempt.took = Duration::from_millis(ms);
    }
    // No answer, no response time.
    lines.push(sent(4));
    lines.reverse();
    let median = Duration::from_millis(10);
    let words = "  min 10ms, median 10ms, max 80ms (oldest to newest)";
    for (width, blocks) in [(80, "▁█▅▁"), (54, "█▅"), (10, "")] {
        let shown = response_times(&lines, median, width);
        assert_eq!(shown, Some(format!("{blocks}{words}")), "{width}");
    }
    assert_eq!(response_times(&lines[..2], median, 80), None);
}

#[test]
fn a_summary_names_what_to_look_at() {
    let tally = |attempts, succeeded| Tally {
        attempts,
        succeeded,
        ..Tally::default()
    };
    let ms = |ms| Some(Duration::from_millis(ms));
    for (tally, expected) in [
        (Tally::default(), "0 attempts"),
        (tally(1, 1), "1 attempt: 100% success"),
        (tally(3, 0), "3 attempts: 0% success"),
        (tally(1000, 999), "1000 attempts: 99% success"),
        (tally(1000, 1), "1000 attempts: <1% success"),
        (
            tally(u64::MAX, u64::MAX),
            "18446744073709551615 attempts: 100% success",
        ),
        (
            Tally {
                p50: ms(12),
                p95: ms(40),
                duplicates: 1,
                unverified: 2,
                ..tally(50, 48)
            },
            "50 attempts: 96% success, p50 12ms, p95 40ms, 1 duplicate, 2 verification failures",
        ),
        (
            Tally {
                retrying: 1,
                duplicates: 2,
                unverified: 1,
                ..tally(4, 2)
            },
            "4 attempts: 50% success, 1 retrying, 2 duplicates, 1 verification failure",
        ),
    ] {
        assert_eq!(in_words(&tally), expected);
    }
}
