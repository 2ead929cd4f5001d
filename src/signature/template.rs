//! Texts with named fields: what is signed, and what a header carries.

use std::fmt;

use thiserror::Error;

use super::source::is_header_name;

/// A field of a template, written `{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// `{body}`: the raw body.
    Body,
    /// `{timestamp}`: the timestamp as it stands on the wire.
    Timestamp,
    /// `{id}`: the webhook id.
    Id,
    /// `{url}`: the URL as the sender calls it.
    Url,
    /// `{method}`: the request method.
    Method,
    /// `{header:NAME}`: another header's first value.
    Header(String),
    /// `{sig}`: the encoded signature.
    Sig,
    /// `{secret}`: the secret itself, for token schemes.
    Secret,
    /// `{event}`: the event name.
    Event,
    /// `{attempt}`: the attempt, from 1.
    Attempt,
    /// `{retry}`: the retry, from 0.
    Retry,
}

/// Literal text and fields, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Field(Field),
}

/// Why a text is not a template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TemplateError {
    /// A brace opens or closes alone.
    #[error("has a brace without its other half")]
    Brace,
    /// A field that this template cannot have.
    #[error("has no field `{{{found}}}`; it may have {allowed}")]
    Unknown {
        /// What stood between the braces.
        found: String,
        /// The fields that may stand there.
        allowed: String,
    },
    /// The body is signed once or not at all.
    #[error("has `{{body}}` more than once")]
    BodyTwice,
}

impl Template {
    /// Reads a template that may have the fields named in `allowed`.
    pub fn parse(text: &str, allowed: &[&str]) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (literal, braced) = rest.split_at(at);
            let (name, after) = braced
                .strip_prefix('{')
                .and_then(|open| open.split_once('}'))
                .ok_or(TemplateError::Brace)?;
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            let kind = name.split(':').next().unwrap_or(name);
            let field = Field::parse(name).filter(|_| allowed.contains(&kind));
            parts.push(Part::Field(field.ok_or_else(|| {
                TemplateError::Unknown {
                    found: name.to_owned(),
                    allowed: allowed
                        .iter()
                        .map(|f| format!("`{{{f}}}`"))
                        .collect::<Vec<_>>()
                        .join(" "),
                }
            })?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        if parts
            .iter()
            .filter(|part| **part == Part::Field(Field::Body))
            .count()
            > 1
        {
            return Err(TemplateError::BodyTwice);
        }
        Ok(Self(parts))
    }

    /// A template of nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// Whether the field stands in the template.
    #[must_use]
    pub fn has(&self, field: &Field) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::Field(f) if f == field))
    }

    /// The names of the header fields.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Field(Field::Header(name)) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Literals and fields, in order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Fills the fields in. The first field that `value` has nothing for is the error.
    pub(crate) fn fill(&self, value: impl Fn(&Field) -> Option<Vec<u8>>) -> Result<Vec<u8>, Field> {
        let mut out = Vec::new();
        for part in &self.0 {
            match part {
                Part::Literal(text) => out.extend_from_slice(text.as_bytes()),
                Part::Field(field) => out.extend(value(field).ok_or_else(|| field.clone())?),
            }
        }
        Ok(out)
    }

    /// The templates before and after `{body}`; the second is `None` where there is no body.
    pub(crate) fn around_body(&self) -> (Self, Option<Self>) {
        match self
            .0
            .iter()
            .position(|part| *part == Part::Field(Field::Body))
        {
            Some(at) => (
                Self(self.0[..at].to_vec()),
                Some(Self(self.0[at + 1..].to_vec())),
            ),
            None => (self.clone(), None),
        }
    }
}

impl Field {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "body" => Self::Body,
            "timestamp" => Self::Timestamp,
            "id" => Self::Id,
            "url" => Self::Url,
            "method" => Self::Method,
            "sig" => Self::Sig,
            "secret" => Self::Secret,
            "event" => Self::Event,
            "attempt" => Self::Attempt,
            "retry" => Self::Retry,
            _ => {
                let header = name
                    .strip_prefix("header:")
                    .filter(|name| is_header_name(name))?;
                Self::Header(header.to_owned())
            }
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body => "body",
            Self::Timestamp => "timestamp",
            Self::Id => "id",
            Self::Url => "url",
            Self::Method => "method",
            Self::Header(name) => return write!(f, "header:{name}"),
            Self::Sig => "sig",
            Self::Secret => "secret",
            Self::Event => "event",
            Self::Attempt => "attempt",
            Self::Retry => "retry",
        })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Field(field) => write!(f, "{{{field}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Template, TemplateError};

    #[test]
    fn reads_and_shows_the_same_text() {
        for text in ["{body}", "v0:{timestamp}:{body}", "", "{header:X-A}.{id}x"] {
            let template = Template::parse(text, &["body", "timestamp", "id", "header"]);
            assert_eq!(template.map(|t| t.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn refuses_what_it_cannot_fill() {
        let parse = |text| Template::parse(text, &["body"]);
        for text in ["{body", "body}", "{bo{dy}"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("{body}{body}"), Err(TemplateError::BodyTwice));
        assert!(matches!(parse("{sig}"), Err(TemplateError::Unknown { .. })));
    }
}
