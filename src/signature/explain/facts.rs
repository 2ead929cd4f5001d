//! What a delivery offers to be signed beside its body: the scheme's own fields, and others.

use crate::message::TimestampForm;
use crate::signature::{Envelope, Field, Scheme, Source};

use super::reading::MOST_LINES;
use super::spelling::SEPARATORS;
use super::url::urls;
use super::{Cause, Question};

/// A value for each field.
#[derive(Clone, Default)]
pub(super) struct Facts {
    pub(super) timestamp: Option<String>,
    pub(super) id: Option<String>,
    pub(super) url: Option<String>,
    /// Which of several lines of a signed header counts, from 0.
    pub(super) nth: usize,
}

/// Everything that a delivery offers.
pub(super) struct Known {
    /// The fields as the scheme reads them, or as it might; the causes are what it stumbles over.
    pub(super) own: Vec<(Vec<Cause>, Facts)>,
    /// The same with what is missing left out, for texts that do without.
    pub(super) bare: (Vec<Cause>, Facts),
    /// Other header lines that hold a time: name and value.
    pub(super) times: Vec<(String, String)>,
    /// Header lines that hold an id, the scheme's own first.
    pub(super) ids: Vec<String>,
}

/// More values of one kind are not tried.
const MOST: usize = 4;

/// A longer id or timestamp is none.
const LONGEST: usize = 256;

/// Reads what a delivery offers.
pub(super) fn facts(question: &Question<'_>) -> Known {
    let (scheme, envelope) = (question.scheme, &question.envelope);
    let stamps = stamps(scheme, envelope);
    let times = times(scheme, envelope);
    let ids = match &scheme.id {
        Some(source) => envelope.values(source),
        None => Vec::new(),
    };
    let timestamps = choices(
        "timestamp",
        scheme.signs_timestamp(),
        &stamps,
        &times,
        scheme.timestamp.as_ref().map(|rule| &rule.from),
    );
    let signs_id = scheme.signs.has(&Field::Id);
    let spares = spare_ids(scheme, envelope);
    let id_choices = if signs_id {
        choices("id", true, &ids, &spares, scheme.id.as_ref())
    } else {
        vec![(None, ids.first().cloned())]
    };
    let mut own = Vec::new();
    for (late, timestamp) in &timestamps {
        for (named, id) in &id_choices {
            for (repeated, nth) in signed_lines(scheme, envelope) {
                for (public, url) in url_choices(question) {
                    let causes = [late.clone(), named.clone(), repeated.clone(), public];
                    let facts = Facts {
                        timestamp: timestamp.clone(),
                        id: id.clone(),
                        url,
                        nth,
                    };
                    own.push((causes.into_iter().flatten().collect::<Vec<_>>(), facts));
                }
            }
        }
    }
    own.retain(|(causes, _)| causes.len() <= 2);
    let is_short_of = |values: &[String], is_signed| is_signed && values.is_empty();
    let bare = own.first().cloned().filter(|_| {
        !is_short_of(&stamps, scheme.signs_timestamp()) && !is_short_of(&ids, signs_id)
    });
    let bare = bare.unwrap_or_else(|| {
        let facts = Facts {
            timestamp: stamps.first().cloned(),
            id: ids.first().cloned(),
            url: envelope.url.map(str::to_owned),
            nth: 0,
        };
        (Vec::new(), facts)
    });
    let ids = ids.into_iter().chain(spares.into_iter().map(|(_, id)| id));
    let ids = ids.take(MOST).collect();
    Known {
        own,
        bare,
        times,
        ids,
    }
}

/// The timestamps that stand where the scheme's does; within a signature header in any list.
pub(super) fn stamps(scheme: &Scheme, envelope: &Envelope<'_>) -> Vec<String> {
    let Some(rule) = &scheme.timestamp else {
        return Vec::new();
    };
    let is_short = |text: &String| text.len() <= LONGEST;
    if rule.from != Source::Signature {
        let values = envelope.values(&rule.from);
        return values.into_iter().filter(is_short).take(MOST).collect();
    }
    let names = std::iter::once(&scheme.header).chain(&scheme.aliases);
    let mut values: Vec<_> = names.flat_map(|name| envelope.headers.all(name)).collect();
    if values.is_empty() {
        // The whole value may stand in another line.
        let lines = envelope.headers.iter().take(MOST_LINES);
        let is_read = |value: &&[u8]| scheme.value.read(value).is_some();
        values = lines.map(|(_, value)| value).filter(is_read).collect();
    }
    let before = scheme.value.literals().timestamp.unwrap_or_default();
    let read = values.into_iter().flat_map(|value| {
        let strict = scheme.value.read(value).unwrap_or_default().timestamps;
        if strict.is_empty() {
            loose(before, value)
        } else {
            strict
        }
    });
    let text = read.map(|text| String::from_utf8_lossy(text).into_owned());
    let mut stamps: Vec<_> = text.filter(is_short).take(MOST).collect();
    // A whole header that stands twice does not make two timestamps of one.
    stamps.dedup();
    stamps
}

/// What follows the literal of a timestamp, up to the next separator of any kind.
fn loose<'v>(before: &str, value: &'v [u8]) -> Vec<&'v [u8]> {
    let pieces = value.split(|byte| SEPARATORS.contains(byte));
    let named = pieces.filter_map(|piece| piece.strip_prefix(before.as_bytes()));
    named.take(MOST).collect()
}

