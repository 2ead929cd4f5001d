//! The exit code, and the file for CI.

use std::ffi::OsString;
use std::fs;
use std::time::Duration;

use super::Outcome;
use crate::cli::junit::JunitFile;
use crate::cli::listen::course::{By, Ending};
use crate::report::{CommandEnd, Demand, Expectation, Near};
use crate::store::There;

fn expectation(demand: Demand, met: bool) -> Expectation {
    Expectation {
        demand,
        wanted: 1,
        seen: u64::from(met),
        met,
        matched: Vec::new(),
        nearest: Vec::new(),
        came: Vec::new(),
        took: Duration::from_millis(1500),
    }
}

fn outcome(met: &[bool], command: Option<CommandEnd>) -> Outcome {
    let expectation = |met: &bool| expectation(Demand::Count, *met);
    Outcome {
        findings: None,
        expectations: met.iter().map(expectation).collect(),
        command,
        took: Duration::from_secs(2),
    }
}

#[test]
fn the_commands_own_code_wins_unless_it_was_made_to_end() {
    let itself = By::Itself;
    let cut = By::Time { cut: true };
    let late = By::Time { cut: false };
    for (met, by, code, exit) in [
        (&[][..], itself, None, 0),
        (&[true, true], itself, None, 0),
        (&[true, false], By::Signal, None, 8),
        (&[true, false], late, None, 8),
        (&[], itself, Some(0), 0),
        (&[true], itself, Some(0), 0),
        (&[false], late, Some(0), 8),
        (&[], itself, Some(3), 3),
        (&[false], itself, Some(3), 3),
        (&[true], By::Signal, Some(130), 130),
        (&[false], By::Signal, Some(143), 143),
        (&[true], cut, Some(143), 8),
        (&[true], cut, Some(0), 8),
        (&[false], By::Broken, Some(143), 8),
        (&[false], By::Broken, Some(0), 8),
    ] {
        let ending = Ending { by, code };
        let command = Outcome::command_of(ending, Some(Duration::from_secs(9)));
        let outcome = outcome(met, command);
        assert_eq!(outcome.exit().code(), exit, "{met:?} {ending:?}");
    }
}

#[test]
fn only_what_is_expected_is_counted() {
    assert_eq!(outcome(&[], None).counted(), None);
    let counted = outcome(&[true, false], None).counted();
    assert_eq!(
        counted.map(|counted| (counted.met, counted.all)),
        Some((1, 2))
    );
}

/// The names that the published schemas of `JUnit` files know (Jenkins' `junit-10.xsd`), each with
/// the attributes that must be there.
const SHAPE: &[(&str, &[&str])] = &[
    ("testsuites", &["name", "tests", "failures", "errors"]),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "skipped"],
    ),
    ("testcase", &["name", "classname", "time"]),
    ("failure", &["message"]),
];

#[test]
fn the_file_has_a_case_for_each_expectation_and_for_the_command() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("report.xml");
    let mut unmet = expectation(Demand::Expect("a status:5xx".to_owned()), false);
    unmet.nearest.push(Near {
        named: crate::report::Named {
            number: 3,
            id: uuid::Uuid::nil(),
            event: Some("a".to_owned()),
        },
        term: "header:x-token=<1>".to_owned(),
        key: "header",
        there: There::Header("X-Token".to_owned(), b"canary".to_vec()),
        why: None,
    });
    let outcome = Outcome {
        findings: None,
        expectations: vec![
            unmet,
            expectation(Demand::Forbid("\u{1b}]]>".to_owned()), true),
            expectation(Demand::Count, true),
        ],
        command: Some(CommandEnd {
            code: 3,
            ended: None,
        }),
        took: Duration::from_secs(2),
    };
    let file = JunitFile::begin(&path).expect("a file");
    let words: Vec<_> = ["npm", "--token=canary"].map(OsString::from).into();
    outcome
        .write(file, &words, &["x-token".to_owned()])
        .expect("it is written");
    let text = fs::read_to_string(&path).expect("the file");
    for part in [
        r#"tests="4""#,
        r#"failures="2""#,
        r#"name="--expect a status:5xx" classname="wh listen" time="1.500">"#,
        r#"name="--forbid \x1b]]&gt;" classname="wh listen" time="1.500"/>"#,
        r#"name="--count 1""#,
        r#"name="-- npm" classname="wh listen" time="2.000">"#,
        r#"message="`a status:5xx` is not met: 0 of 1 came""#,
        "#3 a passes but for `header:x-token=&lt;1&gt;`: header (redacted)",
        r#"message="the command ended with 3""#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("canary"), "{text}");
    for tag in text.split('<').skip(1) {
        let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
        let shape = SHAPE.iter().find(|(known, _)| *known == name);
        let is_markup = tag.starts_with(['/', '?']);
        assert!(shape.is_some() || is_markup, "{tag}");
        for attribute in shape.into_iter().flat_map(|(_, attributes)| *attributes) {
            assert!(
                tag.contains(&format!(" {attribute}=\"")),
                "{attribute} in {tag}"
            );
        }
    }
}
