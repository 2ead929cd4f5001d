//! What a delivery presents that may be its signature, wherever it stands.

use percent_encoding::percent_decode_str;

use crate::signature::{Envelope, Scheme};

use super::Cause;
use super::method::agree;
use super::spelling::{FEWEST_BYTES, readings, too_long, truncated};

/// Bytes that may be the signature, and what is wrong with how they are presented.
#[derive(Clone)]
pub(super) struct Reading {
    /// At most two; none where the scheme itself reads these bytes.
    pub(super) causes: Vec<Cause>,
    pub(super) bytes: Vec<u8>,
    /// Whether it stands in the scheme's own header.
    pub(super) is_own: bool,
}

/// Where readings were looked for.
pub(super) struct Presented {
    /// Those of the scheme's own header first; of equal ones the one with the fewest causes.
    pub(super) readings: Vec<Reading>,
    /// The other header lines that were read.
    pub(super) lines: usize,
    /// The parameters of the query that were read.
    pub(super) parameters: usize,
    /// Whether there were more lines or values than are read.
    pub(super) is_cut: bool,
}

/// More lines of the scheme's own header are not read.
pub(super) const MOST_OWN: usize = 4;

/// More other header lines are not read: who sends thousands is no caller of a platform.
pub(super) const MOST_LINES: usize = 64;

/// More parameters of the query are not read.
pub(super) const MOST_PARAMETERS: usize = 32;

/// More readings are not compared.
const MOST_READINGS: usize = 96;

/// A code may be followed by so many bytes and still be meant.
const MOST_APPENDED: usize = 16;

/// Everything in a delivery that may be its signature.
pub(super) fn presented(scheme: &Scheme, envelope: &Envelope<'_>) -> Presented {
    let is_own = |name: &str| {
        let mut names = std::iter::once(&scheme.header).chain(&scheme.aliases);
        names.any(|own| own.eq_ignore_ascii_case(name))
    };
    let lines = || envelope.headers.iter();
    let own: Vec<_> = lines().filter(|(name, _)| is_own(name)).collect();
    let others: Vec<_> = lines()
        .filter(|(name, _)| !is_own(name))
        .take(MOST_LINES)
        .collect();
    let parameters: Vec<_> = parameters(envelope.target).take(MOST_PARAMETERS).collect();
    let mut found = Vec::new();
    for (nth, (_, value)) in own.iter().take(MOST_OWN).enumerate() {
        let twice = repeated(scheme, &own, nth);
        let own = with(twice.as_ref(), scheme, value);
        found.extend(own.map(|reading| Reading {
            is_own: true,
            ..reading
        }));
    }
    for (name, value) in &others {
        found.extend(with(Some(&elsewhere(scheme, name)), scheme, value));
    }
    for (name, value) in &parameters {
        found.extend(with(Some(&in_query(scheme, name)), scheme, value));
    }
    let is_cut = own.len() > MOST_OWN
        || lines().count() > own.len() + others.len()
        || found.len() > MOST_READINGS;
    found.sort_by_key(|reading| reading.causes.len());
    let mut distinct: Vec<Reading> = Vec::new();
    for reading in found.into_iter().take(MOST_READINGS) {
        // In its own header it may be more than elsewhere.
        let is_known =
            |other: &Reading| other.bytes == reading.bytes && (other.is_own || !reading.is_own);
        if !distinct.iter().any(is_known) {
            distinct.push(reading);
        }
    }
    Presented {
        readings: distinct,
        lines: others.len(),
        parameters: parameters.len(),
        is_cut,
    }
}

/// The readings of a value that stands where `cause` says; those with three causes are left out.
fn with(cause: Option<&Cause>, scheme: &Scheme, value: &[u8]) -> impl Iterator<Item = Reading> {
    let spelled = readings(scheme, value).into_iter();
    let placed = spelled.map(move |(causes, bytes)| Reading {
        causes: cause.cloned().into_iter().chain(causes).collect(),
        bytes,
        is_own: false,
    });
    placed.filter(|reading| reading.causes.len() <= 2)
}

/// What the scheme's own header is a cause of where it does not stand once.
pub(super) fn repeated(scheme: &Scheme, own: &[(&str, &[u8])], nth: usize) -> Option<Cause> {
    let header = &scheme.header;
    let first = own.first()?.1;
    if own.len() == 1 {
        return None;
    }
    let count = own.len();
    Some(if own.iter().all(|(_, value)| *value == first) {
        Cause::statement(
            "header-doubled",
            format!("is right, but `{header}` stands {count} times with the same value"),
            "Send the line once: a proxy or a middleware adds it once more.",
        )
    } else {
        let which = ["first", "second", "third", "fourth"].get(nth)?;
        Cause::statement(
            "header-twice",
            format!("stands {count} times, and the {which} `{header}` is right"),
            "Send one signature header: receivers differ in which they take.",
        )
    })
}

pub(super) fn elsewhere(scheme: &Scheme, name: &str) -> Cause {
    let header = &scheme.header;
    Cause::statement(
        "header-elsewhere",
        format!("stands in `{name}`, not in `{header}`"),
        format!(
            "Send it as `{header}`, or read `{name}` where that is the platform's name for it."
        ),
    )
}

fn in_query(scheme: &Scheme, name: &str) -> Cause {
    let header = &scheme.header;
    Cause::statement(
        "header-in-query",
        format!("stands in the query string as `{name}`, not in `{header}`"),
        format!("Send it as `{header}`: URLs are kept in logs."),
    )
}

/// The parameters of a query, decoded.
pub(super) fn parameters(target: &str) -> impl Iterator<Item = (String, Vec<u8>)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| {
        let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
        (name, percent_decode_str(value).collect())
    })
}

impl Reading {
    /// What is wrong with these bytes as a presentation of `code`; `None` where they are not it.
    ///
    /// Compared in constant time. A part of the code counts from 8 bytes on.
    pub(super) fn presents(&self, code: &[u8]) -> Option<Vec<Cause>> {
        let (presented, whole) = (self.bytes.len(), code.len());
        let common = presented.min(whole);
        let is_near = common >= FEWEST_BYTES && presented <= whole + MOST_APPENDED;
        if !is_near || !agree(&self.bytes[..common], &code[..common]) {
            return None;
        }
        let length = match presented.cmp(&whole) {
            std::cmp::Ordering::Less => Some(truncated(presented, whole)),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(too_long()),
        };
        Some(self.causes.iter().cloned().chain(length).collect())
    }

    /// How many causes the bytes have at least, as a code of so many bytes; `None`: they are none.
    pub(super) fn cost(&self, whole: usize) -> Option<usize> {
        let presented = self.bytes.len();
        let is_near = presented >= FEWEST_BYTES && presented <= whole + MOST_APPENDED;
        is_near.then_some(self.causes.len() + usize::from(presented != whole))
    }
}
