//! The timestamp: signed, unsigned and in the body, on both sides of now.

use jiff::SignedDuration;
use wh::message::{TimestampError, TimestampForm};
use wh::signature::{Algorithm, Direction, Invalid, Tolerance, Valid, Verdict};

use super::{Delivery, NO_TIMESTAMP, NOT_SECONDS, NOW, OUT_OF_RANGE, at, stale, valid};

#[test]
fn a_signed_timestamp_is_judged_to_the_second_on_both_sides() {
    for (text, verdict) in [
        ("1769595899", stale(301)),
        ("1769595900", valid(300)),
        ("1769595901", valid(299)),
        ("1769596199", valid(1)),
        ("1769596200", valid(0)),
        ("1769596201", valid(-1)),
        ("1769596499", valid(-299)),
        ("1769596500", valid(-300)),
        ("1769596501", stale(-301)),
        ("1769509800", stale(86_400)),
        ("1769682600", stale(-86_400)),
        ("0", stale(NOW)),
        ("1", stale(NOW - 1)),
        ("253402207200", stale(NOW - 253_402_207_200)), // the last one that is a date
        ("001769596200", valid(0)),
        ("0000000000000000000000000000001769596200", valid(0)),
        ("253402207201", OUT_OF_RANGE),
        ("1769596200000", OUT_OF_RANGE), // milliseconds where seconds are meant
        ("1769596200000000", OUT_OF_RANGE),
        ("9223372036854775807", OUT_OF_RANGE),
        ("9223372036854775808", NOT_SECONDS),
        ("18446744073709551616", NOT_SECONDS),
        ("99999999999999999999999999999999", NOT_SECONDS),
        ("-1", NOT_SECONDS),
        ("-1769596200", NOT_SECONDS),
        ("-9223372036854775808", NOT_SECONDS),
        ("-0", NOT_SECONDS),
        ("+1769596200", NOT_SECONDS),
        (" 1769596200", NOT_SECONDS),
        ("1769596200 ", NOT_SECONDS),
        ("\t1769596200", NOT_SECONDS),
        ("17695 96200", NOT_SECONDS),
        ("1769596200.0", NOT_SECONDS),
        ("1769596200.", NOT_SECONDS),
        ("1,769,596,200", NOT_SECONDS),
        ("1_769_596_200", NOT_SECONDS),
        ("1.7695962e9", NOT_SECONDS),
        ("0x6979E528", NOT_SECONDS),
        ("6979e528", NOT_SECONDS),
        ("NaN", NOT_SECONDS),
        ("inf", NOT_SECONDS),
        ("null", NOT_SECONDS),
        ("", NOT_SECONDS),
        ("1769596200,1769596200", NOT_SECONDS),
        ("1769596200\0", NOT_SECONDS),
        ("2026-01-28T10:30:00Z", NOT_SECONDS),
        ("١٧٦٩٥٩٦٢٠٠", NOT_SECONDS),           // Arabic-Indic digits
        ("１７６９５９６２００", NOT_SECONDS), // full-width digits
    ] {
        let delivery = Delivery::stamped("wlcro", text);
        assert_eq!(delivery.judge(), verdict, "{text:?}");
    }
}

/// 300.9 s is not older than 300 s: the platforms' libraries compare whole seconds.
#[test]
fn fractions_of_a_second_do_not_count() {
    for (milliseconds, verdict) in [
        (300_000, valid(300)),
        (300_999, valid(300)),
        (301_000, stale(301)),
        (-300_999, valid(-300)),
        (-301_000, stale(-301)),
    ] {
        let now = at(NOW) + SignedDuration::from_millis(milliseconds);
        assert_eq!(
            Delivery::of("wlcro").judge_at(now),
            verdict,
            "{milliseconds}"
        );
    }
}

