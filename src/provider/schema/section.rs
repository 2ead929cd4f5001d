//! Walks the tables of a TOML document and notes which keys were asked for.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::provider::nearest;

use super::problems::Reader;

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
    pub(super) fn get(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().push(key);
        self.reader.know(self.path_of(key));
        self.table.get(key)
    }

    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    pub(super) fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.reader.problem(
            &value.span(),
            format!("`{}` must be {wanted}, not {found}", self.path_of(key)),
        );
    }

    /// Notes that a key has to be there.
    pub(super) fn require<T>(&self, key: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.table.get(key).is_none() {
            self.reader
                .problem(&self.span, format!("`{}` is missing", self.path_of(key)));
        }
        value
    }

    /// Whether there are no keys.
    pub(super) fn is_bare(&self) -> bool {
        self.table.is_empty()
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
