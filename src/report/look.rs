//! How what was recorded is shown to people.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::term::Paint;

use super::Redaction;

/// What decides how something recorded looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    /// What is left out.
    pub(crate) redaction: &'a Redaction,
    /// Where the reader is.
    pub(crate) zone: &'a TimeZone,
    /// Whether there is colour.
    pub(crate) paint: Paint,
}

impl Look<'_> {
    /// Date and time of day, to the millisecond.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        let at = self.zone.to_datetime(at);
        at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
    }

    /// The same for a column of times: without year and fractions.
    pub(super) fn short_moment(&self, at: Timestamp) -> String {
        let at = self.zone.to_datetime(at);
        at.strftime("%m-%d %H:%M:%S").to_string()
    }
}
