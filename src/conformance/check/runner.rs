//! Makes the requests of each rule and has the answers judged.

use std::future::Future;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::conformance::Ruling;
use crate::delivery::{Attempt, Client, ClientOptions};

use super::catalogue::{Entry, entries};
use super::diagnosis::diagnose;
use super::judge::Seen;
use super::receiver::{CheckError, Options, Receiver};
use super::report::{CheckFinding, CheckReport, Evidence};
use super::shot::{Round, Shot};
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

/// Checks a receiver; `told` hears how far it is. When `stop` comes, that is the end, and what was
/// found until then is told.
pub(crate) async fn run(
    receiver: &Receiver,
    options: &Options,
    told: impl FnMut(&Progress<'_>),
    stop: impl Future<Output = ()>,
) -> Result<CheckReport, CheckError> {
    let timeout = options
        .timeout
        .unwrap_or(receiver.provider.delivery.timeout);
    let client = Client::new(&ClientOptions {
        timeout,
        connect_timeout: receiver.provider.delivery.connect_timeout,
        insecure: options.insecure,
        tls: receiver.url.scheme() == "https",
    })?;
    let url = receiver.url.clone();
    run_over(&Http { client, url }, receiver, options, told, stop).await
}

/// The same, by any wire.
pub(super) async fn run_over(
    wire: &impl Wire,
    receiver: &Receiver,
    options: &Options,
    mut told: impl FnMut(&Progress<'_>),
    stop: impl Future<Output = ()>,
) -> Result<CheckReport, CheckError> {
    let begun = Instant::now();
    let mut workshop = Workshop::new(receiver, options.quick);
    let mut report = CheckReport {
        provider: receiver.provider.id.clone(),
        url: shown(receiver),
        rules: Vec::new(),
        requests: 0,
        answered: 0,
        took: begun.elapsed(),
        cut: false,
    };
    let wanted = entries().filter(|entry| options.wants(entry)).count();
    let mut done = 0;
    tokio::pin!(stop);
    for entry in entries() {
        if !options.wants(entry) {
            report.rules.push(left_out(entry));
            continue;
        }
        told(&Progress {
            rule: entry.rule.id,
            done,
            of: wanted,
        });
        let found = tokio::select! {
            found = examine(wire, &mut workshop, entry, &mut report) => found,
            () = &mut stop => {
                report.cut = true;
                break;
            }
        };
        report.rules.push(found);
        done += 1;
    }
    report.took = begun.elapsed();
    Ok(report)
}

/// One rule.
async fn examine(
    wire: &impl Wire,
    workshop: &mut Workshop<'_>,
    entry: &Entry,
    report: &mut CheckReport,
) -> CheckFinding {
    let begun = Instant::now();
    let finding = |ruling, came| CheckFinding {
        rule: entry.rule,
        group: entry.group,
        ruling,
        sent: String::new(),
        came,
        notes: Vec::new(),
        evidence: Vec::new(),
        took: begun.elapsed(),
    };
    let rounds = match (entry.plan)(workshop) {
        Ok(rounds) => rounds,
        Err(reason) => return finding(Ruling::NotApplicable, reason),
    };
    let mut shots = Vec::new();
    for round in rounds {
        shots.extend(fire(wire, round).await);
    }
    report.requests += shots.len();
    let answers = shots.iter().filter_map(|(_, attempt)| attempt.as_ref());
    report.answered += answers.filter(|attempt| attempt.outcome.is_ok()).count();
    let labels: Vec<_> = shots.iter().map(|(shot, _)| shot.label.clone()).collect();
    let seen = Seen {
        provider: workshop.provider(),
        shots,
        effects: None,
        wanted_effects: entry.effects,
    };
    let judged = (entry.judge)(&seen);
    let evidence = judged
        .culprits
        .iter()
        .filter_map(|nth| seen.shots.get(*nth));
    let evidence = evidence.map(|(shot, attempt)| Evidence {
        label: shot.label.clone(),
        request: shot.message.clone(),
        attempt: attempt.clone(),
    });
    let evidence = evidence.collect();
    let notes = if entry.rule.id == "accepts-event" && judged.ruling == Ruling::Fail {
        diagnose(workshop.receiver, wire).await
    } else {
        Vec::new()
    };
    CheckFinding {
        sent: labels.join(", "),
        notes,
        evidence,
        ..finding(judged.ruling, judged.came)
    }
}

/// A rule that nobody wants.
fn left_out(entry: &Entry) -> CheckFinding {
    CheckFinding {
        rule: entry.rule,
        group: entry.group,
        ruling: Ruling::LeftOut,
        sent: String::new(),
        came: "left out".to_owned(),
        notes: Vec::new(),
        evidence: Vec::new(),
        took: Duration::ZERO,
    }
}

/// Makes the requests of a round.
async fn fire(wire: &impl Wire, round: Round) -> Vec<(Shot, Option<Attempt>)> {
    match round {
        Round::Each(shots) => {
            let mut fired = Vec::new();
            for shot in shots {
                let attempt = wire.exchange(shot.message.clone(), shot.manner).await;
                fired.push((shot, attempt));
            }
            fired
        }
        Round::Together(shots) => {
            let mut under_way = JoinSet::new();
            for (nth, shot) in shots.into_iter().enumerate() {
                let exchange = wire.exchange(shot.message.clone(), shot.manner);
                under_way.spawn(async move { (nth, shot, exchange.await) });
            }
            let mut fired = under_way.join_all().await;
            fired.sort_by_key(|(nth, ..)| *nth);
            fired
                .into_iter()
                .map(|(_, shot, attempt)| (shot, attempt))
                .collect()
        }
    }
}

/// The URL without user and password.
fn shown(receiver: &Receiver) -> String {
    let mut url = receiver.url.clone();
    // Fails for URLs that cannot have them.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}
