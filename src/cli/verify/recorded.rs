//! A delivery that was recorded, read to be verified.

use std::path::Path;

use jiff::Timestamp;

use crate::cli::args::{Global, read_input};
use crate::cli::context::Context;
use crate::cli::error::{Error, NOTHING_YET};
use crate::message::{Headers, Message, Record};
use crate::store::Direction;

/// What is to be verified.
pub(super) struct Delivered {
    pub(super) message: Message,
    /// The headers whose values were taken out.
    pub(super) redacted: Vec<String>,
    /// The time as of which it was verified, where that is known.
    pub(super) at: Option<Timestamp>,
    /// The URL that it was sent to, where that is known.
    pub(super) url: Option<String>,
}

impl Delivered {
    /// An empty message for a file to go with.
    pub(super) fn nothing() -> Self {
        Self::of(Message {
            method: "POST".into(),
            target: "/".into(),
            headers: Headers::new(),
            body: "".into(),
        })
    }

    fn of(message: Message) -> Self {
        Self {
            message,
            redacted: Vec::new(),
            at: None,
            url: None,
        }
    }

    /// A delivery of the store where it is named as `#1042`, else the line in a file. It names its
    /// provider, which holds where no flag names another.
    pub(super) fn read(named: &Path, context: &mut Context) -> Result<Self, Error> {
        match named.to_str().and_then(number) {
            Some(name) => stored(name, context),
            None => line(named, &mut context.global),
        }
    }
}

/// What stands behind `#`: digits with it, for a message; the beginning of an id without.
fn number(named: &str) -> Option<&str> {
    let name = named.strip_prefix('#')?;
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    Some(if is_number { named } else { name })
}

fn stored(name: &str, context: &mut Context) -> Result<Delivered, Error> {
    let reader = context
        .reader()?
        .ok_or_else(|| Error::input("nothing is recorded yet").hint(NOTHING_YET))?;
    let last = reader.timeline(reader.find(name)?)?.pop();
    let recorded = match last {
        Some(last) => reader.recorded(last.place.row)?,
        None => None,
    };
    let recorded = recorded.ok_or_else(|| {
        Error::input(format!("no attempt of `{name}` is recorded"))
            .hint("it was pruned, or `wh send` ended before it could be recorded")
    })?;
    let attempt = recorded.attempt;
    if attempt.direction == Direction::Received
        && attempt.verdict.is_none()
        && let Some(fault) = attempt.fault
    {
        let number = recorded.place.delivery;
        let why = fault.message;
        return Err(Error::input(format!(
            "nothing of #{number} can be verified: {why}"
        )));
    }
    hold(&mut context.global, Some(attempt.provider));
    let is_sent = attempt.direction == Direction::Sent;
    Ok(Delivered {
        at: Some(attempt.at),
        url: is_sent.then_some(attempt.endpoint),
        ..Delivered::of(recorded.exchange.request)
    })
}

/// A line of `wh listen --json`, as far as it is needed.
#[derive(serde::Deserialize)]
struct RecordedLine {
    provider: Option<String>,
    #[serde(flatten)]
    record: Record<'static>,
}

fn line(path: &Path, global: &mut Global) -> Result<Delivered, Error> {
    let text = read_input(path)?;
    let line: RecordedLine = serde_json::from_slice(&text).map_err(|error| {
        Error::input(format!("`{}` is no delivery: {error}", path.display()))
            .hint("give one line of `wh listen --json` whose type is `delivery`")
    })?;
    hold(global, line.provider);
    let (message, redacted) = line.record.into_message()?;
    Ok(Delivered {
        redacted,
        ..Delivered::of(message)
    })
}

/// Has a recorded delivery's provider hold where no flag names another.
fn hold(global: &mut Global, provider: Option<String>) {
    if global.provider.is_empty() && global.provider_file.is_none() {
        global.provider.extend(provider);
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_delivery_of_the_store_begins_with_a_hash() {
        for (named, name) in [
            ("#1042", Some("#1042")),
            ("#0198c5c5-1", Some("0198c5c5-1")),
            ("#msg_2", Some("msg_2")),
            ("1042", None),
            ("./#1042", None),
            ("-", None),
        ] {
            assert_eq!(number(named), name, "{named}");
        }
    }
}
