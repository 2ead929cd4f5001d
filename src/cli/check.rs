//! `wh check`: is this receiver right?

mod agreement;
mod baseline;
mod listing;
mod outcome;
mod receiver;

use std::path::PathBuf;

use crate::conformance::check::{self, Baseline, CheckReport, Info, Options, Receiver, infos};
use crate::report::{Redaction, planned};
use crate::term::{Bar, Goal, Progress};

use super::args::{DurationArg, EndpointArg, HeaderArg, SecretArgs, TargetUrl};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::junit::JunitFile;
use super::runtime::{Signals, block_on};
use listing::{refuse_nothing, refuse_unknown};
use outcome::{Files, Outcome};
use receiver::{EffectsArg, unsigned};

/// Check whether a receiver is right: what it takes, what it refuses, how often and how fast
///
/// Sends what the platform sends, and what it never would. What does not hold is told with the reason
/// and what to change. What the receiver takes, it processes for real: samples, each with an id of its
/// own. Exit code 0: every rule holds, or what fails is known. 8: a rule does not hold, or could not be
/// told. 6: nothing answers.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh check 3000/hooks --secret-file secret.txt
  wh check 3000/hooks --only refuses,idempotent --effects http://localhost:3000/count
  wh check --endpoint shop --quick --junit check.xml --baseline known.txt")]
pub(crate) struct Args {
    /// URL of the receiver; 3000, 3000/hooks and localhost:3000 will do
    #[arg(value_name = "URL")]
    url: Option<TargetUrl>,
    #[command(flatten)]
    endpoint: EndpointArg,
    /// Look at these rules only: ids, groups, or globs over ids; repeat, or separate by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    skip: Vec<String>,
    /// Leave out what takes long, and be done within seconds
    #[arg(long)]
    quick: bool,
    /// List the rules with their requests, and check nothing; with -v, why each is one
    #[arg(long)]
    list: bool,
    /// Header line 'Name: value' of every request, such as the login of a staging server
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    header: Vec<HeaderArg>,
    /// Take any TLS certificate
    #[arg(short = 'k', long)]
    insecure: bool,
    /// How long an answer is waited for [default: a little longer than the platform does]
    #[arg(long, value_name = "DURATION")]
    timeout: Option<DurationArg>,
    /// What counts the side effects: a URL that answers a number, or a command that prints one
    #[arg(long, value_name = "URL|CMD")]
    effects: Option<EffectsArg>,
    /// Write each rule to this file, as `JUnit`
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// File of failures that are known, an id on each line: they fail nothing
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write such a file, of all that fails now
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
    /// Do not ask before a receiver on another machine is checked
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        let options = self.options()?;
        refuse_unknown(&options)?;
        if self.list {
            return self.list(context, &options);
        }
        let known = self.known()?;
        let receiver = self.receiver(context)?;
        let infos = infos(&receiver, &options);
        if !self.agrees(context, &receiver, &options, &infos)? {
            context.note("nothing was sent")?;
            // Elsewhere a no is an end like any other. Here what follows in a script would take a
            // receiver for right at which nobody has looked.
            return Ok(Exit::Declined);
        }
        let files = Files {
            junit: self.junit.as_deref().map(JunitFile::begin).transpose()?,
            baseline: baseline::begun(self.write_baseline.as_deref())?,
        };
        let report = block_on(look(context, &receiver, &options, &infos))?;
        let outcome = Outcome {
            report: &report,
            options: &options,
            known,
            redaction: Redaction::of(Some(&receiver.provider)),
            provider: &receiver.provider,
        };
        outcome.tell(files, context)
    }

    fn options(&self) -> Result<Options, Error> {
        let timeout = self.timeout.map(|timeout| timeout.0);
        if timeout.is_some_and(|timeout| timeout.is_zero()) {
            return Err(Error::usage("--timeout 0s leaves no time for an answer"));
        }
        Ok(Options {
            only: self.only.clone(),
            skip: self.skip.clone(),
            quick: self.quick,
            timeout,
            insecure: self.insecure,
            effects: self.effects.clone().map(|effects| effects.0),
        })
    }

    /// The failures that are known.
    fn known(&self) -> Result<Baseline, Error> {
        let path = self.baseline.as_deref();
        path.map_or(Ok(Baseline::default()), baseline::read)
    }

    /// Says what will be sent, and asks for a yes where that goes to another machine.
    fn agrees(
        &self,
        context: &mut Context,
        receiver: &Receiver,
        options: &Options,
        infos: &[Info],
    ) -> Result<bool, Error> {
        refuse_nothing(infos, &receiver.provider)?;
        let planned = planned(infos);
        if !self.yes && !agreement::is_given(context, &receiver.url, &planned)? {
            return Ok(false);
        }
        let (url, provider) = (TargetUrl(receiver.url.clone()), &receiver.provider.id);
        context.note(format!("{planned} to {} as {provider}", url.shown()))?;
        context.note("what the receiver takes, it processes for real: samples with new ids")?;
        if let Some(lost) = unsigned(receiver, options, infos) {
            context.note(lost)?;
        }
        Ok(true)
    }
}

/// Has a receiver checked, until a signal comes; a bar shows how far it is.
async fn look(
    context: &Context,
    receiver: &Receiver,
    options: &Options,
    infos: &[Info],
) -> Result<CheckReport, Error> {
    let mut signals = Signals::catch()?;
    let moves = !context.global.quiet && !context.global.json;
    let progress = Some(&context.streams).filter(|_| moves);
    let progress = progress.and_then(Progress::new);
    let told = |at: &check::Progress<'_>| {
        if let Some(progress) = &progress {
            let (before, all) = idle(infos, at.rule);
            progress.bar(Bar {
                done: at.done.saturating_sub(before) as u64,
                goal: Goal::Count(at.of.saturating_sub(all) as u64),
                rate: false,
                note: at.rule.to_owned(),
            });
        }
    };
    Ok(check::run(receiver, options, told, signals.next()).await?)
}

/// How many of the rules that are wanted are none for this receiver, before a rule and in all: nothing
/// is sent for them, and what is told beforehand does not count them.
fn idle(infos: &[Info], rule: &str) -> (usize, usize) {
    let is_idle = |info: &&Info| info.wanted && info.requests.is_err();
    let before = infos.iter().take_while(|info| info.rule.id != rule);
    (
        before.filter(is_idle).count(),
        infos.iter().filter(is_idle).count(),
    )
}

#[cfg(test)]
mod tests {
    use super::idle;
    use crate::conformance::check::{Options, Receiver, infos};
    use crate::message::Headers;
    use crate::provider::builtin;
    use crate::report::planned;

    #[test]
    fn the_bar_counts_the_rules_that_are_announced() {
        // Without a secret nothing is signed: the second of these is none.
        let receiver = Receiver {
            provider: builtin("orgjobs").expect("it is built in"),
            url: "http://h/".parse().expect("a URL"),
            key: None,
            extra: Headers::new(),
        };
        let rules = ["accepts-event", "refuses-no-signature", "robust-method"];
        let options = Options {
            only: rules.map(str::to_owned).to_vec(),
            ..Options::default()
        };
        let infos = infos(&receiver, &options);
        assert!(planned(&infos).starts_with("2 rules, "));
        for (rule, before) in rules.into_iter().zip([0, 0, 1]) {
            assert_eq!(idle(&infos, rule), (before, 1), "{rule}");
        }
    }
}
