//! Results as a file of `JUnit`, which CI shows.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// One thing that was to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// What it is, stable from run to run.
    pub(crate) name: String,
    /// What became of it.
    pub(crate) outcome: CaseOutcome,
    /// What it took.
    pub(crate) took: Duration,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CaseOutcome {
    /// It holds.
    Passed,
    /// It does not: in a sentence, and all that is known.
    Failed {
        /// Why, in one line.
        message: String,
        /// All that is known.
        detail: String,
    },
    /// It could not be told, for this reason.
    Skipped(String),
}

/// The characters that XML 1.0 has no place for, beside the control characters that are left out anyway
/// (section 2.2).
const NONE: [char; 2] = ['\u{fffe}', '\u{ffff}'];

/// The file of one suite. Characters that XML has no place for are left out.
pub(crate) fn junit(suite: &str, cases: &[Case]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new(suite);
    let mut told = TestSuite::new(suite);
    told.add_test_cases(cases.iter().map(|case| test_case(suite, case)));
    report.add_test_suite(told);
    Ok(report.to_string()?.replace(NONE, ""))
}

fn test_case(suite: &str, case: &Case) -> TestCase {
    let status = match &case.outcome {
        CaseOutcome::Passed => TestCaseStatus::success(),
        CaseOutcome::Failed { message, detail } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_message(message.as_str())
                .set_description(detail.as_str());
            status
        }
        CaseOutcome::Skipped(reason) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason.as_str());
            status
        }
    };
    let mut told = TestCase::new(case.name.as_str(), status);
    told.set_classname(suite).set_time(case.took);
    told
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Case, CaseOutcome, NONE, junit};

    #[test]
    fn cases_are_counted_and_their_text_is_escaped() {
        let case = |name: &str, outcome| Case {
            name: name.to_owned(),
            outcome,
            took: Duration::from_millis(1500),
        };
        let cases = [
            case("event:a", CaseOutcome::Passed),
            case(
                "b",
                CaseOutcome::Failed {
                    message: "<none> \u{1b}[2J\u{fffe}\u{ffff}".to_owned(),
                    detail: "]]>".to_owned(),
                },
            ),
            case("c", CaseOutcome::Skipped("not seen".to_owned())),
        ];
        let file = junit("wh listen", &cases).expect("it can be written");
        for part in [
            r#"tests="3""#,
            r#"skipped="1""#,
            r#"failures="1""#,
            r#"<testcase name="event:a" classname="wh listen" time="1.500"/>"#,
            r#"message="&lt;none&gt; "#,
            r#"message="not seen""#,
        ] {
            assert!(file.contains(part), "{part} in {file}");
        }
        assert!(!file.contains(NONE), "{file}");
    }
}
