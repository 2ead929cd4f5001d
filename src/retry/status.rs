//! Sets of HTTP status codes.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Status codes and classes of them: `2xx`, `200,204`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusSet(Vec<Pattern>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    Code(u16),
    Class(u16),
}

/// A text that names no status codes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a status: write a code (`409`), a class (`4xx`), or several with commas")]
pub struct StatusError(String);

impl StatusSet {
    /// 200 to 299.
    #[must_use]
    pub fn success() -> Self {
        Self(vec![Pattern::Class(2)])
    }

    /// Whether the set has this status.
    ///
    /// ```
    /// use wh::retry::StatusSet;
    /// let set: StatusSet = "2xx,409".parse()?;
    /// assert!(set.contains(204) && set.contains(409) && !set.contains(301));
    /// # Ok::<(), wh::retry::StatusError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|pattern| match pattern {
            Pattern::Code(code) => *code == status,
            Pattern::Class(class) => *class == status / 100,
        })
    }
}

impl FromStr for StatusSet {
    type Err = StatusError;

    fn from_str(text: &str) -> Result<Self, StatusError> {
        text.split(',')
            .map(|part| pattern(part.trim()))
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| StatusError(text.to_owned()))
    }
}

fn pattern(text: &str) -> Option<Pattern> {
    let in_range = |code: &u16| (100..600).contains(code);
    match text.strip_suffix("xx") {
        Some(class) => class
            .parse()
            .ok()
            .filter(|class| (1..6).contains(class))
            .map(Pattern::Class),
        None => text.parse().ok().filter(in_range).map(Pattern::Code),
    }
}

impl fmt::Display for StatusSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, pattern) in self.0.iter().enumerate() {
            let comma = if nth > 0 { "," } else { "" };
            match pattern {
                Pattern::Code(code) => write!(f, "{comma}{code}")?,
                Pattern::Class(class) => write!(f, "{comma}{class}xx")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::StatusSet;

    #[test]
    fn reads_and_shows_the_same_text() {
        for text in ["2xx", "200,204", "401,4xx"] {
            assert_eq!(
                text.parse::<StatusSet>().map(|s| s.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn what_is_no_status_is_refused() {
        for text in [
            "", "xx", "9xx", "0xx", "700xx", "65535xx", "99", "600", "2xx,", "ok", "-1",
        ] {
            assert!(text.parse::<StatusSet>().is_err(), "{text}");
        }
    }
}
