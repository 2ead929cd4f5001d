//! The scene of a receiver that fails twice: the platform's schedule at speed, then the log of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use tokio::net::TcpListener;

use crate::cli::args::{ScheduleArgs, Speed, TargetUrl, signing_key};
use crate::cli::context::Context;
use crate::cli::courier::{Errand, queue_at};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::plan::{Plan, route};
use crate::delivery::Terms;
use crate::message::Headers;
use crate::provider::{Provider, Wish};
use crate::report::{HumanLog, LogReporter as _, Summary};
use crate::server::{Answer, Arrival, Handler, Limits, Shutdown, Trouble, accept};
use crate::signature::Secret;
use crate::store::{Bare, Filter, Reader, Side};

/// Answers 500 a few times, then 200.
struct Failing {
    left: AtomicU32,
}

impl Handler for Failing {
    async fn answer(&self, _: Arrival) -> Answer {
        let fails = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        let (status, body) = match fails {
            Ok(_) => (500, "the database is away\n"),
            Err(_) => (200, "ok\n"),
        };
        Answer {
            status,
            headers: Headers::new(),
            body: Bytes::from_static(body.as_bytes()),
            ..Answer::default()
        }
    }

    fn trouble(&self, _: Trouble) {}
}

/// Plays the scene.
pub(super) async fn play(
    context: &mut Context,
    provider: &Provider,
    event: &str,
    speed: Speed,
) -> Result<(), Error> {
    // It is this user's alone, and gone afterwards.
    let scratch = tempfile::Builder::new().prefix("wh-demo-").tempdir()?;
    let store = scratch.path().join("store.db");
    let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url: TargetUrl = format!("http://{}/hooks", socket.local_addr()?)
        .parse()
        .map_err(Error::usage)?;
    let (trigger, shutdown) = Shutdown::new();
    let left = AtomicU32::new(2);
    let receiver = accept(
        socket,
        Arc::new(Failing { left }),
        Limits::default(),
        shutdown,
    );
    let sender = async {
        let exit = send(context, provider, event, (&url, &store), speed).await;
        trigger.stop();
        exit
    };
    let (_, exit) = tokio::join!(receiver, sender);
    if exit? != Exit::Done {
        return Err(Error::unexpected("the demo did not go as it should"));
    }
    if context.global.json {
        return Ok(());
    }
    log(context, &store)
}

/// Sends one delivery until it is taken.
async fn send(
    context: &mut Context,
    provider: &Provider,
    event: &str,
    (url, store): (&TargetUrl, &Path),
    speed: Speed,
) -> Result<Exit, Error> {
    let secret = Secret::new(uuid::Uuid::new_v4().to_string());
    let key = signing_key(provider, &[secret])?;
    let schedule = ScheduleArgs::at(speed);
    let terms = schedule.terms(Terms::default());
    let journal = queue_at(store, &terms)?;
    let plan = Plan {
        route: Arc::new(route(provider.clone(), key, url, terms, false)?),
        extra: Headers::new(),
        attempt: 1,
        is_new: true,
    };
    let wish = Wish {
        event: Some(event),
        ..Wish::default()
    };
    let mut source = vec![plan.one(&wish)?].into_iter();
    let errand = Errand {
        journal,
        limits: schedule.limits(),
        expected: None,
        patience: None,
    };
    let mut reporter = context.reporter(provider, true);
    errand
        .run(context, reporter.as_mut(), &mut source, |_| Ok(()))
        .await
}

/// Prints what was recorded.
fn log(context: &mut Context, store: &Path) -> Result<(), Error> {
    let Some(reader) = Reader::open(store)? else {
        return Ok(());
    };
    writeln!(context.streams.out(), "\n$ wh log")?;
    context.streams.flush()?;
    let mut reporter = HumanLog::new(context.more_streams(), true);
    let everything = Filter::parse("", Bare::Search, jiff::Timestamp::now())
        .map_err(|error| Error::unexpected(error.to_string()))?;
    let mut listing = reader.list(&everything, Side::NEWEST, 10);
    for lines in &mut listing {
        reporter.list(lines?)?;
    }
    let (tally, more) = listing.finish();
    let cursor = reader.last_row()?;
    reporter.end(&Summary {
        tally,
        cursor,
        more,
    })?;
    Ok(())
}
