//! The head of an entry: a status, or a word for what happens.

use crate::message::{Misread, quoted};

use super::lex::Word;
use super::model::Course;
use super::wrong::did_you_mean;

/// What an answer can be beside a status, in the order in which it is told.
const HEADS: &[&str] = &[
    "reset", "hang", "close", "garbage", "truncate", "drip", "redirect", "own", "forward",
];

/// What can stand behind an answer, in the order in which it is told.
pub(super) const OPTIONS: &[&str] = &[
    "delay",
    "body",
    "header",
    "retry-after",
    "truncate",
    "drip",
    "redirect",
    "p",
    "seed",
];

/// The statuses that can be answered; those below are not final.
const STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

/// What an entry is, which decides what it takes.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// An answer with a status.
    Answer,
    /// No answer that HTTP knows.
    Fault(Course),
    Own,
    Forward,
}

impl Kind {
    /// Whether an option makes sense with it.
    pub(super) fn takes(self, option: &str) -> bool {
        match self {
            Self::Answer => true,
            Self::Fault(Course::Hung) | Self::Own | Self::Forward => {
                matches!(option, "p" | "seed")
            }
            Self::Fault(_) => matches!(option, "delay" | "p" | "seed"),
        }
    }
}

/// What the name of a head stands for.
pub(super) fn kind(name: &str) -> Kind {
    match name {
        "reset" => Kind::Fault(Course::Reset),
        "hang" => Kind::Fault(Course::Hung),
        "close" => Kind::Fault(Course::Closed),
        "garbage" => Kind::Fault(Course::Garbage),
        "own" => Kind::Own,
        "forward" => Kind::Forward,
        _ => Kind::Answer,
    }
}

/// A text without the `xN` at its end, and that number.
pub(super) fn repeated<'t>(
    text: &'t str,
    head: &Word<'_>,
) -> Result<(&'t str, Option<u32>), Misread> {
    let Some((name, digits)) = text.rsplit_once('x') else {
        return Ok((text, None));
    };
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    let is_known = HEADS.contains(&name) || name.bytes().all(|b| b.is_ascii_digit());
    if !is_number || name.is_empty() || digits.is_empty() && !is_known {
        return Ok((text, None));
    }
    Ok((name, repeats(&text[name.len()..], head)?))
}

/// What `xN` says; nothing says nothing.
pub(super) fn repeats(text: &str, head: &Word<'_>) -> Result<Option<u32>, Misread> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text
        .strip_prefix('x')
        .and_then(|digits| digits.parse().ok());
    let wrong = || {
        let text = quoted(text);
        let wrong = format!("{text} does not say how often: write for example `x2`");
        Misread::new(wrong, head.place.clone())
    };
    number
        .filter(|times| *times > 0)
        .ok_or_else(wrong)
        .map(Some)
}

/// The status that a head is, where it is no known word.
pub(super) fn status(text: &str, head: &Word<'_>) -> Result<u16, Misread> {
    let place = || head.place.clone();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unknown_head(text, head));
    }
    no_value(head)?;
    let status = text.parse().ok().filter(|status| STATUSES.contains(status));
    status.ok_or_else(|| {
        let text = quoted(text);
        Misread::new(format!("{text} is not a status from 200 to 599"), place())
    })
}

fn unknown_head(text: &str, head: &Word<'_>) -> Misread {
    let wrong = match text {
        "per" | "seed" => format!("`{text}` stands before all answers"),
        _ if OPTIONS.contains(&text) => {
            format!("`{text}` stands behind an answer, as in `200;{text}=…`")
        }
        _ => format!(
            "{} is neither a status nor one of {}{}",
            quoted(text),
            HEADS.join(", "),
            did_you_mean(text, HEADS)
        ),
    };
    Misread::new(wrong, head.place.clone())
}

/// Refuses a value.
pub(super) fn no_value(word: &Word<'_>) -> Result<(), Misread> {
    match &word.value {
        None => Ok(()),
        Some(value) => {
            let wrong = format!("`{}` takes no value", word.name);
            Err(Misread::new(wrong, value.place.clone()))
        }
    }
}
