//! What a check came to: what is told, the files, the exit code.

use std::io;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::junit::JunitFile;
use crate::cli::output::OutputFile;
use crate::conformance::Ruling;
use crate::conformance::check::{Baseline, CheckReport, Options};
use crate::provider::Provider;
use crate::report::{Checked, Redaction, Words, silence_hint};

use super::baseline;

/// The suite's name.
const SUITE: &str = "wh check";

/// What is written at the end of a check that was not cut short.
pub(super) struct Files {
    pub(super) junit: Option<JunitFile>,
    /// For what fails now.
    pub(super) baseline: Option<OutputFile>,
}

/// What a check came to.
pub(super) struct Outcome<'c> {
    pub(super) report: &'c CheckReport,
    /// How the receiver was checked.
    pub(super) options: &'c Options,
    /// The failures that the user knows of.
    pub(super) known: Baseline,
    pub(super) redaction: Redaction,
    /// Whose rules they are.
    pub(super) provider: &'c Provider,
}

impl Outcome<'_> {
    /// Writes the files, and tells what was found.
    pub(super) fn tell(mut self, files: Files, context: &mut Context) -> Result<Exit, Error> {
        let is_silent = self.report.answered == 0;
        let is_whole = !self.report.cut;
        let is_file = files.junit.is_some() || files.baseline.is_some();
        let is_told = self.report.count(Ruling::NotSeen) == 0;
        let is_wanted = files.baseline.is_some();
        if let Some(file) = files.baseline.filter(|_| is_whole && is_told) {
            self.known = failing(self.report);
            baseline::write(file, &self.known)?;
        }
        let checked = Checked {
            report: self.report,
            options: self.options,
            baseline: &self.known,
            provider: self.provider,
            redaction: &self.redaction,
        };
        if let Some(file) = files.junit.filter(|_| is_whole) {
            file.write(SUITE, &checked.cases())?;
        }
        let exit = match (self.report.cut, checked.holds()) {
            (true, _) => Exit::Interrupted,
            (false, true) => Exit::Done,
            (false, false) => Exit::Unmet,
        };
        // Each row would say the same.
        if !is_silent || self.report.cut || context.global.json {
            match write(&checked, context) {
                // Whoever reads no further still learns from the code what came of it.
                Err(lost) if lost.kind() == io::ErrorKind::BrokenPipe => {}
                written => written?,
            }
        }
        if is_file && !is_whole {
            context.note("no file is written: the check was interrupted")?;
        } else if is_wanted && !is_told && !is_silent {
            context.note("no baseline is written: not every rule could be told")?;
        }
        if is_silent && is_whole {
            return Err(silence(self.report));
        }
        Ok(exit)
    }
}

/// The rules that fail.
fn failing(report: &CheckReport) -> Baseline {
    let rules = report.rules.iter();
    let failing = rules.filter(|finding| finding.ruling == Ruling::Fail);
    Baseline::of(failing.map(|finding| finding.rule.id))
}

fn write(checked: &Checked<'_>, context: &mut Context) -> io::Result<()> {
    let words = match (context.global.quiet, context.global.verbose) {
        (true, _) => Words::Few,
        (false, false) => Words::Usual,
        (false, true) => Words::Many,
    };
    if context.global.json {
        checked.write_json(&mut context.streams)
    } else {
        checked.write(words, &mut context.streams)
    }
}

/// The error where nothing answers.
fn silence(report: &CheckReport) -> Error {
    let url = &report.url;
    if let Some(hurried) = &report.hurried {
        let plain = Error::silence(format!("nothing answers at {url}: {hurried}"));
        return plain.hint("run it without --quick, or with a longer --timeout");
    }
    match &report.silence {
        None => Error::silence(format!("nothing answers at {url}")),
        Some(failure) => {
            let plain = Error::silence(format!("nothing answers at {url}: {failure}"));
            silence_hint(failure, url)
                .into_iter()
                .fold(plain, Error::hint)
        }
    }
}
