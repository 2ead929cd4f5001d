//! `wh send`: a signed delivery.

use std::path::Path;

use bytes::Bytes;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;

use crate::delivery::{Client, ClientOptions};
use crate::message::json::Edit;
use crate::provider::{Provider, Tamper, Wish};
use crate::report::Reporter;
use crate::retry::StatusSet;
use crate::signature::Key;

use super::args::{
    HeaderArg, SecretArgs, TargetUrl, TimeArg, headers_of, no_secret, or_variable, read_input,
    signing_key,
};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::journal::Journal;
use super::plan::{Planned, Terms, check_url, refuse_reserved};
use super::runtime::{Signals, block_on};

/// Send a signed sample event, or your own bytes, to a URL
///
/// The body goes out byte for byte. Exit code 0: the receiver took it. 5: it refused. 6: no answer.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "trigger",
    before_help = "Examples:
  wh send estimate.created --url http://localhost:3000/hooks --secret-file secret.txt
  wh send -P wlcro client.created --url 3000/webhooks/wlcro --override payload.email=ann@example.com
  wh send --data @body.json --url http://localhost:3000/hooks --tamper body --expect 4xx"
)]
pub(crate) struct Args {
    /// Event to send: `wh events` lists them
    #[arg(value_name = "EVENT")]
    event: Option<String>,
    /// Where to send it to; 3000, 3000/hooks and localhost:3000 will do
    #[arg(short, long, value_name = "URL")]
    url: Option<TargetUrl>,
    /// Your own body: @FILE, `-` for standard input, or the text itself
    #[arg(
        short,
        long,
        value_name = "@FILE|-|TEXT",
        conflicts_with = "test",
        allow_hyphen_values = true
    )]
    data: Option<String>,
    /// Change a value of the body, for example data.total=300
    #[arg(long = "override", value_name = "PATH=VALUE", value_parser = Edit::parse_override)]
    overrides: Vec<Edit>,
    /// Add a value to the body
    #[arg(long, value_name = "PATH=VALUE", value_parser = Edit::parse_add)]
    add: Vec<Edit>,
    /// Take a value out of the body
    #[arg(long, value_name = "PATH", value_parser = Edit::parse_remove)]
    remove: Vec<Edit>,
    /// Header line 'Name: value', in place of the provider's of that name
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    header: Vec<HeaderArg>,
    /// Webhook id [default: a new one]
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// Timestamp, written as it is given; or how far from now: -10m, +1h [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    timestamp: Option<String>,
    /// Number of the attempt
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    attempt: u32,
    /// Send the platform's own test delivery
    #[arg(long)]
    test: bool,
    /// Send the legacy twin of the event too
    #[arg(long, conflicts_with_all = ["data", "test"])]
    with_legacy: bool,
    /// Send an event that is not in the catalogue
    #[arg(long)]
    force: bool,
    /// Sign nothing
    #[arg(long, conflicts_with = "tamper")]
    no_signature: bool,
    /// Damage the delivery: body, signature, timestamp or secret
    #[arg(long, value_name = "KIND")]
    tamper: Option<Tamper>,
    /// Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)
    #[arg(long, value_name = "STATUS")]
    expect: Option<Expected>,
    /// Take any TLS certificate
    #[arg(short = 'k', long)]
    insecure: bool,
    /// Apply the platform's rule for URLs
    #[arg(long)]
    strict_url: bool,
    /// Show the request, the signed bytes and a curl line, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// List the events
    #[arg(long, conflicts_with = "event")]
    list: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

/// What an attempt needs beside its delivery.
struct Sender<'s> {
    client: &'s Client,
    journal: &'s Journal,
    url: &'s TargetUrl,
}

/// What `--expect` takes.
#[derive(Clone, Debug)]
enum Expected {
    Status(StatusSet),
    Refused,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(set) => set.fmt(f),
            Self::Refused => f.write_str("a refusal"),
        }
    }
}

