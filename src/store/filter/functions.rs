//! The functions that filters call in SQL.

use std::sync::Arc;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Connection, Error, Result};
use wildmatch::WildMatch;

use super::leaf::{self, Text};
use crate::store::{body, lines};

/// What any connection may call in any place: they only compute.
const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Makes the functions known to a connection.
pub(in crate::store) fn register(connection: &Connection) -> Result<()> {
    // (glob, text)
    connection.create_scalar_function("wh_glob", 2, FLAGS, |call| {
        let glob = glob(call, 0)?;
        Ok(glob.is_some_and(|glob| text(call, 1).is_some_and(|text| glob.matches(text))))
    })?;
    // (glob, target)
    connection.create_scalar_function("wh_path", 2, FLAGS, |call| {
        let glob = glob(call, 0)?;
        let path = text(call, 1).map(leaf::path);
        Ok(glob.is_some_and(|glob| path.is_some_and(|path| glob.matches(path))))
    })?;
    // (name, glob or null, lines)
    connection.create_scalar_function("wh_header", 3, FLAGS, |call| {
        let (name, value) = (text(call, 0).unwrap_or_default(), glob(call, 1)?);
        let headers = lines::read(blob(call, 2));
        Ok(leaf::has_header(&headers, name, value.as_deref()))
    })?;
    // (bytes, coding, data, size)
    connection.create_scalar_function("wh_contains", 4, FLAGS, |call| {
        let text = call.get_or_create_aux(0, |value| -> Result<_, FromSqlError> {
            Ok(Text::new(value.as_blob()?))
        })?;
        of_body(call, 1, |body| text.is_in(body))
    })?;
    // (pointer, text or null, coding, data, size)
    connection.create_scalar_function("wh_json", 5, FLAGS, |call| {
        let pointer = text(call, 0).unwrap_or_default();
        of_body(call, 2, |body| {
            leaf::has_scalar(body, pointer, text(call, 1))
        })
    })
}

/// A pattern, which is read once in a statement.
fn glob(call: &Context<'_>, nth: usize) -> Result<Option<Arc<WildMatch>>> {
    if call.get_raw(nth) == ValueRef::Null {
        return Ok(None);
    }
    let argument = i32::try_from(nth).unwrap_or_default();
    call.get_or_create_aux(argument, |value| -> Result<_, FromSqlError> {
        Ok(WildMatch::new(value.as_str()?))
    })
    .map(Some)
}

fn text<'c>(call: &'c Context<'_>, nth: usize) -> Option<&'c str> {
    call.get_raw(nth).as_str_or_null().ok().flatten()
}

fn blob<'c>(call: &'c Context<'_>, nth: usize) -> &'c [u8] {
    let blob = call.get_raw(nth).as_blob_or_null().ok().flatten();
    blob.unwrap_or_default()
}

/// What is asked of the body whose coding, data and size stand from here on.
fn of_body<T>(call: &Context<'_>, nth: usize, ask: impl FnOnce(&[u8]) -> T) -> Result<T> {
    let size = u64::try_from(call.get::<i64>(nth + 2)?).unwrap_or_default();
    body::decoded(call.get(nth)?, blob(call, nth + 1), size, ask)
        .map_err(|error| Error::UserFunctionError(error.into()))
}
