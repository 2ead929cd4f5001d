//! Goals against what comes in.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Expectations, Goal, Standing};
use crate::message::{Headers, Message};
use crate::report::{Demand, Expectation};
use crate::store::{
    Answered, Attempt, Candidate, CountedFilter, Direction, Judgement, Outcome, There, VerdictKind,
};

/// An attempt that comes in: the number of its delivery, its webhook id, which attempt, and the event.
#[derive(Clone, Copy)]
struct Came {
    delivery: i64,
    webhook_id: Option<&'static str>,
    number: Option<u32>,
    nth: u32,
    event: &'static str,
    status: u16,
    duplicate_of: Option<i64>,
    is_handshake: bool,
}

/// The first attempt of a delivery without an id.
fn came(delivery: i64, event: &'static str) -> Came {
    Came {
        delivery,
        webhook_id: None,
        number: None,
        nth: 1,
        event,
        status: 200,
        duplicate_of: None,
        is_handshake: false,
    }
}

fn goal(text: &str, wanted: u64) -> Goal {
    let counted = CountedFilter::parse(text, Timestamp::UNIX_EPOCH).expect(text);
    let demand = match wanted {
        0 => Demand::Forbid(text.to_owned()),
        _ => Demand::Expect(text.to_owned()),
    };
    Goal {
        demand,
        filter: counted.filter,
        written: counted.terms.len(),
        terms: counted.terms,
        wanted,
    }
}

/// What becomes of goals when these come in, one each second.
fn after(goals: Vec<Goal>, all: &[Came]) -> Expectations {
    let mut expectations = Expectations::new(goals);
    for (second, one) in (1..).zip(all) {
        let attempt = Attempt {
            direction: Direction::Received,
            provider: "cepro".to_owned(),
            endpoint: "/".to_owned(),
            event: (!one.event.is_empty()).then(|| one.event.to_owned()),
            webhook_id: one.webhook_id.map(str::to_owned),
            at: Timestamp::UNIX_EPOCH,
            number: one.number,
            of: 4,
            status: Some(one.status),
            took: Duration::ZERO,
            outcome: Outcome::Success,
            fault: None,
            verdict: Some(Judgement {
                kind: VerdictKind::Valid,
                reason: None,
            }),
            size: 0,
            answered: one
                .is_handshake
                .then(|| Answered::Handshake("slack-challenge".to_owned())),
        };
        let request = Message {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: Headers::new(),
            body: Bytes::new(),
        };
        let candidate = Candidate {
            delivery: one.delivery,
            id: Uuid::nil(),
            nth: one.nth,
            duplicate_of: one.duplicate_of,
            attempt: &attempt,
            request: &request,
            target: &request.target,
        };
        let why = Some("the secret differs");
        expectations.observe(&candidate, why, Duration::from_secs(second));
    }
    expectations
}

/// What becomes of one goal.
fn one(goal: Goal, all: &[Came]) -> Expectation {
    let told = after(vec![goal], all).told(Duration::from_secs(60));
    told.into_iter().next().expect("a goal")
}

#[test]
fn distinct_deliveries_count() {
    let with_id = |delivery, id| Came {
        webhook_id: Some(id),
        ..came(delivery, "a")
    };
    let repeat = |delivery, of| Came {
        duplicate_of: Some(of),
        ..came(delivery, "a")
    };
    let second = |delivery| Came {
        nth: 2,
        ..came(delivery, "a")
    };
    for (what, all, seen) in [
        ("nothing", &[][..], 0),
        ("another event", &[came(1, "b")], 0),
        ("no event", &[came(1, "")], 0),
        ("two deliveries", &[came(1, "a"), came(2, "a")], 2),
        ("a retry", &[came(1, "a"), second(1)], 1),
        (
            "a retry that is not kept",
            &[with_id(1, "x"), with_id(2, "x")],
            1,
        ),
        ("another id", &[with_id(1, "x"), with_id(2, "y")], 2),
        ("a repeat of it", &[came(1, "a"), repeat(1, 1)], 1),
        ("a repeat by its key", &[came(1, "a"), repeat(2, 1)], 1),
        // It was accepted in an earlier run: in this one it comes for the first time.
        ("a repeat of an earlier run's", &[repeat(9, 4)], 1),
        ("two of those", &[repeat(9, 4), repeat(10, 4)], 1),
    ] {
        assert_eq!(one(goal("a", 5), all).seen, seen, "{what}");
    }
}

#[test]
fn a_handshake_is_no_delivery() {
    let handshake = Came {
        is_handshake: true,
        ..came(1, "a")
    };
    let told = one(goal("a", 1), &[handshake]);
    assert_eq!((told.seen, told.came), (0, Vec::new()));
    assert_eq!(one(goal("a", 1), &[handshake, came(2, "a")]).seen, 1);
    assert!(!one(goal("a", 0), &[handshake]).met);
}

