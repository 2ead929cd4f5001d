//! What was expected of a listener, and what became of it.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::message::{Shown, redact};
use crate::store::There;
use crate::term::Safe;

/// What was expected, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    /// What was asked for.
    pub(crate) demand: Demand,
    /// How many were to come; of what is forbidden none.
    pub(crate) wanted: u64,
    /// How many came.
    pub(crate) seen: u64,
    /// Whether it holds.
    pub(crate) met: bool,
    /// The first of those that came.
    pub(crate) matched: Vec<Named>,
    /// What would have passed but for one term; only where it does not hold.
    pub(crate) nearest: Vec<Near>,
    /// All that came, by event and with how many there were, the most first; only where it does not
    /// hold and nothing is near.
    pub(crate) came: Vec<(Option<String>, u64)>,
    /// From the ready line until it was decided.
    pub(crate) took: Duration,
}

/// What a listener was asked to wait for or to look out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Deliveries that pass a filter, which is given as it was written.
    Expect(String),
    /// None that passes a filter.
    Forbid(String),
    /// Deliveries, whatever they are.
    Count,
}

/// A delivery by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its number.
    pub(crate) number: i64,
    /// Our own id of it.
    pub(crate) id: Uuid,
    /// Its event.
    pub(crate) event: Option<String>,
}

/// A delivery that passes all terms of a filter but one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Near {
    /// The delivery.
    pub(crate) named: Named,
    /// The term, as it was written.
    pub(crate) term: String,
    /// What the term asks about.
    pub(crate) key: &'static str,
    /// What is there.
    pub(crate) there: There,
    /// Why the verdict is what is there, where the term asks about that and it is known.
    pub(crate) why: Option<String>,
}

/// How the command ended that ran beside a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandEnd {
    /// Its exit code; 128 and the number of the signal that ended it, as shells have it.
    pub(crate) code: u8,
    /// Why it was ended by the listener, where it did not end by itself.
    pub(crate) ended: Option<String>,
}

/// The columns that a name from outside may take.
const LONGEST: usize = 60;

impl Expectation {
    /// What it came to, in a sentence.
    pub(crate) fn verdict(&self) -> String {
        let Self { wanted, seen, .. } = self;
        let filter = |filter: &str| format!("`{}`", Safe::line(filter));
        match (&self.demand, self.met) {
            (Demand::Expect(text), true) => format!("{}, {seen} of {wanted}", filter(text)),
            (Demand::Expect(text), false) => {
                format!("{} is not met: {seen} of {wanted} came", filter(text))
            }
            (Demand::Count, true) => format!("{seen} of {wanted} deliveries"),
            (Demand::Count, false) => format!("{seen} of {wanted} deliveries came"),
            (Demand::Forbid(text), true) => format!("nothing passed {}", filter(text)),
            (Demand::Forbid(text), false) => {
                let first = self.matched.first().map_or_else(String::new, Named::told);
                format!("{} is forbidden, and {first} passed", filter(text))
            }
        }
    }

    /// What came in its place, a line each; a header's value is shown unless it is a credential.
    pub(crate) fn instead(&self, token_headers: &[&str]) -> Vec<String> {
        if self.met || matches!(self.demand, Demand::Forbid(_)) {
            return Vec::new();
        }
        if !self.nearest.is_empty() {
            let near = |near: &Near| near.told(token_headers);
            return self.nearest.iter().map(near).collect();
        }
        let came = |(event, times): &(Option<String>, u64)| match event {
            Some(event) => format!("{times} {}", Safe::line(event).truncated(LONGEST)),
            None => format!("{times} without an event"),
        };
        let came: Vec<_> = self.came.iter().map(came).collect();
        if came.is_empty() {
            return vec!["nothing came at all".to_owned()];
        }
        vec![format!("came: {}", came.join(", "))]
    }