impl std::str::FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "refused" => Ok(Self::Refused),
            text => text
                .parse()
                .map(Self::Status)
                .map_err(|error| format!("{error}, or `refused`")),
        }
    }
}

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        if self.list {
            return super::events::Args::all().run(context);
        }
        let provider = context.provider()?;
        let url = self.url(context)?;
        let key = self.key(context, &provider)?;
        let timestamp = self
            .timestamp
            .as_deref()
            .map(|text| timestamp_text(&provider, text))
            .transpose()?;
        let extra = headers_of(&self.header);
        refuse_reserved(&extra)?;
        let terms = Terms {
            provider: &provider,
            key: key.as_ref(),
            url: &url,
            attempt: self.attempt,
            timestamp: timestamp.as_deref(),
            extra: &extra,
            tamper: self.tamper,
        };
        let mut planned = self.plan(&terms)?;
        block_on(async {
            if self.strict_url {
                check_url(&provider, &url.0).await?;
            }
            let client = Client::new(&ClientOptions {
                timeout: provider.delivery.timeout,
                connect_timeout: provider.delivery.connect_timeout,
                insecure: self.insecure,
                tls: url.0.scheme() == "https" && !self.dry_run,
            })?;
            let mut reporter = context.reporter(&provider, true);
            if self.dry_run {
                planned
                    .iter()
                    .try_for_each(|planned| reporter.dry_run(&planned.dry_run(&client, &terms)))?;
                return Ok(Exit::Done);
            }
            let journal = Journal::open(context)?;
            journal.enter(&mut planned, self.has_new_ids())?;
            let mut signals = Signals::catch()?;
            let sender = Sender {
                client: &client,
                journal: &journal,
                url: &url,
            };
            tokio::select! {
                exit = self.send(&sender, reporter.as_mut(), &planned) => exit,
                () = signals.next() => Ok(Exit::Interrupted),
            }
        })
    }

    /// Whether the webhook ids are made just now: what the user gives may have been used before.
    fn has_new_ids(&self) -> bool {
        self.id.is_none() && self.data.is_none() && self.header.is_empty()
    }

    fn url(&self, context: &Context) -> Result<TargetUrl, Error> {
        let configured = || context.config.url.as_deref().map(str::parse::<TargetUrl>);
        match or_variable(self.url.clone(), "WH_URL")? {
            Some(url) => Ok(url),
            None => configured()
                .ok_or_else(|| {
                    Error::usage("no URL to send to")
                        .hint("--url http://localhost:3000/hooks, or WH_URL")
                })?
                .map_err(|error| Error::input(format!("the setting `url`: {error}"))),
        }
    }

    fn key(&self, context: &mut Context, provider: &Provider) -> Result<Option<Key>, Error> {
        if self.no_signature {
            return Ok(None);
        }
        let optional = provider.signs_optionally();
        let secrets = if optional {
            self.secret.given(context)?
        } else {
            self.secret.given_or_asked(context)?
        };
        if secrets.is_empty() && !optional {
            return Err(no_secret().hint("--no-signature sends without one"));
        }
        signing_key(provider, &secrets)
    }

    /// Composes everything before anything is sent.
    fn plan(&self, terms: &Terms<'_>) -> Result<Vec<Planned>, Error> {
        let edits: Vec<Edit> = [&self.overrides, &self.add, &self.remove]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let wish = Wish {
            event: self.event.as_deref(),
            data: self.data.as_deref().map(data).transpose()?,
            test: self.test,
            force: self.force || self.data.is_some(),
            edits: &edits,
            id: self.id.as_deref(),
        };
        terms.plan_all(&wish, self.with_legacy)
    }

    async fn send(
        &self,
        sender: &Sender<'_>,
        reporter: &mut dyn Reporter,
        planned: &[Planned],
    ) -> Result<Exit, Error> {
        let Sender {
            client,
            journal,
            url,
        } = sender;
        let (mut answered, mut met) = (0, 0);
        for planned in planned {
            let outgoing = &planned.outgoing;
            reporter.sending(outgoing)?;
            let attempt = client.attempt(&url.0, &planned.message).await;
            let recorded = journal.record(client, url, planned, &attempt);
            reporter.attempted(outgoing, &attempt)?;
            recorded?;
            let succeeded = outgoing.succeeded(&attempt);
            let as_expected = |status| match &self.expect {
                None => succeeded,
                Some(Expected::Refused) => !succeeded,
                Some(Expected::Status(set)) => set.contains(status),
            };
            let Some(status) = attempt.status() else {
                continue;
            };
            answered += 1;
            met += usize::from(as_expected(status));
            if let Some(expected) = self.expect.as_ref().filter(|_| !as_expected(status)) {
                reporter.unmet(&expected.to_string(), status)?;
            }
        }
        reporter.sent()?;
        Ok(match (met == planned.len(), answered, &self.expect) {
            (true, _, _) => Exit::Done,
            (false, 0, _) => Exit::NoAnswer,
            (false, _, Some(_)) => Exit::Unmet,
            (false, _, None) => Exit::Refused,
        })
    }
}

/// The timestamp to write: an offset from now in the provider's form, anything else as it is.
fn timestamp_text(provider: &Provider, text: &str) -> Result<String, Error> {
    let offset = text
        .starts_with(['-', '+'])
        .then(|| text.parse::<TimeArg>().ok())
        .flatten();
    Ok(match (offset, &provider.timestamp) {
        (Some(offset), Some(rule)) => rule.form.write(offset.resolve(Timestamp::now())?),
        _ => text.to_owned(),
    })
}

/// The user's own body.
fn data(text: &str) -> Result<Bytes, Error> {
    match text.strip_prefix('@') {
        Some(path) => read_input(Path::new(path)),
        None if text == "-" => read_input(Path::new("-")),
        None => Ok(Bytes::copy_from_slice(text.as_bytes())),
    }
}
