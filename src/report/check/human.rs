//! What a check found, for people.

use std::fmt::Write as _;
use std::io;

use crate::conformance::check::CheckFinding;
use crate::report::reasons::reasons;
use crate::term::{Cell, Paint, Safe, Streams, Style, Table, count, duration, wrapped};

use super::checked::{Checked, Standing, Words};
use super::exchange::exchanges;

/// The columns of what was sent, and of what came back, in a table that no screen cuts.
const PIPED: usize = 60;

impl Checked<'_> {
    /// Writes a table, what does not hold with the reasons, and the sum.
    pub(crate) fn write(&self, words: Words, streams: &mut Streams) -> io::Result<()> {
        let (paint, width) = (streams.paint_out(), streams.wrap());
        let mut text = String::new();
        if let Some(table) = self.table(words, width) {
            text += &table.render(paint, width);
        }
        let rules = self.report.rules.iter();
        for finding in rules.filter(|finding| words != Words::Few && self.has_reasons(finding)) {
            text += &self.block(finding, words, paint, width);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        for id in self.mended() {
            let _ = writeln!(text, "{id} passes now: take it out of the baseline");
        }
        let ends = self.ends().into_iter().filter(|_| words != Words::Few);
        let sum = [self.uncounted(), Some(self.sum())];
        for line in sum.into_iter().flatten().chain(ends) {
            text += &wrapped(&line, width).join("\n");
            text.push('\n');
        }
        let out = streams.out();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Each rule that was not left out, in a row of one line; with few words those that do not hold.
    /// Where the lines have no end, long cells are cut nevertheless. `None`: there is no such rule.
    fn table(&self, words: Words, width: Option<usize>) -> Option<Table<4>> {
        let mut table = Table::new(["RULE", "VERDICT", "SENT", "CAME BACK"]);
        table.whole(0).whole(1).at_least(3, 16).cut();
        let told = |finding: &&CheckFinding| match words {
            Words::Few => self.is_wrong(finding),
            Words::Usual | Words::Many => self.standing(finding) != Standing::LeftOut,
        };
        let mut told = self.report.rules.iter().filter(told).peekable();
        told.peek()?;
        let cell = |text: &str| match width {
            Some(_) => Cell::from(text),
            None => Cell::from(Safe::line(text).truncated(PIPED)),
        };
        for finding in told {
            let (style, word) = word(self.standing(finding));
            table.row([
                Cell::from(finding.rule.id),
                Cell::styled(style, word),
                cell(&finding.sent),
                cell(&finding.came),
            ]);
        }
        Some(table)
    }

    fn is_wrong(&self, finding: &CheckFinding) -> bool {
        use Standing::{Fail, Known, NotSeen, Warn};
        matches!(self.standing(finding), Fail | Known | NotSeen | Warn)
    }

    /// Whether there is more to say of a rule than its row does.
    fn has_reasons(&self, finding: &CheckFinding) -> bool {
        let is_plain = self.standing(finding) == Standing::NotSeen && finding.notes.is_empty();
        self.is_wrong(finding) && !is_plain
    }

    /// What there is to say of a rule that does not hold.
    fn block(
        &self,
        finding: &CheckFinding,
        words: Words,
        paint: Paint,
        width: Option<usize>,
    ) -> String {
        let page = self.page(finding);
        let mut lines = vec![
            ("sent", finding.sent.as_str()),
            ("came", finding.came.as_str()),
        ];
        lines.extend(finding.notes.iter().map(|note| ("note", note.as_str())));
        lines.extend([("why", finding.rule.why), ("page", &page)]);
        lines.extend((!finding.is_diagnosed).then_some(("fix", finding.rule.fix)));
        let verdict = word(self.standing(finding));
        let mut text = reasons(&finding.rule, verdict, &lines, paint, width);
        if words == Words::Many {
            text += &exchanges(&finding.evidence, self.redaction, paint);
        }
        text
    }

    /// What was not looked at, and is easily taken for what holds; each in a line.
    fn ends(&self) -> Vec<String> {
        let hurried = self.options.hurried();
        let hurried = match hurried.len() {
            0 => None,
            1 => Some(format!(
                "a quick check: a rule was left out: {}",
                hurried[0]
            )),
            many => {
                let ids = hurried.join(", ");
                Some(format!("a quick check: {many} rules were left out: {ids}"))
            }
        };
        let unseen = self.count(Standing::NotSeen);
        let unseen = (unseen > 0).then(|| {
            format!(
                "not all was seen, so it does not hold: {}",
                in_rules(unseen, "could not be told")
            )
        });
        let late = self.report.late;
        let late = (late > 0).then(|| {
            let rules = in_rules(late, "found no time in a quick check");
            format!("{rules}: without --quick each is looked at")
        });
        let uncounted = self.is_uncounted();
        let uncounted =
            uncounted.then(|| "side effects were not counted: --effects URL|CMD does".to_owned());
        let ends = [hurried, late, uncounted, unseen];
        ends.into_iter().flatten().collect()
    }

    /// That side effects could not be counted, for which the check does not hold.
    fn uncounted(&self) -> Option<String> {
        let reason = Safe::line(self.report.uncounted.as_deref()?);
        Some(format!("side effects could not be counted: {reason}"))
    }

    /// What it all came to, in a line.
    fn sum(&self) -> String {
        let report = self.report;
        let counted = [
            (self.count(Standing::Pass), "passed"),
            (self.count(Standing::Fail), "failed"),
            (self.count(Standing::Known), "known"),
            (self.count(Standing::Warn), "warned"),
            (self.count(Standing::NotSeen), "not seen"),
            (self.count(Standing::Skip), "not applicable"),
            (self.count(Standing::LeftOut), "left out"),
        ];
        let told: Vec<_> = counted
            .iter()
            .filter(|(count, word)| *count > 0 || matches!(*word, "passed" | "failed"))
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let (begin, requests) = (
            if report.cut { "interrupted: " } else { "" },
            in_requests(report.requests),
        );
        format!(
            "{begin}check of {} as {}: {}, {requests} in {}",
            report.url,
            report.provider,
            told.join(", "),
            duration(report.took),
        )
    }
}

/// So many rules of which something is to be said, in words.
fn in_rules(rules: usize, said: &str) -> String {
    match rules {
        1 => format!("1 rule {said}"),
        many => format!("{many} rules {said}"),
    }
}

/// So many requests, in words.
pub(super) fn in_requests(requests: usize) -> String {
    match requests {
        1 => "1 request".to_owned(),
        many => format!("{} requests", count(many as u64)),
    }
}

fn word(standing: Standing) -> (Style, &'static str) {
    match standing {
        Standing::Pass => (Style::Good, "pass"),
        Standing::Warn => (Style::Warn, "warn"),
        Standing::Fail => (Style::Bad, "fail"),
        Standing::Known => (Style::Warn, "known"),
        Standing::NotSeen => (Style::Warn, "not seen"),
        Standing::Skip => (Style::Dim, "skip"),
        Standing::LeftOut => (Style::Dim, "left out"),
    }
}

#[cfg(test)]
mod tests {
    use crate::conformance::Ruling;
    use crate::conformance::check::{Baseline, Effects, Group, Options};
    use crate::report::check::Words;
    use crate::report::check::samples::{checked, checked_so, report};
    use crate::term::Paint;

    const ALL: [Ruling; 2] = [Ruling::Pass, Ruling::Fail];

    #[test]
    fn a_rule_is_a_row_and_nothing_in_it_acts_on_a_terminal() {
        let known = Baseline::parse("refuses-no-signature").expect("a baseline");
        for (words, baseline, expected) in [
            (
                Words::Usual,
                &Baseline::default(),
                "RULE                  VERDICT  SENT  CAME BACK\n\
                 accepts-event         pass     this  that\\x1b[2J\n\
                 refuses-no-signature  fail     this  that\\x1b[2J\n",
            ),
            (
                Words::Few,
                &known,
                "RULE                  VERDICT  SENT  CAME BACK\n\
                 refuses-no-signature  known    this  that\\x1b[2J\n",
            ),
        ] {
            checked(&report(&ALL), baseline, |checked| {
                let table = checked.table(words, None).expect("there are rows");
                assert_eq!(table.render(Paint::new(false), None), expected);
            });
        }
    }

    #[test]
    fn with_few_words_what_holds_is_no_table() {
        for (ruling, is_table) in [
            (Ruling::Pass, false),
            (Ruling::LeftOut, false),
            (Ruling::Warn, true),
        ] {
            checked(&report(&[ruling]), &Baseline::default(), |checked| {
                assert_eq!(
                    checked.table(Words::Few, None).is_some(),
                    is_table,
                    "{ruling:?}"
                );
            });
        }
    }

    #[test]
    fn a_row_is_one_line_however_narrow_the_screen() {
        let mut report = report(&ALL);
        report.rules[0].sent = "a long list of what was sent ".repeat(20);
        checked(&report, &Baseline::default(), |checked| {
            for width in [60, 80, 120] {
                let table = checked
                    .table(Words::Usual, Some(width))
                    .expect("there are rows");
                let table = table.render(Paint::new(false), Some(width));
                assert_eq!(table.lines().count(), 3, "{table}");
                assert!(table.lines().all(|line| line.chars().count() <= width));
                assert!(table.contains('…'), "{table}");
            }
        });
    }

    #[test]
    fn where_lines_have_no_end_long_cells_are_cut_nevertheless() {
        let mut report = report(&ALL);
        report.rules[0].sent = "a long list of what was sent ".repeat(20);
        report.rules[1].came = "\u{1b}".repeat(100);
        checked(&report, &Baseline::default(), |checked| {
            let table = checked.table(Words::Usual, None).expect("there are rows");
            let table = table.render(Paint::new(false), None);
            let widest = table.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(33 + 2 * 60), "{table}");
            assert_eq!(table.matches('…').count(), 2, "{table}");
        });
    }

    #[test]
    fn what_was_not_looked_at_is_told_at_the_end() {
        let counted = Some(Effects::Command("echo 7".to_owned()));
        let uncounted = "side effects were not counted: --effects URL|CMD does";
        let hurried = "a quick check: a rule was left out: idempotent-later";
        for (group, ruling, quick, effects, expected) in [
            (Group::Accepts, Ruling::Pass, false, None, &[][..]),
            (Group::Idempotent, Ruling::Pass, false, None, &[uncounted]),
            (Group::Idempotent, Ruling::Fail, false, None, &[]),
            (Group::Idempotent, Ruling::Pass, false, counted, &[]),
            (
                Group::Idempotent,
                Ruling::Pass,
                true,
                None,
                &[hurried, uncounted],
            ),
        ] {
            let mut report = report(&[ruling]);
            report.rules[0].group = group;
            let options = Options {
                only: vec!["idempotent".to_owned()],
                quick,
                effects,
                ..Options::default()
            };
            checked_so(&report, &Baseline::default(), &options, |checked| {
                assert_eq!(checked.ends(), expected, "{ruling:?}");
            });
        }
    }

    #[test]
    fn what_does_not_hold_has_its_reasons() {
        let report = report(&ALL);
        checked(&report, &Baseline::default(), |checked| {
            let block = |words| checked.block(&report.rules[1], words, Paint::new(false), None);
            let usual = block(Words::Usual);
            let lines: Vec<_> = usual.lines().map(str::trim).collect();
            assert_eq!(
                lines[..4],
                [
                    "",
                    "refuses-no-signature: A delivery without a signature is refused (fail)",
                    "sent  this",
                    "came  that\\x1b[2J",
                ]
            );
            assert_eq!(lines[4], "note  a proxy adds a newline");
            assert!(lines[5].starts_with("why  "), "{usual}");
            assert!(lines[7].starts_with("fix  "), "{usual}");
            assert_eq!(lines.len(), 8);
            assert!(block(Words::Many).starts_with(&usual));
        });
    }

    #[test]
    fn that_side_effects_were_not_counted_is_told_and_acts_on_no_terminal() {
        let mut report = report(&ALL);
        for (reason, told) in [
            (None, None),
            (
                Some("`\u{1b}[2J` is no count of side effects"),
                Some("side effects could not be counted: `\\x1b[2J` is no count of side effects"),
            ),
        ] {
            report.uncounted = reason.map(str::to_owned);
            checked(&report, &Baseline::default(), |checked| {
                assert_eq!(checked.uncounted().as_deref(), told);
            });
        }
    }

    #[test]
    fn the_sum_tells_what_passed_and_failed_and_the_rest_where_there_is_some() {
        let known = Baseline::parse("refuses-no-signature").expect("a baseline");
        for (rulings, baseline, cut, expected) in [
            (
                &[Ruling::Pass][..],
                &Baseline::default(),
                false,
                "check of http://h/ as cepro: 1 passed, 0 failed, 1,234 requests in 2.1s",
            ),
            (
                &[Ruling::NotApplicable, Ruling::Fail],
                &known,
                true,
                "interrupted: check of http://h/ as cepro: 0 passed, 0 failed, 1 known, \
                 1 not applicable, 1,234 requests in 2.1s",
            ),
            (
                &[Ruling::NotApplicable, Ruling::NotSeen],
                &known,
                false,
                "check of http://h/ as cepro: 0 passed, 0 failed, 1 not seen, 1 not applicable, \
                 1,234 requests in 2.1s",
            ),
            (
                &[Ruling::Warn, Ruling::LeftOut],
                &known,
                false,
                "check of http://h/ as cepro: 0 passed, 0 failed, 1 warned, 1 left out, \
                 1,234 requests in 2.1s",
            ),
        ] {
            let mut report = report(rulings);
            report.cut = cut;
            checked(&report, baseline, |checked| {
                assert_eq!(checked.sum(), expected);
            });
        }
    }
}
