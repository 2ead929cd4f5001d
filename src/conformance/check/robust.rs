//! What must not break a receiver.

use super::catalogue::Entry;

/// The rules.
pub(super) static RULES: &[Entry] = &[];
