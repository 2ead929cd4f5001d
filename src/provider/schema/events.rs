//! `[[events]]`, `[any_event]` and `[test]`.

use crate::provider::{AnyEvent, Event, TestEvent};

use super::reader::{Reader, Section};

/// Reads the catalogue; current events come first, each kind in the order of the file.
pub(super) fn events(reader: &Reader<'_>, sections: Vec<Section<'_, '_>>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for section in sections {
        let span = section.span.clone();
        let Some(event) = event(section) else {
            continue;
        };
        if events.iter().any(|known| known.name == event.name) {
            reader.problem(&span, format!("the event `{}` is there twice", event.name));
        }
        events.push(event);
    }
    for event in &events {
        let twin = event.replaced_by.as_ref();
        if let Some(twin) = twin.filter(|twin| events.iter().all(|other| other.name != **twin)) {
            reader.problem(
                &(0..0),
                format!(
                    "`{}` is replaced by `{twin}`, which is no event",
                    event.name
                ),
            );
        }
    }
    events.sort_by_key(|event| event.legacy);
    events
}

fn event(section: Section<'_, '_>) -> Option<Event> {
    let name = section.required_text("name");
    let sample = section.required_text("sample");
    let event = Event {
        description: section.owned_text("description"),
        legacy: section.boolean("legacy").unwrap_or(false),
        replaced_by: section.owned_text("replaced_by"),
        assumed: section.boolean("assumed").unwrap_or(false),
        name: name.unwrap_or_default(),
        sample: sample.unwrap_or_default(),
    };
    section.finish();
    (!event.name.is_empty()).then_some(event)
}

/// Reads `[any_event]`.
pub(super) fn any_event(section: Section<'_, '_>) -> Option<AnyEvent> {
    let sample = section.required_text("sample");
    let open = section.boolean("open").unwrap_or(false);
    section.finish();
    sample.map(|sample| AnyEvent { open, sample })
}

/// Reads `[test]`.
pub(super) fn test(section: Section<'_, '_>) -> Option<TestEvent> {
    let event = section.required_text("event");
    let sample = section.required_text("sample");
    section.finish();
    Some(TestEvent {
        event: event?,
        sample: sample?,
    })
}
