//! A filter's words as terms.

use jiff::Timestamp;
use wildmatch::WildMatch;

use super::leaf::Text;
use super::lex::{Value, Word, words};
use super::model::{HeaderTest, JsonTest, Name, Status, Term, Test};
use super::scalar;
use super::{Bare, Filter, FilterError};
use crate::message::quoted;
use crate::store::prefix::Prefix;
use crate::store::{Direction, Outcome, VerdictKind};

/// The keys of the language, in the order in which they are told.
pub(crate) const KEYS: &[&str] = &[
    "event",
    "provider",
    "status",
    "outcome",
    "verdict",
    "direction",
    "id",
    "path",
    "header",
    "body",
    "json",
    "since",
    "until",
    "larger",
    "smaller",
    "slower",
    "faster",
    "attempt",
    "duplicate",
];

/// The terms of a filter, and the values of a term: far more than anybody types, far fewer than
/// `SQLite` takes.
const MOST: usize = 100;

impl Filter {
    /// Reads a filter; durations such as `since:10m` count from `now`.
    pub(crate) fn parse(text: &str, bare: Bare, now: Timestamp) -> Result<Self, FilterError> {
        Self::of_words(&words(text)?, text.len(), bare, now)
    }

    /// The filter that these words of a text are.
    pub(super) fn of_words(
        words: &[Word],
        length: usize,
        bare: Bare,
        now: Timestamp,
    ) -> Result<Self, FilterError> {
        if let Some(word) = words.get(MOST) {
            return Err(too_many("terms", word.place.start..length));
        }
        let terms = words
            .iter()
            .map(|word| term(word, bare, now))
            .collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }
}

fn too_many(what: &str, place: std::ops::Range<usize>) -> FilterError {
    FilterError::new(format!("a filter has at most {MOST} {what}"), place)
}

fn term(word: &Word, bare: Bare, now: Timestamp) -> Result<Term, FilterError> {
    let key = word.key.as_ref().map(Value::text);
    let test = match (key.as_deref(), bare) {
        (Some(key), _) => keyed(key, word, now)?,
        (None, Bare::Event) => Test::Event(each(word, glob)?),
        (None, Bare::Search) => Test::Body(each(word, body_text)?),
    };
    Ok(Term {
        negated: word.negated,
        test,
    })
}

fn keyed(key: &str, word: &Word, now: Timestamp) -> Result<Test, FilterError> {
    Ok(match key {
        "event" => Test::Event(each(word, glob)?),
        "provider" => Test::Provider(each(word, glob)?),
        "status" => Test::Status(each(word, status)?),
        "outcome" => Test::Outcome(each(word, |value| {
            let names: Vec<_> = Outcome::ALL.iter().map(|one| one.name()).collect();
            one_of(value, Outcome::of_name, &names)
        })?),
        "verdict" => Test::Verdict(each(word, verdict)?),
        "direction" => Test::Direction(each(word, |value| {
            let names: Vec<_> = Direction::ALL.iter().map(|one| one.name()).collect();
            one_of(value, Direction::of_name, &names)
        })?),
        "id" => Test::Id(each(word, name)?),
        "path" => Test::Path(each(word, glob)?),
        "header" => Test::Header(headers(word)?),
        "body" => Test::Body(each(word, body_text)?),
        "json" => Test::Json(places(word)?),
        "since" => Test::Since(one(word, |text| scalar::time(text, now))?),
        "until" => Test::Until(one(word, |text| scalar::time(text, now))?),
        "larger" => Test::Larger(one(word, scalar::size)?),
        "smaller" => Test::Smaller(one(word, scalar::size)?),
        "slower" => Test::Slower(one(word, scalar::duration)?),
        "faster" => Test::Faster(one(word, scalar::duration)?),
        "attempt" => Test::Attempt(each(word, |value| {
            said(value, scalar::attempt(&value.text()))
        })?),
        "duplicate" => Test::Duplicate(one(word, scalar::yes)?),
        _ => return Err(unknown(key, word)),
    })
}

fn unknown(key: &str, word: &Word) -> FilterError {
    let near = scalar::nearest(key, KEYS.iter().copied());
    let advice = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "put a text that holds a colon in quotes".to_owned(),
    };
    let place = word
        .key
        .as_ref()
        .map_or(word.place.clone(), |key| key.place.clone());
    FilterError::new(format!("{} is not a key: {advice}", quoted(key)), place)
}

/// The values of a word, none of them missing.
fn each<T>(
    word: &Word,
    read: impl Fn(&Value) -> Result<T, FilterError>,
) -> Result<Vec<T>, FilterError> {
    if let Some(value) = word.values.get(MOST) {
        return Err(too_many("values in a term", value.place.clone()));
    }
    let present = |value| -> Result<T, FilterError> {
        let value: &Value = value;
        if value.is_missing() {
            let what = match (&word.key, word.values.len()) {
                (Some(key), 1) => format!("`{}` has no value", key.text()),
                (None, 1) => "there is nothing behind `-`".to_owned(),
                _ => "there is nothing beside the comma".to_owned(),
            };
            return Err(FilterError::new(what, word.place.clone()));
        }
        read(value)
    };
    word.values.iter().map(present).collect()
}

