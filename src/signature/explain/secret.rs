//! The forms that a secret takes on its way through files, variables and settings.

use crate::signature::{Scheme, Secret};

use super::Cause;

/// The bytes that may have been the key in the place of those that the scheme makes of the secret.
pub(crate) fn secret_forms<'s>(
    _scheme: &'s Scheme,
    _secret: &'s Secret,
) -> impl Iterator<Item = (Cause, Secret)> + 's {
    std::iter::empty()
}
