//! Which deliveries a command is about.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use clap::Args;
use jiff::Timestamp;

use crate::cli::error::Error;
use crate::store::{Bare, Filter, FilterError, KEYS};

/// Which deliveries: the filter language, and flags for its common terms. All must hold.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Filter")]
pub(crate) struct FilterArgs {
    /// Terms that must all hold: `status:5xx`, `event:invoice.*,job.*`, `header:x-foo=bar`
    #[arg(value_name = "FILTER")]
    terms: Vec<String>,
    #[command(flatten)]
    flags: FilterFlags,
}

/// Flags for the common terms of a filter.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Filter")]
pub(crate) struct FilterFlags {
    /// Leave out what this term takes; `-KEY:VALUE` does the same
    #[arg(long, value_name = "TERM")]
    not: Vec<String>,
    /// Events, as globs
    #[arg(long, value_name = "GLOB")]
    event: Vec<String>,
    /// Answers: codes, classes (`5xx`), or `none`
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,
    /// What came of it: success, failed or retrying
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
    /// What verification found: valid, invalid, stale, ambiguous, unsigned, unchecked or none
    #[arg(long, value_name = "VERDICT")]
    verdict: Vec<String>,
    /// Who made the request: received or sent
    #[arg(long, value_name = "WHO")]
    direction: Vec<String>,
    /// From this time on: `10m` (ago), RFC 3339 or Unix
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Text that the body holds
    #[arg(long, value_name = "TEXT")]
    search: Vec<String>,
}

impl FilterArgs {
    /// With more terms.
    pub(crate) fn with(mut self, terms: &str) -> Self {
        self.terms.push(terms.to_owned());
        self
    }

    /// The filter that terms and flags make.
    pub(crate) fn filter(&self, bare: Bare) -> Result<Filter, Error> {
        self.flags.filter(&self.terms, bare)
    }
}

impl FilterFlags {
    /// The filter that these terms and the flags make.
    pub(crate) fn filter(&self, terms: &[String], bare: Bare) -> Result<Filter, Error> {
        let text = self.text(terms);
        Filter::parse(&text, bare, Timestamp::now()).map_err(|error| filter_error(&error, &text))
    }

    /// All of it in the filter language. Values of one flag that comes several times are
    /// alternatives, as with commas; each `--search` must be found.
    pub(crate) fn text(&self, terms: &[String]) -> String {
        let negated = self.not.iter().map(|term| format!("-{term}"));
        let lists = [
            ("event", &self.event),
            ("status", &self.status),
            ("outcome", &self.outcome),
            ("verdict", &self.verdict),
            ("direction", &self.direction),
        ];
        let lists = lists
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(key, values)| {
                let values: Vec<_> = values.iter().map(|value| spaced(value)).collect();
                format!("{key}:{}", values.join(","))
            });
        let times = [("since", &self.since), ("until", &self.until)];
        let times = times
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}:{}", spaced(value.as_deref()?))));
        let search = self
            .search
            .iter()
            .map(|text| format!("body:{}", quoted(text)));
        let terms: Vec<_> = terms
            .iter()
            .cloned()
            .chain(negated)
            .chain(lists)
            .chain(times)
            .chain(search)
            .collect();
        terms.join(" ")
    }
}

/// What is wrong with the text of a filter, with the place.
pub(crate) fn filter_error(error: &FilterError, text: &str) -> Error {
    error
        .pointed(text)
        .into_iter()
        .fold(Error::usage(error.to_string()), Error::detail)
        .hint(format!("the keys are {}", KEYS.join(", ")))
}

/// Whether an argument is a term of a filter: it begins with a key.
pub(crate) fn is_term(text: &str) -> bool {
    let key = text.split_once(':').map(|(key, _)| key);
    key.is_some_and(|key| KEYS.contains(&key))
}

/// The flags that take a filter.
const TAKE_FILTER: &[&str] = &["--expect", "--forbid", "--wait"];

