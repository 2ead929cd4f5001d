//! When a signature must not be taken: its timestamp is missing, too far from now, or no timestamp.

use jiff::{SignedDuration, Timestamp};

use crate::conformance::{Rule, Ruling};
use crate::delivery::Attempt;
use crate::message::TimestampForm;
use crate::message::json::Edit;
use crate::provider::Tamper;
use crate::signature::{Source, TimestampRule, Tolerance};

use super::catalogue::{Entry, Group};
use super::judge::{Judged, Seen, as_wanted};
use super::shot::{Plan, Shot, Wants};
use super::workshop::{Parcel, Workshop, each, raw};

/// The rules; only of a timestamp that is signed can anything be demanded.
///
/// "Quickstart: Webhooks for Developers" calls the check of its age optional in a step, and has it in
/// the checklist for production: it is the checklist that counts.
pub(super) static RULES: &[Entry] = &[
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-no-timestamp",
            title: "A delivery without its timestamp is refused",
            why: "What is not there is not too old: the check of its age is passed over.",
            page: None,
            fix: "Where the timestamp is missing, answer 401 before anything else.",
        },
        no_timestamp,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-stale",
            title: "A timestamp that is too old is refused",
            why: "Whoever has recorded a delivery can send it again, signature and all; the signed timestamp is there to end that.",
            page: None,
            fix: "Refuse where the timestamp is older than the tolerance.",
        },
        stale,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-future",
            title: "A timestamp that is too far ahead is refused",
            why: "It would stay valid until then.",
            page: None,
            fix: "Compare the distance between the timestamp and now, either way, with the tolerance.",
        },
        future,
    )
    .judged_by(by_future_tolerance)
    .uncounted(),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-timestamp-form",
            title: "A timestamp that is none is refused",
            why: "`NaN` is never too old: every comparison with it is false. Other texts throw.",
            page: None,
            fix: "Read the timestamp strictly, and refuse what is none as what is too old.",
        },
        form,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-milliseconds",
            title: "A timestamp in another unit is refused",
            why: "Milliseconds that are read as seconds lie in the far future.",
            page: None,
            fix: "Read the timestamp in the unit that the platform documents, and hold it against the tolerance.",
        },
        other_unit,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-changed-timestamp",
            title: "A timestamp that was changed after signing is refused",
            why: "With a new timestamp an old delivery looks new: it is under the signature so that it cannot be changed.",
            page: None,
            fix: "Compute the signature over the timestamp that came with the request, as it stands there.",
        },
        changed,
    ),
];

/// How far beyond the tolerance is certainly beyond it: clocks differ.
const BEYOND: SignedDuration = SignedDuration::from_secs(60);

/// The usual delivery and the rule of its timestamp, or why nothing can be demanded of that.
fn timed<'r>(workshop: &Workshop<'r>) -> Result<(Parcel, &'r TimestampRule), String> {
    let parcel = workshop.signed()?;
    let scheme = workshop.scheme();
    match &scheme.timestamp {
        Some(rule) if scheme.vouches_for_timestamp() => Ok((parcel, rule)),
        Some(_) => Err("the timestamp is not signed: nothing can be enforced by it".to_owned()),
        None => Err("the platform sends no timestamp".to_owned()),
    }
}

fn no_timestamp(workshop: &mut Workshop<'_>) -> Plan {
    let (parcel, rule) = timed(workshop)?;
    let missing = "no timestamp";
    let shots = match &rule.from {
        Source::Header(name) => {
            let blank = Parcel {
                timestamp: Some(String::new()),
                ..parcel.clone()
            };
            let shot = |label, parcel| {
                let mut message = workshop.message(parcel);
                message.headers.remove(name);
                raw(label, message, Wants::Refused)
            };
            vec![
                shot(missing, &parcel),
                shot("no timestamp, and an empty one signed", &blank),
            ]
        }
        Source::Signature => {
            let message = workshop.message(&parcel);
            let value = workshop
                .scheme()
                .value
                .write_untimed(&workshop.tag(&message));
            let message = workshop.with_value(&message, value);
            vec![raw(missing, message, Wants::Refused)]
        }
        Source::Body(_) if rule.tolerance == Tolerance::default() => {
            return Err("the timestamp may lie at any distance".to_owned());
        }
        Source::Body(pointer) => {
            let body = workshop.message(&parcel).body;
            let text = String::from_utf8_lossy(&body);
            let body = Edit::take(pointer).apply(&text);
            let body = body.map_err(|_| "the body has no place for a timestamp".to_owned())?;
            let message = workshop.composed(&parcel, &body.into());
            vec![raw(missing, message, Wants::Refused)]
        }
    };
    each(shots)
}

