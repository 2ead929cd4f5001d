//! The beginning of an id, as people type it in the place of the whole.

use rusqlite::types::Value;
use uuid::Uuid;

/// Where the text form of our ids has its dashes.
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// The beginning of our id or of the webhook id of a delivery; at least one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    /// The first and the last of our ids that begin so; `None` where none can.
    pub(super) ids: Option<(Uuid, Uuid)>,
    /// The text with which a webhook id begins.
    pub(super) text: String,
}

/// A range of webhook ids, in the order of code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextRange {
    /// The first that lies in it.
    pub(super) from: String,
    /// The first that lies behind it.
    pub(super) until: Option<String>,
}

impl TextRange {
    /// The range of one.
    pub(super) fn only(text: &str) -> Self {
        Self {
            from: text.to_owned(),
            until: Some(format!("{text}\0")),
        }
    }
}

/// A range of a column of `deliveries`.
pub(super) struct Range {
    /// What holds of the ids in it.
    pub(super) condition: &'static str,
    /// The values bound in the condition.
    pub(super) values: Vec<Value>,
}

impl Prefix {
    /// The prefix that a text is; `None` for an empty one.
    pub(super) fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self {
            ids: ids(text),
            text: text.to_owned(),
        })
    }

    /// Whether a delivery with these ids has it.
    pub(super) fn begins(&self, id: Uuid, webhook_id: Option<&str>) -> bool {
        self.ids
            .is_some_and(|(first, last)| (first..=last).contains(&id))
            || webhook_id.is_some_and(|webhook_id| webhook_id.starts_with(&self.text))
    }

    /// The webhook ids that begin so.
    pub(super) fn webhook_ids(&self) -> TextRange {
        TextRange {
            from: self.text.clone(),
            until: self.after(),
        }
    }

    /// Our ids that begin so; `None` where none can.
    pub(super) fn own_ids(&self) -> Option<Range> {
        let blob = |id: Uuid| Value::Blob(id.into_bytes().into());
        self.ids.map(|(first, last)| Range {
            condition: "id BETWEEN ? AND ?",
            values: vec![blob(first), blob(last)],
        })
    }

    /// The ranges of ids in which the deliveries are that have it.
    pub(super) fn ranges(&self) -> Vec<Range> {
        let TextRange { from, until } = self.webhook_ids();
        let webhook_ids = match until {
            Some(until) => Range {
                condition: "webhook_id >= ? AND webhook_id < ?",
                values: vec![from.into(), until.into()],
            },
            None => Range {
                condition: "webhook_id >= ?",
                values: vec![from.into()],
            },
        };
        std::iter::once(webhook_ids).chain(self.own_ids()).collect()
    }

    /// The first text, in the order of code points, after all that begin so; `None` where there
    /// is none.
    fn after(&self) -> Option<String> {
        let mut text = self.text.clone();
        while let Some(last) = text.pop() {
            // A range of characters leaves out the surrogates.
            if let Some(next) = (last..=char::MAX).nth(1) {
                text.push(next);
                return Some(text);
            }
        }
        None
    }
}

/// The ids whose text, with dashes or without, begins so, in either case.
fn ids(text: &str) -> Option<(Uuid, Uuid)> {
    let has_dashes = text.contains('-');
    let mut digits = String::with_capacity(32);
    for (at, c) in text.char_indices() {
        match c {
            '-' if DASHES.contains(&at) => {}
            _ if has_dashes && DASHES.contains(&at) => return None,
            _ if c.is_ascii_hexdigit() => digits.push(c),
            _ => return None,
        }
    }
    let filled = |with: &str| {
        let missing = 32_usize.checked_sub(digits.len())?;
        Uuid::try_parse(&format!("{digits}{}", with.repeat(missing))).ok()
    };
    Some((filled("0")?, filled("f")?))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::Prefix;

    const ID: &str = "0198c5c5-7e1a-7abc-8def-0123456789ab";

    fn prefix(text: &str) -> Prefix {
        Prefix::new(text).expect("it is not empty")
    }

    #[test]
    fn our_ids_are_named_with_dashes_or_without_in_either_case() {
        let id: Uuid = ID.parse().expect("an id");
        let simple = id.simple().to_string();
        for end in 1..=ID.len() {
            assert!(prefix(&ID[..end]).begins(id, None), "{}", &ID[..end]);
            assert!(prefix(&ID[..end].to_uppercase()).begins(id, None));
        }
        for end in 1..=simple.len() {
            assert!(prefix(&simple[..end]).begins(id, None));
        }
        for text in [
            "1",
            "0199",
            "-",
            "0198-c5c5",
            "0198c5c57-e1a",
            "0198c5c5-7e1a7",
            "0198c5c5--",
            "0198x",
            "ü",
            &format!("{ID}0"),
            &format!("{simple}0"),
        ] {
            assert!(!prefix(text).begins(id, None), "{text}");
        }
    }

    #[test]
    fn webhook_ids_begin_as_they_are_spelled() {
        let id = Uuid::nil();
        assert!(prefix("msg_").begins(id, Some("msg_1")));
        assert!(!prefix("MSG_").begins(id, Some("msg_1")));
        assert!(!prefix("msg_12").begins(id, Some("msg_1")));
        assert_eq!(Prefix::new(""), None);
    }

    #[test]
    fn a_range_ends_behind_its_last_text() {
        for (text, after) in [
            ("a", Some("b")),
            ("a\u{10ffff}", Some("b")),
            ("\u{d7ff}", Some("\u{e000}")),
            ("\u{10ffff}", None),
        ] {
            assert_eq!(prefix(text).after().as_deref(), after, "{text:?}");
        }
    }
}