/// The only value of a word.
pub(super) fn one<T>(
    word: &Word,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, FilterError> {
    let mut values = each(word, |value| said(value, read(&value.text())))?;
    match (values.pop(), word.values.get(1)) {
        (Some(value), None) => Ok(value),
        _ => Err(FilterError::new(
            "only one value can be meant here",
            word.place.clone(),
        )),
    }
}

/// What was read of a value, with the place of what is wrong.
fn said<T>(value: &Value, read: Result<T, String>) -> Result<T, FilterError> {
    read.map_err(|message| FilterError::new(message, value.place.clone()))
}

fn glob(value: &Value) -> Result<WildMatch, FilterError> {
    let text = value.text();
    let read = if text.is_empty() {
        Err("the text is empty".to_owned())
    } else {
        Ok(WildMatch::new(&text))
    };
    said(value, read)
}

fn body_text(value: &Value) -> Result<Text, FilterError> {
    let text = value.text();
    let read = if text.is_empty() {
        Err("the text is empty".to_owned())
    } else {
        Ok(Text::new(text.as_bytes()))
    };
    said(value, read)
}

fn status(value: &Value) -> Result<Status, FilterError> {
    let text = value.text();
    if text == "none" {
        return Ok(Status::Missing);
    }
    let wrong = |_| {
        let text = quoted(&text);
        format!("{text} is not a status: write a code (`409`), a class (`4xx`) or `none`")
    };
    said(value, text.parse().map(Status::In).map_err(wrong))
}

fn verdict(value: &Value) -> Result<Option<VerdictKind>, FilterError> {
    if value.text() == "none" {
        return Ok(None);
    }
    let names = VerdictKind::ALL.iter().map(|one| one.name());
    let names: Vec<_> = names.chain(["none"]).collect();
    one_of(value, VerdictKind::of_name, &names).map(Some)
}

/// A choice by its name.
fn one_of<T>(
    value: &Value,
    of_name: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Result<T, FilterError> {
    let text = value.text();
    let wrong = || {
        let near = scalar::nearest(&text, names.iter().copied());
        let near = near.map(|near| format!("; did you mean `{near}`?"));
        format!(
            "{} is none of {}{}",
            quoted(&text),
            names.join(", "),
            near.unwrap_or_default()
        )
    };
    said(value, of_name(&text).ok_or_else(wrong))
}

fn name(value: &Value) -> Result<Name, FilterError> {
    let text = value.text();
    let number = |digits: &str| {
        let is_number = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten()
    };
    let name = match text.strip_prefix('#') {
        Some(digits) => number(digits).map(Name::Number),
        None => match number(&text) {
            Some(number) => Some(Name::Digits(number, text.clone())),
            None => Prefix::new(&text).map(Name::Prefix),
        },
    };
    let wrong = || format!("{} is neither a number nor an id", quoted(&text));
    said(value, name.ok_or_else(wrong))
}

/// `NAME`, or `NAME=GLOB`: the values after a `=` are all of that name.
fn headers(word: &Word) -> Result<Vec<HeaderTest>, FilterError> {
    let mut tests = Vec::new();
    for (name, value) in named(word)? {
        let is_token = |c: char| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(c);
        if name.text().is_empty() || !name.text().chars().all(is_token) {
            let text = name.text();
            let wrong = format!("{} is not a header name", quoted(&text));
            return Err(FilterError::new(wrong, name.place));
        }
        tests.push(HeaderTest {
            name: name.text(),
            value: value.map(|value| WildMatch::new(&value.text())),
        });
    }
    Ok(tests)
}

/// `/POINTER`, or `/POINTER=VALUE`: the values after a `=` are all of that place.
fn places(word: &Word) -> Result<Vec<JsonTest>, FilterError> {
    let mut tests = Vec::new();
    for (pointer, value) in named(word)? {
        if !pointer.text().starts_with('/') {
            let text = pointer.text();
            let text = quoted(&text);
            let wrong = format!("{text} is not a JSON pointer: write for example `/data/total`");
            return Err(FilterError::new(wrong, pointer.place));
        }
        tests.push(JsonTest {
            pointer: pointer.text(),
            value: value.map(|value| value.text()),
        });
    }
    Ok(tests)
}

/// Values with the name before their `=`, or the last one before them.
fn named(word: &Word) -> Result<Vec<(Value, Option<Value>)>, FilterError> {
    let mut last = None;
    each(word, |value| Ok(value.clone()))?
        .into_iter()
        .map(|value| {
            if let Some(name) = &last {
                return Ok((Value::clone(name), Some(value)));
            }
            Ok(match value.split() {
                Some((name, value)) => {
                    last = Some(name.clone());
                    (name, Some(value))
                }
                None => (value, None),
            })
        })
        .collect()
}
