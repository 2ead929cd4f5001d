//! The failures that the user knows of already.

use thiserror::Error;

use crate::provider::nearest;

use super::catalogue::ids;

/// Rules that are known not to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Baseline {
    ids: Vec<&'static str>,
}

/// A line that names no rule.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: there is no rule `{id}`")]
pub(crate) struct BaselineError {
    /// Which line it is, from 1 on.
    line: usize,
    id: String,
    /// The rule whose id is most like it.
    pub(crate) nearest: Option<&'static str>,
}

/// What is longer was never meant to be an id.
const LONGEST: usize = 100;

/// What a file of them begins with.
const HEAD: &str =
    "# Rules that are known not to hold: `wh check --baseline` fails for none of them.\n";

impl Baseline {
    /// These rules.
    pub(crate) fn of(ids: impl Iterator<Item = &'static str>) -> Self {
        Self { ids: ids.collect() }
    }

    /// Reads a file: an id on each line; what follows a `#` is for people.
    pub(crate) fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut found = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (nth, line) in text.lines().enumerate() {
            let name = line.split('#').next().unwrap_or_default().trim();
            if name.is_empty() {
                continue;
            }
            let Some(id) = ids().find(|id| *id == name) else {
                let is_short = name.len() <= LONGEST;
                return Err(BaselineError {
                    line: nth + 1,
                    id: name.chars().take(LONGEST).collect(),
                    nearest: nearest(name, ids().filter(|_| is_short)),
                });
            };
            found.push(id);
        }
        Ok(Self { ids: found })
    }

    /// The file of these rules.
    pub(crate) fn text(&self) -> String {
        let lines = self.ids.iter().map(|id| format!("{id}\n"));
        HEAD.to_owned() + &lines.collect::<String>()
    }

    /// Whether a rule is among them.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.contains(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, BaselineError};

    #[test]
    fn a_file_is_ids_and_words_for_people() {
        let text =
            "\u{feff}\u{20}\r\n# why\n accepts-event # next week\r\n\n#refuses-no-signature\n";
        let baseline = Baseline::parse(text).expect("a baseline");
        assert_eq!(baseline.ids.len(), 1);
        assert!(baseline.has("accepts-event"));
        assert!(!baseline.has("refuses-no-signature"));
        assert_eq!(Baseline::parse(&baseline.text()), Ok(baseline));
    }

    #[test]
    fn a_rule_that_is_none_is_told_with_its_line_and_the_nearest() {
        for (text, line, nearest) in [
            ("accepts-event\naccept-event", 2, Some("accepts-event")),
            ("# a\n\n12345678", 3, None),
            ("accepts", 1, Some("accepts-event")),
            (&"accepts-event".repeat(1000), 1, None),
        ] {
            let error: BaselineError = Baseline::parse(text).expect_err(text);
            assert_eq!(error.line, line);
            assert_eq!(error.nearest.is_some(), nearest.is_some(), "{error:?}");
        }
    }
}