fn stale(workshop: &mut Workshop<'_>) -> Plan {
    let (parcel, rule) = timed(workshop)?;
    let Some(past) = rule.tolerance.past else {
        return Err("a timestamp may be of any age".to_owned());
    };
    workshop.or_few(away(workshop, &parcel, past, -1), 1)
}

fn future(workshop: &mut Workshop<'_>) -> Plan {
    let (parcel, rule) = timed(workshop)?;
    let Some(future) = rule.tolerance.future else {
        return Err("a timestamp may lie ahead by any distance".to_owned());
    };
    workshop.or_few(away(workshop, &parcel, future, 1), 1)
}

/// Deliveries on one side of now, a little and far beyond the tolerance.
fn away(
    workshop: &Workshop<'_>,
    parcel: &Parcel,
    tolerance: SignedDuration,
    side: i32,
) -> Vec<Shot> {
    let near = tolerance.saturating_add(BEYOND).min(CENTURY);
    let far = tolerance.saturating_mul(100).clamp(near, CENTURY);
    let shot = |distance: SignedDuration| {
        let offset = distance * side;
        let parcel = Parcel {
            offset,
            ..parcel.clone()
        };
        let word = if side < 0 { "old" } else { "ahead" };
        let label = format!("timestamp {} s {word}", distance.as_secs());
        workshop.shot(&label, &parcel, Wants::Refused)
    };
    vec![shot(near), shot(far)]
}

/// No timestamp can lie farther from now.
const CENTURY: SignedDuration = SignedDuration::from_hours(24 * 365 * 40);

/// As wanted; where the platform's document has no tolerance on this side, what is taken is a remark.
fn by_future_tolerance(seen: &Seen<'_>) -> Judged {
    let judged = as_wanted(seen);
    let assumed = seen.provider.assumes("timestamp.tolerance.future");
    let is_taken = |nth: &usize| {
        let status = seen.shots[*nth].1.as_ref().and_then(Attempt::status);
        status.is_some_and(|status| seen.provider.delivery.rules.success.contains(status))
    };
    if judged.ruling == Ruling::Fail && assumed && judged.culprits.iter().all(is_taken) {
        let ruling = Ruling::Warn;
        return Judged { ruling, ..judged };
    }
    judged
}

fn form(workshop: &mut Workshop<'_>) -> Plan {
    let (parcel, rule) = timed(workshop)?;
    if rule.tolerance == Tolerance::default() {
        return Err("the timestamp may lie at any distance".to_owned());
    }
    let now = rule.form.write(Timestamp::now());
    let mut texts = ["NaN", "", "Infinity", "-1", "1e10", "now"]
        .map(str::to_owned)
        .to_vec();
    texts.push(format!("{now}abc"));
    let shot = |text: String| {
        let label = match text.as_str() {
            "" => "an empty timestamp".to_owned(),
            text => format!("timestamp `{text}`"),
        };
        let parcel = Parcel {
            timestamp: Some(text),
            ..parcel.clone()
        };
        workshop.shot(&label, &parcel, Wants::Refused)
    };
    workshop.or_few(texts.into_iter().map(shot).collect(), 2)
}

fn other_unit(workshop: &mut Workshop<'_>) -> Plan {
    let (parcel, rule) = timed(workshop)?;
    let (form, tolerance) = match rule.form {
        TimestampForm::Unix => (TimestampForm::UnixMs, rule.tolerance.future),
        TimestampForm::UnixMs => (TimestampForm::Unix, rule.tolerance.past),
        TimestampForm::Rfc3339 | TimestampForm::Rfc3339Ms => {
            return Err("the timestamp is a date, which has no unit".to_owned());
        }
    };
    if tolerance.is_none() {
        return Err("on that side the timestamp may lie at any distance".to_owned());
    }
    let text = form.write(Timestamp::now());
    let parcel = Parcel {
        timestamp: Some(text),
        ..parcel
    };
    each(vec![workshop.shot(
        &format!("timestamp in {form}"),
        &parcel,
        Wants::Refused,
    )])
}

fn changed(workshop: &mut Workshop<'_>) -> Plan {
    let (parcel, rule) = timed(workshop)?;
    if matches!(rule.from, Source::Body(_)) {
        return Err("the timestamp stands in the body".to_owned());
    }
    let parcel = Parcel {
        tamper: Some(Tamper::Timestamp),
        ..parcel
    };
    each(vec![workshop.shot(
        "a timestamp of a second later",
        &parcel,
        Wants::Refused,
    )])
}
