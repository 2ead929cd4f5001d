//! A check that is over, with what its user knows already.

use std::borrow::Cow;

use crate::conformance::Ruling;
use crate::conformance::check::{Baseline, CheckFinding, CheckReport, Group, Options};
use crate::provider::Provider;
use crate::report::Redaction;

/// A check that is over, as it is told.
pub(crate) struct Checked<'c> {
    pub(crate) report: &'c CheckReport,
    /// How the receiver was checked.
    pub(crate) options: &'c Options,
    /// The failures that the user knows of.
    pub(crate) baseline: &'c Baseline,
    /// Whose rules they are.
    pub(crate) provider: &'c Provider,
    /// What is left out of the exchanges.
    pub(crate) redaction: &'c Redaction,
}

/// How much people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// What does not hold, each in a row.
    Few,
    /// Each rule in a row, and the reasons of those that do not hold.
    Usual,
    /// The same, and the exchanges that show it.
    Many,
}

/// How a rule stands in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It holds.
    Pass,
    /// It would be better if it held.
    Warn,
    /// It does not hold.
    Fail,
    /// It does not hold, and the user knows.
    Known,
    /// Nothing came by which it could be told.
    NotSeen,
    /// There is no such rule for this receiver.
    Skip,
    /// The user left it out.
    LeftOut,
}

impl Checked<'_> {
    /// How a rule stands.
    pub(super) fn standing(&self, finding: &CheckFinding) -> Standing {
        match finding.ruling {
            Ruling::Pass => Standing::Pass,
            Ruling::Warn => Standing::Warn,
            Ruling::Fail if self.baseline.has(finding.rule.id) => Standing::Known,
            Ruling::Fail => Standing::Fail,
            Ruling::NotSeen => Standing::NotSeen,
            Ruling::NotApplicable => Standing::Skip,
            Ruling::LeftOut => Standing::LeftOut,
        }
    }

    /// How many rules stand so.
    pub(super) fn count(&self, standing: Standing) -> usize {
        let rules = self.report.rules.iter();
        rules
            .filter(|finding| self.standing(finding) == standing)
            .count()
    }

    /// Whether all was looked at, somebody answered, something holds, every rule could be told, side
    /// effects were counted where that was asked for, and no rule fails of which the user does not know.
    pub(crate) fn holds(&self) -> bool {
        use Standing::{Fail, Known, NotSeen, Pass, Warn};
        let count = |standings: &[Standing]| -> usize {
            let counts = standings.iter().map(|standing| self.count(*standing));
            counts.sum()
        };
        let is_whole = self.report.answered > 0 && !self.report.cut;
        let is_proof = is_whole && self.report.uncounted.is_none();
        is_proof && count(&[Pass, Warn, Known]) > 0 && count(&[Fail, NotSeen]) == 0
    }

    /// The rules that the user takes for failing, and that hold now.
    pub(crate) fn mended(&self) -> impl Iterator<Item = &'static str> {
        let rules = self.report.rules.iter();
        let mended = rules
            .filter(|finding| finding.ruling == Ruling::Pass && self.baseline.has(finding.rule.id));
        mended.map(|finding| finding.rule.id)
    }

    /// Whether a rule on what happens once passed by its answers alone.
    pub(super) fn is_uncounted(&self) -> bool {
        let mut rules = self.report.rules.iter();
        let is_passed = |finding: &CheckFinding| {
            finding.group == Group::Idempotent && finding.ruling == Ruling::Pass
        };
        self.options.effects.is_none() && rules.any(is_passed)
    }

    /// Where a rule is stated.
    pub(super) fn page(&self, finding: &CheckFinding) -> Cow<'static, str> {
        let documents = || self.provider.documents.join("; ").into();
        finding.rule.page.map_or_else(documents, Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use crate::conformance::Ruling;
    use crate::conformance::check::Baseline;
    use crate::report::check::samples::{checked, report};

    #[test]
    fn what_is_known_fails_nothing_and_what_holds_now_is_told() {
        let known = |text: &str| Baseline::parse(text).expect("a baseline");
        for (rulings, baseline, holds, mended) in [
            (&[Ruling::Pass, Ruling::Warn][..], "", true, &[][..]),
            (&[Ruling::Pass, Ruling::Fail], "", false, &[]),
            (
                &[Ruling::Pass, Ruling::Fail],
                "refuses-no-signature",
                true,
                &[],
            ),
            (&[Ruling::Fail], "refuses-no-signature", false, &[]),
            (&[Ruling::Pass, Ruling::NotSeen], "", false, &[]),
            (
                &[Ruling::Pass, Ruling::NotSeen],
                "refuses-no-signature",
                false,
                &[],
            ),
            (&[Ruling::Pass, Ruling::NotApplicable], "", true, &[]),
            (&[Ruling::NotApplicable, Ruling::LeftOut], "", false, &[]),
            (&[Ruling::NotSeen, Ruling::LeftOut], "", false, &[]),
            (
                &[Ruling::Pass, Ruling::LeftOut],
                "accepts-event\nrefuses-no-signature",
                true,
                &["accepts-event"],
            ),
        ] {
            let (report, baseline) = (report(rulings), known(baseline));
            checked(&report, &baseline, |checked| {
                assert_eq!(checked.holds(), holds, "{rulings:?}");
                assert_eq!(checked.mended().collect::<Vec<_>>(), mended);
            });
        }
    }

    #[test]
    fn what_is_cut_short_never_answered_or_not_counted_holds_in_no_case() {
        let whole = report(&[Ruling::Pass]);
        let uncounted = || Some("`no rows` is no count of side effects".to_owned());
        for (cut, answered, uncounted, holds) in [
            (false, 1, None, true),
            (true, 1, None, false),
            (false, 0, None, false),
            (false, 1, uncounted(), false),
        ] {
            let mut report = whole.clone();
            (report.cut, report.answered, report.uncounted) = (cut, answered, uncounted);
            checked(&report, &Baseline::default(), |checked| {
                let of = (report.cut, report.answered, &report.uncounted);
                assert_eq!(checked.holds(), holds, "{of:?}");
            });
        }
    }
}
