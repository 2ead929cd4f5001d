//! What a receiver must take.

use crate::conformance::Rule;

use super::catalogue::{Entry, Group, Weight};
use super::judge::as_wanted;
use super::shot::{Plan, Round, Wants};
use super::workshop::Workshop;

/// The rules.
pub(super) static RULES: &[Entry] = &[Entry {
    rule: Rule {
        id: "accepts-event",
        title: "An ordinary delivery is taken",
        why: "It is what the platform sends.",
        page: None,
        fix: "Verify the raw bytes of the body with the platform's scheme and secret, and answer 2xx.",
    },
    group: Group::Accepts,
    weight: Weight::Must,
    quick: true,
    effects: None,
    plan: event,
    judge: as_wanted,
}];

#[expect(
    clippy::unnecessary_wraps,
    reason = "a plan may say that there is no such rule"
)]
fn event(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = workshop.usual();
    let shot = workshop.shot(&parcel.event, &parcel, Wants::Accepted);
    Ok(vec![Round::Each(vec![shot])])
}
