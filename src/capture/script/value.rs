//! What stands behind a `=`.

use std::time::Duration;

use crate::message::{Headers, Misread, parse_duration, parse_size, quoted};

use super::lex::{Value, Word};
use super::model::Body;

/// A value that is there, whole in its quotes.
pub(super) struct Given<'w>(&'w Value<'w>);

impl<'w> Given<'w> {
    /// The value of an option.
    pub(super) fn of(word: &'w Word<'_>) -> Result<Self, Misread> {
        let (given, behind) = Self::with_rest(word)?;
        if behind.is_empty() {
            return Ok(given);
        }
        let wrong = format!("{} stands behind the quotes", quoted(behind));
        Err(given.wrong(wrong))
    }

    /// A value, and what stands behind its quotes.
    pub(super) fn with_rest(word: &'w Word<'_>) -> Result<(Self, &'w str), Misread> {
        match &word.value {
            Some(value) if !value.place.is_empty() => {
                Ok((Self(value), value.behind.unwrap_or_default()))
            }
            _ => {
                let wrong = format!("`{}` has no value", word.name);
                Err(Misread::new(wrong, word.place.clone()))
            }
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.0.text
    }

    /// The error that points at it.
    pub(super) fn wrong(&self, message: impl Into<String>) -> Misread {
        Misread::new(message, self.0.place.clone())
    }

    /// The same, where it is not what it should be.
    fn is_not(&self, what: &str) -> Misread {
        self.wrong(format!("{} is not {what}", quoted(self.text())))
    }
}

/// How long an answer is held back.
pub(super) fn delay(given: &Given<'_>) -> Result<Duration, Misread> {
    parse_duration(given.text())
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| given.is_not("a duration: write for example `250ms` or `2s`"))
}

/// Text, or a file behind an `@`; text that begins with an `@` has two.
pub(super) fn body(given: &Given<'_>) -> Result<Body, Misread> {
    match given.text().strip_prefix('@') {
        Some("") => Err(given.wrong("`@` is followed by the name of a file")),
        Some(text) if text.starts_with('@') => Ok(Body::Text(text.to_owned())),
        Some(file) => Ok(Body::File(file.into())),
        None => Ok(Body::Text(given.text().to_owned())),
    }
}

/// `NAME:VALUE`.
pub(super) fn header<'g>(given: &'g Given<'_>) -> Result<(&'g str, &'g str), Misread> {
    let line = given.text().split_once(':');
    let (name, value) =
        line.ok_or_else(|| given.is_not("a header line: write for example `X-Name:value`"))?;
    let (name, value) = (name.trim(), value.trim());
    let is_token = |c: char| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Err(given.wrong(format!("{} is not a header name", quoted(name))));
    }
    if ["Content-Length", "Transfer-Encoding"]
        .iter()
        .any(|framing| framing.eq_ignore_ascii_case(name))
    {
        return Err(given.wrong(format!("`{name}` is made from the body")));
    }
    sendable(given, value)?;
    Ok((name, value))
}

/// Seconds, or a date of HTTP.
pub(super) fn retry_after<'g>(given: &'g Given<'_>) -> Result<&'g str, Misread> {
    let text = given.text();
    let is_seconds = text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u32>().is_ok();
    if is_seconds || httpdate::parse_http_date(text).is_ok() {
        return Ok(text);
    }
    let what =
        "a time to wait: write seconds, or a date such as `\"Wed, 21 Oct 2026 07:28:00 GMT\"`";
    Err(given.is_not(what))
}

/// Bytes a second.
pub(super) fn rate(given: &Given<'_>) -> Result<u32, Misread> {
    rate_of(given.text())
        .ok_or_else(|| given.is_not("a rate: write for example `10B/s` or `1kB/s`"))
}

/// Bytes a second, at least one.
pub(super) fn rate_of(text: &str) -> Option<u32> {
    let size = parse_size(text.strip_suffix("/s")?).ok()?;
    u32::try_from(size).ok().filter(|rate| *rate > 0)
}

/// Where a redirect leads to; nothing follows it.
pub(super) fn location<'g>(given: &'g Given<'_>) -> Result<&'g str, Misread> {
    let text = given.text();
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(given.is_not("a URL or a path"));
    }
    sendable(given, text)?;
    Ok(text)
}

/// From 0 to 1.
pub(super) fn share(given: &Given<'_>) -> Result<f64, Misread> {
    let text = given.text();
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(|percent: f64| percent / 100.0),
        None => text.parse(),
    };
    share
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| given.is_not("a chance: write for example `0.3` or `30%`"))
}

/// What draws derive from.
pub(super) fn seed(given: &Given<'_>) -> Result<u64, Misread> {
    given
        .text()
        .parse()
        .map_err(|_| given.is_not("a seed: write a whole number"))
}

/// Refuses what no header line can hold.
fn sendable(given: &Given<'_>, value: &str) -> Result<(), Misread> {
    let line: Headers = [("", value)].into_iter().collect();
    match line.unsendable() {
        Some(_) => Err(given.wrong("a header line has no control characters")),
        None => Ok(()),
    }
}
