//! `wh verify`: is this signature right, and if not, why?

mod body;
mod recorded;

use std::fmt::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::message::Headers;
use crate::provider::Provider;
use crate::report::{Diagnosis, Typed, verdict_json};
use crate::signature::{Envelope, Scheme, Source, Unchecked, Verdict};
use crate::term::wrapped;

use super::args::{
    HeaderArg, SecretArgs, TargetUrl, TimeArg, ToleranceArg, headers_of, keys_of, no_secret,
    read_input,
};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::leads::Leads;
use body::Body;
use recorded::Delivered;

/// The blanks before each line that says why.
const INDENT: &str = "  ";

/// Verify the signature of a file, or of a delivery that was recorded
///
/// The verdict goes to standard output, and below it why it is not valid: what would have made the
/// signature match is found by trial, in bodies up to 16 MiB, or 4 MiB from a pipe. Exit code 0:
/// valid. 4: invalid, stale, ambiguous or unsigned.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh verify body.json --sig 5d2e… --secret-file secret.txt
  wh verify -P wlcro body.json --sig sha256=5d2e… --timestamp 1769596200 --at 2026-01-28T10:31:00Z
  wh verify --delivery delivery.json --secret-file secret.txt")]
pub(crate) struct Args {
    /// File to verify, or `-` for standard input
    #[arg(value_name = "FILE", conflicts_with = "delivery")]
    file: Option<PathBuf>,
    /// Value of the signature header, as it came
    #[arg(
        long,
        visible_alias = "signature",
        value_name = "VALUE",
        allow_hyphen_values = true
    )]
    sig: Option<String>,
    /// Value of the timestamp header, as it came
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    timestamp: Option<String>,
    /// Webhook id, as it came
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Header line 'Name: value' of the delivery, as it came
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    header: Vec<HeaderArg>,
    /// Recorded delivery to verify instead of a file: `#1042` or `#` and the beginning of its id, as
    /// `wh log` shows them, or a file with its line of `wh listen --json`, or `-` for standard input
    #[arg(long, value_name = "ID|FILE")]
    delivery: Option<PathBuf>,
    /// How far the timestamp may lie from now, or `off` [default: the provider's rule]
    #[arg(long, value_name = "DURATION")]
    tolerance: Option<ToleranceArg>,
    /// Time to judge at: RFC 3339, Unix seconds, or an offset such as -10m [default: now; of a
    /// delivery of the store, when it came]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<TimeArg>,
    /// URL that was called, where the provider signs it
    #[arg(long, value_name = "URL")]
    url: Option<TargetUrl>,
    /// Say only that it is not valid, not why: for many at once
    #[arg(long)]
    no_explain: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let delivered = self.delivered(context)?;
        let mut message = delivered.message;
        let provider = context.provider_with(self.tolerance)?;
        if self.delivery.is_none() && self.sig.is_none() && self.header.is_empty() {
            let header = &provider.signing_scheme().header;
            return Err(Error::usage("no signature to verify").hint(format!(
                "--sig VALUE, or -H '{header}: VALUE', or --delivery '#1042'"
            )));
        }
        let secrets = self.secret.given_or_asked(context)?;
        if secrets.is_empty() {
            return Err(no_secret());
        }
        let keys = keys_of(&provider, &secrets)?;
        let now = Timestamp::now();
        let usual = delivered.at.unwrap_or(now);
        let now = self.at.map_or(Ok(usual), |at| at.resolve(now))?;
        self.add_lines(&provider, &mut message.headers)?;
        let needs_body = provider.schemes.iter().any(Scheme::reads_body);
        if let Some(file) = self.file.as_deref().filter(|_| needs_body) {
            message.body = read_input(file)?;
        }
        let given = self.url.as_ref().map(|url| url.0.as_str());
        let envelope = Envelope {
            url: given.or(delivered.url.as_deref()),
            ..Envelope::of(&message)
        };
        let mut verifiers = provider.verifier(&keys, &envelope);
        let body = if let Some(file) = self.file.as_deref().filter(|_| !needs_body) {
            Body::read(file, |piece| verifiers.update(piece))?
        } else {
            verifiers.update(&message.body);
            Body::Whole(message.body.clone())
        };
        let is_redacted = |header: &String| {
            let mut redacted = delivered.redacted.iter();
            redacted.any(|name| name.eq_ignore_ascii_case(header))
        };
        let verdict = match verifiers.finish(now) {
            Verdict::Unsigned {
                header: Some(header),
            } if is_redacted(&header) => Verdict::Unchecked(Unchecked::Redacted),
            verdict => verdict,
        };
        let explains = verdict.is_failure() && !self.no_explain;
        let diagnosis = explains.then(|| {
            if let Some(settled) = provider.settled(&envelope, &verdict, now) {
                return Diagnosis::Searched(settled);
            }
            let body = match body.again() {
                Err(diagnosis) => return diagnosis,
                Ok(body) => body,
            };
            let envelope = Envelope {
                body: Some(&body),
                ..envelope
            };
            let clues = Leads::new(context, &secrets).follow();
            Diagnosis::Searched(provider.explain(&keys, &clues, &envelope, &body, now))
        });
        let told = Told {
            provider: &provider,
            verdict: &verdict,
            diagnosis: diagnosis.as_ref(),
            secrets: secrets.len(),
        };
        match told.write(context) {
            told if verdict.is_valid() => told.map(|()| Exit::Done),
            // Whoever reads no further still learns the verdict from the code.
            Err(error) if !error.is_quiet() => Err(error),
            _ => Ok(Exit::NotValid),
        }
    }

    /// The delivery that is named; without one there must be a file, which is all there is of it.
    fn delivered(&self, context: &mut Context) -> Result<Delivered, Error> {
        match &self.delivery {
            Some(named) => Delivered::read(named, context),
            None if self.file.is_some() => Ok(Delivered::nothing()),
            None => Err(Error::usage("no file to verify")
                .hint("FILE, or `-` for standard input, or --delivery '#1042'")),
        }
    }

    /// Adds what the flags say; where the scheme has no place for it, saying it is a mistake.
    fn add_lines(&self, provider: &Provider, headers: &mut Headers) -> Result<(), Error> {
        let scheme = provider.signing_scheme();
        for (name, value) in headers_of(&self.header).iter() {
            headers.push(name, value);
        }
        if let Some(sig) = &self.sig {
            headers.push(scheme.header.as_str(), sig.as_str());
        }
        let timestamp = provider.timestamp.as_ref().map(|rule| &rule.from);
        for (flag, value, source) in [
            ("--timestamp", &self.timestamp, timestamp),
            ("--id", &self.id, provider.id_rule.from.as_ref()),
        ] {
            match (value, source) {
                (Some(value), Some(Source::Header(name))) => {
                    headers.push(name.as_str(), value.as_str());
                }
                (Some(_), Some(place)) => {
                    return Err(Error::usage(format!(
                        "{flag} has no place: `{}` has it in the {place}",
                        provider.id
                    )));
                }
                (Some(_), None) => {
                    return Err(Error::usage(format!(
                        "{flag} has no place: `{}` has none",
                        provider.id
                    )));
                }
                (None, _) => {}
            }
        }
        Ok(())
    }
}

