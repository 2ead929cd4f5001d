//! Writes attempts in one of the formats of an export.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::ValueEnum;

use crate::config::list;
use crate::export::{
    Csv, HarEntry, NEAR, REDACTED, RecordedLine, Redacting, curl_again, har_end, har_start,
};
use crate::provider::Provider;
use crate::report::{Typed, write_json};
use crate::store::{Direction, Recorded};
use crate::term::Safe;

use super::context::Context;
use super::error::Error;

/// The version of `wh`, which an export names.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What an export is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON object a line; `wh import` reads it
    #[default]
    Jsonl,
    /// HTTP Archive 1.2, which browsers and proxies read; `wh import` too
    Har,
    /// Rows for a spreadsheet
    Csv,
    /// A shell script of curl lines
    Curl,
}

/// What the flags say of an export.
pub(crate) struct ExportOptions {
    /// What it is written as.
    pub(crate) format: ExportFormat,
    /// Whether rows have the body too.
    pub(crate) bodies: bool,
    /// Where curl lines go, if not to where the attempts went.
    pub(crate) url: Option<String>,
}

/// An export that is being written.
pub(crate) struct Exporter<'r, W: Write> {
    form: Form<W>,
    redacting: &'r Redacting,
    count: u64,
    remarks: Remarks,
}

enum Form<W: Write> {
    Lines(W),
    Har(W),
    Csv(Box<Csv<W>>),
    Curl(W, Option<String>),
}

/// What there is to say that the export does not say itself.
#[derive(Default)]
struct Remarks {
    /// Whether curl lines go to where nothing went.
    near: bool,
    /// Whether curl lines lack credentials.
    redacted: bool,
    /// The providers whose own credentials are not known.
    unknown: BTreeSet<String>,
}

impl<'r, W: Write> Exporter<'r, W> {
    /// Writes what stands before the first attempt.
    pub(crate) fn start(
        mut out: W,
        options: &ExportOptions,
        redacting: &'r Redacting,
    ) -> io::Result<Self> {
        let form = match options.format {
            ExportFormat::Jsonl => {
                let body = serde_json::json!({"redacted": redacting.is_on(), "wh": VERSION});
                write_line(&Typed::new("export", body), &mut out)?;
                Form::Lines(out)
            }
            ExportFormat::Har => {
                out.write_all(har_start(VERSION, redacting).as_bytes())?;
                Form::Har(out)
            }
            ExportFormat::Csv => {
                let shown = |text: &str| Safe::line(text).to_string();
                Form::Csv(Box::new(Csv::new(out, options.bodies, shown)?))
            }
            ExportFormat::Curl => Form::Curl(out, options.url.clone()),
        };
        Ok(Self {
            form,
            redacting,
            count: 0,
            remarks: Remarks::default(),
        })
    }

    /// Writes an attempt.
    pub(crate) fn add(&mut self, recorded: &Recorded) -> io::Result<()> {
        match &mut self.form {
            Form::Lines(out) => {
                let line = RecordedLine::of(recorded, self.redacting);
                write_line(&Typed::new("attempt", line), out)?;
            }
            Form::Har(out) => {
                if self.count > 0 {
                    out.write_all(b",\n")?;
                }
                write_json(&HarEntry::of(recorded, self.redacting), out)?;
            }
            Form::Csv(csv) => csv.add(recorded)?,
            Form::Curl(out, url) => {
                let line = curl_again(recorded, url.as_deref(), self.redacting);
                writeln!(out, "{line}")?;
                self.remarks.near |=
                    url.is_none() && recorded.attempt.direction == Direction::Received;
                let mut lines = recorded.exchange.request.headers.iter();
                self.remarks.redacted |=
                    lines.any(|(name, value)| self.redacting.hides(name, value));
            }
        }
        self.count += 1;
        let provider = &recorded.attempt.provider;
        // A table has no headers.
        let shows_headers = !matches!(self.form, Form::Csv(_));
        if shows_headers && self.redacting.is_on() && !self.redacting.knows(provider) {
            self.remarks.unknown.insert(provider.clone());
        }
        Ok(())
    }

    /// Writes what stands after the last attempt; returns how many there were, and what is to be
    /// said of them.
    pub(crate) fn end(self) -> io::Result<(u64, Vec<String>)> {
        match self.form {
            Form::Lines(mut out) | Form::Curl(mut out, _) => out.flush()?,
            Form::Har(mut out) => {
                out.write_all(har_end().as_bytes())?;
                out.flush()?;
            }
            Form::Csv(mut csv) => csv.flush()?,
        }
        Ok((self.count, self.remarks.said()))
    }
}

impl Remarks {
    fn said(self) -> Vec<String> {
        let near = format!("what was received goes to {NEAR}: --url names another place");
        let redacted = format!(
            "credentials are taken out, their values read {REDACTED}: --no-redact leaves them in"
        );
        let unknown = self.unknown.into_iter().map(|provider| {
            format!(
                "`{provider}` is not known here: a header of its own in which a secret travels is \
                 left in"
            )
        });
        let remarks = [(self.near, near), (self.redacted, redacted)];
        let said = remarks.into_iter().filter(|(holds, _)| *holds);
        said.map(|(_, remark)| remark).chain(unknown).collect()
    }
}

fn write_line(value: &impl serde::Serialize, mut out: impl Write) -> io::Result<()> {
    write_json(value, &mut out)?;
    out.write_all(b"\n")
}

/// What an export leaves out: the credentials of every provider that is known here.
pub(crate) fn redacting(context: &Context, is_on: bool) -> Result<Redacting, Error> {
    let named = match &context.global.provider_file {
        Some(_) => Some(context.provider()?),
        None => None,
    };
    let listed = list(&context.paths).into_iter();
    let known = listed.filter_map(|listed| listed.provider.ok());
    let mut tokens = Vec::new();
    let mut schemes = Vec::new();
    for provider in named.into_iter().chain(known) {
        tokens.extend(provider.token_headers().into_iter().map(str::to_owned));
        let Provider {
            id, schemes: own, ..
        } = provider;
        schemes.push((id, own));
    }
    Ok(Redacting::new(is_on, tokens, schemes))
}