    /// As a line for programs has it.
    pub(super) fn json(&self, token_headers: &[&str], redacting: bool) -> Value {
        let (kind, filter) = match &self.demand {
            Demand::Expect(filter) => ("expect", Some(filter)),
            Demand::Forbid(filter) => ("forbid", Some(filter)),
            Demand::Count => ("count", None),
        };
        let token_headers = redacting.then_some(token_headers);
        let nearest = self.nearest.iter().map(|near| near.json(token_headers));
        let came = self
            .came
            .iter()
            .map(|(event, deliveries)| json!({"event": event, "deliveries": deliveries}));
        json!({
            "kind": kind,
            "filter": filter,
            "wanted": self.wanted,
            "seen": self.seen,
            "met": self.met,
            "matched": self.matched.iter().map(Named::json).collect::<Vec<_>>(),
            "nearest": nearest.collect::<Vec<_>>(),
            "came": came.collect::<Vec<_>>(),
        })
    }
}

impl Named {
    fn told(&self) -> String {
        let event = self.event.as_deref();
        let event = event.map_or_else(
            || "(no event)".to_owned(),
            |event| Safe::line(event).truncated(LONGEST),
        );
        format!("#{} {event}", self.number)
    }

    fn json(&self) -> Value {
        json!({"number": self.number, "id": self.id, "event": self.event})
    }
}

impl Near {
    fn told(&self, token_headers: &[&str]) -> String {
        let there = match &self.there {
            There::Nothing => "none".to_owned(),
            There::Text(text) => Safe::line(text).truncated(LONGEST),
            There::Header(name, value) => match redact(name, value, token_headers) {
                Shown::Value(value) => Safe::line(value).truncated(LONGEST),
                Shown::Redacted => "(redacted)".to_owned(),
            },
        };
        let why = self.why.as_ref();
        let why = why.map(|why| format!("; {}", Safe::line(why)));
        format!(
            "{} passes but for `{}`: {} {there}{}",
            self.named.told(),
            Safe::line(&self.term),
            self.key,
            why.unwrap_or_default()
        )
    }

    /// `token_headers` are `None` where nothing is redacted.
    fn json(&self, token_headers: Option<&[&str]>) -> Value {
        let there = match &self.there {
            There::Nothing => Value::Null,
            There::Text(text) => json!(text),
            There::Header(name, value) => {
                match token_headers.map(|headers| redact(name, value, headers)) {
                    Some(Shown::Redacted) => json!({"redacted": true}),
                    _ => json!(String::from_utf8_lossy(value)),
                }
            }
        };
        let mut line = self.named.json();
        line["term"] = json!(self.term);
        line["was"] = there;
        if let Some(why) = &self.why {
            line["why"] = json!(why);
        }
        line
    }
}

impl CommandEnd {
    /// Whether it ended by itself and well.
    pub(crate) fn is_met(&self) -> bool {
        self.code == 0 && self.ended.is_none()
    }

    /// How it ended, in a sentence.
    pub(crate) fn verdict(&self) -> String {
        match &self.ended {
            Some(why) => format!("the command was ended: {why}"),
            None => format!("the command ended with {}", self.code),
        }
    }

