//! One entry of a script: what its options make of its head.

use std::time::Duration;

use crate::message::{Headers, Misread, quoted};

use super::head::{Kind, OPTIONS, kind, no_value, repeated, repeats, status};
use super::lex::{Piece, Word};
use super::model::{Act, Body, Chance, Course, Entry, Line};
use super::value::{self, Given};
use super::wrong::{did_you_mean, twice};

/// Reads an entry, which is written so.
pub(super) fn entry(piece: &Piece<'_>, written: &str) -> Result<Entry, Misread> {
    let (head, options) = piece
        .words
        .split_first()
        .expect("a piece has at least one word");
    let mut draft = Draft::of(head)?;
    for word in options {
        draft.add(word)?;
    }
    let mut entry = draft.finish(written, head)?;
    entry.told = told(piece, written);
    Ok(entry)
}

/// The longest text of a body that is told, in characters.
const LONGEST_BODY: usize = 24;

/// What is told of an entry wherever it answers, and kept: not the values of header lines, which may be
/// somebody's secret, and no long text.
fn told(piece: &Piece<'_>, written: &str) -> String {
    let words = piece.words.iter().map(|word| {
        let value = word.value.as_ref().map(|value| value.text.as_str());
        match (word.name, value) {
            ("header", Some(line)) => {
                let name = line.split_once(':').map_or(line, |(name, _)| name);
                format!("header={name}")
            }
            ("body", Some(text)) if text.chars().count() > LONGEST_BODY => "body=…".to_owned(),
            _ => {
                let start = word.place.start - piece.place.start;
                let end = word.place.end - piece.place.start;
                written.get(start..end).unwrap_or(word.name).to_owned()
            }
        }
    });
    words.collect::<Vec<_>>().join(";")
}

/// An entry of which not all is read.
struct Draft {
    kind: Kind,
    /// How many turns it has, where that is said.
    times: Option<u32>,
    /// The status, where the head is one.
    status: Option<u16>,
    /// The options that are read, and those that the head stands for.
    given: Vec<&'static str>,
    after: Duration,
    body: Option<Body>,
    headers: Headers,
    course: Course,
    chance: Option<f64>,
    seed: Option<u64>,
}

impl Draft {
    /// What the head says.
    fn of(head: &Word<'_>) -> Result<Self, Misread> {
        let (name, mut times) = match head.value {
            None => repeated(head.name, head)?,
            Some(_) => (head.name, None),
        };
        let mut draft = Self {
            kind: kind(name),
            times: None,
            status: None,
            given: Vec::new(),
            after: Duration::ZERO,
            body: None,
            headers: Headers::new(),
            course: Course::Whole,
            chance: None,
            seed: None,
        };
        match name {
            "reset" | "hang" | "close" | "garbage" | "own" | "forward" => no_value(head)?,
            "truncate" => draft.option("truncate", head)?,
            "drip" => times = draft.drip_head(head)?,
            "redirect" => {
                let (given, behind) = Given::with_rest(head)?;
                times = repeats(behind, head)?;
                draft.redirect(&given, head)?;
            }
            _ => draft.status = Some(status(name, head)?),
        }
        draft.times = times;
        Ok(draft)
    }

    /// `drip=10B/sx2`: no rate ends with an `x`, so that no quotes are needed.
    fn drip_head(&mut self, head: &Word<'_>) -> Result<Option<u32>, Misread> {
        let (given, behind) = Given::with_rest(head)?;
        let (rate, times) = match behind {
            "" => repeated(given.text(), head)?,
            behind => (given.text(), repeats(behind, head)?),
        };
        let rate = value::rate_of(rate).map_or_else(|| value::rate(&given), Ok)?;
        self.given.push("drip");
        self.course = Course::Drip(rate);
        Ok(times)
    }

    /// Takes in one option.
    fn add(&mut self, word: &Word<'_>) -> Result<(), Misread> {
        let name = OPTIONS.iter().find(|option| **option == word.name);
        let Some(name) = name else {
            return Err(unknown_option(word));
        };
        if !self.kind.takes(name) {
            return Err(Misread::new(self.refusal(name), word.place.clone()));
        }
        if *name != "header" && self.given.contains(name) {
            return Err(twice(word));
        }
        self.option(name, word)
    }

