//! Which values of two JSON texts differ, by their paths. Every value is compared as it is spelled:
//! `2500.00` is not `2500.0`.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::message::json;

/// The changes that are told one by one.
const TOLD: usize = 20;

/// The levels that are looked into; what lies deeper is told as a whole.
const DEEPEST: usize = 64;

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change<'t> {
    /// Keys and positions joined by dots; empty for the whole text.
    pub(super) path: String,
    /// What stands on the old side.
    pub(super) old: Option<&'t str>,
    /// What stands on the new side.
    pub(super) new: Option<&'t str>,
}

/// The values that differ.
#[derive(Debug, Default)]
pub(super) struct Changes<'t> {
    /// The first of them.
    pub(super) told: Vec<Change<'t>>,
    /// How many there are beside those.
    pub(super) more: usize,
    path: Vec<String>,
}

/// Compares two JSON texts; `None` where one is none. Neither the order of keys nor space between
/// values counts; of repeated keys the last one does.
pub(super) fn changes<'t>(old: &'t str, new: &'t str) -> Option<Changes<'t>> {
    let (old, new) = (whole(old)?, whole(new)?);
    let mut changes = Changes::default();
    changes.compare(Some(old), Some(new));
    Some(changes)
}

/// An object or an array, one level of it.
enum Level<'t> {
    Object(BTreeMap<String, &'t RawValue>),
    Array(Vec<&'t RawValue>),
    Scalar,
}

impl<'t> Changes<'t> {
    fn compare(&mut self, old: Option<&'t RawValue>, new: Option<&'t RawValue>) {
        let (Some(before), Some(after)) = (old, new) else {
            return self.tell(old, new);
        };
        if before.get() == after.get() {
            return;
        }
        if self.path.len() >= DEEPEST {
            if pretty(before) != pretty(after) {
                self.tell(old, new);
            }
            return;
        }
        match (level(before), level(after)) {
            (Level::Object(old), Level::Object(new)) => self.objects(&old, &new),
            (Level::Array(old), Level::Array(new)) => self.arrays(&old, &new),
            _ => self.tell(old, new),
        }
    }

    fn objects(
        &mut self,
        old: &BTreeMap<String, &'t RawValue>,
        new: &BTreeMap<String, &'t RawValue>,
    ) {
        for (key, value) in old {
            self.below(key, Some(value), new.get(key).copied());
        }
        for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
            self.below(key, None, Some(value));
        }
    }

    fn arrays(&mut self, old: &[&'t RawValue], new: &[&'t RawValue]) {
        for at in 0..old.len().max(new.len()) {
            self.below(&at.to_string(), old.get(at).copied(), new.get(at).copied());
        }
    }

    fn below(&mut self, name: &str, old: Option<&'t RawValue>, new: Option<&'t RawValue>) {
        self.path.push(name.to_owned());
        self.compare(old, new);
        self.path.pop();
    }

    fn tell(&mut self, old: Option<&'t RawValue>, new: Option<&'t RawValue>) {
        if self.told.len() < TOLD {
            self.told.push(Change {
                path: self.path.join("."),
                old: old.map(RawValue::get),
                new: new.map(RawValue::get),
            });
        } else {
            self.more += 1;
        }
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(text: &str) -> bool {
    whole(text).is_some()
}

fn whole(text: &str) -> Option<&RawValue> {
    serde_json::from_str(text).ok()
}

fn pretty(value: &RawValue) -> Option<String> {
    json::pretty(value.get().as_bytes())
}

fn level(value: &RawValue) -> Level<'_> {
    let text = value.get();
    let read = match text.as_bytes().first() {
        Some(b'{') => serde_json::from_str(text).map(Level::Object),
        Some(b'[') => serde_json::from_str(text).map(Level::Array),
        _ => return Level::Scalar,
    };
    read.unwrap_or(Level::Scalar)
}

#[cfg(test)]
mod tests {
    use super::changes;

    /// The changes as `path: old -> new`.
    fn told(old: &str, new: &str) -> Vec<String> {
        let changes = changes(old, new).expect("JSON");
        assert_eq!(changes.more, 0);
        let shown = |value: Option<&str>| value.unwrap_or("-").to_owned();
        changes
            .told
            .iter()
            .map(|change| {
                let (old, new) = (shown(change.old), shown(change.new));
                format!("{}: {old} -> {new}", change.path)
            })
            .collect()
    }

    #[test]
    fn values_are_told_by_their_paths_as_they_are_spelled() {
        for (old, new, want) in [
            (r#"{"a":1}"#, r#"{ "a" : 1 }"#, vec![]),
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, vec![]),
            (
                r#"{"data":{"total":2500.00}}"#,
                r#"{"data":{"total":2500.0}}"#,
                vec!["data.total: 2500.00 -> 2500.0"],
            ),
            (
                "9007199254740993",
                "9007199254740992",
                vec![": 9007199254740993 -> 9007199254740992"],
            ),
            (
                r#"{"a":[1,{"b":"x"}],"c":null}"#,
                r#"{"a":[1,{"b":"y"},[]],"d":{"e":true}}"#,
                vec![
                    r#"a.1.b: "x" -> "y""#,
                    "a.2: - -> []",
                    "c: null -> -",
                    r#"d: - -> {"e":true}"#,
                ],
            ),
            ("{}", "[]", vec![": {} -> []"]),
            (r#"{"a":1,"a":2}"#, r#"{"a":3,"a":2}"#, vec![]),
        ] {
            assert_eq!(told(old, new), want, "{old} {new}");
        }
    }

    #[test]
    fn many_changes_and_deep_ones_are_counted() {
        let old: Vec<u32> = (0..1000).collect();
        let new: Vec<u32> = (1..1001).collect();
        let (old, new) = (format!("{old:?}"), format!("{new:?}"));
        let found = changes(&old, &new).expect("JSON");
        assert_eq!((found.told.len(), found.more), (20, 980));
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(100), "]".repeat(100));
        let (old, new, spaced) = (deep("1"), deep("2"), deep(" 1 "));
        assert_eq!(changes(&old, &new).expect("JSON").told.len(), 1);
        assert_eq!(changes(&old, &spaced).expect("JSON").told, []);
        assert!(changes("{", "{}").is_none());
    }
}
