//! What must happen once, however often it comes.

use crate::conformance::{Rule, Ruling};

use super::catalogue::{Entry, Group};
use super::judge::{Judged, Seen, as_wanted};
use super::shot::{Plan, Round, Wants};
use super::workshop::{Parcel, Workshop};

/// The rules.
pub(super) static RULES: &[Entry] = &[
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-twice",
            title: "A delivery that comes again is taken again; where that is counted, it happens once",
            why: "An answer that is lost on the way makes the platform send the delivery once more.",
            page: None,
            fix: "Keep the ids of the deliveries that are done, and answer 2xx to those without doing \
                  them again.",
        }, twice).judged_by(looked_at).happening(1),
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-at-once",
            title: "A delivery that comes ten times at once is taken; where that is counted, it happens once",
            why: "A retry may come while the first attempt is still being worked on.",
            page: None,
            fix: "Claim the id before the work, in one step that cannot be done twice: a unique key \
                  that is inserted, not a look that is followed by a write.",
        }, at_once).judged_by(looked_at).happening(1),
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-after-refusal",
            title: "A delivery that was refused is taken when it comes right",
            why: "Anybody can send an id with a wrong signature; that must not use the id up.",
            page: None,
            fix: "Verify the signature first, and keep the id only of a delivery that is right.",
        }, after_refusal).judged_by(looked_at).happening(1),
    Entry::must(Group::Idempotent, Rule {
            id: "idempotent-later",
            title: "A delivery that comes again after others is taken; where that is counted, it happens once",
            why: "The platform sends other deliveries while a retry waits for its time.",
            page: None,
            fix: "Keep the ids for as long as the platform may repeat a delivery, not only the last.",
        }, later).judged_by(looked_at).happening(1 + OTHERS).at_length(),
];

/// How many deliveries come between a delivery and its repeat.
const OTHERS: i64 = 3;

/// How many attempts of a delivery come at once.
const AT_ONCE: usize = 10;

/// Where nothing is counted, nobody knows how often a thing has happened.
const UNCOUNTED: &str = "Only the answers were looked at: --effects counts what happened.";

/// What is taken has an effect at least once, or the count is of something else.
const UNMOVED: &str =
    "The count never moved, though deliveries were taken: does it count what this receiver does?";

/// Each answer is as its request wants it; a note says what that is worth.
fn looked_at(seen: &Seen<'_>) -> Judged {
    let mut judged = as_wanted(seen);
    if judged.ruling == Ruling::Pass {
        let note = match seen.effects {
            None => Some(UNCOUNTED),
            Some(0) => Some(UNMOVED),
            Some(_) => None,
        };
        judged.notes.extend(note.map(str::to_owned));
    }
    judged
}

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
