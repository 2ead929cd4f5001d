//! Which rules are wanted.

use wildmatch::WildMatch;

use super::catalogue::{Entry, Group};
use super::receiver::Options;

impl Options {
    /// Whether a rule is looked at.
    pub(super) fn wants(&self, entry: &Entry) -> bool {
        let is_named = |pattern: &String| names(pattern, entry.group, entry.rule.id);
        (self.only.is_empty() || self.only.iter().any(is_named))
            && !self.skip.iter().any(is_named)
            && (entry.quick || !self.quick)
    }
}

/// Whether a pattern names a rule: by its id, by its group, or as a glob over ids.
pub(crate) fn names(pattern: &str, group: Group, id: &str) -> bool {
    pattern == group.name() || WildMatch::new(pattern).matches(id)
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::conformance::check::Group;

    #[test]
    fn a_rule_is_named_by_its_id_its_group_and_globs() {
        let id = "refuses-no-signature";
        for (pattern, named) in [
            ("refuses-no-signature", true),
            ("refuses", true),
            ("*-signature", true),
            ("refuses-*", true),
            ("*", true),
            ("refuses-no", false),
            ("accepts", false),
            ("accepts-*", false),
            ("", false),
        ] {
            assert_eq!(names(pattern, Group::Refuses, id), named, "{pattern}");
        }
    }
}
