//! Changes one place of a JSON text and leaves every other byte alone.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jsonc_parser::ast::{ObjectProp, Value as Node};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;
use thiserror::Error;

/// A place in a JSON text: keys and array positions joined by dots (`data.items.0.name`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<String>);

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Replaces the value of a place that exists.
    Override(Path, Value),
    /// Sets a place that need not exist; missing objects on the way are made.
    Add(Path, Value),
    /// Takes a place away.
    Remove(Path),
}

/// Why a change cannot be made.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EditError {
    /// The text of the path is not a path.
    #[error("`{0}` is not a path: write keys joined by dots, for example `data.total`")]
    Path(String),
    /// The path goes deeper than a body may that is changed.
    #[error("the path has {0} levels; a body that is changed may have 128")]
    Deep(usize),
    /// There is no `=` between path and value.
    #[error("`{0}` has no `=`: write path=value, for example `data.total=300`")]
    NoValue(String),
    /// The body is not a JSON text.
    #[error("the body is not JSON of at most 128 levels, so it has no path `{0}`")]
    NotJson(String),
    /// The body has no such place; the places it has are given, nearest first.
    #[error("the body has no path `{path}`")]
    Missing {
        /// The path that was asked for.
        path: String,
        /// Paths the body has, nearest first, five at most.
        near: Vec<String>,
    },
    /// The place lies inside something that is no object or array.
    #[error("`{0}` cannot be added: what it lies in is not an object")]
    NoRoom(String),
}

impl Edit {
    /// Reads `path=value`. The value is JSON where it is JSON, and otherwise a string.
    pub fn parse_override(text: &str) -> Result<Self, EditError> {
        assignment(text).map(|(path, value)| Self::Override(path, value))
    }

    /// Reads `path=value` as an addition.
    pub fn parse_add(text: &str) -> Result<Self, EditError> {
        assignment(text).map(|(path, value)| Self::Add(path, value))
    }

    /// Reads a path to take away.
    pub fn parse_remove(text: &str) -> Result<Self, EditError> {
        text.parse().map(Self::Remove)
    }

    /// Replaces the value at a pointer (RFC 6901) that exists.
    #[must_use]
    pub fn replace(pointer: &str, value: Value) -> Self {
        Self::Override(Path::of_pointer(pointer), value)
    }

    /// Sets the value at a pointer (RFC 6901), whether there is one or not.
    pub(crate) fn put(pointer: &str, value: Value) -> Self {
        Self::Add(Path::of_pointer(pointer), value)
    }

    /// Takes away what stands at a pointer (RFC 6901).
    pub(crate) fn take(pointer: &str) -> Self {
        Self::Remove(Path::of_pointer(pointer))
    }

    /// Makes the change in `body`; white space, key order and every other byte stay.
    ///
    /// ```
    /// use wh::message::json::Edit;
    /// let edit = Edit::parse_override("data.name=Ann")?;
    /// assert_eq!(edit.apply(r#"{"data": {"total": 2500.00, "name":"x"}}"#)?, r#"{"data": {"total": 2500.00, "name":"Ann"}}"#);
    /// # Ok::<(), wh::message::json::EditError>(())
    /// ```
    pub fn apply(&self, body: &str) -> Result<String, EditError> {
        let not_json = || EditError::NotJson(self.path().to_string());
        // Builds a tree, so it stops at 128 levels: what follows recurses.
        serde_json::from_str::<Value>(body).map_err(|_| not_json())?;
        let parsed = parse_to_ast(body, &CollectOptions::default(), &ParseOptions::default());
        let top = parsed
            .ok()
            .and_then(|parsed| parsed.value)
            .ok_or_else(not_json)?;
        let (range, text) = match self {
            Self::Override(path, value) => {
                let place = find(&top, &path.0).ok_or_else(|| missing(&top, path))?;
                (place.start()..place.end(), value.to_string())
            }
            Self::Add(path, value) => addition(body, &top, path, value)?,
            Self::Remove(path) => (removal(&top, path)?, String::new()),
        };
        Ok([&body[..range.start], &text, &body[range.end..]].concat())
    }

    /// The place of the change.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Override(path, _) | Self::Add(path, _) | Self::Remove(path) => path,
        }
    }
}

impl Path {
    fn of_pointer(pointer: &str) -> Self {
        let parts = pointer.split('/').skip(1);
        let parts = parts.map(|part| part.replace("~1", "/").replace("~0", "~"));
        Self(parts.collect())
    }
}

/// The levels that a body may have which is changed.
const DEEPEST: usize = 128;

impl FromStr for Path {
    type Err = EditError;