    /// As a line for programs has it.
    pub(super) fn json(&self) -> Value {
        json!({"code": self.code, "met": self.is_met(), "ended": self.ended})
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use uuid::Uuid;

    use super::{CommandEnd, Demand, Expectation, Named, Near};
    use crate::store::There;

    fn named(number: i64, event: Option<&str>) -> Named {
        Named {
            number,
            id: Uuid::from_u128(1),
            event: event.map(str::to_owned),
        }
    }

    fn near(there: There) -> Near {
        Near {
            named: named(3, Some("invoice.paid")),
            term: "header:x-token=a".to_owned(),
            key: "header",
            there,
            why: None,
        }
    }

    fn expectation(demand: Demand, (seen, wanted): (u64, u64), met: bool) -> Expectation {
        Expectation {
            demand,
            wanted,
            seen,
            met,
            matched: Vec::new(),
            nearest: Vec::new(),
            came: Vec::new(),
            took: Duration::ZERO,
        }
    }

    #[test]
    fn each_kind_has_its_sentence() {
        let expect = || Demand::Expect("a \u{1b}".to_owned());
        let forbid = || Demand::Forbid("b".to_owned());
        for (demand, numbers, met, told) in [
            (expect(), (2, 2), true, r"`a \x1b`, 2 of 2"),
            (expect(), (1, 2), false, r"`a \x1b` is not met: 1 of 2 came"),
            (Demand::Count, (2, 2), true, "2 of 2 deliveries"),
            (Demand::Count, (1, 2), false, "1 of 2 deliveries came"),
            (forbid(), (0, 0), true, "nothing passed `b`"),
        ] {
            assert_eq!(expectation(demand, numbers, met).verdict(), told);
        }
        let mut broken = expectation(forbid(), (1, 0), false);
        broken.matched.push(named(4, None));
        let told = "`b` is forbidden, and #4 (no event) passed";
        assert_eq!(broken.verdict(), told);
        assert_eq!(broken.instead(&[]), [""; 0]);
    }

    #[test]
    fn what_came_instead_is_told_without_credentials() {
        let mut unmet = expectation(Demand::Count, (0, 1), false);
        assert_eq!(unmet.instead(&[]), ["nothing came at all"]);
        unmet.came = vec![(Some("job.\u{202e}".to_owned()), 2), (None, 1)];
        let came = r"came: 2 job.\u{202e}, 1 without an event";
        assert_eq!(unmet.instead(&[]), [came]);
        let header = There::Header("X-Token".to_owned(), b"canary".to_vec());
        for (there, hidden, told) in [
            (header.clone(), &[][..], "canary"),
            (header.clone(), &["x-token"], "(redacted)"),
            (
                There::Header("Authorization".to_owned(), b"canary".to_vec()),
                &[],
                "(redacted)",
            ),
            (There::Nothing, &[], "none"),
            (There::Text("\u{7}".to_owned()), &[], r"\x07"),
        ] {
            unmet.nearest = vec![near(there)];
            let told = format!("#3 invoice.paid passes but for `header:x-token=a`: header {told}");
            assert_eq!(unmet.instead(hidden), [told]);
        }
        unmet.nearest = vec![near(header)];
        for (redacting, was) in [(true, json!({"redacted": true})), (false, json!("canary"))] {
            let line = unmet.json(&["x-token"], redacting);
            assert_eq!(line["nearest"][0]["was"], was);
            assert_eq!(line["nearest"][0]["term"], "header:x-token=a");
        }
    }

    #[test]
    fn a_verdict_that_is_near_is_explained() {
        let mut unmet = expectation(Demand::Count, (0, 1), false);
        unmet.nearest = vec![Near {
            term: "verdict:valid".to_owned(),
            key: "verdict",
            why: Some("the signature is \u{7}".to_owned()),
            ..near(There::Text("invalid".to_owned()))
        }];
        let told = r"#3 invoice.paid passes but for `verdict:valid`: verdict invalid; the signature is \x07";
        assert_eq!(unmet.instead(&[]), [told]);
        let line = unmet.json(&[], true);
        assert_eq!(line["nearest"][0]["why"], "the signature is \u{7}");
    }

    #[test]
    fn a_command_is_met_by_its_own_zero_only() {
        let why = Some("--timeout is over".to_owned());
        for (code, ended, met, told) in [
            (0, None, true, "the command ended with 0"),
            (3, None, false, "the command ended with 3"),
            (0, why, false, "the command was ended: --timeout is over"),
        ] {
            let end = CommandEnd { code, ended };
            assert_eq!((end.is_met(), end.verdict()), (met, told.to_owned()));
        }
    }
}
