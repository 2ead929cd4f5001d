//! `wh verify`: is this signature right?

use std::path::PathBuf;

use jiff::Timestamp;

use crate::message::{Headers, Message, Record};
use crate::provider::Provider;
use crate::report::{Typed, verdict_json};
use crate::signature::{Envelope, Source, Unchecked, Verdict};
use crate::term::Safe;

use super::args::{
    Global, HeaderArg, SecretArgs, TargetUrl, TimeArg, ToleranceArg, file_or_stdin, headers_of,
    keys_of, no_secret, read_input,
};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::read_ahead::read_ahead;

/// Verify the signature of a file, or of a delivery that `wh listen --json` wrote
///
/// The verdict goes to standard output. Exit code 0: valid. 4: invalid, stale, ambiguous or
/// unsigned.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh verify body.json --sig 5d2e… --secret-file secret.txt
  wh verify -P wlcro body.json --sig sha256=5d2e… --timestamp 1769596200 --at 2026-01-28T10:31:00Z
  wh verify --delivery delivery.json --secret-file secret.txt")]
pub(crate) struct Args {
    /// File to verify, or `-` for standard input
    #[arg(
        value_name = "FILE",
        required_unless_present = "delivery",
        conflicts_with = "delivery"
    )]
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
    /// Line of `wh listen --json` to verify instead of a file, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    delivery: Option<PathBuf>,
    /// How far the timestamp may lie from now, or `off` [default: the provider's rule]
    #[arg(long, value_name = "DURATION")]
    tolerance: Option<ToleranceArg>,
    /// Time to judge at: RFC 3339, Unix seconds, or an offset such as -10m [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<TimeArg>,
    /// URL that was called, where the provider signs it
    #[arg(long, value_name = "URL")]
    url: Option<TargetUrl>,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let (mut message, redacted) = self.message(&mut context.global)?;
        let provider = context.provider_with(self.tolerance)?;
        if self.delivery.is_none() && self.sig.is_none() && self.header.is_empty() {
            let header = &provider.signing_scheme().header;
            return Err(Error::usage("no signature to verify").hint(format!(
                "--sig VALUE, or -H '{header}: VALUE', or --delivery FILE"
            )));
        }
        let secrets = self.secret.given_or_asked(context)?;
        if secrets.is_empty() {
            return Err(no_secret());
        }
        let keys = keys_of(&provider, &secrets)?;
        let now = Timestamp::now();
        let now = self.at.map_or(Ok(now), |at| at.resolve(now))?;
        self.add_lines(&provider, &mut message.headers)?;
        let needs_body = provider
            .schemes
            .iter()
            .any(crate::signature::Scheme::reads_body);
        if let Some(file) = self.file.as_deref().filter(|_| needs_body) {
            message.body = read_input(file)?;
        }
        let envelope = Envelope {
            url: self.url.as_ref().map(|url| url.0.as_str()),
            ..Envelope::of(&message)
        };
        let mut verifiers = provider.verifier(&keys, &envelope);
        match self.file.as_deref().filter(|_| !needs_body) {
            Some(file) => read_ahead(file_or_stdin(file)?, |piece| verifiers.update(piece))
                .map_err(|error| {
                    Error::input(format!("cannot read `{}`: {error}", file.display()))
                })?,
            None => verifiers.update(&message.body),
        }
        let is_redacted = |header: &String| {
            redacted
                .iter()
                .any(|name| name.eq_ignore_ascii_case(header))
        };
        let verdict = match verifiers.finish(now) {
            Verdict::Unsigned {
                header: Some(header),
            } if is_redacted(&header) => Verdict::Unchecked(Unchecked::Redacted),
            verdict => verdict,
        };
        let told = report(context, &provider, &verdict, secrets.len());
        match told {
            _ if verdict.is_valid() => told.map(|()| Exit::Done),
            // Whoever reads no further still learns the verdict from the code.
            Err(error) if !error.is_quiet() => Err(error),
            _ => Ok(Exit::NotValid),
        }
    }

    /// The delivery that was recorded, or an empty message for the file to go with. A recorded
    /// delivery names its provider: it holds where no flag names another.
    fn message(&self, global: &mut Global) -> Result<(Message, Vec<String>), Error> {
        let Some(path) = &self.delivery else {
            let message = Message {
                method: "POST".into(),
                target: "/".into(),
                headers: Headers::new(),
                body: "".into(),
            };
            return Ok((message, Vec::new()));
        };
        let text = read_input(path)?;
        let line: RecordedLine = serde_json::from_slice(&text).map_err(|error| {
            Error::input(format!("`{}` is no delivery: {error}", path.display()))
                .hint("give one line of `wh listen --json` whose type is `delivery`")
        })?;
        if global.provider.is_empty() && global.provider_file.is_none() {
            global.provider.extend(line.provider);
        }
        Ok(line.record.into_message()?)
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

/// A line of `wh listen --json`, as far as it is needed.
#[derive(serde::Deserialize)]
struct RecordedLine {
    provider: Option<String>,
    #[serde(flatten)]
    record: Record<'static>,
}

fn report(
    context: &mut Context,
    provider: &Provider,
    verdict: &Verdict,
    secrets: usize,
) -> Result<(), Error> {
    let matched = match verdict {
        Verdict::Valid(valid) if secrets > 1 => Some(valid.secret + 1),
        _ => None,
    };
    if context.global.json {
        let mut body = verdict_json(verdict);
        body["provider"] = provider.id.as_str().into();
        body["secret"] = matched.into();
        return Ok(Typed::new("verdict", body).write(context.streams.out())?);
    }
    let paint = context.streams.paint_out();
    let kind = if verdict.is_valid() {
        paint.good(verdict.kind())
    } else {
        paint.bad(verdict.kind())
    };
    let reason = verdict
        .reason()
        .map(|reason| format!(": {}", Safe::line(reason)))
        .unwrap_or_default();
    let which = matched
        .map(|nth| format!(" (secret {nth} of {secrets})"))
        .unwrap_or_default();
    Ok(writeln!(context.streams.out(), "{kind}{reason}{which}")?)
}