/// What is told.
struct Told<'t> {
    provider: &'t Provider,
    verdict: &'t Verdict,
    diagnosis: Option<&'t Diagnosis>,
    /// How many secrets there are.
    secrets: usize,
}

impl Told<'_> {
    /// Which of several secrets matched, from 1.
    fn matched(&self) -> Option<usize> {
        match self.verdict {
            Verdict::Valid(valid) if self.secrets > 1 => Some(valid.secret + 1),
            _ => None,
        }
    }

    /// Writes the verdict, and below it why it is so.
    fn write(&self, context: &mut Context) -> Result<(), Error> {
        if context.global.json {
            let mut body = verdict_json(self.verdict);
            body["provider"] = self.provider.id.as_str().into();
            body["secret"] = self.matched().into();
            body["explanation"] = self.diagnosis.map(Diagnosis::json).into();
            return Ok(Typed::new("verdict", body).write(context.streams.out())?);
        }
        let (paint, width) = (context.streams.paint_out(), context.streams.wrap());
        let kind = self.verdict.kind();
        let painted = if self.verdict.is_valid() {
            paint.good(kind)
        } else {
            paint.bad(kind)
        };
        let reason = self.verdict.reason();
        let reason = reason.map(|reason| format!(": {reason}"));
        let which = self.matched();
        let which = which.map(|nth| format!(" (secret {nth} of {})", self.secrets));
        let (reason, which) = (reason.unwrap_or_default(), which.unwrap_or_default());
        let verdict = wrapped(&format!("{kind}{reason}{which}"), width).join("\n");
        let mut text = verdict.replacen(kind, &painted.to_string(), 1);
        text.push('\n');
        let room = width.map(|width| width.saturating_sub(INDENT.len()));
        let is_brief = context.global.quiet;
        let lines = self.diagnosis.map(|one| {
            if !one.repeats(self.verdict) {
                one.lines(paint, is_brief, room)
            } else if is_brief {
                Vec::new()
            } else {
                one.remark_lines(paint, room)
            }
        });
        for line in lines.unwrap_or_default() {
            let _ = writeln!(text, "{INDENT}{line}");
        }
        Ok(context.streams.out().write_all(text.as_bytes())?)
    }
}
