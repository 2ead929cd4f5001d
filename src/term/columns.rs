//! How many columns a text takes on the screen, and where it may be cut.

use std::iter;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text takes: two for a wide character, none for a combining one.
///
/// The text must hold no control characters; [`Safe`](super::Safe) leaves none in a line.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// Each character together with the characters of no width that follow it and change its looks.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let mut chars = rest.char_indices();
        chars.next()?;
        let next = chars.find(|(_, c)| c.width() != Some(0));
        let end = next.map_or(rest.len(), |(at, _)| at);
        let (cluster, tail) = rest.split_at(end);
        rest = tail;
        Some(cluster)
    })
}

/// The bytes that a cut text may have for each of its columns, so that accents without end do not
/// make it endless.
pub(super) const BYTES_PER_COLUMN: usize = 32;

/// A text that grows until it is full, and then ends in `…`.
pub(super) struct Cut {
    text: String,
    columns: usize,
    max_columns: usize,
    /// The length of the text up to which `…` still fits behind it.
    room: usize,
}

impl Cut {
    /// An empty text that takes up to `max_columns` columns, and [`BYTES_PER_COLUMN`] bytes for
    /// each.
    pub(super) fn new(max_columns: usize) -> Self {
        Self {
            text: String::new(),
            columns: 0,
            max_columns,
            room: 0,
        }
    }

    /// Appends a part that may not be cut in two. False: it did not fit, and the text has been
    /// ended.
    pub(super) fn push(&mut self, part: &str) -> bool {
        let grown = self.columns + columns(part);
        let bytes = self.text.len() + part.len();
        let max_bytes = self.max_columns.saturating_mul(BYTES_PER_COLUMN);
        if grown > self.max_columns || bytes > max_bytes {
            self.text.truncate(self.room);
            if self.max_columns > 0 {
                self.text.push('…');
            }
            return false;
        }
        self.text.push_str(part);
        self.columns = grown;
        if grown < self.max_columns {
            self.room = self.text.len();
        }
        true
    }

    /// The text so far.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, clusters, columns};

    #[test]
    fn wide_characters_take_two_columns_and_accents_none() {
        for (text, expected) in [
            ("", 0),
            ("abc", 3),
            ("e\u{301}", 1),
            ("日本", 4),
            ("❤\u{fe0f}", 2),
        ] {
            assert_eq!(columns(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_cluster_keeps_its_accents() {
        let found: Vec<_> = clusters("ae\u{301}\u{302}日\u{fe0f}").collect();
        assert_eq!(found, ["a", "e\u{301}\u{302}", "日\u{fe0f}"]);
    }

    #[test]
    fn a_full_text_ends_in_an_ellipsis_within_the_limit() {
        for (max_columns, expected) in [(0, ""), (1, "…"), (2, "…"), (3, "日…"), (4, "日本")]
        {
            let mut cut = Cut::new(max_columns);
            let _all_fit = ["日", "本"].into_iter().all(|part| cut.push(part));
            assert_eq!(cut.into_text(), expected, "{max_columns}");
        }
    }
}
