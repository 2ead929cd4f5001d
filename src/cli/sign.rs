//! `wh sign`: the signature of a file.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;

use crate::export::{CurlBody, curl};
use crate::message::Headers;
use crate::provider::Provider;
use crate::report::Typed;
use crate::signature::{Facts, Key, Signature, Signer, Source};

use super::args::{
    HeaderArg, SecretArgs, TargetUrl, file_or_stdin, headers_of, no_secret, signing_key,
};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::plan::refuse_unsendable;
use super::read_ahead::read_ahead;

/// Print the signature of a file, as the provider would send it
///
/// Only the value of the signature header goes to standard output. Files of any size are read in
/// constant memory.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh sign body.json --secret-file secret.txt
  wh sign -P wlcro body.json --headers --secret-file secret.txt
  cat body.json | WH_SECRET=s3cret wh sign -")]
pub(crate) struct Args {
    /// File to sign, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print the header lines that a receiver needs, one a line
    #[arg(long, conflicts_with_all = ["curl", "json"])]
    headers: bool,
    /// Print a curl line that sends the file, signed (`--url` says where to)
    #[arg(long, requires = "url", conflicts_with = "json")]
    curl: bool,
    /// Timestamp to sign, written as it is given [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    timestamp: Option<String>,
    /// Webhook id to sign or to print
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// URL that is called, where the provider signs it or for `--curl`
    #[arg(long, value_name = "URL")]
    url: Option<TargetUrl>,
    /// Header line 'Name: value' that is signed too
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    header: Vec<HeaderArg>,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let provider = context.provider()?;
        let secrets = self.secret.given_or_asked(context)?;
        let key = signing_key(&provider, &secrets)?.ok_or_else(no_secret)?;
        let (signature, timestamp) = self.sign(&provider, &key)?;
        let lines = self.lines(&provider, &signature, &timestamp);
        refuse_unsendable(&lines)?;
        if context.global.json {
            print_json(context, &signature, &lines)?;
        } else if self.curl {
            self.print_curl(context, &lines)?;
        } else if self.headers {
            for (name, value) in lines.iter() {
                write_line(context, &[name.as_bytes(), b": ", value])?;
            }
        } else {
            write_line(context, &[&signature.value])?;
            if provider.signing_scheme().signs_timestamp() && self.timestamp.is_none() {
                context.note(format!(
                    "signed with the timestamp {timestamp}: --headers prints it too"
                ))?;
            }
        }
        Ok(Exit::Done)
    }

    /// Signs the file; also returns the timestamp as it goes on the wire.
    fn sign(&self, provider: &Provider, key: &Key) -> Result<(Signature, String), Error> {
        let form = provider.timestamp.as_ref().map(|rule| rule.form);
        let now = || {
            form.map(|form| form.write(Timestamp::now()))
                .unwrap_or_default()
        };
        let timestamp = self.timestamp.clone().unwrap_or_else(now);
        let headers = headers_of(&self.header);
        let facts = Facts {
            timestamp: &timestamp,
            id: self.id.as_deref(),
            url: self.url.as_ref().map(|url| url.0.as_str()),
            method: "POST",
            headers: &headers,
        };
        let mut signer = Signer::new(provider.signing_scheme(), key, &facts)?;
        read_ahead(file_or_stdin(&self.file)?, |piece| signer.update(piece)).map_err(|error| {
            Error::input(format!("cannot read `{}`: {error}", self.file.display()))
        })?;
        Ok((signer.finish(), timestamp))
    }

    /// The lines that a receiver needs to verify.
    fn lines(&self, provider: &Provider, signature: &Signature, timestamp: &str) -> Headers {
        let mut lines = headers_of(&self.header);
        if let (Some(Source::Header(name)), Some(id)) = (&provider.id_rule.from, &self.id) {
            lines.push(name.as_str(), id.as_str());
        }
        if let Some(Source::Header(name)) = provider.timestamp.as_ref().map(|rule| &rule.from) {
            lines.push(name.as_str(), timestamp);
        }
        lines.push(signature.header.as_str(), signature.value.as_slice());
        lines
    }

    fn print_curl(&self, context: &mut Context, lines: &Headers) -> Result<(), Error> {
        let mut headers: Headers = [("Content-Type", context.provider()?.content_type)]
            .into_iter()
            .collect();
        lines
            .iter()
            .for_each(|(name, value)| headers.push(name, value));
        let pasteable = |name: &str| !name.contains(|c: char| c.is_control() && c != '\n');
        if !self.file.to_str().is_some_and(pasteable) {
            let name = self.file.display();
            return Err(Error::input(format!(
                "the name `{name}` cannot be written into a curl line"
            ))
            .hint("`wh sign - --curl` makes one that reads standard input"));
        }
        let stdin = self.file.as_os_str() == "-";
        let body = if stdin {
            CurlBody::Stdin
        } else {
            CurlBody::File(&self.file)
        };
        let url = self
            .url
            .as_ref()
            .map(|url| url.0.to_string())
            .unwrap_or_default();
        write_line(context, &[curl("POST", &url, &headers, body).as_bytes()])
    }
}

fn print_json(context: &mut Context, signature: &Signature, lines: &Headers) -> Result<(), Error> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, value)| (name, text(value)))
        .collect();
    let body = serde_json::json!({
        "header": signature.header,
        "value": text(&signature.value),
        "headers": lines,
    });
    Ok(Typed::new("signature", body).write(context.streams.out())?)
}

fn write_line(context: &mut Context, parts: &[&[u8]]) -> Result<(), Error> {
    let line = [parts.concat(), b"\n".to_vec()].concat();
    Ok(context.streams.out().write_all(&line)?)
}
