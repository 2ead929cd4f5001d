//! What an audit found.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use crate::conformance::{Finding, Findings, Ruling};
use crate::term::{Cell, Paint, Safe, Streams, Style, Table};

use super::reasons::reasons;
use super::{Case, CaseOutcome, Typed};

/// Writes a table, what is wrong with the reasons, and the sum.
pub(crate) fn write_findings(findings: &Findings, streams: &mut Streams) -> io::Result<()> {
    let (paint, width) = (streams.paint_out(), streams.wrap());
    let mut text = table(findings).render(paint, width);
    let rules = findings.rules.iter();
    for finding in rules.filter(|finding| is_wrong(finding.ruling)) {
        text += &block(finding, paint, width);
    }
    let _ = writeln!(text, "\n{}", sum(findings));
    if let Some(missing) = missing(findings) {
        let _ = writeln!(text, "{missing}");
    }
    let out = streams.out();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes each rule as a line of JSON, and then their numbers.
pub(crate) fn write_findings_json(findings: &Findings, streams: &mut Streams) -> io::Result<()> {
    for finding in &findings.rules {
        Typed::new("rule", rule(finding)).write(streams.out())?;
    }
    let count = |ruling| findings.count(ruling);
    let body = json!({
        "provider": findings.provider,
        "speed": findings.speed,
        "holds": findings.holds(),
        "pass": count(Ruling::Pass),
        "warn": count(Ruling::Warn),
        "fail": count(Ruling::Fail),
        "not_seen": count(Ruling::NotSeen),
        "deliveries": findings.deliveries,
        "attempts": findings.attempts,
        "wanted": findings.wanted,
        "settled": findings.settled,
    });
    Typed::new("audit", body).write(streams.out())?;
    streams.out().flush()
}

/// The rules as cases of `JUnit`. What is assumed fails none; what was not seen is skipped. The last
/// case is that all was there to see.
pub(crate) fn audit_cases(findings: &Findings) -> Vec<Case> {
    let case = |finding: &Finding| Case {
        name: format!("audit {}: {}", findings.provider, finding.rule.id),
        outcome: match finding.ruling {
            Ruling::Pass | Ruling::Warn => CaseOutcome::Passed,
            Ruling::Fail => CaseOutcome::Failed {
                message: finding.seen.clone(),
                detail: format!(
                    "expected: {}\nwhy: {}\npage: {}\nfix: {}",
                    finding.expected, finding.rule.why, finding.page, finding.rule.fix
                ),
            },
            Ruling::NotSeen | Ruling::NotApplicable | Ruling::LeftOut => {
                CaseOutcome::Skipped(finding.seen.clone())
            }
        },
        took: Duration::ZERO,
    };
    let complete = Case {
        name: format!("audit {}: complete", findings.provider),
        outcome: missing(findings).map_or(CaseOutcome::Passed, |message| CaseOutcome::Failed {
            detail: message.clone(),
            message,
        }),
        took: Duration::ZERO,
    };
    let rules = findings.rules.iter().map(case);
    rules.chain([complete]).collect()
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.rule.id,
        "verdict": match finding.ruling {
            Ruling::Pass => "pass",
            Ruling::Warn => "warn",
            Ruling::Fail => "fail",
            Ruling::NotSeen | Ruling::NotApplicable | Ruling::LeftOut => "skip",
        },
        "applies": finding.ruling != Ruling::NotApplicable,
        "title": finding.rule.title,
        "expected": finding.expected,
        "assumed": finding.assumed,
        "seen": finding.seen,
        "why": finding.rule.why,
        "page": finding.page,
        "fix": finding.rule.fix,
    })
}

fn table(findings: &Findings) -> Table<4> {
    let mut table = Table::new(["RULE", "VERDICT", "EXPECTED", "SEEN"]);
    table.whole(0).whole(1).at_least(2, 20).at_least(3, 20);
    for finding in &findings.rules {
        let (style, word) = word(finding.ruling);
        let assumed = if finding.assumed { " (assumed)" } else { "" };
        let expected = format!("{}{assumed}", finding.expected);
        table.row([
            Cell::from(finding.rule.id),
            Cell::styled(style, word),
            Cell::from(expected),
            Cell::from(finding.seen.as_str()),
        ]);
    }
    table
}

fn word(ruling: Ruling) -> (Style, &'static str) {
    match ruling {
        Ruling::Pass => (Style::Good, "pass"),
        Ruling::Warn => (Style::Warn, "warn"),
        Ruling::Fail => (Style::Bad, "fail"),
        Ruling::NotSeen => (Style::Warn, "not seen"),
        Ruling::NotApplicable => (Style::Dim, "no rule"),
        Ruling::LeftOut => (Style::Dim, "left out"),
    }
}

fn is_wrong(ruling: Ruling) -> bool {
    matches!(ruling, Ruling::Fail | Ruling::Warn)
}

/// Why a rule is one, where it is stated, and what to do.
fn block(finding: &Finding, paint: Paint, width: Option<usize>) -> String {
    let assumed = match finding.ruling {
        Ruling::Warn => "no document states it: it is assumed, and fails nothing",
        _ => "",
    };
    let lines = [
        ("why", finding.rule.why),
        ("page", &finding.page),
        ("note", assumed),
        ("fix", finding.rule.fix),
    ];
    reasons(&finding.rule, word(finding.ruling), &lines, paint, width)
}

