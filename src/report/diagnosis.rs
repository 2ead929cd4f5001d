//! Why a delivery did not verify, as it is told: on the screen of whoever has the secret, and nowhere
//! else.

use serde_json::{Value, json};

use crate::capture::Unexplained;
use crate::signature::Verdict;
use crate::signature::explain::{Cause, Explanation, Tried};
use crate::term::{Paint, wrapped};

/// Why a delivery did not verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Diagnosis {
    /// What the search came to.
    Searched(Explanation),
    /// Nothing was searched.
    Unsearched {
        /// Why not, in a sentence.
        reason: String,
        /// What to do, in a sentence.
        instead: String,
    },
}

/// What to do where a body is too large, from wherever it comes.
const SHORTER: &str = "Send something shorter the same way: what changes it changes that too.";

impl Diagnosis {
    /// Of a search that was not made, for this reason; and what to do.
    pub(crate) fn unsearched(reason: impl Into<String>, instead: impl Into<String>) -> Self {
        Self::Unsearched {
            reason: reason.into(),
            instead: instead.into(),
        }
    }

    /// Of a delivery that came in; `number` is its own where it is kept.
    pub(crate) fn of_received(
        found: Result<Explanation, Unexplained>,
        number: Option<i64>,
    ) -> Self {
        match (found, number) {
            (Ok(explanation), _) => Self::Searched(explanation),
            (Err(why), Some(number)) => Self::unsearched(
                why.to_string(),
                format!(
                    "Run `wh verify --delivery '#{number}'` with the same secret: it explains it."
                ),
            ),
            (Err(why), None) => Self::unsearched(
                why.to_string(),
                "Run `wh verify` with its body and header lines: it explains it.",
            ),
        }
    }

    /// What was found, in one sentence.
    pub(crate) fn finding(&self) -> String {
        match self {
            Self::Searched(explanation) => explanation.finding(),
            Self::Unsearched { reason, .. } => reason.clone(),
        }
    }

    /// The same of causes that were found; `None`: none were.
    pub(crate) fn found(&self) -> Option<String> {
        match self {
            Self::Searched(explanation @ Explanation::Found(_)) => Some(explanation.finding()),
            _ => None,
        }
    }

    /// A line each: what was found, what was seen, and then what to change, to check or to type. With
    /// `brief` the first alone. Each within so many columns, and on as many lines as that takes; `None`:
    /// on one.
    pub(crate) fn lines(&self, paint: Paint, brief: bool, width: Option<usize>) -> Vec<String> {
        let finding = wrapped(&self.finding(), width).into_iter();
        let finding = finding.map(|line| paint.dim(line).to_string());
        let rest = self.remark_lines(paint, width);
        finding.chain(rest.into_iter().filter(|_| !brief)).collect()
    }

    /// The same without what was found.
    pub(crate) fn remark_lines(&self, paint: Paint, width: Option<usize>) -> Vec<String> {
        let mut lines = Vec::new();
        for (label, text) in self.remarks() {
            let indent = label.len() + 1;
            let room = width.map(|width| width.saturating_sub(indent));
            for (nth, line) in wrapped(&text, room).into_iter().enumerate() {
                let line = paint.dim(line);
                lines.push(if nth == 0 {
                    format!("{} {line}", paint.name(label))
                } else {
                    format!("{:indent$}{line}", "")
                });
            }
        }
        lines
    }

    /// Whether the finding says no more than the reason of this verdict does: how old the delivery is.
    pub(crate) fn repeats(&self, verdict: &Verdict) -> bool {
        let is_age = |cause: &Cause| ["clock-past", "clock-future"].contains(&cause.id);
        matches!(verdict, Verdict::Stale { .. })
            && matches!(self, Self::Searched(Explanation::Found(causes)) if causes.iter().all(is_age))
    }

