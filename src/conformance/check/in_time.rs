//! When a receiver must answer.

use std::time::Duration;

use crate::conformance::length::length;
use crate::conformance::{Rule, Ruling};
use crate::delivery::{Attempt, Times};
use crate::provider::Provider;

use super::catalogue::{Entry, Group};
use super::judge::{Judged, Seen, as_wanted, longest};
use super::shot::{Manner, Plan, Round, Shot, Wants};
use super::workshop::Workshop;

/// The rules.
pub(super) static RULES: &[Entry] = &[
    Entry::must(Group::InTime, Rule {
            id: "in-time-answer",
            title: "A delivery is answered before the platform gives up",
            why: "An answer that comes later counts as none: the delivery is a failure, and comes again.",
            page: None,
            fix: "Verify, keep the delivery in a queue, answer 2xx, and do the work afterwards.",
        }, answer).judged_by(in_time),
    Entry::must(Group::InTime, Rule {
            id: "in-time-p95",
            title: "95 of 100 deliveries are answered well before the platform gives up",
            why: "What is close to the limit on a quiet day is beyond it on another.",
            page: None,
            fix: "Do the work after the answer, and keep what is slow out of the way: look-ups, mails, \
                  other services.",
        }, p95).judged_by(percentiles),
    Entry::must(Group::InTime, Rule {
            id: "in-time-burst",
            title: "Fifty deliveries at once are all taken in time",
            why: "An import or a bulk change on the platform sends what it has at once.",
            page: None,
            fix: "Give the receiver as many workers and connections as a burst needs, or let it queue \
                  and answer.",
        }, burst).judged_by(in_time),
    Entry::must(Group::InTime, Rule {
            id: "in-time-slow-client",
            title: "A client that sends slowly holds up nobody else",
            why: "One connection that dawdles, or means harm, would keep every delivery waiting.",
            page: None,
            fix: "Serve connections beside each other: a threaded or asynchronous server, or a proxy \
                  that reads requests whole before it passes them on.",
        }, slow_client).judged_by(not_held_up),
    Entry::must(Group::InTime, Rule {
            id: "in-time-half-request",
            title: "Requests that break off in the middle do not end the service",
            why: "Connections break; what comes after them has nothing to do with it.",
            page: None,
            fix: "Let an error while a request is read end that request alone, and put a limit on the \
                  time for reading one.",
        }, half_requests).judged_by(in_time),
];

/// How many deliveries show how fast the answers are, one after the other and at once.
const MANY: usize = 50;

/// The same in a quick check.
const FEW: usize = 10;

/// How many requests break off.
const BROKEN: usize = 3;

/// How long a slow client takes for its second half.
const SLOW: Duration = Duration::from_secs(2);

/// The same in a quick check.
const QUICK_SLOW: Duration = Duration::from_secs(1);

fn answer(workshop: &mut Workshop<'_>) -> Plan {
    rounds(vec![Round::Each(deliveries(workshop, 1))])
}

fn p95(workshop: &mut Workshop<'_>) -> Plan {
    let count = if workshop.quick { FEW } else { MANY };
    rounds(vec![Round::Each(deliveries(workshop, count))])
}

fn burst(workshop: &mut Workshop<'_>) -> Plan {
    rounds(vec![Round::Together(deliveries(workshop, MANY))])
}

fn slow_client(workshop: &mut Workshop<'_>) -> Plan {
    let pause = if workshop.quick { QUICK_SLOW } else { SLOW };
    let slow = Shot {
        manner: Manner::Slow(pause),
        ..workshop.shot("a slow request", &workshop.usual(), Wants::Nothing)
    };
    rounds(vec![
        Round::Each(deliveries(workshop, 1)),
        Round::Meanwhile {
            first: Box::new(slow),
            start: start(pause),
            others: deliveries(workshop, 2),
        },
    ])
}

fn half_requests(workshop: &mut Workshop<'_>) -> Plan {
    let half = || Shot {
        manner: Manner::Half,
        ..workshop.shot("half a request", &workshop.usual(), Wants::Nothing)
    };
    rounds(vec![
        Round::Each((0..BROKEN).map(|_| half()).collect()),
        Round::Each(deliveries(workshop, 1)),
    ])
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a plan may say that there is no such rule"
)]
fn rounds(rounds: Vec<Round>) -> Plan {
    Ok(rounds)
}

/// Ordinary deliveries.
fn deliveries(workshop: &Workshop<'_>, count: usize) -> Vec<Shot> {
    let delivery = |_| workshop.fresh_shot("a delivery", &workshop.usual(), Wants::Accepted);
    (0..count).map(delivery).collect()
}