#[test]
fn each_provider_bounds_its_timestamp_in_its_own_way() {
    let none = Tolerance::default();
    let zero = Tolerance::both(SignedDuration::ZERO);
    let far = 10 * 365 * 86_400;
    let old = |age, tolerance| Verdict::Stale {
        age: SignedDuration::from_secs(age),
        tolerance: SignedDuration::from_secs(tolerance),
        direction: Direction::Past,
    };
    for (provider, tolerance, age, verdict) in [
        ("stripe", None, 300, valid(300)),
        ("stripe", None, 301, stale(301)),
        ("stripe", None, -far, valid(-far)),
        ("paddle", None, 5, valid(5)),
        ("paddle", None, 6, old(6, 5)),
        ("paddle", None, -far, valid(-far)),
        ("standard-webhooks", None, 301, stale(301)),
        ("standard-webhooks", None, -301, stale(-301)),
        ("zoom", None, far, valid(far)),
        ("wlcro", Some(none), far, valid(far)),
        ("wlcro", Some(none), -far, valid(-far)),
        ("wlcro", Some(zero), 0, valid(0)),
        ("wlcro", Some(zero), 1, old(1, 0)),
    ] {
        let mut delivery = Delivery::of(provider);
        if let Some(tolerance) = tolerance {
            delivery = delivery.within(tolerance);
        }
        let now = at(NOW) + SignedDuration::from_secs(age);
        assert_eq!(delivery.judge_at(now), verdict, "{provider} {age}");
    }
    let ahead = Delivery::of("wlcro").within(zero).judge_at(at(NOW - 1));
    assert_eq!(
        ahead.to_string(),
        "stale: signature valid, 1s in the future, tolerance 0s"
    );
}

/// Where the signature does not cover the timestamp, a delivery stands or falls without it, unless
/// there is a tolerance to hold it against.
#[test]
fn an_unsigned_timestamp_is_read_in_any_form_and_decides_only_what_it_is_asked_to() {
    const NOT_A_DATE: Verdict = Verdict::Invalid(Invalid::Timestamp(TimestampError::Form(
        TimestampForm::Rfc3339,
    )));
    let any = Tolerance::default();
    let five_minutes = Tolerance::both(SignedDuration::from_mins(5));
    let skewed = |age| {
        Verdict::Valid(Valid {
            age: Some(SignedDuration::from_secs(age)),
            skewed: true,
            ..Valid::default()
        })
    };
    let ageless = || Verdict::Valid(Valid::default());
    for (text, unbounded, bounded) in [
        (Some("2026-01-28T10:30:00.000Z"), valid(0), valid(0)),
        (Some("2026-01-28T10:30:00Z"), valid(0), valid(0)),
        (Some("2026-01-28T11:30:00+01:00"), valid(0), valid(0)),
        (Some("1769596200"), valid(0), valid(0)),
        (Some("1769596200000"), valid(0), valid(0)),
        (Some("2026-01-28T10:25:00Z"), valid(300), valid(300)),
        (Some("2026-01-28T10:24:59Z"), skewed(301), stale(301)),
        (Some("2026-01-28T10:35:00Z"), valid(-300), valid(-300)),
        (Some("2026-01-28T10:35:01Z"), skewed(-301), stale(-301)),
        (Some("yesterday"), ageless(), NOT_A_DATE),
        (Some(""), ageless(), NOT_A_DATE),
        (None, ageless(), NO_TIMESTAMP),
    ] {
        let delivery = || match text {
            Some(text) => Delivery::of("cepro").with("X-Webhook-Timestamp", text),
            None => Delivery::of("cepro").without("X-Webhook-Timestamp"),
        };
        assert_eq!(delivery().within(any).judge(), unbounded, "{text:?}");
        let verdict = delivery().within(five_minutes).judge();
        assert_eq!(verdict, bounded, "{text:?}");
    }
}

#[test]
fn a_timestamp_in_a_signed_body_is_judged_as_a_signed_one() {
    let not_milliseconds = Verdict::Invalid(Invalid::Timestamp(TimestampError::Form(
        TimestampForm::UnixMs,
    )));
    for (body, verdict) in [
        (r#"{"webhookTimestamp":1769596140000}"#, valid(60)),
        (r#"{"webhookTimestamp":"1769596200000"}"#, valid(0)),
        (
            r#"{"webhookTimestamp":1,"webhookTimestamp":1769596200000}"#,
            valid(0), // of repeated keys the last one counts
        ),
        (
            r#"{"webhookTimestamp":1769596200000.5}"#,
            not_milliseconds.clone(),
        ),
        (
            r#"{"webhookTimestamp":"2026-01-28T10:30:00Z"}"#,
            not_milliseconds,
        ),
        (r#"{"webhookTimestamp":null}"#, NO_TIMESTAMP),
        ("{}", NO_TIMESTAMP),
        ("not JSON", NO_TIMESTAMP),
    ] {
        let delivery = Delivery::of("linear").signing(Algorithm::HmacSha256, body);
        assert_eq!(delivery.judge(), verdict, "{body}");
    }
}
