//! What a check found, for CI.

use crate::conformance::check::CheckFinding;
use crate::report::{Case, CaseOutcome};

use super::checked::{Checked, Standing};

impl Checked<'_> {
    /// The rules as cases of `JUnit`. What is only better otherwise fails none; what could not be told
    /// fails as what does not hold; what is known is skipped, as is what is no rule for this receiver. The last case is that somebody answers: where nobody
    /// does, no rule fails.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let rules = self.report.rules.iter();
        let rules = rules.map(|finding| self.case(finding));
        rules.chain([self.answers()]).collect()
    }

    fn answers(&self) -> Case {
        let report = self.report;
        let silence = || {
            let failure = report.silence.as_ref().map(ToString::to_string);
            let message = failure.unwrap_or_else(|| "no answer".to_owned());
            let detail = format!("nothing answers at {}: {message}", report.url);
            CaseOutcome::Failed { message, detail }
        };
        Case {
            name: format!("{}: answers", report.provider),
            outcome: if report.answered > 0 {
                CaseOutcome::Passed
            } else {
                silence()
            },
            took: report.took,
        }
    }

    fn case(&self, finding: &CheckFinding) -> Case {
        let came = &finding.came;
        let outcome = match self.standing(finding) {
            Standing::Pass | Standing::Warn => CaseOutcome::Passed,
            Standing::Fail | Standing::NotSeen => CaseOutcome::Failed {
                message: came.clone(),
                detail: self.detail(finding),
            },
            Standing::Known => CaseOutcome::Skipped(format!("known: {came}")),
            Standing::Skip | Standing::LeftOut => CaseOutcome::Skipped(came.clone()),
        };
        Case {
            name: format!("{}: {}", self.report.provider, finding.rule.id),
            outcome,
            took: finding.took,
        }
    }

    /// All that is known of a rule that does not hold.
    fn detail(&self, finding: &CheckFinding) -> String {
        let rule = &finding.rule;
        let page = self.page(finding);
        let mut lines = vec![
            rule.title.to_owned(),
            format!("sent: {}", finding.sent),
            format!("came: {}", finding.came),
        ];
        lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
        lines.push(format!("why: {}", rule.why));
        lines.extend((!page.is_empty()).then(|| format!("page: {page}")));
        lines.push(format!("fix: {}", rule.fix));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use crate::conformance::Ruling;
    use crate::conformance::check::Baseline;
    use crate::delivery::{Failure, FailureKind};
    use crate::report::CaseOutcome;
    use crate::report::check::samples::{checked, report};

    #[test]
    fn where_nobody_answers_a_case_fails() {
        let mut report = report(&[Ruling::NotSeen]);
        for (answered, failed) in [(0, true), (1, false)] {
            report.answered = answered;
            report.silence = Some(Failure {
                kind: FailureKind::Refused,
                detail: String::new(),
            });
            checked(&report, &Baseline::default(), |checked| {
                let cases = checked.cases();
                let last = cases.last().expect("there is one");
                assert_eq!(last.name, "cepro: answers");
                let message = match &last.outcome {
                    CaseOutcome::Failed { message, .. } => Some(message.as_str()),
                    _ => None,
                };
                assert_eq!(message, failed.then_some("connection refused"));
            });
        }
    }

    #[test]
    fn for_ci_only_what_is_wrong_and_not_known_fails() {
        let known = Baseline::parse("refuses-no-signature").expect("a baseline");
        for (ruling, baseline, expected) in [
            (Ruling::Pass, &known, "passed"),
            (Ruling::Warn, &known, "passed"),
            (Ruling::Fail, &known, "skipped: known: that\u{1b}[2J"),
            (Ruling::Fail, &Baseline::default(), "failed: that\u{1b}[2J"),
            (Ruling::NotApplicable, &known, "skipped: that\u{1b}[2J"),
            (Ruling::LeftOut, &known, "skipped: that\u{1b}[2J"),
        ] {
            let report = report(&[Ruling::Pass, ruling]);
            checked(&report, baseline, |checked| {
                let case = &checked.cases()[1];
                assert_eq!(case.name, "cepro: refuses-no-signature");
                let told = match &case.outcome {
                    CaseOutcome::Passed => "passed".to_owned(),
                    CaseOutcome::Failed { message, detail } => {
                        assert!(detail.contains("\nnote: a proxy adds a newline\nwhy: "));
                        format!("failed: {message}")
                    }
                    CaseOutcome::Skipped(reason) => format!("skipped: {reason}"),
                };
                assert_eq!(told, expected);
            });
        }
    }
}
