//! `[[events]]`, `[any_event]` and `[test]`.

use crate::provider::{AnyEvent, Event, TestEvent};

use super::problems::Reader;
use super::section::Section;

/// Reads the catalogue; current events come first, each kind in the order of the file.
pub(super) fn events(reader: &Reader<'_>, sections: Vec<Section<'_, '_>>) -> Vec<Event> {
    let spans: Vec<_> = sections
        .iter()
        .map(|section| section.span.clone())
        .collect();
    let mut events: Vec<Event> = sections.into_iter().map(event).collect();
    for (nth, (event, span)) in events.iter().zip(&spans).enumerate() {
        let name = &event.name;
        if !name.is_empty() && events[..nth].iter().any(|known| known.name == *name) {
            reader.problem(span, format!("the event `{name}` is there twice"));
        }
        let twin = event.replaced_by.as_ref();
        if let Some(twin) = twin.filter(|twin| events.iter().all(|other| other.name != **twin)) {
            reader.problem(
                span,
                format!("`{name}` is replaced by `{twin}`, which is no event"),
            );
        }
    }
    events.sort_by_key(|event| event.legacy);
    events
}

fn event(section: Section<'_, '_>) -> Event {
    let name = section.read("name", |text| match text {
        "" => Err("is empty"),
        name => Ok(name.to_owned()),
    });
    let name = section.require("name", name);
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
    event
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
    let mark = section.place("mark");
    section.finish();
    Some(TestEvent {
        event: event?,
        sample: sample?,
        mark,
    })
}
