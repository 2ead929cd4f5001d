//! The forms that a body takes on its way through editors, frameworks and proxies.

use std::borrow::Cow;

use super::Cause;

/// The forms of a body beside itself, each made when it is asked for; a sender may have signed one of
/// them, and a receiver may verify one.
pub(crate) fn body_forms(_body: &[u8]) -> impl Iterator<Item = (Cause, Cow<'_, [u8]>)> {
    std::iter::empty()
}
