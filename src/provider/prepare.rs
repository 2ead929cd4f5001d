//! From what a user asks for to an event, an id and a body.

use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use crate::message::json::{Edit, EditError, scalar};
use crate::signature::{Field, Source};

use super::{Filling, IdForm, Provider, nearest, render};

/// What to send.
#[derive(Clone, Debug, Default)]
pub struct Wish<'w> {
    /// The event's name; may be left out where the body or the test names it.
    pub event: Option<&'w str>,
    /// The user's own body.
    pub data: Option<Bytes>,
    /// Whether it is the platform's test delivery.
    pub test: bool,
    /// Whether names that are not in the catalogue are sent too.
    pub force: bool,
    /// Changes to the body.
    pub edits: &'w [Edit],
    /// The webhook id to use.
    pub id: Option<&'w str>,
}

/// A delivery that is ready to be composed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The event's name.
    pub event: String,
    /// The webhook id: the one that was asked for, the one in the body, or a new one.
    pub id: String,
    /// The body.
    pub body: Bytes,
}

/// Why there is nothing to send.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PrepareError {
    /// Neither an event nor a body that names one.
    #[error("name the event to send")]
    NoEvent,
    /// The catalogue has no such event.
    #[error("`{provider}` has no event `{event}`")]
    Unknown {
        /// The provider's id.
        provider: String,
        /// The name that was asked for.
        event: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// The platform documents no test delivery.
    #[error("`{0}` documents no test delivery")]
    NoTest(String),
    /// A change cannot be made.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The platform's ids are integers.
    #[error("`{0}` is no id here: the ids of `{1}` are integers")]
    NotInteger(String, String),
    /// The id stands in a body that is the user's own.
    #[error("an id has no place: `{0}` has it in the body, and the body is yours")]
    IdInData(String),
    /// The body is not text, so it cannot be changed by paths.
    #[error("the body is not UTF-8, so no path of it can be changed")]
    NotText,
}

/// Prepares one delivery. `random` makes the id and what varies in a sample.
pub fn prepare(
    provider: &Provider,
    wish: &Wish<'_>,
    now: Timestamp,
    random: u128,
) -> Result<Prepared, PrepareError> {
    let given = wish.data.as_ref();
    let test = provider.test.as_ref().filter(|_| wish.test);
    if wish.test && test.is_none() {
        return Err(PrepareError::NoTest(provider.id.clone()));
    }
    let named = wish.event.map(str::to_owned);
    check_id(provider, wish)?;
    let event = named
        .or_else(|| test.map(|test| test.event.clone()))
        .or_else(|| event_in(provider, given?))
        .filter(|event| !event.is_empty())
        .or_else(|| nameless(provider, wish))
        .ok_or(PrepareError::NoEvent)?;
    let id = wish.id.map(str::to_owned);
    let id = id
        .or_else(|| id_in(provider, given?))
        .unwrap_or_else(|| new_id(&provider.id_rule.make, random));
    let filling = Filling {
        event: &event,
        id: &id,
        now,
        seed: low_bits(random),
    };
    let body = match (given, test) {
        (Some(data), _) => data.clone(),
        (None, Some(test)) => render(sample_text(&test.sample), &filling).into(),
        (None, None) => render(sample_text(sample(provider, &event, wish.force)?), &filling).into(),
    };
    let body = if wish.edits.is_empty() {
        body
    } else {
        edited(&body, wish.edits)?
    };
    Ok(Prepared { event, id, body })
}

/// No name, where the body is the user's own and no header would carry one.
fn nameless(provider: &Provider, wish: &Wish<'_>) -> Option<String> {
    let named = provider
        .headers
        .iter()
        .any(|rule| rule.value.has(&Field::Event));
    (wish.data.is_some() && !named && provider.event_from.is_none()).then(String::new)
}

/// Refuses an id that would not be the one that goes out.
fn check_id(provider: &Provider, wish: &Wish<'_>) -> Result<(), PrepareError> {
    let (Some(id), Some(Source::Body(_))) = (wish.id, &provider.id_rule.from) else {
        return Ok(());
    };
    if wish.data.is_some() {
        return Err(PrepareError::IdInData(provider.id.clone()));
    }
    let digits = !id.is_empty()
        && id.bytes().all(|b| b.is_ascii_digit())
        && (id == "0" || !id.starts_with('0'));
    if provider.id_rule.make == IdForm::Integer && !digits {
        return Err(PrepareError::NotInteger(id.to_owned(), provider.id.clone()));
    }
    Ok(())
}

/// The sample of an event, or the one for any event where the name is welcome or forced.
fn sample<'p>(provider: &'p Provider, event: &str, force: bool) -> Result<&'p str, PrepareError> {
    if let Some(event) = provider.event(event) {
        return Ok(&event.sample);
    }
    match &provider.any_event {
        Some(any) if any.open || force => Ok(&any.sample),
        _ if force => Ok("{}"),
        _ => Err(PrepareError::Unknown {
            provider: provider.id.clone(),
            event: event.to_owned(),
            nearest: nearest(event, provider.events.iter().map(|e| e.name.as_str()))
                .map(str::to_owned),
        }),
    }
}

/// TOML's own newline after the opening quotes is taken off already; one that is left is not meant.
fn sample_text(sample: &str) -> &str {
    sample.strip_suffix('\n').unwrap_or(sample)
}

fn edited(body: &Bytes, edits: &[Edit]) -> Result<Bytes, PrepareError> {
    let text = std::str::from_utf8(body).map_err(|_| PrepareError::NotText)?;
    let changed = edits
        .iter()
        .try_fold(text.to_owned(), |text, edit| edit.apply(&text))?;
    Ok(changed.into())
}

fn event_in(provider: &Provider, body: &Bytes) -> Option<String> {
    match provider.event_from.as_ref()? {
        Source::Body(pointer) => scalar(body, pointer),
        _ => None,
    }
}

fn id_in(provider: &Provider, body: &Bytes) -> Option<String> {
    match provider.id_rule.from.as_ref()? {
        Source::Body(pointer) => scalar(body, pointer),
        _ => None,
    }
}

/// A new webhook id of this form, made from random bits.
#[must_use]
pub fn new_id(form: &IdForm, random: u128) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    match form {
        IdForm::Uuid => uuid::Builder::from_random_bytes(random.to_be_bytes())
            .into_uuid()
            .to_string(),
        IdForm::Integer => (1 + low_bits(random) % ((1 << 53) - 1)).to_string(),
        IdForm::Prefix(prefix) => {
            let mut rest = random;
            let letter = |_| {
                let letter = LETTERS[usize::try_from(rest % 62).unwrap_or_default()];
                rest /= 62;
                char::from(letter)
            };
            format!("{prefix}{}", (0..20).map(letter).collect::<String>())
        }
    }
}

/// The low half of the bits.
fn low_bits(random: u128) -> u64 {
    u64::try_from(random & u128::from(u64::MAX)).unwrap_or_default()
}
