//! What `wh listen` waits for, and the command that it runs meanwhile.

use std::ffi::OsString;
use std::path::PathBuf;

use jiff::Timestamp;

use super::course::Course;
use super::expectations::{Expectations, Goal};
use crate::cli::args::{DurationArg, filter_error};
use crate::cli::error::Error;
use crate::cli::junit::JunitFile;
use crate::report::Demand;
use crate::store::{CountedFilter, Filter};

/// What is waited for, and what runs meanwhile.
#[derive(Debug, clap::Args)]
pub(super) struct GoalArgs {
    /// Wait for a delivery that passes this filter, then end; `count:N` in it waits for N of them
    ///
    /// The filter language of `wh log`; a word without a key is a glob over events. Distinct
    /// deliveries count: retries and repeats of one count once, unless the filter names `attempt:`.
    /// One whose signature is wrong counts only with --accept-invalid, or where the filter speaks of
    /// `verdict:`, `status:` or `outcome:`. A handshake never counts. Exit code 8: it was not met.
    #[arg(long, value_name = "FILTER", help_heading = EXPECTATIONS)]
    expect: Vec<String>,
    /// End, unmet, as soon as anything passes this filter
    #[arg(long, value_name = "FILTER", help_heading = EXPECTATIONS)]
    forbid: Vec<String>,
    /// Wait for N deliveries in all; with --expect, for N of each that has no `count:` of its own
    #[arg(long, value_name = "N", help_heading = EXPECTATIONS, value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// The same as --count 1
    #[arg(long, conflicts_with = "count", help_heading = EXPECTATIONS)]
    once: bool,
    /// How long to wait, from the ready line on [default: without end; after CMD has ended, 5s]
    #[arg(long, value_name = "DURATION", help_heading = EXPECTATIONS)]
    timeout: Option<DurationArg>,
    /// Write what was met and what was not to this file, as `JUnit`
    #[arg(long, value_name = "FILE", help_heading = EXPECTATIONS)]
    junit: Option<PathBuf>,
    /// Print the secret as the first line of stdout; without one, make one
    ///
    /// Alone it prints and ends: `WH_SECRET=$(wh listen --print-secret)`. With a command, or with
    /// something to wait for, it goes on to listen with that secret; standard output is the command's
    /// then, and the secret goes to standard error.
    #[arg(long, help_heading = "Secret")]
    pub(super) print_secret: bool,
    /// Run this command meanwhile, with `WH_LISTEN_URL`, `WH_SECRET` and `WH_STORE` set
    ///
    /// Standard output is the command's: what `listen` writes goes to standard error. Its exit code
    /// is kept, unless it is 0 and something was not met. Away from a terminal, what it has started
    /// ends with it.
    #[arg(last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// The heading of the flags that say what is waited for.
const EXPECTATIONS: &str = "Expectations";

/// What is waited for, ready to be held against what comes in.
pub(super) struct Aims {
    pub(super) expectations: Expectations,
    pub(super) course: Course,
    /// The file that is written at the end.
    pub(super) junit: Option<JunitFile>,
    /// The command, the program first; empty where there is none.
    pub(super) command: Vec<OsString>,
}

impl GoalArgs {
    /// Whether nothing is asked for but the secret.
    pub(super) fn only_prints(&self) -> bool {
        let Self {
            expect,
            forbid,
            count,
            once,
            timeout,
            junit,
            print_secret,
            command,
        } = self;
        let waits = !expect.is_empty() || !forbid.is_empty() || count.is_some() || *once;
        let runs = !command.is_empty() || timeout.is_some() || junit.is_some();
        *print_secret && !waits && !runs
    }

    /// Whether a command is to run.
    pub(super) fn has_command(&self) -> bool {
        !self.command.is_empty()
    }

    /// What the flags ask for; with `accepts_all` no verdict speaks against a delivery. The file is
    /// begun, so that one that cannot be written is told now.
    pub(super) fn aims(self, accepts_all: bool) -> Result<Aims, Error> {
        let goals = self.goals(accepts_all)?;
        let junit = self.junit.as_deref();
        Ok(Aims {
            course: Course {
                timeout: self.timeout.map(|timeout| timeout.0),
                ends_when_met: goals.iter().any(Goal::is_awaited)
                    && (self.forbid.is_empty() || self.timeout.is_none()),
            },
            expectations: Expectations::new(goals),
            junit: junit.map(JunitFile::begin).transpose()?,
            command: self.command,
        })
    }

    fn goals(&self, accepts_all: bool) -> Result<Vec<Goal>, Error> {
        let now = Timestamp::now();
        let count = self.count.or_else(|| self.once.then_some(1));
        let mut goals = Vec::new();
        let mut counts = self.expect.is_empty();
        for text in &self.expect {
            let counted = counted(text, "--expect", now)?;
            counts |= counted.times.is_none();
            goals.push(Goal {
                wanted: counted.times.or(count).unwrap_or(1),
                ..Goal::awaited(Demand::Expect(text.clone()), counted, accepts_all)
            });
        }
        if count.is_some() && !counts {
            return Err(Error::usage(
                "each --expect has a `count:` of its own, so there is nothing to count",
            )
            .hint("leave --count and --once out"));
        }
        if let Some(wanted) = count.filter(|_| self.expect.is_empty()) {
            let all = CountedFilter {
                filter: Filter::default(),
                times: None,
                terms: Vec::new(),
            };
            goals.push(Goal {
                wanted,
                ..Goal::awaited(Demand::Count, all, accepts_all)
            });
        }
        for text in &self.forbid {
            let counted = counted(text, "--forbid", now)?;
            if counted.times.is_some() {
                let message =
                    "`count:` has no place in --forbid: the first that passes ends the run";
                return Err(Error::usage(message));
            }
            goals.push(Goal {
                demand: Demand::Forbid(text.clone()),
                filter: counted.filter,
                written: counted.terms.len(),
                terms: counted.terms,
                wanted: 0,
            });
        }
        Ok(goals)
    }
}

/// The term that is added where a filter says nothing of how a delivery was found.
const BELIEVED: &str = "verdict:valid,unchecked";

/// The same where no verdict speaks against a delivery: what was never looked at is none.
const JUDGED: &str = "-verdict:none";

impl Goal {
    /// What is waited for; unless the filter itself judges, a wrong signature does not count, and what
    /// has no verdict in no case.
    fn awaited(demand: Demand, counted: CountedFilter, accepts_all: bool) -> Self {
        let CountedFilter {
            mut filter,
            mut terms,
            ..
        } = counted;
        let written = terms.len();
        if !filter.judges() {
            let added;
            (filter, added) = if accepts_all {
                (filter.of_judged(), JUDGED)
            } else {
                (filter.of_believed(), BELIEVED)
            };
            terms.push(added.to_owned());
        }
        Self {
            demand,
            filter,
            terms,
            written,
            wanted: 1,
        }
    }

    /// Whether it is waited for.
    fn is_awaited(&self) -> bool {
        self.wanted > 0
    }
}

fn counted(text: &str, flag: &str, now: Timestamp) -> Result<CountedFilter, Error> {
    let counted = CountedFilter::parse(text, now).map_err(|error| filter_error(&error, text))?;
    if counted.terms.is_empty() {
        return Err(Error::usage(format!("{flag} names nothing")).hint(format!(
            "{flag} EVENT, or any filter as in `wh log`; --count N counts all"
        )));
    }
    Ok(counted)
}

#[cfg(test)]
mod tests;
