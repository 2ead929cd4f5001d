//! Looks at one rule after the other: what one does to the receiver must not be another's fault.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use crate::conformance::Ruling;

use super::catalogue::{Entry, Group, entries};
use super::ledger::Ledger;
use super::patience::Patience;
use super::receiver::{CheckError, Options, Receiver, shown};
use super::report::{CheckFinding, CheckReport};
use super::standing::Standing;
use super::tally::Tally;
use super::veil::Veil;
use super::wire::{Http, Wire};
use super::workshop::Workshop;

/// How far a check is.
#[derive(Clone, Debug)]
pub(crate) struct Progress<'p> {
    /// The rule that begins.
    pub(crate) rule: &'p str,
    /// How many rules there are before it.
    pub(crate) done: usize,
    /// How many rules there are.
    pub(crate) of: usize,
}

/// For how many rules on what must be taken it is tried what would be, where they do not hold.
const DOUBTS: usize = 2;

/// A check under way.
pub(super) struct Run<'r, W> {
    pub(super) wire: &'r W,
    pub(super) receiver: &'r Receiver,
    pub(super) workshop: Workshop<'r>,
    pub(super) patience: Patience,
    pub(super) standing: Standing,
    pub(super) ledger: Ledger,
    pub(super) veil: Veil,
    pub(super) report: CheckReport,
    /// What came of the requests without a right signature.
    pub(super) forged: Forged,
    /// For how many more rules that do not hold it is tried what would be taken.
    pub(super) doubts: usize,
    options: &'r Options,
}

/// How many requests without a right signature were taken, and how many were refused.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forged {
    pub(super) taken: usize,
    pub(super) refused: usize,
}

/// How a check ends.
enum End {
    /// Every rule was looked at.
    Whole,
    /// It was told to end.
    Stopped,
    /// Its time was up.
    Late,
}

/// Checks a receiver; `told` hears how far it is. When `stop` comes, that is the end, and what was
/// found until then is told.
pub(crate) async fn run(
    receiver: &Receiver,
    options: &Options,
    told: impl FnMut(&Progress<'_>),
    stop: impl Future<Output = ()>,
) -> Result<CheckReport, CheckError> {
    let patience = Patience::new(&receiver.provider, options);
    let limit = patience.answer.max(patience.first());
    let wire = Http::new(receiver, options, limit)?;
    run_over(&wire, receiver, options, told, stop).await
}

/// The same, by any wire.
pub(super) async fn run_over(
    wire: &impl Wire,
    receiver: &Receiver,
    options: &Options,
    told: impl FnMut(&Progress<'_>),
    stop: impl Future<Output = ()>,
) -> Result<CheckReport, CheckError> {
    let begun = Instant::now();
    let mut report = CheckReport {
        provider: receiver.provider.id.clone(),
        url: shown(&receiver.url),
        rules: Vec::new(),
        requests: 0,
        answered: 0,
        took: Duration::ZERO,
        silence: None,
        late: 0,
        hurried: None,
        uncounted: None,
        cut: false,
    };
    tokio::pin!(stop);
    let ledger = tokio::select! {
        biased;
        opened = Ledger::open(wire) => Some(opened?),
        () = &mut stop => None,
    };
    let Some(ledger) = ledger else {
        report.cut = true;
        report.took = begun.elapsed();
        return Ok(report);
    };
    let wire = &Tally::new(wire.clone());
    let mut run = Run {
        wire,
        receiver,
        workshop: Workshop::new(receiver, options.quick),
        patience: Patience::new(&receiver.provider, options),
        standing: Standing::Unasked,
        ledger,
        veil: Veil::of(receiver),
        report,
        forged: Forged::default(),
        doubts: DOUBTS,
        options,
    };
    let time_is_up = run.patience.end();
    let end = tokio::select! {
        biased;
        () = run.look(told) => End::Whole,
        () = stop => End::Stopped,
        () = time_is_up => End::Late,
    };
    match end {
        End::Whole => {}
        End::Stopped => run.report.cut = true,
        End::Late => run.leave_the_rest(),
    }
    run.sort();
    run.note_carelessness();
    (run.report.requests, run.report.answered) = (wire.requests(), wire.answered());
    run.report.took = begun.elapsed();
    Ok(run.report)
}

impl<W: Wire> Run<'_, W> {
    /// Looks at every rule that is wanted.
    async fn look(&mut self, mut told: impl FnMut(&Progress<'_>)) {
        let of = entries().filter(|entry| self.options.wants(entry)).count();
        let mut done = 0;
        for entry in in_order(self.options.quick) {
            if !self.options.wants(entry) {
                self.report.rules.push(left_out(entry));
                continue;
            }
            let rule = entry.rule.id;
            told(&Progress { rule, done, of });
            if matches!(self.standing, Standing::Unasked) {
                self.introduce().await;
            }
            let plan = (entry.plan)(&mut self.workshop);
            let found = self.examine(entry, plan).await;
            self.report.rules.push(found);
            done += 1;
        }
    }

    /// Notes it where nothing without a right signature was refused: then it is not this or that which
    /// the receiver does not look at.
    fn note_carelessness(&mut self) {
        if self.forged.refused > 0 || self.forged.taken < 2 {
            return;
        }
        let failed = |finding: &&mut CheckFinding| {
            finding.group == Group::Refuses && finding.ruling == Ruling::Fail
        };
        if let Some(first) = self.report.rules.iter_mut().find(failed) {
            let note = "It takes whatever comes: it does not verify at all.";
            first.notes.push(note.to_owned());
        }
    }

    /// The rules for which there was no time.
    fn leave_the_rest(&mut self) {
        for entry in in_order(self.options.quick).skip(self.report.rules.len()) {
            let mut rest = left_out(entry);
            if self.options.wants(entry) {
                NO_TIME.clone_into(&mut rest.came);
                self.report.late += 1;
            }
            self.report.rules.push(rest);
        }
    }

    /// Puts the rules into the order in which they are told.
    fn sort(&mut self) {
        let place = |id| entries().position(|entry| entry.rule.id == id);
        let rules = &mut self.report.rules;
        rules.sort_by_key(|finding| place(finding.rule.id));
    }
}

/// Why a rule is not looked at whose turn came too late.
const NO_TIME: &str = "no time is left for it in a quick check";

/// The rules in the order in which they are looked at. A quick check may come to no end: it begins with
/// what is taken at all, and with what must not be.
fn in_order(quick: bool) -> impl Iterator<Item = &'static Entry> {
    let rank = move |entry: &&Entry| match entry.group {
        _ if !quick => 0,
        Group::Accepts if entry.rule.id == "accepts-event" => 0,
        Group::Refuses => 1,
        _ => 2,
    };
    let mut ordered: Vec<_> = entries().collect();
    ordered.sort_by_key(rank);
    ordered.into_iter()
}

/// A rule that nobody wants.
fn left_out(entry: &Entry) -> CheckFinding {
    finding(entry, Ruling::LeftOut, "left out".to_owned())
}

/// A finding of a rule for which nothing was sent.
pub(super) fn finding(entry: &Entry, ruling: Ruling, came: String) -> CheckFinding {
    CheckFinding {
        rule: entry.rule,
        group: entry.group,
        ruling,
        sent: String::new(),
        came,
        notes: Vec::new(),
        is_diagnosed: false,
        evidence: Vec::new(),
        took: Duration::ZERO,
    }
}
