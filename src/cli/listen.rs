//! `wh listen`: an inspector for what comes in.

mod answering;
mod forwarding;
mod parties;
mod place;
mod tls;

use std::sync::Arc;

use clap::ValueEnum;
use tokio::sync::mpsc;

use crate::capture::{Dedupe, EventFilter, Ledger, ListenerOptions, serve};
use crate::report::Ready;
use crate::server::Shutdown;
use crate::store::Writer;

use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::printer::Printer;
use super::runtime::{Signals, block_on};
use answering::AnsweringArgs;
use forwarding::ForwardArgs;
use parties::PartyArgs;
use place::PlaceArgs;

pub(super) use parties::settle;

/// Receive deliveries: verify, show and answer them
///
/// Valid deliveries are answered 200, and so are repeats; invalid, stale, ambiguous and unsigned
/// ones 401. Without a secret nothing is verified and everything is answered 200. Several providers,
/// or all of them with `-P auto`, share the port: whose headers fit takes the delivery. Paths have
/// theirs by `[[listen.route]]` in the settings. With `-f`, what would be answered 200 goes on to
/// another program as it came, and that program's answer back.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh listen --secret-file secret.txt
  wh listen -P wlcro --port 0 --json --secret-env WLCRO_SECRET
  wh listen -f 3000 -e 'invoice.*,!invoice.created'")]
pub(crate) struct Args {
    #[command(flatten)]
    place: PlaceArgs,
    /// Show these events only: globs with commas, `!` takes some out again
    #[arg(short, long, value_name = "GLOBS")]
    events: Vec<EventFilter>,
    /// Answer 200 whatever the verdict
    #[arg(long)]
    accept_invalid: bool,
    /// How repeats are known: by the provider's id, or by equal bodies
    #[arg(long, value_name = "HOW", default_value = "provider")]
    dedupe: DedupeArg,
    /// Write credentials in headers out, in JSON
    #[arg(long)]
    no_redact: bool,
    #[command(flatten)]
    answering: AnsweringArgs,
    #[command(flatten)]
    forward: ForwardArgs,
    #[command(flatten)]
    party: PartyArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DedupeArg {
    /// By the provider's id
    Provider,
    /// By equal bodies
    Body,
}

/// Updates that may wait for the reporter.
const WAITING: usize = 1024;

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        let invited = self.party.invite(context)?;
        let mut forwarding = self.forward.forwarding(context)?;
        let forwards = forwarding.forwarder.is_some();
        let answering = self.answering.answering(context, forwards)?;
        let mut reporter = context.reporter_hiding(invited.token_headers, !self.no_redact);
        let mut options = ListenerOptions {
            parties: invited.parties,
            accept_invalid: self.accept_invalid,
            responder: answering.responder,
            forwarder: None,
            dedupe: match self.dedupe {
                DedupeArg::Provider => Dedupe::Provider,
                DedupeArg::Body => Dedupe::Body,
            },
            events: self
                .events
                .into_iter()
                .reduce(EventFilter::merge)
                .unwrap_or_default(),
            ledger: match context.store()? {
                Some(path) => Ledger::stored(Writer::open(&path)?),
                None => Ledger::memory(),
            },
        };
        block_on(async {
            let mut signals = Signals::catch()?;
            let mut place = self.place.open(context).await?;
            forwarding.guard(&mut place, context).await?;
            options.forwarder = forwarding.forwarder.take();
            reporter.ready(&Ready {
                url: place.url.clone(),
                tls: place.shown.take(),
                providers: invited.providers,
                routes: invited.routes,
                unchecked: invited.unchecked,
                accepts_invalid: self.accept_invalid,
                script: answering.told,
                forwards: forwarding.told,
            })?;
            let (trigger, shutdown) = Shutdown::new();
            let trigger = Arc::new(trigger);
            let (updates, told) = mpsc::channel(WAITING);
            let printer = Printer::start(reporter, told, Arc::clone(&trigger));
            let served = async {
                let drained = serve(place.entrance, options, updates, shutdown).await;
                printer.end(drained).await
            };
            let stop = async {
                signals.next().await;
                trigger.stop();
                signals.next().await;
            };
            tokio::select! {
                result = served => result.map(|()| Exit::Done),
                () = stop => Ok(Exit::Interrupted),
            }
        })
    }
}
