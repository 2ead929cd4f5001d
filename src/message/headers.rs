//! Header lines as they stand on the wire: ordered, repeated, in their own letter case.

/// The header lines of one request or response.
///
/// Names are ASCII tokens and compare without regard to case; values are bytes. Order, repetition
/// and letter case are kept as they were pushed (RFC 9110 §5.3 gives repeated lines a meaning).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    // Two buffers for all lines: two allocations for each would cost more than the rest of a request.
    names: String,
    values: Vec<u8>,
    /// Where each line's name and value end.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    /// No lines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one line.
    pub fn push(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        self.names.push_str(name.as_ref());
        self.values.extend_from_slice(value.as_ref());
        self.ends.push((self.names.len(), self.values.len()));
    }

    /// Removes every line of this name, then appends one.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.remove(name);
        self.push(name, value);
    }

    /// Removes every line of this name.
    pub fn remove(&mut self, name: &str) {
        if self.first(name).is_some() {
            let others = self.iter().filter(|(n, _)| !n.eq_ignore_ascii_case(name));
            *self = others.collect();
        }
    }

    /// The values of every line of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The value of the first line of this name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The first value of this name, where it is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.first(name)
            .and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Every line in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let mut at = (0, 0);
        self.ends.iter().map(move |&end| {
            let line = (&self.names[at.0..end.0], &self.values[at.1..end.1]);
            at = end;
            line
        })
    }

    /// The name of the first line that cannot be sent as it is (RFC 9110 §5.5): its value holds a
    /// control character, or begins or ends with a blank, which every receiver takes off.
    #[must_use]
    pub fn unsendable(&self) -> Option<&str> {
        let blank = |end: Option<&u8>| matches!(end, Some(b' ' | b'\t'));
        let control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
        self.iter()
            .find(|(_, value)| {
                blank(value.first()) || blank(value.last()) || value.iter().any(control)
            })
            .map(|(name, _)| name)
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no lines.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        let lines = lines.into_iter();
        let count = lines.size_hint().0;
        let mut headers = Self {
            names: String::with_capacity(count * 16),
            values: Vec::with_capacity(count * 32),
            ends: Vec::with_capacity(count),
        };
        for (name, value) in lines {
            headers.push(name, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;

    #[test]
    fn keeps_order_repetition_and_case() {
        let headers: Headers = [("X-B", "1"), ("x-a", "2"), ("x-b", "3")]
            .into_iter()
            .collect();
        let lines: Vec<_> = headers.iter().collect();
        assert_eq!(lines, [("X-B", &b"1"[..]), ("x-a", b"2"), ("x-b", b"3")]);
        assert_eq!(headers.all("X-b").collect::<Vec<_>>(), [b"1", b"3"]);
    }

    #[test]
    fn set_leaves_one_line_of_the_name() {
        let mut headers: Headers = [("A", "1"), ("a", "2"), ("B", "3")].into_iter().collect();
        headers.set("a", "4");
        assert_eq!(headers.text("A"), Some("4"));
        assert_eq!(headers.len(), 2);
    }

    #[test]
    fn what_cannot_be_sent_as_it_is_is_found() {
        for value in ["", "a", "a\tb c", "é", "\u{202e}"] {
            let headers: Headers = [("A", "1"), ("B", value)].into_iter().collect();
            assert_eq!(headers.unsendable(), None, "{value:?}");
        }
        for value in [
            " ",
            " a",
            "a\t",
            "a\r\nX-Evil: 1",
            "a\0",
            "\x1b[31m",
            "a\x7f",
        ] {
            let headers: Headers = [("A", "1"), ("B", value)].into_iter().collect();
            assert_eq!(headers.unsendable(), Some("B"), "{value:?}");
        }
    }
}
