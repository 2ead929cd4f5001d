//! `wh demo`: what wh does, in a minute.

mod retries;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::capture::{
    ByVerdict, Dedupe, EventFilter, Ledger, ListenerOptions, Parties, Party, Update, serve,
};
use crate::delivery::{Next, Terms};
use crate::message::Headers;
use crate::provider::{Provider, Tamper, Wish, builtin};
use crate::server::Shutdown;
use crate::signature::Secret;

use super::args::{Speed, TargetUrl, keys_of};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::plan::{Plan, route};
use super::runtime::{Signals, block_on};

/// See wh at work: a listener, a signed delivery of each platform, one that was tampered with, retries
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

/// The deliveries of the demo: provider, event, and what is damaged.
const SCENES: [(&str, &str, Option<Tamper>); 5] = [
    ("cepro", "estimate.created", None),
    ("wlcro", "client.created", None),
    ("tenant", "account.updated", None),
    ("orgjobs", "job.created", None),
    ("cepro", "invoice.paid", Some(Tamper::Body)),
];

/// What a receiver fails to take twice: provider and event.
const RETRIED: (&str, &str) = ("cepro", "job.completed");

/// The number of that scene.
const LAST: i64 = 6;

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
    for (number, (id, event, tamper)) in (1..).zip(SCENES) {
        let provider = known(id)?;
        let told = match tamper {
            None => format!("{} signs {event}; the listener verifies it", provider.name),
            Some(kind) => format!("the {kind} is changed on the way; the listener refuses it"),
        };
        title(context, number, &told)?;
        scene(context, &provider, event, tamper, number).await?;
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
    context.note("yours: `wh listen --secret-file FILE` in one terminal, `wh send EVENT --url 4600` in another")?;
    Ok(Exit::Done)
}

fn known(id: &str) -> Result<Provider, Error> {
    builtin(id).ok_or_else(|| Error::input(format!("there is no provider `{id}`")))
}

/// Says what comes, to people.
fn title(context: &mut Context, number: i64, told: &str) -> Result<(), Error> {
    if !context.global.json {
        let paint = context.streams.paint_out();
        let title = paint.strong(format!("{number}. {told}"));
        writeln!(context.streams.out(), "{title}")?;
        context.streams.flush()?;
    }
    Ok(())
}

/// One delivery from a sender to a listener, both in this process.
async fn scene(
    context: &Context,
    provider: &Provider,
    event: &str,
    tamper: Option<Tamper>,
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
    let options = ListenerOptions {
        parties: Parties::One(Box::new(Party {
            provider: provider.clone(),
            keys: keys.clone(),
            public_url: None,
        })),
        accept_invalid: false,
        responder: Box::new(ByVerdict),
        forwarder: None,
        dedupe: Dedupe::Provider,
        events: EventFilter::default(),
        ledger: Ledger::memory(),
    };
    let terms = Terms {
        tamper: tamper.map(|kind| kind.to_string()),
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
    let message = plan.route.compose(&job, Timestamp::now())?.message;
    let outgoing = plan.route.outgoing(&job);
    let attempt = async {
        let attempt = plan.route.client().attempt(&url.0, &message).await;
        trigger.stop();
        attempt
    };
    let (_, attempt) = tokio::join!(serve(socket, options, updates, shutdown), attempt);
    let mut reporter = context.reporter(provider, true);
    reporter.sending(&outgoing)?;
    while let Some(Update::Delivery(mut delivery, _)) = told.recv().await {
        delivery.number = Some(number);
        reporter.received(&delivery, None)?;
        reporter.flush()?;
    }
    let succeeded = outgoing.succeeded(&attempt);
    let next = if succeeded {
        Next::Delivered
    } else {
        Next::Failed
    };
    reporter.attempted(&outgoing, &attempt, &next)?;
    if succeeded == tamper.is_none() {
        Ok(())
    } else {
        Err(Error::unexpected("the demo did not go as it should"))
    }
}
