//! What a run of `wh listen` came to: the exit code, and the file for CI.

use std::ffi::OsString;
use std::time::Duration;

use super::course::{By, Ending};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::junit::JunitFile;
use crate::conformance::Findings;
use crate::report::{Case, CaseOutcome, CommandEnd, Demand, Expectation, Expected, audit_cases};
use crate::term::{Safe, duration};

/// The suite's name.
const SUITE: &str = "wh listen";

/// What a run came to.
pub(super) struct Outcome {
    /// What was found out about the sender, where it is judged.
    pub(super) findings: Option<Findings>,
    pub(super) expectations: Vec<Expectation>,
    /// How the command ended, if there was one.
    pub(super) command: Option<CommandEnd>,
    /// How long it took, from the ready line on.
    pub(super) took: Duration,
}

impl Outcome {
    /// How the command ended, where it has.
    pub(super) fn command_of(ending: Ending, timeout: Option<Duration>) -> Option<CommandEnd> {
        let ended = match ending.by {
            By::Broken => Some("what is forbidden came".to_owned()),
            By::Time { cut: true } => {
                let timeout = timeout.map(duration).unwrap_or_default();
                Some(format!("it still ran after {timeout}"))
            }
            _ => None,
        };
        ending.code.map(|code| CommandEnd { code, ended })
    }

    /// The code: the command's own, unless it is 0 or the command was made to end.
    pub(super) fn exit(&self) -> Exit {
        match &self.command {
            Some(CommandEnd { ended: Some(_), .. }) => Exit::Unmet,
            Some(CommandEnd { code, .. }) if *code != 0 => Exit::Command(*code),
            _ if self.holds() => Exit::Done,
            _ => Exit::Unmet,
        }
    }

    /// Whether everything is met, and the sender passes.
    fn holds(&self) -> bool {
        let passes = self.findings.as_ref().is_none_or(Findings::holds);
        passes && self.expectations.iter().all(|one| one.met)
    }

    /// The expectations, counted; `None` where there are none.
    pub(super) fn counted(&self) -> Option<Expected> {
        let met = self.expectations.iter().filter(|one| one.met).count();
        let all = self.expectations.len();
        (all > 0).then_some(Expected { all, met })
    }

    /// Writes the file for CI.
    pub(super) fn write(
        &self,
        file: JunitFile,
        command: &[OsString],
        token_headers: &[String],
    ) -> Result<(), Error> {
        let token_headers: Vec<&str> = token_headers.iter().map(String::as_str).collect();
        let expected = self.expectations.iter().map(|one| Case {
            name: name(one),
            outcome: outcome(one.met, one.verdict(), &one.instead(&token_headers)),
            took: one.took,
        });
        let ran = self.command.as_ref().map(|end| Case {
            name: case_of(command),
            outcome: outcome(end.is_met(), end.verdict(), &[]),
            took: self.took,
        });
        let audit = self.findings.iter().flat_map(audit_cases);
        let cases: Vec<_> = expected.chain(ran).chain(audit).collect();
        file.write(SUITE, &cases)
    }
}

/// The flag, as it was typed: the same from run to run.
fn name(one: &Expectation) -> String {
    match &one.demand {
        Demand::Expect(filter) => format!("--expect {}", Safe::line(filter)),
        Demand::Forbid(filter) => format!("--forbid {}", Safe::line(filter)),
        Demand::Count => format!("--count {}", one.wanted),
    }
}

/// The program alone: its arguments may hold what the file, which CI keeps, must not.
fn case_of(command: &[OsString]) -> String {
    let program = command.first().map(OsString::as_os_str).unwrap_or_default();
    format!("-- {}", Safe::line(program.as_encoded_bytes()))
}

fn outcome(met: bool, message: String, lines: &[String]) -> CaseOutcome {
    if met {
        return CaseOutcome::Passed;
    }
    CaseOutcome::Failed {
        detail: [message.as_str()]
            .into_iter()
            .chain(lines.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("\n"),
        message,
    }
}

#[cfg(test)]
mod tests;
