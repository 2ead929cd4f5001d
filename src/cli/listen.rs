//! `wh listen`: an inspector for what comes in.

mod answering;
mod audit;
mod child;
mod course;
mod expectations;
mod explaining;
mod forwarding;
mod fresh;
mod goal;
mod observer;
mod outcome;
mod parties;
mod place;
mod printer;
mod session;
mod tls;

use clap::ValueEnum;

use crate::capture::{Dedupe, EventFilter, Ledger, ListenerOptions};
use crate::report::Ready;
use crate::signature::Secret;
use crate::store::Writer;

use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::runtime::block_on;
use answering::{Answering, AnsweringArgs};
use audit::{AuditArgs, answers_alone};
use explaining::Explaining;
use forwarding::{ForwardArgs, Forwarding};
use goal::GoalArgs;
use parties::PartyArgs;
use place::PlaceArgs;
use session::Session;

pub(super) use parties::settle;

/// Receive deliveries: verify, show and answer them
///
/// Valid deliveries are answered 200, and so are repeats; invalid, stale, ambiguous and unsigned
/// ones 401. Without a secret nothing is verified and everything is answered 200. Several providers,
/// or all of them with `-P auto`, share the port: whose headers fit takes the delivery. Paths have
/// theirs by `[[listen.route]]` in the settings. With `-f`, what would be answered 200 goes on to
/// another program as it came, and that program's answer back; with `--respond` a script answers, and
/// with `--audit` the sender is judged.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh listen --secret-file secret.txt
  wh listen -f 3000 -e 'invoice.*,!invoice.created'
  wh listen --expect invoice.paid --count 2 --timeout 30s -- npm test")]
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
    goal: GoalArgs,
    #[command(flatten)]
    audit: AuditArgs,
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

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        self.audit.name_provider(context)?;
        let watch = self.audit.watch(context)?;
        let print_secret = self.goal.print_secret;
        let only_prints = self.goal.only_prints();
        let has_command = self.goal.has_command();
        let accepts_all = self.accept_invalid || watch.is_some();
        let mut aims = self.goal.aims(accepts_all)?;
        aims.course.ends_when_met |= watch.is_some();
        let invited = self.party.invite(context, print_secret)?;
        if print_secret {
            print(context, &invited.secrets, has_command)?;
        }
        if only_prints && watch.is_none() {
            return Ok(Exit::Done);
        }
        let (forwarding, answering) = if let Some(watch) = &watch {
            answers_alone(context, &self.forward)?;
            let answering = Answering::by(watch.responder());
            (Forwarding::default(), answering)
        } else {
            let forwarding = self.forward.forwarding(context)?;
            let forwards = forwarding.forwarder.is_some();
            (forwarding, self.answering.answering(context, forwards)?)
        };
        let hidden = invited.token_headers.clone();
        let reporter = if has_command {
            context.reporter_aside(hidden, !self.no_redact)
        } else {
            context.reporter_hiding(hidden, !self.no_redact)
        };
        let store = context.store()?;
        let secrets = &invited.secrets;
        let explaining = Explaining::new(&invited.parties, context, secrets, store.is_some())
            .beside(watch.as_ref());
        let options = ListenerOptions {
            parties: invited.parties,
            accept_invalid: accepts_all,
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
            ledger: match &store {
                Some(path) => Ledger::stored(Writer::open(path)?),
                None => Ledger::memory(),
            },
        };
        let ready = Ready {
            url: String::new(),
            tls: None,
            providers: invited.providers,
            routes: invited.routes,
            unchecked: invited.unchecked && watch.is_none(),
            accepts_invalid: self.accept_invalid,
            script: answering.told,
            forwards: Vec::new(),
        };
        let session = Session {
            place: self.place,
            forwarding,
            options,
            explaining,
            ready,
            aims,
            watch,
            store,
            secrets: invited.secrets,
            token_headers: invited.token_headers,
        };
        block_on(session.run(reporter, context))
    }
}

/// Prints the first secret, and only that, as a line; aside, where standard output is a command's.
fn print(context: &mut Context, secrets: &[Secret], is_aside: bool) -> Result<(), Error> {
    if let Some(secret) = secrets.first() {
        let out = if is_aside {
            context.streams.err()
        } else {
            context.streams.out()
        };
        out.write_all(secret.expose())?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}