/// Other header lines that are named like a time and read as one.
fn times(scheme: &Scheme, envelope: &Envelope<'_>) -> Vec<(String, String)> {
    let own = scheme.timestamp.as_ref().map(|rule| &rule.from);
    let is_own =
        |name: &str| matches!(own, Some(Source::Header(own)) if own.eq_ignore_ascii_case(name));
    let lines = text_lines(envelope).filter(|(name, value)| {
        let lower = name.to_ascii_lowercase();
        let is_named = lower.contains("time") || lower.contains("date") || lower.ends_with("-ts");
        is_named && !is_own(name) && TimestampForm::read_any(value).is_ok()
    });
    owned(lines)
}

/// Other header lines that are named like an id.
fn spare_ids(scheme: &Scheme, envelope: &Envelope<'_>) -> Vec<(String, String)> {
    let is_own = |name: &str| matches!(&scheme.id, Some(Source::Header(own)) if own.eq_ignore_ascii_case(name));
    let lines = text_lines(envelope).filter(|(name, _)| {
        let lower = name.to_ascii_lowercase();
        let last = lower.rsplit('-').next().unwrap_or_default();
        ["id", "delivery", "uuid", "guid"].contains(&last) && !is_own(name)
    });
    owned(lines)
}

fn text_lines<'m>(envelope: &Envelope<'m>) -> impl Iterator<Item = (&'m str, &'m str)> {
    let lines = envelope.headers.iter().take(MOST_LINES);
    let texts = lines.filter_map(|(name, value)| Some((name, std::str::from_utf8(value).ok()?)));
    texts.filter(|(_, value)| !value.is_empty() && value.len() <= LONGEST)
}

fn owned<'m>(lines: impl Iterator<Item = (&'m str, &'m str)>) -> Vec<(String, String)> {
    let owned = lines.map(|(name, value)| (name.to_owned(), value.to_owned()));
    owned.take(MOST).collect()
}

/// A value that a field may have, and what is wrong with taking it.
type Choice<T> = (Option<Cause>, T);

/// The values of a timestamp or an id: its own, one of two, or one that stands elsewhere.
fn choices(
    what: &'static str,
    is_signed: bool,
    values: &[String],
    spares: &[(String, String)],
    from: Option<&Source>,
) -> Vec<Choice<Option<String>>> {
    let own = from.map(ToString::to_string).unwrap_or_default();
    match values {
        [] if is_signed => {
            let spare = |(name, value): &(String, String)| {
                let cause = elsewhere(what, name, &own);
                (Some(cause), Some(value.clone()))
            };
            spares.iter().map(spare).collect()
        }
        [] => vec![(None, None)],
        [value] => vec![(None, Some(value.clone()))],
        several => {
            let count = several.len();
            let one = |(nth, value): (usize, &String)| {
                let cause = twice(what, count, nth);
                (Some(cause), Some(value.clone()))
            };
            several.iter().take(MOST).enumerate().map(one).collect()
        }
    }
}

fn elsewhere(what: &str, name: &str, own: &str) -> Cause {
    let id = if what == "id" {
        "header-id-elsewhere"
    } else {
        "header-timestamp-elsewhere"
    };
    Cause::condition(
        id,
        format!("the {what} is taken from `{name}`"),
        format!("Send the {what} in the {own}, where the platform does."),
    )
}

fn twice(what: &str, count: usize, nth: usize) -> Cause {
    let id = if what == "id" {
        "header-id-twice"
    } else {
        "header-timestamp-twice"
    };
    let which = ["first", "second", "third", "fourth"][nth.min(3)];
    Cause::condition(
        id,
        format!("the {which} of {count} {what}s is taken"),
        format!("Send one {what}: receivers differ in which they take."),
    )
}

/// Which line of a signed header counts, where one stands more than once.
fn signed_lines(scheme: &Scheme, envelope: &Envelope<'_>) -> Vec<Choice<usize>> {
    let lines = |name: &&str| envelope.headers.all(name).count();
    let twice = scheme.signs.headers().find(|name| lines(name) > 1);
    let Some(name) = twice else {
        return vec![(None, 0)];
    };
    let count = lines(&name);
    let one = |nth: usize| {
        let which = ["first", "second", "third", "fourth"][nth];
        let words = format!("the {which} of {count} `{name}` is taken");
        let fix = format!("Send `{name}` once: it is under the signature.");
        let cause = Cause::condition("header-signed-twice", words, fix);
        (Some(cause), nth)
    };
    (0..count.min(MOST)).map(one).collect()
}

/// The URL that was given, or those that the sender may have called where none was.
fn url_choices(question: &Question<'_>) -> Vec<Choice<Option<String>>> {
    let is_signed = question.scheme.signs.has(&Field::Url);
    match question.envelope.url {
        None if is_signed => {
            let guessed = urls(question).into_iter();
            guessed
                .map(|(cause, url)| (Some(cause), Some(url)))
                .collect()
        }
        given => vec![(None, given.map(str::to_owned))],
    }
}

impl Facts {
    /// The bytes of a field.
    pub(super) fn value(&self, field: &Field, question: &Question<'_>) -> Option<Vec<u8>> {
        let envelope = &question.envelope;
        let bytes = match field {
            Field::Timestamp => self.timestamp.as_ref()?.as_bytes(),
            Field::Id => self.id.as_ref()?.as_bytes(),
            Field::Url => self.url.as_ref()?.as_bytes(),
            Field::Method => envelope.method.as_bytes(),
            Field::Header(name) => {
                let nth = envelope.headers.all(name).nth(self.nth);
                return nth
                    .or_else(|| envelope.headers.first(name))
                    .map(<[u8]>::to_vec);
            }
            _ => return None,
        };
        Some(bytes.to_vec())
    }
}
