//! Sending deliveries again, whatever named them.

use std::sync::Arc;

use bytes::Bytes;

use crate::capture::own_listener;
use crate::cli::agreed::agreed;
use crate::cli::args::{EndpointArg, Expected, HeaderArg, SecretArgs, TargetUrl, headers_of};
use crate::cli::context::Context;
use crate::cli::courier::{Errand, queue};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::plan::{check, check_url, provider_file, refuse_reserved, with_dry_run};
use crate::cli::runtime::block_on;
use crate::delivery::{Job, Limits, Make, Terms, Update};
use crate::report::{Prospect, Reporter};
use crate::store::{Reader, Waiting};
use crate::term::{Safe, count};

use super::again::Changes;
use super::edit::edited;
use super::goal::{Goal, Place, Providers, Survey, gone};
use super::queue::{enlist, parts};
use super::ways::{Stamp, Ways, stamped, stamps, ways};

/// What `replay` and `retry` say of how deliveries go again.
#[derive(Debug, clap::Args)]
pub(crate) struct OrderArgs {
    /// Where to send to [default: where it went before; 3000, 3000/hooks and localhost:3000 will do]
    #[arg(short, long, value_name = "URL")]
    pub(super) url: Option<TargetUrl>,
    #[command(flatten)]
    endpoint: EndpointArg,
    /// Header line 'Name: value', in place of those of that name
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    header: Vec<HeaderArg>,
    /// Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)
    #[arg(long, value_name = "STATUS")]
    pub(super) expect: Option<Expected>,
    /// Take any TLS certificate
    #[arg(short = 'k', long)]
    insecure: bool,
    /// Apply the platform's rule for URLs
    #[arg(long)]
    strict_url: bool,
    /// Send to a listener of `wh` too
    #[arg(long)]
    allow_self: bool,
    /// Test deliveries too, which a platform of live ones does not send again
    #[arg(long)]
    include_tests: bool,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(super) secret: SecretArgs,
}

/// What else is wanted of it.
pub(crate) struct Order {
    /// The schedule, and how messages are made.
    pub(crate) terms: Terms,
    /// How much is done at once.
    pub(crate) limits: Limits,
    /// Whether they go as new deliveries.
    pub(crate) new_id: bool,
    /// Whether the body is edited first.
    pub(crate) edit: bool,
    /// Whether nobody is asked.
    pub(crate) yes: bool,
}

/// Deliveries that are ready to go again.
struct Ready<'r> {
    reader: &'r Reader,
    survey: Survey,
    goal: &'r Goal,
    providers: Providers,
    changes: Changes,
}

impl OrderArgs {
    /// Whether they say where to send to.
    pub(super) fn has_goal(&self) -> bool {
        self.url.is_some() || self.endpoint.is_given()
    }

    /// Sends the deliveries with these numbers again.
    pub(crate) fn send(
        &self,
        context: &mut Context,
        reader: &Reader,
        numbers: Vec<i64>,
        order: Order,
    ) -> Result<Exit, Error> {
        let extra = headers_of(&self.header);
        refuse_reserved(&extra)?;
        let named = self.endpoint.resolve(context)?;
        let goal = Goal::new(context, named, self.url.clone())?;
        let mut providers = Providers::new(&goal);
        let from = (&goal, &mut providers);
        let survey = Survey::of(context, reader, from, numbers, self.include_tests)?;
        tell_tests(context, &survey)?;
        let several = survey.numbers.len() > 1;
        if order.edit && several {
            let many = survey.numbers.len();
            return Err(Error::usage(format!(
                "--edit takes one delivery, and {many} are named"
            )));
        }
        if several && !self.dry_run && !order.yes {
            let what = format!("send {} deliveries again", survey.numbers.len());
            let hint = "--yes sends them without asking; --dry-run shows them";
            if !agreed(context, &what, hint)? {
                context.note("nothing was sent")?;
                return Ok(Exit::Done);
            }
        }
        let body = match survey.numbers.first() {
            Some(number) if order.edit => Some(edited_body(context, reader, *number)?),
            _ => None,
        };
        let secret = Some(&self.secret).filter(|_| order.terms.make == Make::Afresh);
        let from = (&goal, &providers);
        let stamps = stamps(context, reader, from, &survey.places, secret)?;
        let ready = Ready {
            reader,
            survey,
            goal: &goal,
            providers,
            changes: Changes {
                make: order.terms.make,
                new_id: order.new_id,
                extra,
                body,
            },
        };
        block_on(self.carry_out(context, ready, stamps, order))
    }

