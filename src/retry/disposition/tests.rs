//! Each answer and what it means.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::message::Headers;
use crate::retry::StatusSet;

use super::{Disposition, Rules, Stop, StopHeader, StopReason};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Thirty seconds before the date that RFC 9110 §5.6.7 writes in its three forms.
fn now() -> Timestamp {
    "1994-11-06T08:49:07Z".parse().expect("RFC 3339")
}

fn headers(lines: &[(&str, &str)]) -> Headers {
    lines.iter().copied().collect()
}

fn header(name: &str, value: Option<&str>) -> StopHeader {
    StopHeader {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    }
}

/// Slack's, Svix's and Standard Webhooks' ways to stop, in one.
fn rules() -> Rules {
    Rules {
        stop: Stop {
            status: "406,410".parse::<StatusSet>().ok(),
            headers: vec![
                header("X-Slack-No-Retry", Some("1")),
                header("webhook-delivery", Some("abort-message")),
                header("X-Never-Again", None),
            ],
        },
        retry_after: Some(HOUR),
        ..Rules::default()
    }
}

/// What rules that honour `Retry-After` up to an hour make of these values of it.
fn asked(values: &[&str]) -> Option<Duration> {
    let lines: Headers = values.iter().map(|value| ("retry-after", value)).collect();
    match rules().judge(Some((503, &lines)), now()) {
        Disposition::Retry { after } => after,
        other => panic!("{values:?}: {other:?}"),
    }
}

#[test]
fn a_success_is_delivered_whatever_else_it_says() {
    let everything = headers(&[
        ("X-Slack-No-Retry", "1"),
        ("X-Never-Again", ""),
        ("Retry-After", "120"),
    ]);
    for status in [200, 204, 299] {
        let judged = rules().judge(Some((status, &everything)), now());
        assert_eq!(judged, Disposition::Delivered, "{status}");
    }
    let gone_is_fine = Rules {
        success: "2xx,410".parse().expect("statuses"),
        ..rules()
    };
    let judged = gone_is_fine.judge(Some((410, &Headers::new())), now());
    assert_eq!(judged, Disposition::Delivered);
}

#[test]
fn what_is_not_success_is_tried_again() {
    for status in [100, 199, 300, 301, 400, 401, 404, 409, 429, 500, 503, 599] {
        let judged = rules().judge(Some((status, &Headers::new())), now());
        assert_eq!(judged, Disposition::Retry { after: None }, "{status}");
    }
    let unanswered = rules().judge(None, now());
    assert_eq!(unanswered, Disposition::Retry { after: None });
}

#[test]
fn a_status_or_a_header_stops() {
    let slack = header("X-Slack-No-Retry", Some("1"));
    let svix = header("webhook-delivery", Some("abort-message"));
    let never = header("X-Never-Again", None);
    for (status, line, why) in [
        (410, ("A", "b"), StopReason::Status(410)),
        (406, ("X-Slack-No-Retry", "1"), StopReason::Status(406)),
        (
            500,
            ("x-slack-no-retry", "1"),
            StopReason::Header(slack.clone()),
        ),
        (404, ("X-Slack-No-Retry", " 1 "), StopReason::Header(slack)),
        (
            503,
            ("Webhook-Delivery", "abort-message"),
            StopReason::Header(svix),
        ),
        (
            500,
            ("x-never-again", "so be it"),
            StopReason::Header(never),
        ),
    ] {
        let judged = rules().judge(Some((status, &headers(&[line]))), now());
        assert_eq!(judged, Disposition::Stop { why }, "{status} {line:?}");
    }
}

#[test]
fn another_value_of_a_header_does_not_stop() {
    for line in [
        ("X-Slack-No-Retry", "0"),
        ("X-Slack-No-Retry", ""),
        ("X-Slack-No-Retry", "11"),
        ("webhook-delivery", "Abort-Message"),
        ("X-Never", "1"),
    ] {
        let judged = rules().judge(Some((500, &headers(&[line]))), now());
        assert_eq!(judged, Disposition::Retry { after: None }, "{line:?}");
    }
    // Any of several lines is enough.
    let lines = headers(&[("X-Slack-No-Retry", "0"), ("X-Slack-No-Retry", "1")]);
    let judged = rules().judge(Some((500, &lines)), now());
    assert!(matches!(judged, Disposition::Stop { .. }), "{judged:?}");
}

