//! What a receiver must take: every delivery that the platform may make.

use jiff::SignedDuration;

use crate::conformance::Rule;
use crate::signature::Field;

use super::catalogue::{Entry, Group};
use super::shot::{Manner, Plan, Shot, Wants};
use super::workshop::{Parcel, Workshop, each, raw};

/// The rules on deliveries; those on their bodies stand beside them.
pub(super) static RULES: &[Entry] = &[
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-event",
            title: "Each event of the platform's catalogue is taken",
            why: "It is what the platform sends; what is refused is sent again, and lost in the end.",
            page: None,
            fix: "Verify the raw bytes of the body with the platform's scheme and secret, and answer 2xx.",
        },
        events,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-legacy-event",
            title: "Each legacy event is taken",
            why: "The platform still sends them to endpoints that are subscribed to them.",
            page: None,
            fix: "Answer 2xx to events that you do not handle: verified and ignored is success.",
        },
        legacy_events,
    )
    .at_length(),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-test",
            title: "The platform's test delivery is taken",
            why: "It is how the platform and its users find out whether the endpoint works.",
            page: None,
            fix: "Verify it as any other delivery, and answer 2xx.",
        },
        test,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-unknown-event",
            title: "An event that is not in the catalogue is taken",
            why: "Platforms add events; one that is refused is sent again, and may count towards switching the endpoint off.",
            page: Some("no document states it"),
            fix: "Answer 2xx to events that you do not handle: verified and ignored is success.",
        },
        unknown_event,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-retry",
            title: "Later attempts are taken, though the first ones never came",
            why: "A delivery that is lost on the way comes again as attempt 2 and on.",
            page: None,
            fix: "Tell repeats by the delivery's id, never by the number of the attempt.",
        },
        retries,
    )
    .at_length(),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-header-case",
            title: "Header names are taken in lower case",
            why: "The letter case of a header's name is of no account: proxies and HTTP/2 send it in lower case.",
            page: Some("RFC 9110 §5.1; RFC 9113 §8.2"),
            fix: "Look headers up without regard to letter case.",
        },
        header_case,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-charset",
            title: "A content type with a charset is taken",
            why: "Clients and proxies add one, and the media type is the same with it.",
            page: Some("RFC 9110 §8.3.1"),
            fix: "Compare the media type alone, without its parameters, or not at all.",
        },
        charset,
    )
    .at_length(),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-clock-skew",
            title: "A timestamp within the tolerance is taken",
            why: "Clocks differ, and deliveries wait in queues: the tolerance is there for that.",
            page: None,
            fix: "Compare the distance between the timestamp and now, either way, with the tolerance.",
        },
        clock_skew,
    ),
    Entry::should(
        Group::Accepts,
        Rule {
            id: "accepts-scheme-case",
            title: "The word before the token is taken in another letter case",
            why: "It names an authentication scheme, whose letter case is of no account.",
            page: Some("RFC 9110 §11.1"),
            fix: "Compare the word before the token without regard to letter case, and the token with it.",
        },
        scheme_case,
    ),
];

/// How many events a quick check has.
const FEW: usize = 3;

fn events(workshop: &mut Workshop<'_>) -> Plan {
    let current = workshop.provider().events.iter();
    let mut names: Vec<_> = current
        .filter(|event| !event.legacy)
        .map(|event| event.name.clone())
        .collect();
    if names.is_empty() {
        names.push(workshop.usual_event());
    }
    workshop.or_few(taken(workshop, &names), FEW)
}

fn legacy_events(workshop: &mut Workshop<'_>) -> Plan {
    let legacy = workshop.provider().events.iter();
    let names: Vec<_> = legacy
        .filter(|event| event.legacy)
        .map(|event| event.name.clone())
        .collect();
    if names.is_empty() {
        return Err("the platform has no legacy events".to_owned());
    }
    each(taken(workshop, &names))
}

fn taken(workshop: &Workshop<'_>, names: &[String]) -> Vec<Shot> {
    let shot = |name: &String| workshop.fresh_shot(name, &workshop.parcel(name), Wants::Accepted);
    names.iter().map(shot).collect()
}

