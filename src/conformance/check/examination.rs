//! One rule: its requests, what came of them, and what is made of it.

use tokio::time::Instant;

use crate::conformance::Ruling;
use crate::delivery::{Attempt, FailureKind};

use super::catalogue::{Entry, Group, Weight};
use super::diagnosis::{diagnose, diagnose_body};
use super::effects::EffectsError;
use super::firing::{Fired, fire};
use super::judge::{Judged, Seen, counted};
use super::patience::hurried;
use super::report::{CheckFinding, Evidence};
use super::runner::{Run, finding};
use super::shot::{Plan, Round, Wants};
use super::standing::Standing;
use super::veil::Veil;
use super::wire::Wire;

impl<W: Wire> Run<'_, W> {
    /// Looks at a rule.
    pub(super) async fn examine(&mut self, entry: &Entry, plan: Plan) -> CheckFinding {
        let begun = Instant::now();
        let rounds = match plan {
            Ok(rounds) => self.hastened(entry, rounds),
            Err(reason) => return finding(entry, Ruling::NotApplicable, reason),
        };
        if let Some(reason) = self.hurdle(entry) {
            return finding(entry, Ruling::NotSeen, reason);
        }
        let planned = rounds.iter().map(Round::len).sum();
        let (fired, effects) = self.fire_counting(entry, rounds).await;
        let labels = counted(fired.iter().map(|(shot, _)| shot.label.clone()));
        let aftermath = self.look_after(entry.rule.id, &fired).await;
        let seen = Seen {
            provider: &self.receiver.provider,
            shots: fired,
            effects: effects.as_ref().ok().copied().flatten(),
            wanted_effects: entry.effects,
        };
        self.count_forged(entry, &seen);
        let judged = (entry.judge)(&seen);
        let judged = with_effects(judged, &seen);
        let mut judged = self.weighed(entry, &seen, judged);
        if let Err(error) = effects {
            judged = self.uncounted(judged, &error);
        }
        if judged.ruling == Ruling::Pass && seen.shots.len() < planned {
            let made = seen.shots.len();
            judged = Judged::not_seen(format!(
                "{}: the answers came so late that only {made} of {planned} requests were made",
                judged.came
            ));
        }
        if let Some(aftermath) = aftermath {
            if aftermath.ended {
                judged.ruling = Ruling::Fail;
            }
            judged.notes.push(aftermath.told);
        }
        let evidence = evidence(&seen, &judged.culprits, &self.veil);
        let mut is_diagnosed = false;
        if self.is_in_doubt(entry, &judged) {
            let shows = judged.culprits.first();
            let shows = shows.and_then(|nth| seen.shots.get(*nth));
            let notes = self.diagnosed(shows).await;
            is_diagnosed = !notes.is_empty();
            judged.notes.extend(notes);
        }
        if self.is_overdue(&seen.shots) {
            self.patience.spend(begun.elapsed());
        }
        CheckFinding {
            sent: labels,
            notes: judged.notes,
            is_diagnosed,
            evidence,
            took: begun.elapsed(),
            ..finding(entry, judged.ruling, judged.came)
        }
    }

    /// The rounds of a rule. In a quick check what is no matter of order goes out at once.
    fn hastened(&self, entry: &Entry, rounds: Vec<Round>) -> Vec<Round> {
        let is_ordered = matches!(entry.group, Group::Idempotent | Group::InTime);
        if is_ordered || !self.workshop.quick {
            return rounds;
        }
        let at_once = |round| match round {
            Round::Each(shots) => Round::Together(shots),
            other => other,
        };
        rounds.into_iter().map(at_once).collect()
    }

    /// Counts what came of requests without a right signature.
    fn count_forged(&mut self, entry: &Entry, seen: &Seen<'_>) {
        if !entry.forged {
            return;
        }
        let success = &self.receiver.provider.delivery.rules.success;
        for (_, attempt) in &seen.shots {
            match attempt.as_ref().and_then(Attempt::status) {
                Some(status) if success.contains(status) => self.forged.taken += 1,
                Some(_) => self.forged.refused += 1,
                None => {}
            }
        }
    }

    /// Why a rule is not looked at.
    fn hurdle(&self, entry: &Entry) -> Option<String> {
        if let Standing::Silent(reason) = &self.standing {
            return Some(reason.clone());
        }
        let is_late = self.patience.is_spent() && entry.group != Group::InTime;
        is_late.then(|| "too many answers came too late to go on".to_owned())
    }

    /// Makes the requests of a rule, and counts their side effects where that is asked for.
    async fn fire_counting(
        &mut self,
        entry: &Entry,
        rounds: Vec<Round>,
    ) -> (Vec<Fired>, Result<Option<i64>, EffectsError>) {
        let before = match entry.effects {
            Some(_) => self.ledger.before(self.wire).await,
            None => Ok(None),
        };
        self.ledger.disturb();
        let fired = fire(self.wire, &self.workshop, rounds, self.patience).await;
        let effects = match (before, entry.effects) {
            (Ok(Some(before)), Some(wanted)) => {
                let after = self.ledger.after(self.wire, before + wanted).await;
                after.map(|after| Some(after - before))
            }
            (before, _) => before.map(|_| None),
        };
        (fired, effects)
    }

    /// A judgement with what only the run knows: how much the rule weighs, and whether the requests
    /// could show anything.
    fn weighed(&self, entry: &Entry, seen: &Seen<'_>, judged: Judged) -> Judged {
        let failure = |nth: &usize| seen.shots.get(*nth)?.1.as_ref()?.outcome.as_ref().err();
        let all_are = |kind| {
            let mut culprits = judged.culprits.iter();
            let is_kind = |nth| failure(nth).is_some_and(|failure| failure.kind == kind);
            !judged.culprits.is_empty() && culprits.all(is_kind)
        };
        if judged.ruling == Ruling::Fail && all_are(FailureKind::Files) {
            return Judged::not_seen(judged.came);
        }
        let hurried = hurried(self.patience.answer, &self.receiver.provider);
        if let Some(hurried) = hurried
            && judged.ruling == Ruling::Fail
            && all_are(FailureKind::Timeout)
        {
            return Judged::not_seen(hurried);
        }
        let is_empty_proof =
            entry.group == Group::Refuses && matches!(self.standing, Standing::Refuses(_));
        if judged.ruling == Ruling::Pass && is_empty_proof {
            return Judged::not_seen(format!(
                "{}, but a right delivery is refused too",
                judged.came
            ));
        }
        if judged.ruling == Ruling::Fail && self.is_refused_anyway(entry, seen, &judged) {
            return Judged::not_seen(format!(
                "{}, but a right delivery is always refused here",
                judged.came
            ));
        }
        let ruling = match (judged.ruling, entry.weight) {
            (Ruling::Fail, Weight::Should) => Ruling::Warn,
            (ruling, _) => ruling,
        };
        Judged { ruling, ..judged }
    }

    /// Whether it is worth while to find out what the receiver would take: it refuses something right,
    /// and nothing of it was found out yet.
    fn is_in_doubt(&self, entry: &Entry, judged: &Judged) -> bool {
        let is_refused = entry.group == Group::Accepts && judged.ruling == Ruling::Fail;
        let proves_nothing = matches!(self.standing, Standing::Refuses(_))
            && matches!(judged.ruling, Ruling::NotSeen | Ruling::Fail);
        is_refused || proves_nothing
    }

    /// A judgement where side effects could not be counted: what would hold by the answers alone is
    /// not proved, and neither is the check.
    fn uncounted(&mut self, judged: Judged, error: &EffectsError) -> Judged {
        let mut judged = match judged.ruling {
            Ruling::Pass => Judged::not_seen(format!(
                "{}; side effects could not be counted: {error}",
                judged.came
            )),
            _ => judged,
        };
        let note = format!("Side effects could not be counted: {error}.");
        judged.notes.push(note);
        self.report.uncounted.get_or_insert(error.to_string());
        judged
    }

    /// Whether a rule on what is taken, how often and how fast, fails for no other reason than that
    /// nothing is taken. The first rule that shows it says why; the others would say it again.
    fn is_refused_anyway(&self, entry: &Entry, seen: &Seen<'_>, judged: &Judged) -> bool {
        let Standing::Refuses(refusal) = &self.standing else {
            return false;
        };
        let status = |nth: &usize| seen.shots.get(*nth)?.1.as_ref()?.status();
        let mut culprits = judged.culprits.iter();
        let is_told = match entry.group {
            Group::Idempotent | Group::InTime => true,
            Group::Accepts | Group::Robust => self.doubts == 0,
            Group::Refuses => false,
        };
        is_told && culprits.all(|nth| status(nth) == Some(refusal.status))
    }

    /// Why a right delivery is refused: the one that every check begins with, or the one that shows
    /// it where that was taken.
    async fn diagnosed(&mut self, shows: Option<&Fired>) -> Vec<String> {
        if self.doubts == 0 {
            return Vec::new();
        }
        let (receiver, wire, limit) = (self.receiver, self.wire, self.patience.answer);
        let workshop = &self.workshop;
        self.ledger.disturb();
        match (&self.standing, shows) {
            (Standing::Refuses(response), _) => {
                self.doubts = 0;
                let control = || workshop.shot("", &workshop.usual(), Wants::Accepted);
                let diagnosis = diagnose(receiver, wire, response, control, limit).await;
                if diagnosis.is_taken_now {
                    self.standing = Standing::Right;
                }
                diagnosis.notes
            }
            (Standing::Right, Some((shot, attempt))) => {
                let Some(status) = attempt.as_ref().and_then(Attempt::status) else {
                    return Vec::new();
                };
                self.doubts -= 1;
                let refused = (|| workshop.anew(shot.clone()), status);
                diagnose_body(receiver, wire, refused, limit).await.notes
            }
            _ => Vec::new(),
        }
    }

    /// Whether an answer came too late for the platform, or never.
    fn is_overdue(&self, fired: &[Fired]) -> bool {
        let timeout = self
            .receiver
            .provider
            .delivery
            .timeout
            .min(self.patience.answer);
        let mut attempts = fired.iter().filter_map(|(_, attempt)| attempt.as_ref());
        attempts.any(|attempt: &Attempt| attempt.elapsed >= timeout)
    }
}

/// A judgement with the side effects: as many as there should be, or it does not hold.
fn with_effects(judged: Judged, seen: &Seen<'_>) -> Judged {
    let (Some(effects), Some(wanted)) = (seen.effects, seen.wanted_effects) else {
        return judged;
    };
    let plural = if effects == 1 { "" } else { "s" };
    let came = format!("{}; {effects} side effect{plural}", judged.came);
    if effects == wanted {
        return Judged { came, ..judged };
    }
    let culprits = if judged.culprits.is_empty() {
        (0..seen.shots.len()).collect()
    } else {
        judged.culprits
    };
    Judged {
        ruling: Ruling::Fail,
        came: format!("{came}, not {wanted}"),
        culprits,
        notes: judged.notes,
    }
}

/// The exchanges that show that a rule does not hold.
fn evidence(seen: &Seen<'_>, culprits: &[usize], veil: &Veil) -> Vec<Evidence> {
    let culprits = culprits.iter().filter_map(|nth| seen.shots.get(*nth));
    let evidence = culprits.map(|(shot, attempt)| {
        veil.over(Evidence {
            label: shot.label.clone(),
            request: shot.message.clone(),
            attempt: attempt.clone(),
        })
    });
    evidence.collect()
}
