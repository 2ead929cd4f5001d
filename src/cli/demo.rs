//! `wh demo`: what wh does, in a minute.

mod retries;

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::capture::{
    ByVerdict, Dedupe, EventFilter, Explainer, Ledger, ListenerOptions, Parties, Party, Update,
    serve,
};
use crate::delivery::{Next, Terms};
use crate::message::Headers;
use crate::provider::{Clues, Provider, Tamper, Wish, builtin};
use crate::report::Diagnosis;
use crate::server::Shutdown;
use crate::signature::Secret;
use crate::term::wrapped;

use super::args::{Speed, TargetUrl, keys_of};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::plan::{Plan, route};
use super::runtime::{Signals, block_on};

/// See wh at work: a signed delivery of each platform, a broken signature explained, retries
///
/// Everything stays on this machine, and nothing is kept.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh demo
  wh demo --speed 10x
  wh demo --json")]
pub(crate) struct Args {
    /// How many times faster the retries come than the platform makes them
    #[arg(long, value_name = "FACTOR", default_value = "60x")]
    speed: Speed,
}

/// What happens to a delivery on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// One byte of the body is changed: nothing would make the signature match again.
    Changed,
    /// The body is parsed and written again, as frameworks do.
    Rewritten,
}

impl Damage {
    fn told(self) -> &'static str {
        match self {
            Self::Changed => "the body is changed on the way; the listener refuses it",
            Self::Rewritten => {
                "the body is parsed and written again on the way; the listener refuses it, and says why"
            }
        }
    }
}

/// The deliveries of the demo: provider, event, and what is damaged.
const SCENES: [(&str, &str, Option<Damage>); 6] = [
    ("cepro", "estimate.created", None),
    ("wlcro", "client.created", None),
    ("tenant", "account.updated", None),
    ("orgjobs", "job.created", None),
    ("cepro", "invoice.paid", Some(Damage::Changed)),
    ("cepro", "invoice.paid", Some(Damage::Rewritten)),
];

/// What a receiver fails to take twice: provider and event.
const RETRIED: (&str, &str) = ("cepro", "job.completed");

/// The number of that scene.
const LAST: i64 = 7;

/// Plays every scene.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    block_on(async {
        let mut signals = Signals::catch()?;
        tokio::select! {
            exit = play(args, context) => exit,
            () = signals.next() => Ok(Exit::Interrupted),
        }
    })
}

async fn play(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    for (number, (id, event, damage)) in (1..).zip(SCENES) {
        let provider = known(id)?;
        let told = match damage {
            None => format!("{} signs {event}; the listener verifies it", provider.name),
            Some(damage) => damage.told().to_owned(),
        };
        title(context, number, &told)?;
        scene(context, &provider, event, damage, number).await?;
        if !context.global.json {
            writeln!(context.streams.out())?;
        }
    }
    let (id, event) = RETRIED;
    let provider = known(id)?;
    let told = format!(
        "the receiver fails twice; {} tries again at its times, here faster",
        provider.name
    );
    title(context, LAST, &told)?;
    retries::play(context, &provider, event, args.speed).await?;
    context.note("yours: `wh listen --secret-file FILE` in one terminal,")?;
    context.note("and `wh send EVENT --url 4600` in another")?;
    Ok(Exit::Done)
}

fn known(id: &str) -> Result<Provider, Error> {
    builtin(id).ok_or_else(|| Error::input(format!("there is no provider `{id}`")))
}

/// Says what comes, to people.
fn title(context: &mut Context, number: i64, told: &str) -> Result<(), Error> {
    if !context.global.json {
        let paint = context.streams.paint_out();
        for line in wrapped(&format!("{number}. {told}"), context.streams.wrap()) {
            writeln!(context.streams.out(), "{}", paint.strong(line))?;
        }
        context.streams.flush()?;
    }
    Ok(())
}

/// One delivery from a sender to a listener, both in this process.
async fn scene(
    context: &Context,
    provider: &Provider,
    event: &str,
    damage: Option<Damage>,
    number: i64,
) -> Result<(), Error> {
    let secret = Secret::new(uuid::Uuid::new_v4().to_string());
    let keys = keys_of(provider, &[secret])?;
    let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url: TargetUrl = format!("http://{}/hooks", socket.local_addr()?)
        .parse()
        .map_err(Error::usage)?;
    let (trigger, shutdown) = Shutdown::new();
    let (updates, mut told) = mpsc::channel(16);
    let party = Party {
        provider: provider.clone(),
        keys: keys.clone(),
        public_url: None,
    };
    let parties = Parties::One(Box::new(party));
    let mut explainer = Explainer::new(parties.clone(), Clues::default);
    let options = listening(parties);
    let terms = Terms {
        tamper: damage.map(|_| Tamper::Body.to_string()),
        ..Terms::default()
    };
    let route = route(
        provider.clone(),
        keys[0].first().cloned(),
        &url,
        terms,
        false,
    )?;
    let plan = Plan {
        route: Arc::new(route),
        extra: Headers::new(),
        attempt: 1,
        is_new: true,
    };
    let mut job = plan.one(&Wish {
        event: Some(event),
        ..Wish::default()
    })?;
    job.number = Some(number);
    let mut message = plan.route.compose(&job, Timestamp::now())?.message;
    if damage == Some(Damage::Rewritten) {
        message.body = rewritten(&job.body)?;
    }
    let outgoing = plan.route.outgoing(&job);
    let attempt = async {
        let attempt = plan.route.client().attempt(&url.0, &message).await;
        trigger.stop();
        attempt
    };
    let (_, attempt) = tokio::join!(serve(socket, options, updates, shutdown), attempt);
    let mut reporter = context.reporter(provider, true);
    reporter.sending(&outgoing)?;
    let mut is_explained = false;
    while let Some(Update::Delivery(mut delivery, _)) = told.recv().await {
        delivery.number = Some(number);
        let found = explainer.explain(&delivery, 0);
        let diagnosis = found.map(|found| Diagnosis::of_received(found, None));
        is_explained |= diagnosis.as_ref().and_then(Diagnosis::found).is_some();
        reporter.received(&delivery, diagnosis.as_ref())?;
        reporter.flush()?;
    }
    let succeeded = outgoing.succeeded(&attempt);
    let next = if succeeded {
        Next::Delivered
    } else {
        Next::Failed
    };
    reporter.attempted(&outgoing, &attempt, &next)?;
    if succeeded == damage.is_none() && is_explained == (damage == Some(Damage::Rewritten)) {
        Ok(())
    } else {
        Err(Error::unexpected("the demo did not go as it should"))
    }
}

/// A listener that keeps nothing.
fn listening(parties: Parties) -> ListenerOptions {
    ListenerOptions {
        parties,
        accept_invalid: false,
        responder: Box::new(ByVerdict),
        forwarder: None,
        dedupe: Dedupe::Provider,
        events: EventFilter::default(),
        ledger: Ledger::memory(),
    }
}

/// The same JSON as whoever parses it writes it: on one line.
fn rewritten(body: &[u8]) -> Result<Bytes, Error> {
    let parsed = serde_json::from_slice::<Value>(body);
    let written = parsed.and_then(|parsed| serde_json::to_vec(&parsed));
    let written = written.map_err(|error| Error::unexpected(error.to_string()))?;
    Ok(written.into())
}