/// How long after a slow request the others begin: it must be under way by then.
fn start(pause: Duration) -> Duration {
    pause / 4
}

/// Every delivery is taken, and the slowest answer is in time.
fn in_time(seen: &Seen<'_>) -> Judged {
    let taken = as_wanted(seen);
    if taken.ruling != Ruling::Pass && !is_late(&taken, seen) {
        return taken;
    }
    let slowest = longest(waited(seen).map(|(_, attempt)| attempt.elapsed));
    let words = match waited(seen).count() {
        1 => length(slowest),
        _ => format!("the slowest {}", length(slowest)),
    };
    by_time(seen, slowest, words)
}

/// Every delivery is taken, and the time that 95 of 100 do not exceed is well before the timeout.
fn percentiles(seen: &Seen<'_>) -> Judged {
    let taken = as_wanted(seen);
    if taken.ruling != Ruling::Pass && !is_late(&taken, seen) {
        return taken;
    }
    let mut times = Times::new();
    for (_, attempt) in waited(seen) {
        times.record(attempt.elapsed);
    }
    let at = |percent| times.percentile(percent).unwrap_or_default();
    let (p50, p95) = (at(50.0), at(95.0));
    by_time(
        seen,
        p95,
        format!("p50 {}, p95 {}", length(p50), length(p95)),
    )
}

/// What comes beside a slow request is answered as soon as what came alone, not when that is done.
fn not_held_up(seen: &Seen<'_>) -> Judged {
    let taken = as_wanted(seen);
    let elapsed = |nth: usize| {
        seen.shots
            .get(nth)?
            .1
            .as_ref()
            .map(|attempt| attempt.elapsed)
    };
    let (Some(alone), Some((slow, _))) = (elapsed(0), seen.shots.get(1)) else {
        return taken;
    };
    let Manner::Slow(pause) = slow.manner else {
        return taken;
    };
    let most = alone + pause.saturating_sub(start(pause)) / 2;
    let is_held = |nth: &usize| elapsed(*nth).is_some_and(|elapsed| elapsed > most);
    let held: Vec<usize> = (2..seen.shots.len()).filter(is_held).collect();
    let beside = longest((2..seen.shots.len()).filter_map(elapsed));
    let came = format!("{} alone, {} beside it", length(alone), length(beside));
    match (held.is_empty(), taken.ruling) {
        (false, _) => Judged::fail(came, held),
        (true, Ruling::Pass) => Judged::pass(came),
        (true, _) => taken,
    }
}

/// The requests whose answer was waited for, by their place.
fn waited<'s>(seen: &'s Seen<'_>) -> impl Iterator<Item = (usize, &'s Attempt)> {
    let shots = seen.shots.iter().enumerate();
    shots.filter_map(|(nth, (_, attempt))| Some((nth, attempt.as_ref()?)))
}

/// Whether it is only their lateness that is wrong with the answers.
fn is_late(taken: &Judged, seen: &Seen<'_>) -> bool {
    let timeout = seen.provider.delivery.timeout;
    let attempt = |nth: &usize| seen.shots.get(*nth)?.1.as_ref();
    let is_late = |nth| attempt(nth).is_some_and(|attempt| attempt.elapsed > timeout);
    taken.culprits.iter().all(is_late)
}

/// Judges a time by the platform's timeout: beyond it is too late, above half of it is near.
fn by_time(seen: &Seen<'_>, time: Duration, words: String) -> Judged {
    let Provider { delivery, .. } = seen.provider;
    let beyond = |limit: Duration| {
        let late = waited(seen).filter(|(_, attempt)| attempt.elapsed > limit);
        late.map(|(nth, _)| nth).collect::<Vec<_>>()
    };
    let is_assumed = seen.provider.assumes("delivery.timeout");
    let assumed = if is_assumed { " (assumed)" } else { "" };
    let limit = format!("{}{assumed}", length(delivery.timeout));
    if time > delivery.timeout {
        let late = beyond(delivery.timeout);
        let came = format!("{words}, and the platform waits {limit}");
        return if is_assumed {
            Judged::warn(came, late)
        } else {
            Judged::fail(came, late)
        };
    }
    if time > delivery.timeout / 2 {
        let near = beyond(delivery.timeout / 2);
        return Judged::warn(
            format!("{words}, more than half of the {limit} that the platform waits"),
            near,
        );
    }
    Judged::pass(words)
}
