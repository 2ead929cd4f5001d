//! A check as the tests here have it.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::conformance::Ruling;
use crate::conformance::check::{
    Baseline, CheckFinding, CheckReport, Evidence, Options, Receiver, infos,
};
use crate::delivery::{Attempt, Response};
use crate::message::{Headers, Message};
use crate::provider::builtin;
use crate::report::Redaction;

use super::Checked;

/// A request with credentials and a body of so many bytes, and the answer to it.
pub(super) fn evidence(length: usize) -> Evidence {
    let headers = |name| Headers::from_iter([(name, "s3cret"), ("X-A", "\u{1b}[2J")]);
    Evidence {
        label: "no signature".to_owned(),
        request: Message {
            method: "POST".to_owned(),
            target: "/hooks".to_owned(),
            headers: headers("Authorization"),
            body: Bytes::from(vec![b'a'; length]),
        },
        attempt: Some(Attempt {
            at: Timestamp::UNIX_EPOCH,
            elapsed: Duration::from_millis(7),
            outcome: Ok(Response {
                status: 200,
                headers: headers("Set-Cookie"),
                body: Bytes::from_static(b"ok"),
                truncated: false,
            }),
        }),
    }
}

/// The first rules of the catalogue, `accepts-event` and `refuses-no-signature`, with these rulings.
pub(super) fn report(rulings: &[Ruling]) -> CheckReport {
    let receiver = Receiver {
        provider: builtin("cepro").expect("it is built in"),
        url: "http://h/".parse().expect("a URL"),
        key: None,
        extra: Headers::new(),
    };
    let infos = infos(&receiver, &Options::default());
    let named = ["accepts-event", "refuses-no-signature"].iter();
    let named = named.filter_map(|id| infos.iter().find(|info| info.rule.id == *id));
    let finding = |(info, ruling): (&_, &Ruling)| {
        let info: &crate::conformance::check::Info = info;
        CheckFinding {
            rule: *info.rule,
            group: info.group,
            ruling: *ruling,
            sent: "this".to_owned(),
            came: "that\u{1b}[2J".to_owned(),
            is_diagnosed: false,
            notes: vec!["a proxy adds a newline".to_owned()],
            evidence: vec![evidence(3)],
            took: Duration::from_millis(1500),
        }
    };
    CheckReport {
        provider: "cepro".to_owned(),
        url: "http://h/".to_owned(),
        rules: named.zip(rulings).map(finding).collect(),
        requests: 1234,
        answered: 1230,
        took: Duration::from_millis(2100),
        silence: None,
        late: 0,
        hurried: None,
        uncounted: None,
        cut: false,
    }
}

/// Has a look at a report with these known failures.
pub(super) fn checked(report: &CheckReport, baseline: &Baseline, look: impl FnOnce(Checked<'_>)) {
    checked_so(report, baseline, &Options::default(), look);
}

/// The same, of a receiver that was checked so.
pub(super) fn checked_so(
    report: &CheckReport,
    baseline: &Baseline,
    options: &Options,
    look: impl FnOnce(Checked<'_>),
) {
    let provider = builtin("cepro").expect("it is built in");
    let redaction = Redaction::of(Some(&provider));
    look(Checked {
        report,
        options,
        baseline,
        provider: &provider,
        redaction: &redaction,
    });
}
