//! `-H 'Name: value'`.

use std::str::FromStr;

use crate::message::Headers;
use crate::signature::is_header_name;

/// One header line.
#[derive(Clone, Debug)]
pub(crate) struct HeaderArg {
    name: String,
    value: String,
}

impl FromStr for HeaderArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once(':')
            .ok_or("there is no colon: write 'Name: value'")?;
        if !is_header_name(name) {
            return Err(format!("`{name}` is not a header name"));
        }
        let value = value.trim_matches([' ', '\t']);
        if value.chars().any(|c| c.is_control() && c != '\t') {
            return Err("a header value has no control characters".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// The lines, in order.
pub(crate) fn headers_of(lines: &[HeaderArg]) -> Headers {
    lines
        .iter()
        .map(|line| (line.name.as_str(), line.value.as_str()))
        .collect()
}