#[test]
fn a_filter_that_names_attempts_counts_attempts() {
    let attempt = |number, nth| Came {
        number,
        nth,
        ..came(1, "a")
    };
    let by_sender = [
        attempt(Some(1), 1),
        attempt(Some(2), 2),
        attempt(Some(2), 3),
    ];
    let by_place = [attempt(None, 1), attempt(None, 2)];
    for (text, all, seen) in [
        ("attempt:2", &by_sender[..], 1),
        ("attempt:1,2", &by_sender, 2),
        ("a -attempt:3", &by_sender, 2),
        ("attempt:2", &by_place, 1),
        ("attempt:1,2", &by_place, 2),
        ("a", &by_sender, 1),
    ] {
        assert_eq!(one(goal(text, 5), all).seen, seen, "{text}");
    }
}

#[test]
fn a_run_stands_open_until_enough_came_and_broken_once_the_forbidden_came() {
    let goals = || vec![goal("a", 2), goal("b", 1), goal("x", 0)];
    let [a, b] = ["a", "b"].map(|event| move |delivery| came(delivery, event));
    for (all, open, broken) in [
        (&[][..], true, false),
        (&[a(1), a(2)], true, false),
        (&[a(1), a(1), b(2)], true, false),
        (&[a(1), b(2), a(3)], false, false),
        (&[came(1, "x")], true, true),
        (&[a(1), b(2), a(3), came(4, "x")], false, true),
    ] {
        let standing = after(goals(), all).standing();
        assert_eq!(standing, Standing { open, broken });
    }
    assert_eq!(after(Vec::new(), &[a(1)]).standing(), Standing::default());
}

#[test]
fn what_is_decided_has_its_time() {
    let all = [came(1, "b"), came(2, "a"), came(3, "a"), came(4, "a")];
    for (goal, met, seconds) in [
        (goal("a", 2), true, 3),
        (goal("a", 4), false, 60),
        (goal("a", 0), false, 2),
        (goal("x", 0), true, 60),
    ] {
        let told = one(goal, &all);
        assert_eq!((told.met, told.took.as_secs()), (met, seconds));
    }
    let told = one(goal("a", 2), &all);
    let numbers: Vec<_> = told.matched.iter().map(|named| named.number).collect();
    assert_eq!((told.seen, numbers), (3, vec![2, 3, 4]));
}

/// The numbers and terms of what was near.
fn nearest(told: &Expectation) -> Vec<(i64, &str, &There)> {
    let near = told.nearest.iter();
    near.map(|near| (near.named.number, near.term.as_str(), &near.there))
        .collect()
}

#[test]
fn what_misses_one_term_is_near() {
    let with = |delivery, event, status| Came {
        status,
        ..came(delivery, event)
    };
    let text = |text: &str| There::Text(text.to_owned());
    let filter = || goal("invoice.* status:5xx", 1);
    let told = one(
        filter(),
        &[with(1, "invoice.paid", 200), with(2, "job", 200)],
    );
    assert_eq!(nearest(&told), [(1, "status:5xx", &text("200"))]);
    assert_eq!((told.came, &told.nearest[0].why), (Vec::new(), &None));
    let told = one(
        goal("invoice.* verdict:stale", 1),
        &[came(1, "invoice.paid")],
    );
    let why = told.nearest[0].why.as_deref();
    assert_eq!(why, Some("the secret differs"));
    let told = one(filter(), &[with(2, "job", 500)]);
    assert_eq!(nearest(&told), [(2, "invoice.*", &text("job"))]);
    // The last of each delivery, the last three deliveries.
    let all = [(1, 200), (2, 201), (3, 202), (1, 203), (4, 204)];
    let all = all.map(|(delivery, status)| with(delivery, "invoice.paid", status));
    let told = one(filter(), &all);
    let there = nearest(&told)
        .into_iter()
        .map(|(number, _, there)| (number, there.clone()));
    let expected = [(3, text("202")), (1, text("203")), (4, text("204"))];
    assert_eq!(there.collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_met_has_no_near_misses() {
    let all = [came(1, "a"), came(2, "b")];
    for goal in [goal("a -status:5xx", 1), goal("b status:500", 0)] {
        let told = one(goal, &all);
        assert!(told.met && told.nearest.is_empty() && told.came.is_empty());
    }
}

#[test]
fn where_nothing_is_near_what_came_is_counted_by_event() {
    let all = [
        came(1, "b"),
        came(2, ""),
        came(3, "c"),
        came(4, "c"),
        came(4, "c"),
    ];
    let told = one(goal("a", 1), &all);
    let event = |name: &str| Some(name.to_owned());
    let came = [(event("c"), 2), (None, 1), (event("b"), 1)];
    assert_eq!((told.nearest.len(), told.came), (0, came.to_vec()));
}