/// What it all came to, in a line.
fn sum(findings: &Findings) -> String {
    let counted = [
        (Ruling::Pass, "passed"),
        (Ruling::Warn, "assumed otherwise"),
        (Ruling::Fail, "failed"),
        (Ruling::NotSeen, "not seen"),
    ];
    let counted = counted.map(|(ruling, word)| (findings.count(ruling), word));
    let told: Vec<_> = counted
        .iter()
        .filter(|(count, word)| *count > 0 || matches!(*word, "passed" | "failed"))
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let deliveries = match findings.deliveries {
        1 => "1 delivery".to_owned(),
        many => format!("{many} deliveries"),
    };
    let provider = Safe::line(&findings.provider);
    format!("audit of {provider}: {}, in {deliveries}", told.join(", "))
}

/// What is missing where the audit was cut short: then it does not hold, whatever was seen.
fn missing(findings: &Findings) -> Option<String> {
    let wanted = match findings.wanted {
        1 => "1 delivery has".to_owned(),
        many => format!("{many} deliveries have"),
    };
    (!findings.is_complete()).then(|| {
        let settled = findings.settled;
        format!("not all was seen, so it does not hold: {settled} of {wanted} come to the end")
    })
}

#[cfg(test)]
mod tests {
    use super::{audit_cases, missing, sum, table};
    use crate::conformance::{Finding, Findings, Ruling, rules};
    use crate::report::CaseOutcome;
    use crate::term::Paint;

    fn findings(rulings: &[Ruling]) -> Findings {
        let finding = |(rule, ruling): (&_, &Ruling)| Finding {
            rule: *rule,
            ruling: *ruling,
            page: "a page".to_owned(),
            expected: "this".to_owned(),
            assumed: *ruling == Ruling::Warn,
            seen: "that\u{1b}[2J".to_owned(),
        };
        Findings {
            provider: "acme".to_owned(),
            speed: 1.0,
            deliveries: 1,
            attempts: 4,
            wanted: 2,
            settled: 2,
            rules: rules().zip(rulings).map(finding).collect(),
        }
    }

    const ALL: [Ruling; 6] = [
        Ruling::Pass,
        Ruling::Warn,
        Ruling::Fail,
        Ruling::NotSeen,
        Ruling::NotApplicable,
        Ruling::LeftOut,
    ];

    #[test]
    fn a_rule_is_a_row_and_nothing_in_it_acts_on_a_terminal() {
        let table = table(&findings(&ALL)).render(Paint::new(false), None);
        assert_eq!(
            table,
            "RULE            VERDICT   EXPECTED        SEEN\n\
             method          pass      this            that\\x1b[2J\n\
             content-type    warn      this (assumed)  that\\x1b[2J\n\
             signature       fail      this            that\\x1b[2J\n\
             headers         not seen  this            that\\x1b[2J\n\
             id              no rule   this            that\\x1b[2J\n\
             attempt-number  left out  this            that\\x1b[2J\n"
        );
    }

    #[test]
    fn the_sum_tells_what_passed_and_failed_and_the_rest_where_there_is_some() {
        assert_eq!(
            sum(&findings(&ALL)),
            "audit of acme: 1 passed, 1 assumed otherwise, 1 failed, 1 not seen, in 1 delivery"
        );
        assert_eq!(
            sum(&findings(&[Ruling::Pass])),
            "audit of acme: 1 passed, 0 failed, in 1 delivery"
        );
    }

    #[test]
    fn what_was_cut_short_says_what_is_missing() {
        let cut = |settled, wanted| Findings {
            wanted,
            settled,
            ..findings(&[Ruling::Pass, Ruling::NotSeen])
        };
        for (settled, wanted, told) in [
            (2, 2, None),
            (1, 2, Some("1 of 2 deliveries have come to the end")),
            (0, 1, Some("0 of 1 delivery has come to the end")),
        ] {
            let findings = cut(settled, wanted);
            let told = told.map(|told| format!("not all was seen, so it does not hold: {told}"));
            assert_eq!(missing(&findings), told);
            assert_eq!(findings.holds(), told.is_none());
            let cases = audit_cases(&findings);
            let last = cases.last().expect("there is one");
            assert_eq!(last.name, "audit acme: complete");
            let message = match &last.outcome {
                CaseOutcome::Failed { message, .. } => Some(message.clone()),
                _ => None,
            };
            assert_eq!(message, told);
        }
    }

    #[test]
    fn for_ci_only_what_is_stated_fails() {
        let cases = audit_cases(&findings(&ALL));
        let outcomes: Vec<_> = cases
            .iter()
            .map(|case| match &case.outcome {
                CaseOutcome::Passed => "passed",
                CaseOutcome::Failed { .. } => "failed",
                CaseOutcome::Skipped(_) => "skipped",
            })
            .collect();
        assert_eq!(
            outcomes,
            [
                "passed", "passed", "failed", "skipped", "skipped", "skipped", "passed"
            ]
        );
        assert_eq!(cases[2].name, "audit acme: signature");
    }
}
