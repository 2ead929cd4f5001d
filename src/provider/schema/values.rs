//! The values of a table, each read as what it has to be.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use crate::message::parse_duration;
use crate::signature::Source;

use super::problems::{NOT_A_LINE, is_line};
use super::section::{Placed, Section};

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

impl<'r, 't> Section<'r, 't> {
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
}
