//! `wh replay --resume` and `--discard`: what ended processes left unfinished.

use std::collections::HashMap;
use std::sync::Arc;

use crate::cli::agreed::agreed;
use crate::cli::args::{Reference, TargetUrl, called, typed};
use crate::cli::context::Context;
use crate::cli::courier::{Errand, endpoint, queue, watch};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::plan::route;
use crate::cli::runtime::block_on;
use crate::cli::signing::Signing;
use crate::config::{find, read_file};
use crate::delivery::{Journal, Limits, Make, Route, Terms};
use crate::provider::Provider;
use crate::report::Prospect;
use crate::signature::Secret;
use crate::store::{Endpoint, Reader, Waiting};

use super::OrderArgs;
use super::queue::parts;

/// What to do where the provider of a leg is not what it was.
const PUT_IT_BACK: &str = "put it back, or wh replay --discard";

/// The run by whose terms deliveries go, their provider and their URL.
type Leg = (i64, String, String);

/// What is to become of the deliveries of a leg.
enum Fate {
    /// They go on.
    Goes(Arc<Route>),
    /// Their endpoint is given none: they stay in the queue.
    Stays,
}

/// Goes on with every delivery that an ended process left.
pub(super) fn resume(
    context: &mut Context,
    order: &OrderArgs,
    limits: Limits,
) -> Result<Exit, Error> {
    let Some(journal) = claimed(context)? else {
        context.note("nothing is unfinished")?;
        return Ok(Exit::Done);
    };
    // Whatever fails from here on leaves the rows to the next one: they are this run's only as long
    // as it lives.
    block_on(async {
        let (_, reader, _) = parts(&journal)?;
        let legs = legs(reader, &journal)?;
        let mut fates = HashMap::with_capacity(legs.len());
        let mut providers = Vec::new();
        let mut going = 0;
        for (leg, count) in legs {
            let terms = terms(reader, &leg)?;
            if let Some(known) = disabled(reader, &leg, &terms)? {
                let (name, stay) = (called(&known), if count == 1 { "stays" } else { "stay" });
                context.note(format!(
                    "{count} to `{name}` {stay} in the queue: the endpoint is disabled"
                ))?;
                context.hint(format!(
                    "wh endpoint enable {}, then wh replay --resume",
                    typed(&known)
                ))?;
                fates.insert(leg, Fate::Stays);
                continue;
            }
            let route = way(context, order, &journal, (&leg, terms))?;
            providers.push(route.provider().clone());
            going += count;
            fates.insert(leg, Fate::Goes(Arc::new(route)));
        }
        let mut reporter = context.reporter_of(providers.iter(), true);
        reporter.begin(&Prospect::of(usize::try_from(going).unwrap_or(usize::MAX)))?;
        let route = |waiting: &Waiting| match fates.get(&leg_of(waiting))? {
            Fate::Goes(route) => Some(Arc::clone(route)),
            Fate::Stays => None,
        };
        let errand = Errand {
            journal,
            limits,
            expected: order.expect.as_ref(),
            patience: None,
        };
        errand.run_queued(context, reporter.as_mut(), route).await
    })
}

/// Takes what is unfinished out of the queue.
pub(super) fn discard(context: &mut Context, yes: bool) -> Result<Exit, Error> {
    let reader = context.reader()?;
    let unfinished = reader.map_or(Ok(0), |reader| reader.unfinished())?;
    if unfinished == 0 {
        context.note("nothing is unfinished")?;
        return Ok(Exit::Done);
    }
    let what = format!("give up {}", deliveries(unfinished));
    let hint = "--yes gives them up without asking; wh replay --resume goes on with them";
    if !yes && !agreed(context, &what, hint)? {
        context.note("nothing was given up")?;
        return Ok(Exit::Done);
    }
    let discarded = match claimed(context)? {
        Some(journal) => {
            let (writer, _, run) = parts(&journal)?;
            writer.withdraw_all(run)?
        }
        None => 0,
    };
    context.note(format!("{} given up", deliveries(discarded)))?;
    Ok(Exit::Done)
}

fn deliveries(count: u64) -> String {
    let one_or_more = if count == 1 { "delivery" } else { "deliveries" };
    format!("{count} unfinished {one_or_more}")
}

/// Makes the rows of ended runs those of a new one; `None`: there are none.
fn claimed(context: &Context) -> Result<Option<Journal>, Error> {
    let reader = context.reader()?;
    if reader.map_or(Ok(0), |reader| reader.unfinished())? == 0 {
        return Ok(None);
    }
    let journal = queue(context, &Terms::default())?;
    let (writer, _, run) = parts(&journal)?;
    let claimed = writer.claim(run)?;
    Ok((claimed > 0).then_some(journal))
}

