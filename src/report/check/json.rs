//! What a check found, as lines of JSON.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::conformance::Ruling;
use crate::conformance::check::{CheckFinding, Evidence};
use crate::message::{Headers, Message, Record};
use crate::report::{Redaction, Typed};
use crate::term::Streams;

use super::checked::{Checked, Standing};

/// The most of a body that is written, in bytes.
const WRITTEN: usize = 16 * 1024;

impl Checked<'_> {
    /// Writes each rule as a line of JSON, and then what it all came to.
    pub(crate) fn write_json(&self, streams: &mut Streams) -> io::Result<()> {
        for finding in &self.report.rules {
            Typed::new("rule", self.rule(finding)).write(streams.out())?;
        }
        Typed::new("check", self.summary()).write(streams.out())?;
        streams.out().flush()
    }

    fn rule(&self, finding: &CheckFinding) -> Value {
        let standing = self.standing(finding);
        let evidence = finding.evidence.iter();
        let evidence = evidence.map(|one| exchange(one, self.redaction));
        json!({
            "id": finding.rule.id,
            "group": finding.group.name(),
            "verdict": match standing {
                Standing::Pass => "pass",
                Standing::Warn => "warn",
                Standing::Fail | Standing::Known => "fail",
                Standing::NotSeen | Standing::Skip | Standing::LeftOut => "skip",
            },
            "applies": finding.ruling != Ruling::NotApplicable,
            "known": standing == Standing::Known,
            "title": finding.rule.title,
            "sent": finding.sent,
            "came": finding.came,
            "why": finding.rule.why,
            "page": self.page(finding),
            "fix": finding.rule.fix,
            "notes": finding.notes,
            "evidence": evidence.collect::<Vec<_>>(),
            "took_ms": milliseconds(finding.took),
        })
    }

    fn summary(&self) -> Value {
        let count = |standing| self.count(standing);
        json!({
            "url": self.report.url,
            "provider": self.report.provider,
            "holds": self.holds(),
            "pass": count(Standing::Pass),
            "warn": count(Standing::Warn),
            "fail": count(Standing::Fail),
            "known": count(Standing::Known),
            "not_seen": count(Standing::NotSeen),
            "skip": count(Standing::NotSeen) + count(Standing::Skip) + count(Standing::LeftOut),
            "late": self.report.late,
            "passes_now": self.mended().collect::<Vec<_>>(),
            "requests": self.report.requests,
            "answered": self.report.answered,
            "interrupted": self.report.cut,
            "effects_counted": self.options.effects.is_some(),
            "uncounted": self.report.uncounted,
            "took_ms": milliseconds(self.report.took),
        })
    }
}

/// An exchange without credentials, and with no more than the beginning of its bodies.
fn exchange(evidence: &Evidence, redaction: &Redaction) -> Value {
    let request = &evidence.request;
    let (headers, body) = half(&request.headers, &request.body, redaction);
    let mut line = json!({
        "label": evidence.label,
        "request": {
            "method": request.method,
            "target": redaction.target(&request.target),
            "headers": headers,
            "body_b64": body,
            "truncated": is_long(&request.body),
        },
    });
    match evidence
        .attempt
        .as_ref()
        .map(|attempt| (&attempt.outcome, attempt.elapsed))
    {
        None => {}
        Some((Err(failure), _)) => {
            line["error"] = json!({"kind": failure.kind.name(), "message": failure.to_string()});
        }
        Some((Ok(response), elapsed)) => {
            let (headers, body) = half(&response.headers, &response.body, redaction);
            line["response"] = json!({
                "status": response.status,
                "headers": headers,
                "body_b64": body,
                "truncated": response.truncated || is_long(&response.body),
                "ms": milliseconds(elapsed),
            });
        }
    }
    line
}

/// Header lines and body of a request or of an answer, in the form of records.
fn half(headers: &Headers, body: &Bytes, redaction: &Redaction) -> (Value, String) {
    let message = Message {
        method: String::new(),
        target: String::new(),
        headers: headers.clone(),
        body: body.slice(..body.len().min(WRITTEN)),
    };
    let record = Record::of(&message, &redaction.token_headers(), !redaction.is_off());
    (json!(record.headers), record.body_b64)
}

fn is_long(body: &Bytes) -> bool {
    body.len() > WRITTEN
}

/// Whole milliseconds.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{WRITTEN, exchange};
    use crate::conformance::Ruling;
    use crate::conformance::check::Baseline;
    use crate::delivery::{Failure, FailureKind};
    use crate::report::Redaction;
    use crate::report::check::samples::{checked, evidence, report};

    #[test]
    fn a_rule_is_a_line_with_all_that_is_known_of_it() {
        let report = report(&[Ruling::Pass, Ruling::Fail]);
        let known = Baseline::parse("refuses-no-signature").expect("a baseline");
        checked(&report, &known, |checked| {
            let line = checked.rule(&report.rules[1]);
            for (key, value) in [
                ("id", json!("refuses-no-signature")),
                ("group", json!("refuses")),
                ("verdict", json!("fail")),
                ("known", json!(true)),
                ("sent", json!("this")),
                ("came", json!("that\u{1b}[2J")),
                ("notes", json!(["a proxy adds a newline"])),
                ("took_ms", json!(1500)),
            ] {
                assert_eq!(line[key], value, "{key}");
            }
            assert_eq!(line["evidence"][0]["response"]["status"], 200);
            let sum = checked.summary();
            assert_eq!((&sum["fail"], &sum["known"]), (&json!(0), &json!(1)));
            assert_eq!(
                (&sum["holds"], &sum["requests"]),
                (&json!(true), &json!(1234))
            );
        });
    }

    #[test]
    fn an_exchange_has_no_credentials_and_no_more_than_the_beginning_of_a_body() {
        let line = exchange(&evidence(WRITTEN + 1), &Redaction::of(None));
        assert!(!line.to_string().contains("s3cret"), "{line}");
        assert_eq!(
            line["request"]["headers"][0],
            json!(["Authorization", {"redacted": true}])
        );
        let body = line["request"]["body_b64"].as_str().map(str::len);
        assert_eq!(body, Some(WRITTEN.div_ceil(3) * 4));
        assert_eq!(line["request"]["truncated"], true);
        assert_eq!(
            line["response"],
            json!({
                "status": 200,
                "headers": [["Set-Cookie", {"redacted": true}], ["X-A", "\u{1b}[2J"]],
                "body_b64": "b2s=",
                "truncated": false,
                "ms": 7,
            })
        );
    }

    #[test]
    fn where_there_is_no_answer_there_is_an_error_or_nothing() {
        let mut waited = evidence(0);
        let failure = Failure {
            kind: FailureKind::Refused,
            detail: String::new(),
        };
        if let Some(attempt) = &mut waited.attempt {
            attempt.outcome = Err(failure.clone());
        }
        let line = exchange(&waited, &Redaction::of(None));
        assert_eq!(
            line["error"],
            json!({"kind": "refused", "message": "connection refused"})
        );
        assert!(line.get("response").is_none());
        waited.attempt = None;
        let line = exchange(&waited, &Redaction::of(None));
        assert!(line.get("response").is_none() && line.get("error").is_none());
    }
}
