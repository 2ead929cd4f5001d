//! What a piece of text means, and how that looks.

use std::borrow::Cow;
use std::fmt::{self, Alignment, Display, Formatter, Write};

use colored::Color;

use super::columns::columns;

/// What a piece of text means. The words must say it too: without colour, every style looks the
/// same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Success: a valid signature, a 2xx, a met expectation.
    Good,
    /// Failure: an invalid signature, a refusal, an error.
    Bad,
    /// Neither: stale, assumed, a retry to come.
    Warn,
    /// Less important than what stands around it.
    Dim,
    /// More important than what stands around it.
    Strong,
    /// The name of a thing: a provider, an event, an endpoint.
    Name,
}

impl Style {
    /// The parameters of the SGR sequence (ECMA-48 §8.3.117) that begins it.
    ///
    /// `colored`'s own strings ask the process's environment whether to be coloured; here that is
    /// [`Paint`]'s to say, so only the codes are taken from there, and for the two that are no
    /// colours written here.
    fn sgr(self) -> Option<Cow<'static, str>> {
        match self {
            Self::Plain => None,
            Self::Good => Some(Color::Green.to_fg_str()),
            Self::Bad => Some(Color::Red.to_fg_str()),
            Self::Warn => Some(Color::Yellow.to_fg_str()),
            Self::Name => Some(Color::Cyan.to_fg_str()),
            Self::Strong => Some("1".into()),
            Self::Dim => Some("2".into()),
        }
    }
}

/// Gives text its style, or leaves it plain, as the stream it is for wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// Paint that shows (`true`) or does not.
    pub(crate) const fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// Whether colour shows.
    pub(crate) const fn is_coloured(self) -> bool {
        self.colour
    }

    /// The text in a style. It is our own or a [`Safe`](super::Safe), and not painted already.
    pub(crate) const fn styled<T>(self, style: Style, text: T) -> Painted<T> {
        Painted {
            text,
            style,
            colour: self.colour,
        }
    }

    /// [`Style::Good`].
    pub(crate) const fn good<T>(self, text: T) -> Painted<T> {
        self.styled(Style::Good, text)
    }

    /// [`Style::Bad`].
    pub(crate) const fn bad<T>(self, text: T) -> Painted<T> {
        self.styled(Style::Bad, text)
    }

    /// [`Style::Warn`].
    pub(crate) const fn warn<T>(self, text: T) -> Painted<T> {
        self.styled(Style::Warn, text)
    }

    /// [`Style::Dim`].
    pub(crate) const fn dim<T>(self, text: T) -> Painted<T> {
        self.styled(Style::Dim, text)
    }

    /// [`Style::Strong`].
    pub(crate) const fn strong<T>(self, text: T) -> Painted<T> {
        self.styled(Style::Strong, text)
    }

    /// [`Style::Name`].
    pub(crate) const fn name<T>(self, text: T) -> Painted<T> {
        self.styled(Style::Name, text)
    }
}

/// A text with a style.
///
/// `{:<20}`, `{:>20}` and `{:^20}` pad to columns on the screen, outside the colour, whatever the
/// text displays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painted<T> {
    text: T,
    style: Style,
    colour: bool,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(width) = f.width() else {
            return self.coloured(f, &self.text);
        };
        let text = self.text.to_string();
        let missing = width.saturating_sub(columns(&text));
        let left = match f.align() {
            Some(Alignment::Right) => missing,
            Some(Alignment::Center) => missing / 2,
            Some(Alignment::Left) | None => 0,
        };
        fill(f, left)?;
        self.coloured(f, &text)?;
        fill(f, missing - left)
    }
}

impl<T> Painted<T> {
    fn coloured(&self, f: &mut Formatter<'_>, text: &dyn Display) -> fmt::Result {
        match self.style.sgr().filter(|_| self.colour) {
            Some(sgr) => write!(f, "\x1b[{sgr}m{text}\x1b[0m"),
            None => write!(f, "{text}"),
        }
    }
}

fn fill(f: &mut Formatter<'_>, columns: usize) -> fmt::Result {
    let with = f.fill();
    (0..columns).try_for_each(|_| f.write_char(with))
}

#[cfg(test)]
mod tests {
    use super::{Paint, Style};
    use crate::term::Safe;

    const STYLES: [Style; 7] = [
        Style::Plain,
        Style::Good,
        Style::Bad,
        Style::Warn,
        Style::Dim,
        Style::Strong,
        Style::Name,
    ];

    #[test]
    fn without_colour_every_style_is_the_text_alone() {
        for style in STYLES {
            assert_eq!(Paint::new(false).styled(style, "text").to_string(), "text");
        }
    }

    #[test]
    fn with_colour_every_style_looks_its_own_and_ends() {
        let mut seen = Vec::new();
        for style in STYLES {
            let painted = Paint::new(true).styled(style, "text").to_string();
            assert_eq!(painted.ends_with("text\x1b[0m"), style != Style::Plain);
            assert!(!seen.contains(&painted), "{style:?}");
            seen.push(painted);
        }
    }

    #[test]
    fn padding_counts_columns_and_stands_outside_the_colour() {
        let paint = Paint::new(true);
        let name = Safe::line("日本\u{202e}");
        for (padded, expected) in [
            (format!("{:4}|", paint.good("ok")), "\x1b[32mok\x1b[0m  |"),
            (format!("{:>4}|", paint.good("ok")), "  \x1b[32mok\x1b[0m|"),
            (format!("{:.^5}|", paint.bad("no")), ".\x1b[31mno\x1b[0m..|"),
            (format!("{:1}|", paint.warn("wide")), "\x1b[33mwide\x1b[0m|"),
            (
                format!("{:14}|", paint.styled(Style::Plain, name)),
                "日本\\u{202e}  |",
            ),
        ] {
            assert_eq!(padded, expected);
        }
    }
}
