//! Variables in the place of flags.

use std::fmt::Display;
use std::str::FromStr;

use crate::cli::error::Error;

/// The flag, or what the variable says. An empty variable says nothing, as scripts have it.
pub(crate) fn or_variable<T>(flag: Option<T>, name: &str) -> Result<Option<T>, Error>
where
    T: FromStr<Err: Display>,
{
    let value = std::env::var_os(name).filter(|value| flag.is_none() && !value.is_empty());
    let Some(value) = value else { return Ok(flag) };
    let text = value.to_string_lossy();
    let wrong = |error| Error::usage(format!("the variable `{name}`: {error}"));
    text.parse().map(Some).map_err(wrong)
}
