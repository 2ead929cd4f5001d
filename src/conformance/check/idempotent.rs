//! What must happen once, however often it comes.

use super::catalogue::Entry;

/// The rules.
pub(super) static RULES: &[Entry] = &[];