    fn from_str(text: &str) -> Result<Self, EditError> {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        let clean = |part: &String| !part.is_empty() && !part.contains(char::is_whitespace);
        if !parts.iter().all(clean) {
            return Err(EditError::Path(text.to_owned()));
        }
        // What follows recurses.
        if parts.len() < DEEPEST {
            Ok(Self(parts))
        } else {
            Err(EditError::Deep(parts.len()))
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Splits `path=value` at the first `=`.
fn assignment(text: &str) -> Result<(Path, Value), EditError> {
    let (path, value) = text
        .split_once('=')
        .ok_or_else(|| EditError::NoValue(text.to_owned()))?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((path.parse()?, value))
}

/// An entry of an object or array: its key or position, where it stands, and its value.
struct Child<'t> {
    key: String,
    range: Range<usize>,
    value: &'t Node<'t>,
}

/// The entries of an object or array; nothing else has any.
fn children<'t>(node: &'t Node<'t>) -> Vec<Child<'t>> {
    match node {
        Node::Object(object) => {
            let child = |property: &'t ObjectProp<'t>| Child {
                key: property.name.as_str().to_owned(),
                range: property.start()..property.end(),
                value: &property.value,
            };
            object.properties.iter().map(child).collect()
        }
        Node::Array(array) => {
            let child = |(at, value): (usize, &'t Node<'t>)| Child {
                key: at.to_string(),
                range: value.start()..value.end(),
                value,
            };
            array.elements.iter().enumerate().map(child).collect()
        }
        _ => Vec::new(),
    }
}

/// The node at `path`; of repeated keys the last one, as parsers take it.
fn find<'t>(node: &'t Node<'t>, path: &[String]) -> Option<&'t Node<'t>> {
    let Some((key, rest)) = path.split_first() else {
        return Some(node);
    };
    let child = children(node)
        .into_iter()
        .rfind(|child| child.key == *key)?;
    find(child.value, rest)
}

/// Where to write what, so that `path` holds `value`; objects missing on the way are made.
fn addition(
    body: &str,
    top: &Node<'_>,
    path: &Path,
    value: &Value,
) -> Result<(Range<usize>, String), EditError> {
    if let Some(place) = find(top, &path.0) {
        return Ok((place.start()..place.end(), value.to_string()));
    }
    let no_room = || EditError::NoRoom(path.to_string());
    let deepest = (0..path.0.len())
        .rev()
        .find_map(|n| Some((n, find(top, &path.0[..n])?)));
    let (depth, parent) = deepest.ok_or_else(no_room)?;
    let (key, below) = path.0[depth..].split_first().ok_or_else(no_room)?;
    let nest = |inner: Value, key: &String| serde_json::json!({ key.as_str(): inner });
    let value = below.iter().rev().fold(value.clone(), nest);
    let siblings = children(parent);
    let entry = match parent {
        Node::Object(object) => {
            let last = object.properties.last();
            let colon = last.map_or(": ", |last| &body[last.name.end()..last.value.start()]);
            format!("{}{colon}{value}", Value::from(key.as_str()))
        }
        Node::Array(_) if key.parse() == Ok(siblings.len()) => value.to_string(),
        _ => return Err(no_room()),
    };
    Ok(match siblings.last() {
        None => (parent.start() + 1..parent.start() + 1, entry),
        Some(last) => {
            // The new entry is set off as the last one is.
            let from = siblings
                .iter()
                .rev()
                .nth(1)
                .map_or(parent.start() + 1, |s| s.range.end);
            let gap = body[from..last.range.start].trim_start_matches([' ', ',']);
            let gap = if siblings.len() > 1 {
                &body[from..last.range.start]
            } else {
                gap
            };
            let comma = if gap.contains(',') { "" } else { "," };
            (
                last.range.end..last.range.end,
                format!("{comma}{gap}{entry}"),
            )
        }
    })
}

/// The bytes to take away so that `path` is gone, with the comma that set it off.
fn removal(top: &Node<'_>, path: &Path) -> Result<Range<usize>, EditError> {
    let not_there = || missing(top, path);
    let (key, above) = path.0.split_last().ok_or_else(not_there)?;
    let siblings = children(find(top, above).ok_or_else(not_there)?);
    let at = siblings
        .iter()
        .rposition(|child| child.key == *key)
        .ok_or_else(not_there)?;
    let Range { start, end } = siblings[at].range.clone();
    Ok(match (at, siblings.get(at + 1)) {
        (0, Some(next)) => start..next.range.start,
        (0, None) => start..end,
        (_, _) => siblings[at - 1].range.end..end,
    })
}

/// The error for a place that is not there, with the nearest ones that are.
fn missing(top: &Node<'_>, path: &Path) -> EditError {
    let mut near = Vec::new();
    list(top, "", &mut near);
    let wanted = path.to_string();
    let leaf = path.0.last().map_or("", String::as_str);
    near.sort_by_key(|have| {
        let same_leaf = have.rsplit('.').next() == Some(leaf);
        (!same_leaf, strsim::osa_distance(have, &wanted))
    });
    near.truncate(5);
    EditError::Missing { path: wanted, near }
}

/// The most paths that are looked at for near ones, and the longest of them.
const LISTED: usize = 2000;
const LONGEST: usize = 200;

/// The paths below `node`, as far as one would type them.
fn list(node: &Node<'_>, prefix: &str, paths: &mut Vec<String>) {
    for Child { key, value, .. } in children(node) {
        if paths.len() == LISTED || prefix.len() + key.len() > LONGEST {
            return;
        }
        let path = if prefix.is_empty() {
            key
        } else {
            format!("{prefix}.{key}")
        };
        paths.push(path.clone());
        list(value, &path, paths);
    }
}

#[cfg(test)]
mod tests;