#[test]
fn a_reason_reads_as_the_receiver_said_it() {
    let slack = header("X-Slack-No-Retry", Some("1"));
    for (why, text) in [
        (StopReason::Status(410), "status 410"),
        (StopReason::Header(slack), "header X-Slack-No-Retry: 1"),
        (
            StopReason::Header(header("X-Never-Again", None)),
            "header X-Never-Again",
        ),
    ] {
        assert_eq!(why.to_string(), text);
    }
}

#[test]
fn retry_after_is_seconds_or_a_date_in_three_forms() {
    for (value, seconds) in [
        ("0", 0),
        ("120", 120),
        (" 120\t", 120),
        ("00000000000000000000007", 7),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 30),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 30),
        ("Sun Nov  6 08:49:37 1994", 30),
        // Past, and just now.
        ("Sun, 06 Nov 1994 08:49:07 GMT", 0),
        ("Sun, 06 Nov 1994 08:49:06 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        // More than the sender grants.
        ("3601", 3600),
        ("18446744073709551615", 3600),
        ("99999999999999999999999999", 3600),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
    ] {
        assert_eq!(
            asked(&[value]),
            Some(Duration::from_secs(seconds)),
            "{value}"
        );
    }
}

#[test]
fn retry_after_that_says_nothing_is_ignored() {
    for value in [
        "",
        " ",
        "-1",
        "+5",
        "1.5",
        "1e3",
        "0x10",
        "5s",
        "5 5",
        "120, 120",
        "soon",
        "١٢",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "1994-11-06T08:49:37Z",
    ] {
        assert_eq!(asked(&[value]), None, "{value:?}");
    }
    assert_eq!(asked(&["120", "60"]), None);
    assert_eq!(asked(&["120", "120"]), Some(Duration::from_secs(120)));
    let unread: Headers = [("Retry-After", b"\xff")].into_iter().collect();
    let judged = rules().judge(Some((503, &unread)), now());
    assert_eq!(judged, Disposition::Retry { after: None });
}

#[test]
fn retry_after_counts_only_where_it_is_honoured() {
    let lines = headers(&[("Retry-After", "120")]);
    let judged = Rules::default().judge(Some((429, &lines)), now());
    assert_eq!(judged, Disposition::Retry { after: None });
}

#[test]
fn what_stops_has_no_next_attempt() {
    let why = StopReason::Status(410);
    assert_eq!(Disposition::Stop { why }.wait(Some(HOUR)), None);
    assert_eq!(
        Disposition::Retry { after: None }.wait(Some(HOUR)),
        Some(HOUR)
    );
    assert_eq!(Disposition::Retry { after: None }.wait(None), None);
}

proptest! {
    /// No bytes make it panic, ask for more than is granted, or shorten the schedule.
    #[test]
    fn any_answer_has_a_meaning(
        status in any::<u16>(),
        values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..3),
        second in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
        scheduled in 0..100_000_u64,
    ) {
        let lines: Headers = values.iter().map(|value| ("Retry-After", value)).collect();
        let at = Timestamp::from_second(second).expect("in range");
        let judged = rules().judge(Some((status, &lines)), at);
        prop_assert_eq!(judged == Disposition::Delivered, (200..300).contains(&status));
        if let Disposition::Retry { after } = judged {
            prop_assert!(after.is_none_or(|after| after <= HOUR));
            let scheduled = Duration::from_secs(scheduled);
            let wait = judged.wait(Some(scheduled)).expect("a next attempt");
            prop_assert!(scheduled <= wait && wait <= scheduled.max(HOUR));
        }
    }

    /// Seconds are read as they are written, up to the most that is granted.
    #[test]
    fn any_number_of_seconds_is_read(seconds in any::<u64>()) {
        let expected = Duration::from_secs(seconds).min(HOUR);
        prop_assert_eq!(asked(&[&seconds.to_string()]), Some(expected));
    }

    /// A date is the wait until then, in whichever form it is written.
    #[test]
    fn any_date_is_the_wait_until_then(before in 0..3_000_u32, form in 0..3_usize) {
        let at = now() + Duration::from_secs(before.into());
        let form = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"][form];
        let value = at.strftime(form).to_string();
        prop_assert_eq!(asked(&[&value]), Some(Duration::from_secs(before.into())), "{}", value);
    }
}
