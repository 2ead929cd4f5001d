//! When a receiver must answer.

use super::catalogue::Entry;

/// The rules.
pub(super) static RULES: &[Entry] = &[];
