//! Which rules are wanted.

use wildmatch::WildMatch;

use crate::provider::nearest;

use super::catalogue::{Entry, Group, entries, ids};
use super::receiver::Options;

/// A name that names no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown<'o> {
    pub(crate) name: &'o str,
    /// The rule or the group whose name is most like it.
    pub(crate) nearest: Option<&'static str>,
}

impl Options {
    /// Whether a rule is looked at.
    pub(super) fn wants(&self, entry: &Entry) -> bool {
        let is_named = |pattern: &String| names(pattern, entry.group, entry.rule.id);
        (self.only.is_empty() || self.only.iter().any(is_named))
            && !self.skip.iter().any(is_named)
            && (entry.quick || !self.quick)
    }

    /// The rules that are left out for no other reason than that the check is quick.
    pub(crate) fn hurried(&self) -> Vec<&'static str> {
        let whole = Self {
            quick: false,
            ..self.clone()
        };
        let hurried = entries().filter(|entry| whole.wants(entry) && !self.wants(entry));
        hurried.map(|entry| entry.rule.id).collect()
    }

    /// The first of the names that names no rule, if there is one.
    pub(crate) fn unknown(&self) -> Option<Unknown<'_>> {
        let mut given = self.only.iter().chain(&self.skip);
        let is_unknown =
            |name: &&String| !entries().any(|entry| names(name, entry.group, entry.rule.id));
        given.find(is_unknown).map(|name| Unknown {
            name,
            nearest: nearest(name, Group::ALL.map(Group::name).into_iter().chain(ids())),
        })
    }
}

/// Whether a pattern names a rule: by its id, by its group, or as a glob over ids.
fn names(pattern: &str, group: Group, id: &str) -> bool {
    pattern == group.name() || WildMatch::new(pattern).matches(id)
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::conformance::check::Options;
    use crate::conformance::check::catalogue::Group;

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

    #[test]
    fn only_a_quick_check_leaves_rules_out_by_itself() {
        let hurried = |quick, only: &str| {
            let options = Options {
                quick,
                only: vec![only.to_owned()],
                ..Options::default()
            };
            options.hurried()
        };
        assert_eq!(hurried(false, "*"), [""; 0]);
        assert_eq!(hurried(true, "idempotent"), ["idempotent-later"]);
        assert!(hurried(true, "*").contains(&"robust-many-headers"));
    }

    #[test]
    fn a_name_of_nothing_is_told_with_the_nearest() {
        for (only, skip, unknown) in [
            ("refuses", "accepts-event", None),
            ("refuse", "", Some(("refuse", Some("refuses")))),
            (
                "accepts",
                "accept-event",
                Some(("accept-event", Some("accepts-event"))),
            ),
            ("1234-*", "", Some(("1234-*", None))),
        ] {
            let list = |name: &str| Vec::from_iter((!name.is_empty()).then(|| name.to_owned()));
            let options = Options {
                only: list(only),
                skip: list(skip),
                ..Options::default()
            };
            let found = options
                .unknown()
                .map(|found| (found.name.to_owned(), found.nearest));
            let expected = unknown.map(|(name, nearest)| (name.to_owned(), nearest));
            assert_eq!(found, expected, "{only} {skip}");
        }
    }
}