    /// What follows the finding, each with what it is.
    fn remarks(&self) -> Vec<(&'static str, String)> {
        let each = |label: &'static str, texts: Vec<String>| {
            texts.into_iter().map(move |text| (label, text))
        };
        let fixes = |explanation: &Explanation| {
            let fixes = explanation.fixes().into_iter();
            fixes.map(str::to_owned).collect()
        };
        match self {
            Self::Searched(explanation @ Explanation::Found(_)) => {
                each("fix:", fixes(explanation)).collect()
            }
            Self::Searched(explanation @ Explanation::NotFound(tried)) => {
                each("seen:", tried.seen.clone())
                    .chain(each("check:", fixes(explanation)))
                    .collect()
            }
            Self::Searched(Explanation::TooLarge { .. }) => vec![("hint:", SHORTER.to_owned())],
            Self::Unsearched { instead, .. } => vec![("hint:", instead.clone())],
        }
    }

    /// As programs read it.
    pub(crate) fn json(&self) -> Value {
        let by_hand = |what: &str| Tried {
            by_hand: vec![what.to_owned()],
            ..Tried::default()
        };
        let (causes, tried) = match self {
            Self::Searched(Explanation::Found(causes)) => (causes.as_slice(), Tried::default()),
            Self::Searched(Explanation::NotFound(tried)) => (&[][..], tried.clone()),
            Self::Searched(Explanation::TooLarge { .. }) => (&[][..], by_hand(SHORTER)),
            Self::Unsearched { instead, .. } => (&[][..], by_hand(instead)),
        };
        let causes = causes.iter();
        let causes: Vec<_> = causes
            .map(|cause| json!({"id": cause.id, "words": cause.words, "fix": cause.fix}))
            .collect();
        json!({
            "found": self.found().is_some(),
            "finding": self.finding(),
            "causes": causes,
            "tried": tried.forms,
            "seen": tried.seen,
            "by_hand": tried.by_hand,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::capture::Unexplained;
    use crate::signature::explain::{Cause, Explanation, Kind, Tried};
    use crate::term::Paint;

    use super::Diagnosis;

    fn found() -> Diagnosis {
        Diagnosis::Searched(Explanation::Found(vec![Cause {
            id: "body-newline-added",
            kind: Kind::Condition,
            words: "the final newline is removed".to_owned(),
            fix: "verify the raw bytes\u{1b}[2J".to_owned(),
        }]))
    }

    fn not_found() -> Diagnosis {
        let text = str::to_owned;
        Diagnosis::Searched(Explanation::NotFound(Tried {
            forms: vec![text("3 forms of the body")],
            seen: vec![text("it is 40 digits long")],
            by_hand: vec![text("is the secret right?"), text("is there a proxy?")],
        }))
    }

    #[test]
    fn a_finding_comes_first_and_what_to_do_below_it() {
        let large = Diagnosis::Searched(Explanation::TooLarge { size: 9, most: 8 });
        let busy = Err(Unexplained::Busy);
        for (diagnosis, rest) in [
            (found(), &["fix: verify the raw bytes\\x1b[2J"][..]),
            (
                not_found(),
                &[
                    "seen: it is 40 digits long",
                    "check: is the secret right?",
                    "check: is there a proxy?",
                ],
            ),
            (
                large,
                &["hint: Send something shorter the same way: what changes it changes that too."],
            ),
            (
                Diagnosis::of_received(busy.clone(), Some(12)),
                &["hint: Run `wh verify --delivery '#12'` with the same secret: it explains it."],
            ),
            (
                Diagnosis::of_received(busy, None),
                &["hint: Run `wh verify` with its body and header lines: it explains it."],
            ),
        ] {
            let finding = diagnosis.finding();
            let lines = diagnosis.lines(Paint::new(false), false, None);
            assert_eq!(lines, [&[finding.as_str()], rest].concat());
            assert_eq!(diagnosis.lines(Paint::new(false), true, None), [finding]);
        }
    }

    #[test]
    fn on_a_narrow_screen_what_to_do_stands_in_a_column_of_its_own() {
        let lines = found().lines(Paint::new(false), false, Some(22));
        assert!(lines.len() > 3, "{lines:?}");
        assert!(lines.iter().all(|line| line.len() <= 22), "{lines:?}");
        assert!(lines[lines.len() - 2].starts_with("fix: verify the raw"));
        assert_eq!(lines[lines.len() - 1], "     bytes\\x1b[2J");
    }

    #[test]
    fn programs_read_every_part() {
        let expected = json!({
            "found": true,
            "finding": found().finding(),
            "causes": [{
                "id": "body-newline-added",
                "words": "the final newline is removed",
                "fix": "verify the raw bytes\u{1b}[2J",
            }],
            "tried": [],
            "seen": [],
            "by_hand": [],
        });
        assert_eq!(found().json(), expected);
        let expected = json!({
            "found": false,
            "finding": not_found().finding(),
            "causes": [],
            "tried": ["3 forms of the body"],
            "seen": ["it is 40 digits long"],
            "by_hand": ["is the secret right?", "is there a proxy?"],
        });
        assert_eq!(not_found().json(), expected);
        let unsearched = Diagnosis::unsearched("too large", "give a file").json();
        assert_eq!(unsearched["found"], false);
        assert_eq!(unsearched["finding"], "too large");
        assert_eq!(unsearched["by_hand"], json!(["give a file"]));
    }
}
