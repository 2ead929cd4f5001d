//! A delivery that failed, picked on the terminal.

use std::collections::HashSet;
use std::io::ErrorKind;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::oneshot;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::runtime::{Signals, block_on};
use crate::store::{Bare, Filter, Listed, Outcome, Reader};
use crate::term::{Screen, pick as pick_line};

use super::OrderArgs;

/// The failed attempts that are looked at, and so the deliveries that may be picked.
const RECENT: usize = 500;

/// Has a delivery picked among those whose last attempt failed, the newest first; `None`: nobody
/// picked one.
pub(super) fn pick(
    context: &Context,
    reader: &Reader,
    order: &OrderArgs,
) -> Result<Option<i64>, Error> {
    if !context.streams.can_ask() {
        return Err(Error::usage("nothing says which deliveries to send again")
            .hint("wh replay ID, or a filter: wh replay status:5xx --since 1h"));
    }
    let failed = failed(reader, order.has_goal())?;
    if failed.is_empty() {
        return Err(
            Error::input("no recent delivery has failed").hint("name one: `wh log` lists them")
        );
    }
    let lines: Vec<String> = failed.iter().map(line).collect();
    let picked = chosen(lines)?;
    Ok(picked
        .and_then(|nth| failed.get(nth))
        .map(|line| line.place.delivery))
}

/// Has a line chosen. A signal ends that with the terminal as it was, whoever has the keyboard then.
fn chosen(lines: Vec<String>) -> Result<Option<usize>, Error> {
    block_on(async {
        let mut signals = Signals::catch()?;
        let _screen = Screen::now();
        let (tell, told) = oneshot::channel();
        // It reads keys until the process ends, where a signal was first.
        std::thread::spawn(move || tell.send(pick_line("Send again", &lines)));
        tokio::select! {
            biased;
            () = signals.next() => Err(ErrorKind::Interrupted.into()),
            picked = told => picked.unwrap_or_else(|_| Err(ErrorKind::Interrupted.into())),
        }
        .map_err(|error: std::io::Error| Error::from(error))
    })
}

/// The last lines of the deliveries that failed; of those that were received too, where there is a
/// place for them to go.
fn failed(reader: &Reader, received: bool) -> Result<Vec<Listed>, Error> {
    let text = if received {
        "outcome:failed"
    } else {
        "outcome:failed direction:sent"
    };
    let filter = Filter::parse(text, Bare::Search, Timestamp::now())
        .map_err(|error| Error::unexpected(error.to_string()))?;
    let mut seen = HashSet::new();
    let mut failed = Vec::new();
    for line in reader.page(&filter, None, RECENT)? {
        let number = line.place.delivery;
        if !seen.insert(number) {
            continue;
        }
        let last = reader.last_line(number)?;
        failed.extend(last.filter(|last| last.attempt.outcome == Outcome::Failed));
    }
    Ok(failed)
}

fn line(line: &Listed) -> String {
    let (attempt, number) = (&line.attempt, line.place.delivery);
    let at = attempt.at.to_zoned(TimeZone::system());
    let at = at.strftime("%b %d %H:%M:%S");
    let event = attempt.event.as_deref().unwrap_or("(no event)");
    let fault = attempt
        .fault
        .as_ref()
        .map_or("no answer", |fault| &fault.kind);
    let status = attempt
        .status
        .map_or(fault.to_owned(), |status| status.to_string());
    let endpoint = &attempt.endpoint;
    format!("#{number}  {at}  {event}  {status}  {endpoint}")
}
