//! What must happen once, however often it comes.

use crate::conformance::Rule;

use super::catalogue::{Entry, Group};
use super::shot::{Plan, Round, Wants};
use super::workshop::{Parcel, Workshop};

/// The rules.
pub(super) static RULES: &[Entry] = &[
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-twice",
            title: "A delivery that comes again is taken again, and happens once",
            why: "An answer that is lost on the way makes the platform send the delivery once more.",
            page: None,
            fix: "Keep the ids of the deliveries that are done, and answer 2xx to those without doing \
                  them again.",
        }, twice).happening(1),
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-at-once",
            title: "A delivery that comes ten times at once happens once",
            why: "A retry may come while the first attempt is still being worked on.",
            page: None,
            fix: "Claim the id before the work, in one step that cannot be done twice: a unique key \
                  that is inserted, not a look that is followed by a write.",
        }, at_once).happening(1),
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-after-refusal",
            title: "A delivery that was refused is taken when it comes right",
            why: "Anybody can send an id with a wrong signature; that must not use the id up.",
            page: None,
            fix: "Verify the signature first, and keep the id only of a delivery that is right.",
        }, after_refusal).happening(1),
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-later",
            title: "A delivery that comes again after others is known",
            why: "The platform sends other deliveries while a retry waits for its time.",
            page: None,
            fix: "Keep the ids for as long as the platform may repeat a delivery, not only the last.",
        }, later).happening(1 + OTHERS).at_length(),
];

/// How many deliveries come between a delivery and its repeat.
const OTHERS: i64 = 3;

/// How many attempts of a delivery come at once.
const AT_ONCE: usize = 10;

fn twice(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = known(workshop)?;
    let again = Parcel {
        attempt: 2,
        ..parcel.clone()
    };
    Ok(vec![Round::Each(vec![
        workshop.fresh_shot("a delivery", &parcel, Wants::Accepted),
        workshop.fresh_shot("the same id again", &again, Wants::Accepted),
    ])])
}

fn at_once(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = known(workshop)?;
    let shot = workshop.fresh_shot("the same id at once", &parcel, Wants::Accepted);
    Ok(vec![Round::Together(vec![shot; AT_ONCE])])
}

fn after_refusal(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = known(workshop)?;
    let Some(key) = &parcel.key else {
        return Err("no secret is given, so nothing is signed".to_owned());
    };
    let forged = Parcel {
        key: Some(key.another(workshop.provider().signing_scheme())),
        ..parcel.clone()
    };
    Ok(vec![Round::Each(vec![
        // That it is refused is another rule's affair.
        workshop.fresh_shot("another secret's signature", &forged, Wants::Nothing),
        workshop.fresh_shot("the same id, signed right", &parcel, Wants::Accepted),
    ])])
}

fn later(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = known(workshop)?;
    let again = Parcel {
        attempt: 2,
        ..parcel.clone()
    };
    let mut shots = vec![workshop.fresh_shot("a delivery", &parcel, Wants::Accepted)];
    for _ in 0..OTHERS {
        let other = workshop.usual();
        shots.push(workshop.fresh_shot("another", &other, Wants::Accepted));
    }
    shots.push(workshop.fresh_shot("the first again", &again, Wants::Accepted));
    Ok(vec![Round::Each(shots)])
}

/// A delivery whose repeats can be known; why there is none, where the platform has no such thing.
fn known(workshop: &Workshop<'_>) -> Result<Parcel, String> {
    if workshop.provider().delivery.dedupe.is_none() {
        let why = "the platform's deliveries have no id: a repeat cannot be told from another";
        return Err(why.to_owned());
    }
    Ok(workshop.usual())
}
