//! What a receiver must not take.

use crate::conformance::Rule;

use super::catalogue::{Entry, Group, Weight};
use super::judge::as_wanted;
use super::shot::{Plan, Round, Wants};
use super::workshop::{Parcel, Workshop};

/// The rules.
pub(super) static RULES: &[Entry] = &[Entry {
    rule: Rule {
        id: "refuses-no-signature",
        title: "A delivery without a signature is refused",
        why: "Anybody can send one.",
        page: None,
        fix: "Where the header is missing, answer 401 before anything else.",
    },
    group: Group::Refuses,
    weight: Weight::Must,
    quick: true,
    effects: Some(0),
    plan: no_signature,
    judge: as_wanted,
}];

fn no_signature(workshop: &mut Workshop<'_>) -> Plan {
    if workshop.receiver.key.is_none() {
        return Err("no secret is given, so nothing is signed".to_owned());
    }
    let parcel = Parcel {
        key: None,
        ..workshop.usual()
    };
    let shot = workshop.shot("no signature", &parcel, Wants::Refused);
    Ok(vec![Round::Each(vec![shot])])
}
