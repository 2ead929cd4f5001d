//! `wh send`: a signed delivery.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;

use crate::delivery::{Job, Journal, Terms, Timings, bits_of};
use crate::message::json::Edit;
use crate::provider::{Provider, Tamper, Wish};
use crate::report::{Prospect, Reporter};

use super::args::{
    Destination, EndpointArg, Expected, HeaderArg, LoadArgs, ScheduleArgs, SecretArgs, TargetUrl,
    TimeArg, given_url, headers_of, no_secret, read_input,
};
use super::context::Context;
use super::courier::{Errand, log, queue, watch};
use super::error::Error;
use super::exit::Exit;
use super::load::{Load, Patience, enough_files, seed};
use super::plan::{Plan, check_url, provider_file, refuse_reserved, route, with_dry_run};
use super::runtime::{block_on, block_on_beside_threads};
use super::signing::Signing;

/// Send a signed sample event, or your own bytes, to a URL
///
/// The body goes out byte for byte. Exit code 0: the receiver took it. 5: it refused. 6: no answer.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "trigger",
    before_help = "Examples:
  wh send estimate.created --url http://localhost:3000/hooks --secret-file secret.txt
  wh send -P wlcro client.created --url 3000/webhooks/wlcro --retry --speed 60x
  wh send --data @body.json --url http://localhost:3000/hooks --tamper body --expect 4xx"
)]
pub(crate) struct Args {
    /// Event to send: `wh events` lists them
    #[arg(value_name = "EVENT")]
    event: Option<String>,
    /// Where to send it to; 3000, 3000/hooks and localhost:3000 will do
    #[arg(short, long, value_name = "URL")]
    url: Option<TargetUrl>,
    #[command(flatten)]
    endpoint: EndpointArg,
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
    /// Send an event that is not in the catalogue, or that the endpoint does not take
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
    /// Try again as the platform does, at its times, until it is taken or given up
    #[arg(long)]
    retry: bool,
    #[command(flatten)]
    schedule: ScheduleArgs,
    #[command(flatten)]
    load: LoadArgs,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        if self.list {
            return super::events::Args::all().run(context);
        }
        self.refuse_contradiction()?;
        let destination = self.endpoint.resolve(context)?;
        let provider = context.provider()?;
        let url = match &destination {
            Some(destination) => destination.url.clone(),
            None => self.url(context)?,
        };
        let signing = self.signing(context, &provider, destination.as_ref())?;
        let named = destination.as_ref().map(|named| &named.endpoint);
        let terms = Terms {
            signed: signing.key.is_some(),
            secret: signing.reference,
            endpoint: named.map(|endpoint| endpoint.number),
            ..self.terms(context, &provider, &url)?
        };
        let extra = headers_of(&self.header);
        refuse_reserved(&extra)?;
        let limits = self.schedule.limits_of_load(&self.load);
        let is_wide = self.load.is_given() && !limits.ordered;
        let work = async {
            if self.strict_url {
                check_url(&provider, &url.0).await?;
            }
            let mut reporter = context.reporter(&provider, true);
            let queued = self.retry && !self.dry_run;
            let journal = queued.then(|| queue(context, &terms)).transpose()?;
            let watch = match &journal {
                Some(journal) => watch(journal, &provider, &url.shown(), &terms)?,
                None => None,
            };
            let route = route(provider, signing.key, &url, terms, !self.dry_run)?.watched(watch);
            let plan = Plan {
                route: Arc::new(route),
                extra,
                attempt: self.attempt,
                is_new: self.has_new_ids(),
            };
            let edits = self.edits();
            let wish = self.wish(&edits)?;
            // A platform tests an endpoint whatever it has subscribed to.
            let destination = destination.filter(|_| !self.force && !self.test);
            let jobs = match self.load.seed() {
                Some(seed) if self.dry_run => vec![plan.one_of(&wish, bits_of(seed, 0))?],
                _ => plan.all(&wish, self.with_legacy)?,
            };
            if let Some(destination) = destination {
                let events = jobs.iter().map(|job| job.event.as_str());
                destination.refuse_unsubscribed(events)?;
            }
            if self.load.is_given() && !self.dry_run {
                let reporter = reporter.as_mut();
                return self
                    .send_load(context, reporter, &plan, &wish, journal)
                    .await;
            }
            if self.dry_run {
                for job in &jobs {
                    with_dry_run(job, &url, |dry_run| reporter.dry_run(dry_run))??;
                }
                return Ok(Exit::Done);
            }
            self.send_few(context, reporter.as_mut(), jobs, journal)
                .await
        };
        if is_wide {
            block_on_beside_threads(work)
        } else {
            block_on(work)
        }
    }

    /// Sends deliveries that are made ready before.
    async fn send_few(
        &self,
        context: &mut Context,
        reporter: &mut dyn Reporter,
        jobs: Vec<Job>,
        journal: Option<Journal>,
    ) -> Result<Exit, Error> {
        let errand = Errand {
            journal: match journal {
                Some(journal) => journal,
                None => log(context, true)?,
            },
            limits: self.schedule.limits(),
            expected: self.expect.as_ref(),
            patience: None,
        };
        reporter.begin(&Prospect::of(jobs.len()))?;
        let mut source = jobs.into_iter();
        errand.run(context, reporter, &mut source, |_| Ok(())).await
    }

    /// Sends deliveries that are made one by one.
    async fn send_load(
        &self,
        context: &mut Context,
        reporter: &mut dyn Reporter,
        plan: &Plan,
        wish: &Wish<'_>,
        journal: Option<Journal>,
    ) -> Result<Exit, Error> {
        if self.retry && self.load.is_several() {
            refuse_one_id(plan, wish)?;
        }
        let limits = self.schedule.limits_of_load(&self.load);
        enough_files(&limits)?;
        let seed = seed(context, &self.load)?;
        let patience = Patience::new();
        let is_told = self.load.is_small() || context.global.verbose;
        let errand = Errand {
            journal: match journal {
                Some(journal) => journal,
                None => log(context, is_told)?,
            },
            limits,
            expected: self.expect.as_ref(),
            // What is tried again has an end of its own.
            patience: Some(&patience).filter(|_| !self.retry),
        };
        reporter.begin(&self.load.prospect(is_told))?;
        let mut source = Load::new(&self.load, seed, plan, wish.clone(), &patience);
        let exit = errand
            .run(context, reporter, &mut source, |_| Ok(()))
            .await?;
        source.tell_missed(context)?;
        source.end().map(|()| exit)
    }

    /// How the deliveries are made.
    fn terms(
        &self,
        context: &Context,
        provider: &Provider,
        url: &TargetUrl,
    ) -> Result<Terms, Error> {
        let timestamp = self.timestamp.as_deref();
        let timestamp = timestamp.map(|text| timestamp_text(provider, text));
        Ok(self.schedule.terms(Terms {
            timings: if self.retry {
                Timings::Production
            } else {
                Timings::Once
            },
            timestamp: timestamp.transpose()?,
            tamper: self.tamper.map(|kind| kind.to_string()),
            insecure: self.insecure,
            provider_file: provider_file(context),
            credentials: url.0.as_str() != url.shown(),
            ..Terms::default()
        }))
    }

    /// Whether the webhook ids are made just now: what the user gives may have been used before.
    fn has_new_ids(&self) -> bool {
        let given = self.data.is_some() || self.load.seed().is_some() || !self.header.is_empty();
        self.id.is_none() && !given
    }

    /// Refuses a load of deliveries that would all be one, or of twins, and a schedule without retries.
    fn refuse_contradiction(&self) -> Result<(), Error> {
        if !self.retry && self.schedule.shapes_retries() {
            return Err(Error::usage(
                "--max-attempts, --jitter, --speed and --disable-after need --retry: without it nothing is tried again",
            ));
        }
        if self.load.is_several() && self.id.is_some() {
            return Err(
                one_id().hint("--duplicate 1 sends each delivery twice, with the id that it has")
            );
        }
        if self.load.is_given() && self.with_legacy {
            return Err(Error::usage(
                "--with-legacy sends two deliveries, not a load",
            ));
        }
        Ok(())
    }

    fn url(&self, context: &Context) -> Result<TargetUrl, Error> {
        let hint = "--url http://localhost:3000/hooks, or WH_URL";
        given_url(self.url.clone(), context, "send to", hint)
    }

    /// What signs, where it is wanted.
    fn signing(
        &self,
        context: &mut Context,
        provider: &Provider,
        destination: Option<&Destination>,
    ) -> Result<Signing, Error> {
        if self.no_signature {
            return Ok(Signing::default());
        }
        let own = destination.and_then(|destination| destination.secret.as_ref());
        Signing::find(context, &self.secret, provider, own)?
            .ok_or_else(|| no_secret().hint("--no-signature sends without one"))
    }

    /// The changes to the body.
    fn edits(&self) -> Vec<Edit> {
        let edits = [&self.overrides, &self.add, &self.remove].into_iter();
        edits.flatten().cloned().collect()
    }

    /// What to send; reads the user's own body.
    fn wish<'w>(&'w self, edits: &'w [Edit]) -> Result<Wish<'w>, Error> {
        Ok(Wish {
            event: self.event.as_deref(),
            data: self.data.as_deref().map(data).transpose()?,
            test: self.test,
            force: self.force || self.data.is_some(),
            edits,
            id: self.id.as_deref(),
        })
    }
}

fn one_id() -> Error {
    Error::usage("several deliveries cannot have one webhook id")
}

/// Refuses to try a load again whose body or header lines give each delivery the same id: they would
/// be one, and have one place in the queue.
fn refuse_one_id(plan: &Plan, wish: &Wish<'_>) -> Result<(), Error> {
    let [one, other] = [plan.one(wish)?, plan.one(wish)?].map(|job| job.webhook_id);
    if one.is_none() || one != other {
        return Ok(());
    }
    Err(one_id().hint("without --retry each is sent once, whatever its id is"))
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
