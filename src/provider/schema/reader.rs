//! Walks a TOML document, notes which keys were asked for, and gathers every problem with its place.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::message::parse_duration;
use crate::provider::nearest;
use crate::signature::Source;

/// Whether a text can stand in a header line.
pub(super) fn is_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// What is said of a text that cannot.
pub(super) const NOT_A_LINE: &str = "has a control character, which no header line can carry";

/// Something that is wrong in a provider file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// The text of the file and what was found wrong in it so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    problems: RefCell<Vec<(usize, String)>>,
    keys: RefCell<Vec<String>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            problems: RefCell::default(),
            keys: RefCell::default(),
        }
    }

    /// Notes a problem at a place of the text.
    pub(super) fn problem(&self, at: &Range<usize>, message: impl Into<String>) {
        self.problems.borrow_mut().push((at.start, message.into()));
    }

    /// Whether nothing was found wrong so far.
    pub(super) fn is_sound(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Every path that was asked for.
    pub(super) fn known_paths(&self) -> Vec<String> {
        self.keys.borrow().clone()
    }

    /// The problems in the order of their places.
    pub(super) fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort();
        problems.dedup();
        let place = |(at, message): (usize, String)| {
            let before = &self.text[..at.min(self.text.len())];
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            Problem {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                message,
            }
        };
        problems.into_iter().map(place).collect()
    }
}

/// The longest duration in a file: sums of several must not overflow.
const LONGEST: Duration = Duration::from_secs(3650 * 24 * 60 * 60);

/// Reads a duration; the error says what is wrong with it.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration = parse_duration(text).map_err(|error| format!("is wrong: {error}"))?;
    let duration = duration.unsigned_abs();
    if duration > LONGEST {
        return Err(format!("is `{text}`, which is more than ten years"));
    }
    Ok(duration)
}

/// One table of the file.
pub(super) struct Section<'r, 't> {
    pub(super) reader: &'r Reader<'t>,
    /// The dotted path of the table; empty at the top.
    pub(super) path: String,
    /// Where the table stands.
    pub(super) span: Range<usize>,
    table: &'r DeTable<'t>,
    asked: RefCell<Vec<&'static str>>,
}

/// A value with its place.
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

impl<'r, 't> Section<'r, 't> {
    pub(super) fn new(
        reader: &'r Reader<'t>,
        path: impl Into<String>,
        table: &'r DeTable<'t>,
        span: Range<usize>,
    ) -> Self {
        Self {
            reader,
            path: path.into(),
            span,
            table,
            asked: RefCell::default(),
        }
    }

    /// The value of a key; asking makes the key known.
    fn get(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().push(key);
        self.reader.keys.borrow_mut().push(self.path_of(key));
        self.table.get(key)
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.reader.problem(
            &value.span(),
            format!("`{}` must be {wanted}, not {found}", self.path_of(key)),
        );
    }