fn leg_of(waiting: &Waiting) -> Leg {
    (
        waiting.run,
        waiting.provider.clone(),
        waiting.endpoint.clone(),
    )
}

/// The legs of all rows, in the order in which they were queued, and how many rows each has.
fn legs(reader: &Reader, journal: &Journal) -> Result<Vec<(Leg, u64)>, Error> {
    let (_, _, run) = parts(journal)?;
    let mut places: HashMap<Leg, usize> = HashMap::new();
    let mut legs = Vec::new();
    reader.held(run, |waiting| {
        let leg = leg_of(&waiting);
        let place = *places.entry(leg.clone()).or_insert_with(|| {
            legs.push((leg, 0));
            legs.len() - 1
        });
        legs[place].1 += 1;
    })?;
    Ok(legs)
}

/// The terms by which a leg is gone.
fn terms(reader: &Reader, (run, provider, url): &Leg) -> Result<Terms, Error> {
    let text = reader.terms(*run)?.unwrap_or_default();
    let terms: Terms = serde_json::from_str(&text).map_err(|error| {
        Error::input(format!("it is not known how `{url}` was sent to: {error}"))
            .hint("use the version of wh that began it, or wh replay --discard")
    })?;
    Ok(terms.of_place(provider, url))
}

/// The endpoint of a leg, where it is disabled.
fn disabled(reader: &Reader, leg: &Leg, terms: &Terms) -> Result<Option<Endpoint>, Error> {
    let known = endpoint(reader, &leg.1, &leg.2, terms)?;
    Ok(known.filter(|known| !known.active))
}

/// The way of a leg, with its secret and its credentials.
fn way(
    context: &mut Context,
    order: &OrderArgs,
    journal: &Journal,
    (leg, terms): (&Leg, Terms),
) -> Result<Route, Error> {
    let (_, id, shown) = leg;
    let provider = provider(context, id, &terms)?;
    let url = url(order, shown, &terms)?;
    let key = if terms.signed && terms.make == Make::Afresh {
        let whose = format!("`{id}` at {shown}");
        let secret = secret(context, order, &whose, &terms)?;
        Signing::by(&provider, secret, None)?.key
    } else {
        None
    };
    let watch = watch(journal, &provider, shown, &terms)?;
    Ok(route(provider, key, &url, terms, true)?.watched(watch))
}

/// The secret of a leg: what is found where it was found then, and only where nothing is, what a flag
/// gives now. A flag that is meant for another leg must not sign this one.
fn secret(
    context: &mut Context,
    order: &OrderArgs,
    whose: &str,
    terms: &Terms,
) -> Result<Secret, Error> {
    let Some(reference) = &terms.secret else {
        return order.secret.again(context, whose);
    };
    let reference: Reference = reference
        .parse()
        .map_err(|error| Error::input(format!("the secret of {whose}: {error}")))?;
    match reference.read(context) {
        Ok(secret) => Ok(secret),
        Err(gone) => order.secret.by_flag(context)?.ok_or(gone),
    }
}

/// The provider of a leg, as it was named when it was begun.
fn provider(context: &Context, id: &str, terms: &Terms) -> Result<Provider, Error> {
    let found = match &terms.provider_file {
        Some(file) => read_file(file).map_err(Error::from),
        None => find(&context.paths, id).map_err(Error::from),
    };
    let found = found.map_err(|error| error.hint(PUT_IT_BACK))?;
    if found.id == id {
        return Ok(found);
    }
    let file = terms.provider_file.as_deref().map(std::path::Path::display);
    Err(match file {
        Some(file) => Error::input(format!("`{file}` is of `{}` now, not of `{id}`", found.id)),
        None => Error::input(format!("the provider `{id}` is gone")),
    }
    .hint(PUT_IT_BACK))
}

/// The URL of a leg, whose user and password are not kept.
fn url(order: &OrderArgs, shown: &str, terms: &Terms) -> Result<TargetUrl, Error> {
    if !terms.credentials {
        return shown.parse().map_err(Error::input);
    }
    let given = order.url.as_ref();
    let is_same = |url: &&TargetUrl| url.shown() == shown && url.0.as_str() != shown;
    given.filter(is_same).cloned().ok_or_else(|| {
        Error::input(format!(
            "the user and the password of {shown} were in the URL, and are not kept"
        ))
        .hint("give the whole URL again: wh replay --resume --url URL")
    })
}
