//! The rules of the check.

use crate::conformance::Rule;

use super::judge::{Judged, Seen};
use super::receiver::{Options, Receiver};
use super::shot::Plan;
use super::workshop::Workshop;
use super::{accepts, idempotent, in_time, refuses, robust};

/// A rule, the requests that show whether it holds, and how they are judged.
pub(super) struct Entry {
    pub(super) rule: Rule,
    pub(super) group: Group,
    /// How much it weighs where it does not hold.
    pub(super) weight: Weight,
    /// Whether a quick check has it.
    pub(super) quick: bool,
    /// Whether its requests must have exactly one side effect in all, where effects are counted;
    /// `None`: they are not counted.
    pub(super) effects: Option<i64>,
    /// The requests.
    pub(super) plan: fn(&mut Workshop<'_>) -> Plan,
    /// The judgement.
    pub(super) judge: fn(&Seen<'_>) -> Judged,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// What must be taken.
    Accepts,
    /// What must not be.
    Refuses,
    /// What must happen once.
    Idempotent,
    /// When it must be answered.
    InTime,
    /// What must break nothing.
    Robust,
}

/// How much a rule weighs where it does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The receiver is wrong.
    Must,
    /// It is better otherwise.
    Should,
}

impl Group {
    /// Each of them, in the order in which their rules are told.
    pub(super) const ALL: [Self; 5] = [
        Self::Accepts,
        Self::Refuses,
        Self::Idempotent,
        Self::InTime,
        Self::Robust,
    ];

    /// Its name, with which the ids of its rules begin.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Refuses => "refuses",
            Self::Idempotent => "idempotent",
            Self::InTime => "in-time",
            Self::Robust => "robust",
        }
    }
}

/// A rule for listings.
pub(crate) struct Info {
    pub(crate) rule: &'static Rule,
    pub(crate) group: Group,
    pub(crate) weight: Weight,
    /// Whether it is looked at.
    pub(crate) wanted: bool,
    /// How many requests it is; `Err`: why the platform has no such rule.
    pub(crate) requests: Result<usize, String>,
}

/// Every rule, in the order in which they are told.
pub(super) fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        accepts::RULES,
        refuses::RULES,
        idempotent::RULES,
        in_time::RULES,
        robust::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The ids of every rule.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    entries().map(|entry| entry.rule.id)
}

/// The rules for listings, as they are for a receiver that is checked so.
pub(crate) fn infos(receiver: &Receiver, options: &Options) -> Vec<Info> {
    let mut workshop = Workshop::new(receiver, options.quick);
    entries()
        .map(|entry| Info {
            rule: &entry.rule,
            group: entry.group,
            weight: entry.weight,
            wanted: options.wants(entry),
            requests: (entry.plan)(&mut workshop)
                .map(|rounds| rounds.iter().map(super::shot::Round::len).sum()),
        })
        .collect()
}