    fn option(&mut self, name: &'static str, word: &Word<'_>) -> Result<(), Misread> {
        if name == "truncate" {
            no_value(word)?;
            self.alone("drip", word)?;
            self.has_body(word)?;
            self.course = Course::Truncated;
            self.given.push(name);
            return Ok(());
        }
        let given = Given::of(word)?;
        match name {
            "delay" => self.after = value::delay(&given)?,
            "body" => {
                self.has_body(word)?;
                self.body = Some(value::body(&given)?);
            }
            "header" => {
                let (name, value) = value::header(&given)?;
                self.line(name, value, word)?;
            }
            "retry-after" => self.line("Retry-After", value::retry_after(&given)?, word)?,
            "redirect" => self.redirect(&given, word)?,
            "drip" => {
                self.alone("truncate", word)?;
                self.has_body(word)?;
                self.course = Course::Drip(value::rate(&given)?);
            }
            "p" => self.chance = Some(value::share(&given)?),
            _ => self.seed = Some(value::seed(&given)?),
        }
        self.given.push(name);
        Ok(())
    }

    fn redirect(&mut self, given: &Given<'_>, word: &Word<'_>) -> Result<(), Misread> {
        self.given.push("redirect");
        self.line("Location", value::location(given)?, word)
    }

    /// Adds a header line; of those that mean one thing only the first can be meant.
    fn line(&mut self, name: &str, value: &str, word: &Word<'_>) -> Result<(), Misread> {
        let is_single = ["Retry-After", "Location", "Content-Type"]
            .iter()
            .any(|single| single.eq_ignore_ascii_case(name));
        if is_single && self.headers.first(name).is_some() {
            let wrong = format!("`{name}` is there already");
            return Err(Misread::new(wrong, word.place.clone()));
        }
        self.headers.push(name, value);
        Ok(())
    }

    /// Refuses what has no meaning beside another option.
    fn alone(&self, other: &str, word: &Word<'_>) -> Result<(), Misread> {
        if !self.given.contains(&other) {
            return Ok(());
        }
        let wrong = "an answer drips or is cut short, not both";
        Err(Misread::new(wrong, word.place.clone()))
    }

    /// Refuses what needs a body where the status has none (RFC 9110 §6.4.1).
    fn has_body(&self, word: &Word<'_>) -> Result<(), Misread> {
        match self.status {
            Some(status @ (204 | 304)) => {
                let wrong = format!("an answer with {status} has no body");
                Err(Misread::new(wrong, word.place.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Why an option makes no sense here.
    fn refusal(&self, option: &str) -> String {
        match self.kind {
            Kind::Own => format!("the answer of `own` is its own: `{option}` wants a status"),
            Kind::Forward => format!("a forward has its target's answer: no `{option}` here"),
            _ => format!("nothing is answered here, so `{option}` has no meaning"),
        }
    }

    fn finish(self, written: &str, head: &Word<'_>) -> Result<Entry, Misread> {
        let wrong = |what| Err(Misread::new(what, head.place.clone()));
        if self.chance.is_some() && self.times.is_some() {
            return wrong("an answer with `p` has no turn of its own, so it cannot be repeated");
        }
        if self.chance.is_none() && self.seed.is_some() {
            return wrong("a `seed` decides nothing without `p`");
        }
        let has_location = self.given.contains(&"redirect");
        let act = match self.kind {
            Kind::Own => Act::Own,
            Kind::Forward => Act::Forward,
            Kind::Fault(course) => Act::Answer(Line {
                after: self.after,
                course,
                ..Line::default()
            }),
            Kind::Answer => Act::Answer(Line {
                status: self.status.unwrap_or(if has_location { 302 } else { 200 }),
                headers: self.headers,
                body: self.body,
                after: self.after,
                course: self.course,
            }),
        };
        Ok(Entry {
            written: written.to_owned(),
            told: String::new(),
            times: self.times.unwrap_or(1),
            chance: self.chance.map(|of| Chance {
                of,
                seed: self.seed,
            }),
            act,
        })
    }
}

fn unknown_option(word: &Word<'_>) -> Misread {
    if word.place.is_empty() {
        return Misread::new(
            "there is no option beside the semicolon",
            word.place.clone(),
        );
    }
    let wrong = format!(
        "{} is none of {}{}",
        quoted(word.name),
        OPTIONS.join(", "),
        did_you_mean(word.name, OPTIONS)
    );
    Misread::new(wrong, word.place.clone())
}