fn test(workshop: &mut Workshop<'_>) -> Plan {
    match workshop.test() {
        Some(parcel) => each(vec![workshop.shot(
            "test delivery",
            &parcel,
            Wants::Accepted,
        )]),
        None => Err("the platform documents no test delivery".to_owned()),
    }
}

fn unknown_event(workshop: &mut Workshop<'_>) -> Plan {
    let provider = workshop.provider();
    let mut headers = provider.headers.iter();
    if provider.event_from.is_none() && !headers.any(|rule| rule.value.has(&Field::Event)) {
        return Err("the platform's deliveries do not name their event".to_owned());
    }
    let parcel = workshop.parcel("wh.check.unknown");
    each(vec![workshop.shot(&parcel.event, &parcel, Wants::Accepted)])
}

fn retries(workshop: &mut Workshop<'_>) -> Plan {
    let attempts = workshop.provider().delivery.retry.attempts();
    if attempts < 2 {
        return Err("the platform never tries again".to_owned());
    }
    let shot = |attempt| {
        let parcel = Parcel {
            attempt,
            ..workshop.usual()
        };
        workshop.fresh_shot(&format!("attempt {attempt}"), &parcel, Wants::Accepted)
    };
    each((2..=attempts.min(4)).map(shot).collect())
}

fn header_case(workshop: &mut Workshop<'_>) -> Plan {
    let mut message = workshop.message(&workshop.usual());
    let lines = message.headers.iter();
    message.headers = lines
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    each(vec![Shot {
        manner: Manner::LowerCase,
        ..raw("names in lower case", message, Wants::Accepted)
    }])
}

fn charset(workshop: &mut Workshop<'_>) -> Plan {
    let mut message = workshop.message(&workshop.usual());
    let value = format!("{}; charset=utf-8", workshop.provider().content_type);
    message.headers.set("Content-Type", &value);
    each(vec![raw(value, message, Wants::Accepted)])
}

fn clock_skew(workshop: &mut Workshop<'_>) -> Plan {
    let scheme = workshop.scheme();
    let rule = scheme.timestamp.as_ref();
    let rule = rule.filter(|_| scheme.vouches_for_timestamp());
    let Some(rule) = rule.filter(|_| workshop.receiver.key.is_some()) else {
        return Err("no timestamp is signed".to_owned());
    };
    let past = rule.tolerance.past.map(|past| past.min(DAY) * 4 / 5);
    let future = rule.tolerance.future.map(|future| -future.min(AHEAD));
    let ages: Vec<_> = past.into_iter().chain(future).collect();
    if ages.is_empty() {
        return Err("the timestamp may lie at any distance".to_owned());
    }
    let shot = |age: SignedDuration| {
        let parcel = Parcel {
            offset: -age,
            ..workshop.usual()
        };
        let side = if age.is_negative() { "ahead" } else { "old" };
        let label = format!("timestamp {} s {side}", age.abs().as_secs());
        workshop.fresh_shot(&label, &parcel, Wants::Accepted)
    };
    each(ages.into_iter().map(shot).collect())
}

/// A tolerance may be longer than there have been timestamps.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How far a clock that is kept is ahead at most.
const AHEAD: SignedDuration = SignedDuration::from_secs(5);

fn scheme_case(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = workshop.signed()?;
    let message = workshop.message(&parcel);
    let (value, tag) = (workshop.value(&message), workshop.tag(&message));
    let word = value.strip_suffix(&tag[..]).unwrap_or_default();
    if !workshop.scheme().value.has_secret() || !word.iter().any(u8::is_ascii_alphabetic) {
        return Err("no word stands before a token".to_owned());
    }
    let shot = |word: Vec<u8>| {
        let label = format!("`{}…`", String::from_utf8_lossy(&word));
        let message = workshop.with_value(&message, [&word[..], &tag].concat());
        raw(label, message, Wants::Accepted)
    };
    let words = [word.to_ascii_lowercase(), word.to_ascii_uppercase()];
    each(words.into_iter().map(shot).collect())
}