    async fn carry_out(
        &self,
        context: &mut Context,
        ready: Ready<'_>,
        stamps: Vec<Stamp>,
        order: Order,
    ) -> Result<Exit, Error> {
        self.guard(context, &ready, &stamps).await?;
        let terms = Terms {
            insecure: self.insecure,
            provider_file: provider_file(context),
            ..order.terms
        };
        let terms = stamped(terms, &stamps);
        let mut reporter = context.reporter_of(ready.providers.all(), true);
        if self.dry_run {
            let ways = ways(None, &ready.providers, &terms, stamps)?;
            return ready.show(context, reporter.as_mut(), &ways);
        }
        let journal = queue(context, &terms)?;
        let ways = ways(Some(&journal), &ready.providers, &terms, stamps)?;
        let (writer, _, run) = parts(&journal)?;
        let enlisted = enlist(writer, run, ready.jobs(&ways))?;
        reporter.begin(&Prospect::of(enlisted.here))?;
        for number in enlisted.elsewhere {
            reporter.update(&Update::Elsewhere { number })?;
        }
        let route = |waiting: &Waiting| {
            let place: Place = (waiting.provider.clone(), waiting.endpoint.clone());
            Some(Arc::clone(&ways.get(&place)?.route))
        };
        let errand = Errand {
            journal,
            limits: order.limits,
            expected: self.expect.as_ref(),
            patience: None,
        };
        errand.run_queued(context, reporter.as_mut(), route).await
    }

    /// Refuses places that nothing shall be sent to.
    async fn guard(
        &self,
        context: &Context,
        ready: &Ready<'_>,
        stamps: &[Stamp],
    ) -> Result<(), Error> {
        for stamp in stamps {
            let (place, url) = stamp.target();
            if !self.allow_self
                && let Some(address) = own_listener(&context.paths.listeners(), &url.0).await
            {
                let shown = url.shown();
                return Err(Error::input(format!(
                    "`{shown}` is a `wh listen` of yours, on {address}"
                ))
                .detail("it would record what it has sent")
                .hint("--allow-self sends there all the same"));
            }
            if self.strict_url
                && let Some(provider) = ready.providers.known(&place.0)
            {
                check_url(provider, &url.0).await?;
            }
        }
        Ok(())
    }
}

impl Ready<'_> {
    /// The deliveries, one after the other as they are asked for: their bodies are not held.
    fn jobs(&self, ways: &Ways) -> impl Iterator<Item = Result<Job, Error>> {
        self.survey
            .numbers
            .iter()
            .map(|number| self.job(*number, ways))
    }

    fn job(&self, number: i64, ways: &Ways) -> Result<Job, Error> {
        let recorded = self
            .reader
            .last_attempt(number)?
            .ok_or_else(|| gone(number))?;
        let place = self.goal.place_of(number, &recorded.attempt)?;
        let way = ways.get(&place).ok_or_else(|| gone(number))?;
        let recorded_by = self.providers.known(&recorded.attempt.provider);
        let job = self.changes.job(self.reader, recorded, way, recorded_by)?;
        check(&job)?;
        Ok(job)
    }

    /// Shows what would be sent: one delivery whole, several as a list.
    fn show(
        &self,
        context: &mut Context,
        reporter: &mut dyn Reporter,
        ways: &Ways,
    ) -> Result<Exit, Error> {
        let is_list = self.survey.numbers.len() > 1 && !context.global.json;
        for (number, job) in self.survey.numbers.iter().zip(self.jobs(ways)) {
            let job = job?;
            let outgoing = job.route.outgoing(&job);
            if is_list {
                let line = format!(
                    "#{number}  {}  {}  attempt {}",
                    outgoing.event, outgoing.url, outgoing.attempt
                );
                let line = Safe::line(line);
                writeln!(context.streams.out(), "{line}")?;
                continue;
            }
            let place: Place = (outgoing.provider.clone(), outgoing.url.clone());
            let way = ways.get(&place).ok_or_else(|| gone(*number))?;
            with_dry_run(&job, &way.url, |dry_run| reporter.dry_run(dry_run))??;
        }
        Ok(Exit::Done)
    }
}

/// Says which test deliveries are left out; an error where nothing else is left.
fn tell_tests(context: &mut Context, survey: &Survey) -> Result<(), Error> {
    let left_out = match survey.tests.as_slice() {
        [] => return Ok(()),
        [one] => format!("#{one} is a test delivery: the platform sends only live ones again"),
        several => {
            let many = count(several.len() as u64);
            format!("{many} are test deliveries: the platform sends only live ones again")
        }
    };
    let hint = "--include-tests sends test deliveries too";
    if survey.numbers.is_empty() {
        return Err(Error::input(left_out).hint(hint));
    }
    context.note(format!("{left_out}; {hint}"))
}

fn edited_body(context: &mut Context, reader: &Reader, number: i64) -> Result<Bytes, Error> {
    let recorded = reader.last_attempt(number)?.ok_or_else(|| gone(number))?;
    let request = recorded.exchange.request;
    edited(context, &request.headers, &request.body)
}
