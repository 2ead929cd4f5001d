//! Which events are shown: `invoice.*,!invoice.draft`.

use std::str::FromStr;

use thiserror::Error;
use wildmatch::WildMatch;

/// Globs over event names; `!` in front takes names out again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EventFilter {
    wanted: Vec<WildMatch>,
    unwanted: Vec<WildMatch>,
}

/// A glob that is none.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` names no event: write globs with commas, for example `invoice.*,!invoice.draft`")]
pub(crate) struct EventFilterError(String);

impl EventFilter {
    /// Adds the globs of another filter.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.wanted.extend(other.wanted);
        self.unwanted.extend(other.unwanted);
        self
    }

    /// Whether an event of this name is shown. A delivery without a name is shown unless only
    /// certain names are wanted.
    pub(crate) fn takes(&self, event: Option<&str>) -> bool {
        let any = |globs: &[WildMatch]| {
            event.is_some_and(|name| globs.iter().any(|glob| glob.matches(name)))
        };
        (self.wanted.is_empty() || any(&self.wanted)) && !any(&self.unwanted)
    }
}

impl FromStr for EventFilter {
    type Err = EventFilterError;

    fn from_str(text: &str) -> Result<Self, EventFilterError> {
        let mut filter = Self::default();
        for glob in text.split(',').map(str::trim) {
            let (globs, pattern) = match glob.strip_prefix('!') {
                Some(pattern) => (&mut filter.unwanted, pattern),
                None => (&mut filter.wanted, glob),
            };
            if pattern.is_empty() || pattern.contains(char::is_whitespace) {
                return Err(EventFilterError(text.to_owned()));
            }
            globs.push(WildMatch::new(pattern));
        }
        Ok(filter)
    }
}

#[cfg(test)]
mod tests {
    use super::EventFilter;

    #[test]
    fn globs_take_and_exclusions_leave() {
        for (filter, event, taken) in [
            ("invoice.*", "invoice.paid", true),
            ("invoice.*", "job.created", false),
            ("invoice.*,!invoice.paid", "invoice.paid", false),
            ("!invoice.*", "job.created", true),
            ("!invoice.*", "invoice.paid", false),
            ("job.created, lead.*", "lead.created", true),
            ("*_created", "proposal_created", true),
            ("invoice", "invoice.paid", false),
        ] {
            let filter: EventFilter = filter.parse().expect("a filter");
            assert_eq!(filter.takes(Some(event)), taken, "{filter:?} {event}");
        }
    }

    #[test]
    fn a_delivery_without_a_name_is_shown_unless_names_are_wanted() {
        assert!("!a".parse::<EventFilter>().expect("a filter").takes(None));
        assert!(!"a".parse::<EventFilter>().expect("a filter").takes(None));
        for text in ["", "a,,b", "!", "a b"] {
            assert!(text.parse::<EventFilter>().is_err(), "{text}");
        }
    }
}