/// Arguments with `--not=KEY:VALUE` in the place of `-KEY:VALUE`, which would be read as short flags;
/// behind a flag that takes a filter it is that flag's.
pub(crate) fn spell_out(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut spelled = Vec::with_capacity(arguments.len());
    let mut arguments = arguments.into_iter();
    for argument in arguments.by_ref() {
        if argument == "--" {
            spelled.push(argument);
            break;
        }
        let before = spelled.last().and_then(|before: &OsString| before.to_str());
        let flag = before.filter(|before| TAKE_FILTER.contains(before));
        match (negated(&argument), flag.map(str::to_owned)) {
            (Some(term), Some(flag)) => {
                spelled.pop();
                spelled.push(format!("{flag}=-{term}").into());
            }
            (Some(term), None) => spelled.push(format!("--not={term}").into()),
            (None, _) => spelled.push(argument),
        }
    }
    spelled.extend(arguments);
    spelled
}

/// The term behind the `-` of an argument that can be nothing but a term.
fn negated(argument: &OsStr) -> Option<&str> {
    let term = argument.to_str()?.strip_prefix('-')?;
    let (key, _) = term.split_once(':')?;
    KEYS.contains(&key).then_some(term)
}

/// A value whose commas mean what they mean in the language; quoted where it would end too early.
fn spaced(value: &str) -> Cow<'_, str> {
    if value.contains(|c: char| c.is_whitespace() || c == '"') || value.is_empty() {
        quoted(value).into()
    } else {
        value.into()
    }
}

/// A value of which every character counts.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{FilterArgs, spell_out};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        filter: FilterArgs,
    }

    #[test]
    fn a_negated_term_belongs_to_the_flag_before_it() {
        for (arguments, spelled) in [
            (&["-status:5xx"][..], &["--not=status:5xx"][..]),
            (
                &["--forbid", "-verdict:valid", "-status:1"],
                &["--forbid=-verdict:valid", "--not=status:1"],
            ),
            (&["--expect", "-a:b"], &["--expect", "-a:b"]),
            (&["--wait", "-event:a b"], &["--wait=-event:a b"]),
            (
                &["--", "--expect", "-event:a"],
                &["--", "--expect", "-event:a"],
            ),
            (
                &["--event", "-status:5xx"],
                &["--event", "--not=status:5xx"],
            ),
        ] {
            let arguments = arguments.iter().map(Into::into).collect();
            assert_eq!(spell_out(arguments), spelled);
        }
    }

    #[test]
    fn terms_and_flags_become_one_text() {
        for (arguments, text) in [
            (&[][..], ""),
            (&["event:a", "status:5xx"], "event:a status:5xx"),
            (&["event:a status:5xx"], "event:a status:5xx"),
            (
                &["--status", "5xx,429", "--status=none"],
                "status:5xx,429,none",
            ),
            (&["--not", "verdict:valid"], "-verdict:valid"),
            (&["x", "--", "-verdict:valid"], "x -verdict:valid"),
            (
                &["-verdict:valid", "x", "-event:a b", "--since=1m"],
                "x -verdict:valid -event:a b since:1m",
            ),
            (&["--event", "a b"], r#"event:"a b""#),
            (&["--event="], r#"event:"""#),
            (&["--since", "10m", "--until", "5m"], "since:10m until:5m"),
            (
                &["--search", r#"a, "b\"#, "--search", "c"],
                r#"body:"a, \"b\\" body:"c""#,
            ),
            (
                &[
                    "--outcome",
                    "failed",
                    "--verdict",
                    "stale",
                    "--direction",
                    "sent",
                ],
                "outcome:failed verdict:stale direction:sent",
            ),
        ] {
            let arguments: Vec<_> = ["wh"].iter().chain(arguments).map(Into::into).collect();
            let line = Line::parse_from(spell_out(arguments.clone()));
            let FilterArgs { terms, flags } = line.filter;
            assert_eq!(flags.text(&terms), text, "{arguments:?}");
        }
    }
}
