//! The rules of the check.

use crate::conformance::Rule;

use super::judge::{Judged, Seen, as_wanted};
use super::receiver::{Options, Receiver};
use super::shot::Plan;
use super::standing::BEFORE;
use super::workshop::Workshop;
use super::{accepts, contents, idempotent, in_time, refuses, robust, texts, times};

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
    /// Whether none of its requests carries a right signature of what it brings: who takes them all
    /// does not verify.
    pub(super) forged: bool,
    /// The requests.
    pub(super) plan: fn(&mut Workshop<'_>) -> Plan,
    /// The judgement.
    pub(super) judge: fn(&Seen<'_>) -> Judged,
}

impl Entry {
    /// A rule that must hold, in a quick check too: each answer is as its request wants it, and what
    /// is to be refused has no side effect.
    pub(super) const fn must(
        group: Group,
        rule: Rule,
        plan: fn(&mut Workshop<'_>) -> Plan,
    ) -> Self {
        Self {
            rule,
            group,
            weight: Weight::Must,
            quick: true,
            effects: match group {
                Group::Refuses => Some(0),
                _ => None,
            },
            forged: false,
            plan,
            judge: as_wanted,
        }
    }

    /// The same of a rule that should hold.
    pub(super) const fn should(
        group: Group,
        rule: Rule,
        plan: fn(&mut Workshop<'_>) -> Plan,
    ) -> Self {
        let weight = Weight::Should;
        Self {
            weight,
            ..Self::must(group, rule, plan)
        }
    }

    /// The same in a whole check only.
    pub(super) const fn at_length(self) -> Self {
        let quick = false;
        Self { quick, ..self }
    }

    /// The same with so many side effects in all.
    pub(super) const fn happening(self, times: i64) -> Self {
        let effects = Some(times);
        Self { effects, ..self }
    }

    /// The same, of requests without a right signature of what they bring.
    pub(super) const fn forging(self) -> Self {
        let forged = true;
        Self { forged, ..self }
    }

    /// The same, whatever side effects its requests have.
    pub(super) const fn uncounted(self) -> Self {
        let effects = None;
        Self { effects, ..self }
    }

    /// The same with another judgement.
    pub(super) const fn judged_by(self, judge: fn(&Seen<'_>) -> Judged) -> Self {
        Self { judge, ..self }
    }
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
        contents::RULES,
        refuses::RULES,
        texts::RULES,
        times::RULES,
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

/// How many requests a check of these rules makes, where nothing goes wrong.
pub(crate) fn requests(infos: &[Info]) -> usize {
    let wanted = infos.iter().filter(|info| info.wanted);
    let counts = wanted.filter_map(|info| info.requests.as_ref().ok());
    BEFORE + counts.sum::<usize>()
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
