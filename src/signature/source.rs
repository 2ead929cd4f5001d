//! Where a value of a delivery is found.

use std::fmt;
use std::str::FromStr;

/// Where an id, an event name or a timestamp stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the header of this name.
    Header(String),
    /// In the JSON body, at this pointer (RFC 6901).
    Body(String),
    /// In the value of the signature header itself, as one of its entries.
    Signature,
}

impl FromStr for Source {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("header", name)) if is_header_name(name) => Ok(Self::Header(name.to_owned())),
            Some(("body", pointer)) if pointer.starts_with('/') => {
                Ok(Self::Body(pointer.to_owned()))
            }
            None if text == "signature" => Ok(Self::Signature),
            _ => Err("must be `header:NAME`, `body:/pointer` or `signature`"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header {name}"),
            Self::Body(pointer) => write!(f, "body {pointer}"),
            Self::Signature => f.write_str("signature header"),
        }
    }
}

/// Whether `name` is a header name (RFC 9110 §5.6.2, token).
#[must_use]
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
