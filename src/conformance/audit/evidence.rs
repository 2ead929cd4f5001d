//! What speaks for and against a rule.

use crate::conformance::Ruling;

use super::delivery::SeenDelivery;

/// What became of a rule, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) ruling: Ruling,
    pub(super) expected: String,
    /// Whether no document states what was expected.
    pub(super) assumed: bool,
    /// What was seen; empty: nothing, and the record knows why.
    pub(super) seen: String,
}

/// What was found of one rule, piece by piece.
#[derive(Debug)]
pub(super) struct Evidence {
    expected: String,
    assumed: bool,
    /// How often it was seen to hold.
    held: usize,
    /// What was seen then, where it is worth telling.
    notes: Vec<String>,
    faults: Vec<Fault>,
}

#[derive(Debug)]
struct Fault {
    text: String,
    assumed: bool,
}

/// The most of each kind that is told.
const TOLD: usize = 4;

impl Evidence {
    /// None yet, of what is expected; `assumed`: no document states it.
    pub(super) fn new(expected: impl Into<String>, assumed: bool) -> Self {
        Self {
            expected: expected.into(),
            assumed,
            held: 0,
            notes: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// It was seen to hold.
    pub(super) fn holds(&mut self) {
        self.held += 1;
    }

    /// It was seen to hold, by this.
    pub(super) fn holds_by(&mut self, note: String) {
        self.held += 1;
        self.notes.push(note);
    }

    /// It does not hold there.
    pub(super) fn fails(&mut self, place: &str, what: &str) {
        let assumed = self.assumed;
        self.fails_by(place, what, assumed);
    }

    /// The same; `assumed`: no document states what is wrong about it.
    pub(super) fn fails_by(&mut self, place: &str, what: &str, assumed: bool) {
        let text = format!("{place}: {what}");
        self.faults.push(Fault { text, assumed });
    }

    /// What it comes to; what holds is counted in these units, one and several.
    pub(super) fn judged(self, units: [&str; 2]) -> Judged {
        let ruling = if self.faults.iter().any(|fault| !fault.assumed) {
            Ruling::Fail
        } else if !self.faults.is_empty() {
            Ruling::Warn
        } else if self.held > 0 {
            Ruling::Pass
        } else {
            Ruling::NotSeen
        };
        // What fails for certain comes first.
        let (firm, weak): (Vec<_>, Vec<_>) = self.faults.into_iter().partition(|f| !f.assumed);
        let faults: Vec<_> = firm
            .into_iter()
            .chain(weak)
            .map(|fault| fault.text)
            .collect();
        let seen = match ruling {
            Ruling::Pass if self.notes.is_empty() => {
                format!("{} {}", self.held, units[usize::from(self.held != 1)])
            }
            Ruling::Pass => some_of(&self.notes, ", "),
            Ruling::NotSeen => String::new(),
            _ => some_of(&faults, "; "),
        };
        Judged {
            ruling,
            expected: self.expected,
            assumed: self.assumed,
            seen,
        }
    }
}

impl Judged {
    /// Of a rule that the platform does not have.
    pub(super) fn not_applicable(why: impl Into<String>) -> Self {
        Self::nothing(Ruling::NotApplicable, why)
    }

    /// Of a rule that cannot be judged, for this reason.
    pub(super) fn not_seen(why: impl Into<String>) -> Self {
        Self::nothing(Ruling::NotSeen, why)
    }

    /// Of a rule that the user does not want judged.
    pub(super) fn left_out() -> Self {
        Self::nothing(Ruling::LeftOut, "--skip")
    }

    fn nothing(ruling: Ruling, seen: impl Into<String>) -> Self {
        Self {
            ruling,
            expected: String::new(),
            assumed: false,
            seen: seen.into(),
        }
    }
}

/// Attempts, one and several.
pub(super) const ATTEMPTS: [&str; 2] = ["attempt", "attempts"];

/// Deliveries, one and several.
pub(super) const DELIVERIES: [&str; 2] = ["delivery", "deliveries"];

/// An attempt's name.
pub(super) fn place(delivery: &SeenDelivery, attempt: u32) -> String {
    format!("delivery {} attempt {attempt}", delivery.nth)
}

/// The first few, and how many more there are.
fn some_of(all: &[String], between: &str) -> String {
    let told = all[..all.len().min(TOLD)].join(between);
    match all.len() - all.len().min(TOLD) {
        0 => told,
        more => format!("{told}{between}and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, Evidence};
    use crate::conformance::Ruling;

    #[test]
    fn what_is_certain_counts_before_what_is_assumed() {
        let judged = |faults: &[(&str, bool)], held: usize| {
            let mut evidence = Evidence::new("it", false);
            (0..held).for_each(|_| evidence.holds());
            for (what, assumed) in faults {
                evidence.fails_by("delivery 1", what, *assumed);
            }
            let judged = evidence.judged(ATTEMPTS);
            (judged.ruling, judged.seen)
        };
        let told = |text: &str| text.to_owned();
        for (faults, held, expected) in [
            (&[][..], 0, (Ruling::NotSeen, told(""))),
            (&[], 1, (Ruling::Pass, told("1 attempt"))),
            (&[], 2, (Ruling::Pass, told("2 attempts"))),
            (&[("a", true)], 2, (Ruling::Warn, told("delivery 1: a"))),
            (
                &[("a", true), ("b", false)],
                0,
                (Ruling::Fail, told("delivery 1: b; delivery 1: a")),
            ),
        ] {
            assert_eq!(judged(faults, held), expected, "{faults:?} {held}");
        }
    }

    #[test]
    fn a_few_are_told_and_the_others_counted() {
        let mut evidence = Evidence::new("it", true);
        for n in 0..9 {
            evidence.holds_by(n.to_string());
        }
        assert_eq!(evidence.judged(ATTEMPTS).seen, "0, 1, 2, 3, and 5 more");
    }
}
