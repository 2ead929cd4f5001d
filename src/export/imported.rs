//! What a file says of an attempt, before it is one of the store's.

use std::ops::ControlFlow;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use url::Url;
use uuid::Uuid;

use crate::message::{Headers, Message};
use crate::store::{Attempt, Exchange};

/// An attempt that was read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Where it was recorded.
    pub(crate) origin: Origin,
    /// What the file says of it. `of` is 0 where it does not say.
    pub(crate) attempt: Attempt,
    /// Its bytes.
    pub(crate) exchange: Exchange,
    /// How many header lines were left out that no message can have.
    pub(crate) left_out: usize,
}

/// Where an attempt was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// By `wh`.
    Wh {
        /// Our id of the delivery.
        id: Uuid,
        /// The number that the delivery had there.
        number: Option<i64>,
        /// Which of the delivery's attempts it was.
        nth: Option<u32>,
        /// The number of the delivery that it repeats.
        duplicate_of: Option<i64>,
    },
    /// By a browser or a proxy, which knows nothing of providers: of the attempt hold only its
    /// times, its status and its fault.
    Foreign {
        /// What was called.
        url: Url,
    },
}

/// What stands in a file.
#[derive(Debug)]
pub(crate) enum Item {
    /// An attempt.
    Attempt(Box<Imported>),
    /// A request by another scheme than HTTP.
    NotHttp,
}

/// The most characters that are told of what is wrong.
const LONGEST_MESSAGE: usize = 200;

/// Why something in a file is no attempt.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{place}: {message}")]
pub(crate) struct ImportError {
    /// Where it stands.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) message: String,
}

/// Takes what a file holds, one after the other; may end the reading.
pub(crate) type Take<'t> = &'t mut dyn FnMut(Result<Item, ImportError>) -> ControlFlow<()>;

impl ImportError {
    pub(super) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        let mut message = message.into();
        // The parser repeats what it could not read.
        if let Some((cut, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
            message.truncate(cut);
            message.push('…');
        }
        Self {
            place: place.into(),
            message,
        }
    }

    /// An error of the parser, whose first line is line `line` of the file.
    pub(super) fn of(error: &serde_json::Error, line: u64) -> Self {
        let text = error.to_string();
        let (place, message) = match text.rsplit_once(" at line ") {
            Some((message, _)) => {
                let line = line + u64::try_from(error.line()).unwrap_or_default() - 1;
                (format!("line {line}, column {}", error.column()), message)
            }
            None => (format!("line {line}"), text.as_str()),
        };
        Self::new(place, message)
    }
}

/// Header lines as they come from a file: those that no message can have are left out and counted.
#[derive(Default)]
pub(super) struct Sieve {
    pub(super) headers: Headers,
    pub(super) left_out: usize,
}

impl Sieve {
    pub(super) fn push(&mut self, name: &str, value: &[u8]) {
        let breaks = |byte: &u8| matches!(byte, b'\r' | b'\n' | 0);
        if is_token(name) && !value.iter().any(breaks) {
            self.headers.push(name, value);
        } else {
            self.left_out += 1;
        }
    }
}

/// Whether a text is a token (RFC 9110 §5.6.2), as methods and header names are.
fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

/// The message itself, if it can be one.
pub(super) fn checked(message: Message) -> Result<Message, String> {
    if !is_token(&message.method) {
        return Err("the method is none".to_owned());
    }
    if message.target.is_empty() || message.target.contains(|c: char| c.is_ascii_control()) {
        return Err("the target is none".to_owned());
    }
    Ok(message)
}

/// A time as the store keeps it.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    // Some programs leave out the offset.
    let local = || text.parse::<jiff::civil::DateTime>().ok();
    let utc = |local: jiff::civil::DateTime| {
        let zoned = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    };
    let at = text.parse().ok().or_else(|| local().and_then(utc));
    at.and_then(|at: Timestamp| Timestamp::from_microsecond(at.as_microsecond()).ok())
}

/// A duration of so many milliseconds; what is none is 0.
pub(super) fn milliseconds(number: f64) -> Duration {
    Duration::try_from_secs_f64((number * 1000.0).round() / 1e6).unwrap_or_default()
}