    /// A text.
    pub(super) fn text(&self, key: &'static str) -> Option<Placed<&'r str>> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, value, "a string");
        }
        text.map(|text| Placed {
            value: text,
            span: value.span(),
        })
    }

    /// A text that can stand in a header line.
    pub(super) fn line(&self, key: &'static str) -> Option<&'r str> {
        let Placed { value, span } = self.text(key)?;
        let fits = is_line(value);
        if !fits {
            let path = self.path_of(key);
            self.reader.problem(&span, format!("`{path}` {NOT_A_LINE}"));
        }
        fits.then_some(value)
    }

    /// A place in a header or in the body.
    pub(super) fn place(&self, key: &'static str) -> Option<Source> {
        self.read(key, |text| match text.parse() {
            Ok(Source::Signature) | Err(_) => Err("must be `header:NAME` or `body:/pointer`"),
            Ok(place) => Ok(place),
        })
    }

    /// A text that is read further.
    pub(super) fn read<T, E: fmt::Display>(
        &self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Placed { value, span } = self.text(key)?;
        let problem = |error| {
            self.reader
                .problem(&span, format!("`{}` {error}", self.path_of(key)));
        };
        read(value).map_err(problem).ok()
    }

    /// A text that has a form of its own.
    pub(super) fn parse<T: FromStr<Err: fmt::Display>>(&self, key: &'static str) -> Option<T> {
        self.read(key, str::parse)
    }

    /// A list of texts and whole numbers, or one alone, read as one text with commas between.
    pub(super) fn parse_list<T: FromStr<Err: fmt::Display>>(&self, key: &'static str) -> Option<T> {
        let value = self.get(key)?;
        let items = match value.get_ref().as_array() {
            Some(items) => items.iter().collect(),
            None => vec![value],
        };
        let text = |item: &Spanned<DeValue<'t>>| {
            let text = match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Integer(number) => Some(number.to_string()),
                _ => None,
            };
            if text.is_none() {
                self.wrong_type(key, item, "strings and whole numbers");
            }
            text
        };
        let texts: Vec<Option<String>> = items.into_iter().map(text).collect();
        let texts: Vec<String> = texts.into_iter().collect::<Option<_>>()?;
        let problem = |error| {
            let message = format!("`{}` is wrong: {error}", self.path_of(key));
            self.reader.problem(&value.span(), message);
        };
        texts.join(",").parse().map_err(problem).ok()
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        self.read(key, |text| {
            let found = choices.iter().find(|(name, _)| *name == text);
            found.map(|(_, choice)| *choice).ok_or_else(|| {
                let names: Vec<_> = choices
                    .iter()
                    .map(|(name, _)| format!("`{name}`"))
                    .collect();
                format!("is `{text}`; it may be {}", names.join(", "))
            })
        })
    }

    /// Notes that a key has to be there.
    pub(super) fn require<T>(&self, key: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.table.get(key).is_none() {
            self.reader
                .problem(&self.span, format!("`{}` is missing", self.path_of(key)));
        }
        value
    }

    /// A text that has to be there, owned.
    pub(super) fn required_text(&self, key: &'static str) -> Option<String> {
        let text = self.text(key).map(|placed| placed.value.to_owned());
        self.require(key, text)
    }

    pub(super) fn owned_text(&self, key: &'static str) -> Option<String> {
        self.text(key).map(|placed| placed.value.to_owned())
    }

    pub(super) fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            self.wrong_type(key, value, "true or false");
        }
        boolean
    }

    /// A whole number, zero or more.
    pub(super) fn number(&self, key: &'static str) -> Option<u32> {
        let value = self.get(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(key, value, "a whole number");
            return None;
        };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        if number.is_none() {
            let path = self.path_of(key);
            let message = format!("`{path}` must be 0 to {}, not {integer}", u32::MAX);
            self.reader.problem(&value.span(), message);
        }
        number
    }

    /// A duration such as `"10s"`.
    pub(super) fn duration(&self, key: &'static str) -> Option<Duration> {
        self.read(key, duration)
    }

    /// A list of texts, or one text alone.
    pub(super) fn texts(&self, key: &'static str) -> Vec<Placed<&'r str>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        if let Some(text) = value.get_ref().as_str() {
            return vec![Placed {
                value: text,
                span: value.span(),
            }];
        }
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of strings");
            return Vec::new();
        };
        let item = |item: &'r Spanned<DeValue<'t>>| {
            let text = item.get_ref().as_str();
            if text.is_none() {
                self.wrong_type(key, item, "a list of strings");
            }
            text.map(|text| Placed {
                value: text,
                span: item.span(),
            })
        };
        items.iter().filter_map(item).collect()
    }

    /// A list of texts, owned.
    pub(super) fn owned_texts(&self, key: &'static str) -> Vec<String> {
        self.texts(key)
            .into_iter()
            .map(|placed| placed.value.to_owned())
            .collect()
    }

    /// Whether a key holds a table.
    pub(super) fn is_table(&self, key: &'static str) -> bool {
        self.table
            .get(key)
            .is_some_and(|value| value.get_ref().is_table())
    }

    /// A table below this one.
    pub(super) fn section(&self, key: &'static str) -> Option<Section<'r, 't>> {
        let value = self.get(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, value, "a table");
        }
        table.map(|table| Section::new(self.reader, self.path_of(key), table, value.span()))
    }

    /// A list of tables below this one, or one table alone.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'r, 't>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let section = |item: &'r Spanned<DeValue<'t>>| {
            let table = item.get_ref().as_table();
            if table.is_none() {
                self.wrong_type(key, item, "a list of tables");
            }
            table.map(|table| Section::new(self.reader, self.path_of(key), table, item.span()))
        };
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(section).collect(),
            None => section(value).into_iter().collect(),
        }
    }

    /// Every key with its text, in the order of the file; for tables whose keys are free.
    pub(super) fn entries(&self) -> Vec<(Placed<&'r str>, Option<&'r Spanned<DeValue<'t>>>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let placed = |(key, value): (&'r Spanned<_>, &'r Spanned<DeValue<'t>>)| {
            let key: &'r std::borrow::Cow<'t, str> = Spanned::get_ref(key);
            (key.as_ref(), value)
        };
        let spans: Vec<_> = entries.iter().map(|(key, _)| key.span()).collect();
        let named = entries.into_iter().map(placed).zip(spans);
        named
            .map(|((value, item), span)| (Placed { value, span }, Some(item)))
            .collect()
    }

    /// Reports every key that nobody asked for, with the nearest one that is known.
    pub(super) fn finish(self) {
        let asked = self.asked.into_inner();
        for key in self
            .table
            .keys()
            .filter(|key| !asked.contains(&key.get_ref().as_ref()))
        {
            let name = key.get_ref();
            let path = if self.path.is_empty() {
                name.to_string()
            } else {
                format!("{}.{name}", self.path)
            };
            let hint = nearest(name, asked.iter().copied())
                .map(|known| format!("; did you mean `{known}`?"));
            self.reader.problem(
                &key.span(),
                format!("unknown key `{path}`{}", hint.unwrap_or_default()),
            );
        }
    }
}
