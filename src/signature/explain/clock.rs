//! A signature that is right at the wrong time.

use jiff::SignedDuration;

use crate::message::{TimestampError, TimestampForm};
use crate::signature::verdict::short;
use crate::signature::{Direction, Invalid, TimestampRule, Verdict};

use super::facts::stamps;
use super::{Cause, Question};

/// What is wrong where the signature matches and the clock does not.
pub(super) fn diagnose(question: &Question<'_>, verdict: &Verdict) -> Option<Cause> {
    let rule = question.scheme.timestamp.as_ref()?;
    match verdict {
        Verdict::Stale {
            age,
            tolerance,
            direction,
        } => Some(stale(question, rule, *age, *tolerance, *direction)),
        // With a signed timestamp that is missing nothing was compared yet.
        Verdict::Invalid(Invalid::TimestampMissing) if !question.scheme.signs_timestamp() => {
            Some(Cause::statement(
                "clock-timestamp-missing",
                format!("is valid, but no timestamp stands in the {}", rule.from),
                "Send the timestamp: without it a delivery may be as old as anyone likes.",
            ))
        }
        Verdict::Invalid(Invalid::Timestamp(error)) => Some(unreadable(question, rule, error)),
        _ => None,
    }
}

fn stale(
    question: &Question<'_>,
    rule: &TimestampRule,
    age: SignedDuration,
    tolerance: SignedDuration,
    direction: Direction,
) -> Cause {
    let presented = stamps(question.scheme, &question.envelope);
    let presented = presented.first().map(String::as_str).unwrap_or_default();
    // Ten digits are seconds of this century; as milliseconds they are a day of January 1970.
    if rule.form == TimestampForm::UnixMs && presented.len() == 10 {
        return Cause::statement(
            "clock-seconds",
            "is valid, but the timestamp is in seconds and this scheme's are in milliseconds",
            "Write the timestamp in milliseconds, and sign that text.",
        );
    }
    let distance = short(age.abs());
    let allowed = short(tolerance);
    let (id, words) = match direction {
        Direction::Past => (
            "clock-past",
            format!("is valid, but {distance} old; tolerance is {allowed}"),
        ),
        Direction::Future => (
            "clock-future",
            format!("is valid, but {distance} in the future; tolerance is {allowed}"),
        ),
    };
    let fix = match (direction, hours_off(age, tolerance)) {
        (_, Some(hours)) => format!(
            "Sign Unix time, or a date with its offset: it is {hours} off, as where one side takes \
             local time for UTC. {CAPTURE}"
        ),
        (Direction::Past, None) => format!(
            "Sign each attempt afresh, with its own timestamp, and set both clocks by NTP. {CAPTURE}"
        ),
        (Direction::Future, None) => {
            format!("Set both clocks by NTP: the sender's is ahead of yours. {CAPTURE}")
        }
    };
    Cause::statement(id, words, fix)
}

const CAPTURE: &str = "Judge an old capture as of its own time with --at TIME, or without a clock with --tolerance off.";

/// Whole or half hours, up to the widest offset of a time zone, that explain a distance.
fn hours_off(age: SignedDuration, tolerance: SignedDuration) -> Option<String> {
    const HALF: i64 = 30 * 60;
    const WIDEST: i64 = 14 * 3600;
    let seconds = age.as_secs().abs();
    let near = (seconds + HALF / 2) / HALF * HALF;
    let is_near = (seconds - near).abs() <= tolerance.as_secs().min(60);
    (is_near && (HALF..=WIDEST).contains(&near)).then(|| short(SignedDuration::from_secs(near)))
}

fn unreadable(question: &Question<'_>, rule: &TimestampRule, error: &TimestampError) -> Cause {
    let presented = stamps(question.scheme, &question.envelope);
    let text = presented.first().map(String::as_str).unwrap_or_default();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let form = rule.form;
    let fix = format!("Write the timestamp as {form}, and sign that text.");
    if let Some((id, unit)) = unit(question, form, text).filter(|_| is_number) {
        let own = match form {
            TimestampForm::UnixMs => "milliseconds",
            _ => "seconds",
        };
        let words =
            format!("is valid, but the timestamp is in {unit} and this scheme's are in {own}");
        return Cause::statement(id, words, fix);
    }
    let found = match (is_number, TimestampForm::Rfc3339.read(text)) {
        (true, _) => format!("a number of {} digits", text.len()),
        (false, Ok(_)) => "an RFC 3339 date".to_owned(),
        (false, Err(_)) => format!("nothing that can be read ({error})"),
    };
    let words = format!("is valid, but the timestamp is {found}, and this scheme's are {form}");
    Cause::statement("clock-form", words, fix)
}

/// The unit that a number is in where the scheme's are in another, with the name of the cause:
/// milliseconds by the time that they come to, smaller ones by their length in this century.
fn unit(
    question: &Question<'_>,
    form: TimestampForm,
    digits: &str,
) -> Option<(&'static str, &'static str)> {
    const CENTURY: SignedDuration = SignedDuration::from_hours(100 * 8766);
    if !matches!(form, TimestampForm::Unix | TimestampForm::UnixMs) {
        return None;
    }
    let millis = TimestampForm::UnixMs.read(digits);
    let is_near = millis.is_ok_and(|at| at.duration_since(question.now).abs() <= CENTURY);
    match digits.len() {
        _ if is_near && form == TimestampForm::Unix => Some(("clock-milliseconds", "milliseconds")),
        16 => Some(("clock-microseconds", "microseconds")),
        19 => Some(("clock-nanoseconds", "nanoseconds")),
        _ => None,
    }
}

/// How old a delivery is besides, where something else was found that is wrong with it.
pub(super) fn besides(question: &Question<'_>) -> Option<Cause> {
    let scheme = question.scheme;
    let rule = scheme.timestamp.as_ref()?;
    let presented = stamps(scheme, &question.envelope);
    let at = rule.form.read(presented.first()?).ok()?;
    let age = SignedDuration::from_secs(question.now.duration_since(at).as_secs());
    let over = |limit: Option<SignedDuration>, age| limit.filter(|limit| age > *limit);
    let (id, side, tolerance) = match (
        over(rule.tolerance.past, age),
        over(rule.tolerance.future, -age),
    ) {
        (Some(tolerance), _) => ("clock-past", "old", tolerance),
        (None, Some(tolerance)) => ("clock-future", "in the future", tolerance),
        (None, None) => return None,
    };
    let words = format!(
        "a delivery {} {side} is let through (tolerance is {})",
        short(age.abs()),
        short(tolerance)
    );
    Some(Cause::condition(id, words, CAPTURE))
}
