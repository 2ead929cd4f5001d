//! Whether somebody agrees to what cannot be taken back.

use std::io::ErrorKind;

use crate::term::confirm;

use super::context::Context;
use super::error::Error;

/// Asks on the terminal whether to do something; `hint` says what to type where nobody is there.
pub(crate) fn agreed(context: &Context, what: &str, hint: &str) -> Result<bool, Error> {
    let unasked = || Error::usage(format!("nobody is asked whether to {what}")).hint(hint);
    if !context.streams.can_ask() {
        return Err(unasked());
    }
    confirm(&format!("{what}?")).map_err(|error| match error.kind() {
        ErrorKind::Interrupted => error.into(),
        _ => unasked(),
    })
}
