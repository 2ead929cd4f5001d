//! The events of a provider's catalogue.

use crate::signature::Source;

/// A named occurrence, with a sample of its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// What happened, in the platform's words where it has any.
    pub description: Option<String>,
    /// Whether the platform calls it legacy.
    pub legacy: bool,
    /// The current event that took its place.
    pub replaced_by: Option<String>,
    /// The sample body, as raw text with placeholders.
    pub sample: String,
    /// Whether no document shows this event's fields.
    pub assumed: bool,
}

/// The body for event names that are not in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyEvent {
    /// Whether every name is welcome; otherwise one that is unknown has to be forced.
    pub open: bool,
    /// The sample body.
    pub sample: String,
}

/// The platform's own test delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestEvent {
    /// The event it calls itself.
    pub event: String,
    /// Its body.
    pub sample: String,
    /// Where `true` tells it from a live delivery.
    pub mark: Option<Source>,
}
