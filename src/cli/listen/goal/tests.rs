//! What the flags ask for.

use std::time::Duration;

use clap::Parser;

use super::{Aims, GoalArgs};
use crate::cli::error::Error;
use crate::report::Demand;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    goal: GoalArgs,
}

fn args(words: &[&str]) -> GoalArgs {
    let line = Line::try_parse_from(["wh"].iter().chain(words));
    line.unwrap_or_else(|error| panic!("{words:?}: {error}"))
        .goal
}

fn aims(words: &[&str]) -> Result<Aims, Error> {
    args(words).aims(false)
}

fn expect(text: &str) -> Demand {
    Demand::Expect(text.to_owned())
}

fn forbid(text: &str) -> Demand {
    Demand::Forbid(text.to_owned())
}

#[test]
fn each_expectation_has_a_number() {
    for (words, wanted) in [
        (&[][..], vec![]),
        (&["--expect", "a"], vec![(expect("a"), 1)]),
        (&["--expect", "a", "--count", "2"], vec![(expect("a"), 2)]),
        (&["--expect", "a count:3"], vec![(expect("a count:3"), 3)]),
        (
            &["--expect", "a count:3", "--expect", "b", "--count=2"],
            vec![(expect("a count:3"), 3), (expect("b"), 2)],
        ),
        (&["--count", "5"], vec![(Demand::Count, 5)]),
        (&["--once"], vec![(Demand::Count, 1)]),
        (&["--once", "--expect", "a"], vec![(expect("a"), 1)]),
        (
            &["--forbid", "x", "--count", "2"],
            vec![(Demand::Count, 2), (forbid("x"), 0)],
        ),
    ] {
        let aims = aims(words).expect("goals");
        let told = aims.expectations.told(Duration::ZERO);
        let told: Vec<_> = told
            .into_iter()
            .map(|one| (one.demand, one.wanted))
            .collect();
        assert_eq!(told, wanted, "{words:?}");
    }
}

#[test]
fn a_run_ends_when_all_is_met_unless_something_is_forbidden_for_a_time() {
    for (words, ends) in [
        (&["--expect", "a"][..], true),
        (&["--expect", "a", "--timeout", "5s"], true),
        (&["--expect", "a", "--forbid", "x"], true),
        (
            &["--expect", "a", "--forbid", "x", "--timeout", "5s"],
            false,
        ),
        (&["--forbid", "x"], false),
        (&["--timeout", "5s"], false),
        (&["--", "true"], false),
    ] {
        let course = aims(words).expect("goals").course;
        assert_eq!(course.ends_when_met, ends, "{words:?}");
        let timeout = words
            .contains(&"--timeout")
            .then_some(Duration::from_secs(5));
        assert_eq!(course.timeout, timeout);
    }
}

#[test]
fn wrong_signatures_do_not_count_unless_they_are_spoken_of() {
    let goals = |text: &str, accepts_all| {
        let goals = args(&[&format!("--expect={text}")])
            .goals(accepts_all)
            .expect(text);
        goals.into_iter().next().expect("a goal").terms
    };
    let believed = "verdict:valid,unchecked";
    assert_eq!(goals("a", false), ["a", believed]);
    assert_eq!(goals("a", true), ["a", "-verdict:none"]);
    for text in [
        "verdict:invalid",
        "-verdict:stale",
        "status:401",
        "outcome:failed",
    ] {
        assert_eq!(goals(text, false), [text]);
        assert_eq!(goals(text, true), [text]);
    }
    let forbidden = args(&["--forbid", "a"]).goals(false).expect("a goal");
    assert_eq!(forbidden[0].terms, ["a"]);
}

#[test]
fn what_cannot_be_meant_is_told() {
    for (words, message) in [
        (&["--expect", ""][..], "--expect names nothing"),
        (&["--expect", "count:2"], "--expect names nothing"),
        (&["--forbid", " "], "--forbid names nothing"),
        (
            &["--forbid", "a count:2"],
            "`count:` has no place in --forbid: the first that passes ends the run",
        ),
        (
            &["--expect", "a count:2", "--once"],
            "each --expect has a `count:` of its own, so there is nothing to count",
        ),
        (
            &["--expect", "a count:0"],
            "`0` is no number of deliveries: write for example `count:2`",
        ),
    ] {
        let error = aims(words).err().expect(message);
        assert_eq!((error.message(), error.code()), (message, 2), "{words:?}");
    }
    for words in [&["--count", "0"][..], &["--once", "--count=1"]] {
        assert!(Line::try_parse_from(["wh"].iter().chain(words)).is_err());
    }
}

#[test]
fn only_the_secret_is_printed_where_nothing_else_is_asked_for() {
    for (words, only) in [
        (&["--print-secret"][..], true),
        (&[], false),
        (&["--print-secret", "--expect", "a"], false),
        (&["--print-secret", "--forbid", "a"], false),
        (&["--print-secret", "--once"], false),
        (&["--print-secret", "--count=2"], false),
        (&["--print-secret", "--timeout=1s"], false),
        (&["--print-secret", "--junit=f"], false),
        (&["--print-secret", "--", "true"], false),
    ] {
        assert_eq!(args(words).only_prints(), only, "{words:?}");
    }
}
