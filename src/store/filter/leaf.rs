//! What plain SQL cannot say of an attempt: asked here by both forms of a filter.

use memchr::memmem;
use wildmatch::WildMatch;

use crate::message::{Headers, json};

/// The path of a request's target.
pub(super) fn path(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

/// Whether there is a line of this name, with such a value where one is wanted. What is not UTF-8
/// in a value is read as `�`.
pub(super) fn has_header(headers: &Headers, name: &str, value: Option<&WildMatch>) -> bool {
    headers
        .all(name)
        .any(|found| value.is_none_or(|value| value.matches(&String::from_utf8_lossy(found))))
}

/// Bytes that are looked for in bodies.
#[derive(Clone, Debug)]
pub(in crate::store) struct Text(memmem::Finder<'static>);

impl Text {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(memmem::Finder::new(bytes).into_owned())
    }

    /// Whether a body holds them.
    pub(in crate::store) fn is_in(&self, body: &[u8]) -> bool {
        self.0.find(body).is_some()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.needle()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

/// Whether a JSON body has a scalar there, of this text where one is wanted.
pub(super) fn has_scalar(body: &[u8], pointer: &str, value: Option<&str>) -> bool {
    json::scalar(body, pointer).is_some_and(|found| value.is_none_or(|value| found == value))
}
