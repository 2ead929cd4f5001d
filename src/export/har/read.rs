//! Entries of an archive as attempts.

use std::fmt;
use std::io::Read;
use std::ops::ControlFlow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use url::Url;

use crate::message::Message;
use crate::store::{Attempt, Direction, Exchange, Fault, Response};

use super::super::imported::{
    ImportError, Imported, Item, Origin, Sieve, Take, checked, milliseconds, time,
};
use super::super::raw_line::outcome_of;
use super::model::{Answer, Content, Entry, Header, Post, Request};

/// The most that is kept of the body of somebody else's answer, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Reads every entry of an archive. An error of the archive itself ends it.
pub(crate) fn read_har(source: impl Read, take: Take<'_>) -> Result<(), ImportError> {
    let mut parser = serde_json::Deserializer::from_reader(source);
    let mut state = State {
        take,
        number: 0,
        is_ended: false,
    };
    let read = Level {
        names: &["log", "entries"],
        state: &mut state,
    }
    .deserialize(&mut parser);
    if state.is_ended {
        return Ok(());
    }
    read.and_then(|()| parser.end())
        .map_err(|error| ImportError::of(&error, 1))
}

struct State<'t> {
    take: Take<'t>,
    number: u64,
    /// Whether nothing more is wanted.
    is_ended: bool,
}

/// The way down to the entries: the names of the objects' fields that are left.
struct Level<'s, 't> {
    names: &'static [&'static str],
    state: &'s mut State<'t>,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.names.is_empty() {
            deserializer.deserialize_seq(self)
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.names {
            [] => "the entries of an archive",
            [_] => "the log of an archive",
            _ => "an archive",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((name, names)) = self.names.split_first() else {
            return Err(A::Error::custom("an object in the place of a list"));
        };
        let mut is_found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == *name && !is_found {
                is_found = true;
                let state = &mut *self.state;
                map.next_value_seed(Level { names, state })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if is_found {
            Ok(())
        } else {
            Err(A::Error::custom(format_args!("there is no `{name}`")))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let state = self.state;
        while let Some(text) = entries.next_element::<Box<RawValue>>()? {
            state.number += 1;
            let place = || format!("entry {}", state.number);
            let item = item(text.get()).map_err(|message| ImportError::new(place(), message));
            if (state.take)(item) == ControlFlow::Break(()) {
                state.is_ended = true;
                return Err(A::Error::custom("ended"));
            }
        }
        Ok(())
    }
}

fn item(text: &str) -> Result<Item, String> {
    let entry: Entry = serde_json::from_str(text).map_err(|error| {
        let text = error.to_string();
        // The place is one in the entry, which nobody can find.
        text.rsplit_once(" at line ")
            .map_or_else(|| text.clone(), |(message, _)| message.to_owned())
    })?;
    if entry.ours.is_some() && entry.message.is_some() {
        return ours(entry).map(|imported| Item::Attempt(Box::new(imported)));
    }
    let url = entry.request.url.as_deref().ok_or("there is no `url`")?;
    let url = Url::parse(url).map_err(|error| format!("its URL is none: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Ok(Item::NotHttp);
    }
    foreign(entry, url).map(|imported| Item::Attempt(Box::new(imported)))
}

/// An entry that `wh` wrote.
fn ours(entry: Entry) -> Result<Imported, String> {
    let (Some(line), Some(message)) = (entry.ours, entry.message) else {
        return Err("it is not ours".to_owned());
    };
    let mut sieve = Sieve::default();
    let request = request(entry.request, message.target, &mut sieve)?;
    let answer = entry.response.unwrap_or_default();
    let response = if message.answered {
        Some(Response {
            truncated: message.truncated,
            ..response(answer, &mut sieve)?
        })
    } else {
        None
    };
    Ok(Imported {
        left_out: sieve.left_out,
        ..line.imported(request, response)?
    })
}

/// An entry that a browser or a proxy wrote.
fn foreign(entry: Entry, url: Url) -> Result<Imported, String> {
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let started = entry.started.as_deref();
    let at = started.ok_or("there is no `startedDateTime`")?;
    let at = time(at).ok_or("`startedDateTime` is no time")?;
    let http = version(entry.request.http.as_deref().unwrap_or_default());
    let mut sieve = Sieve::default();
    let request = checked(request(entry.request, target, &mut sieve)?)?;
    let answer = entry.response.unwrap_or_default();
    let status = answer.status.and_then(status_of);
    let fault = entry.error.or_else(|| answer.error.clone());
    let fault = fault.unwrap_or_else(|| "the file has no answer".to_owned());
    let response = match status {
        Some(_) => Some(cut(response(answer, &mut sieve)?)),
        None => None,
    };
    Ok(Imported {
        origin: Origin::Foreign { url },
        attempt: Attempt {
            direction: Direction::Received,
            provider: String::new(),
            endpoint: request.path().to_owned(),
            event: None,
            webhook_id: None,
            at,
            number: None,
            of: 0,
            status,
            took: milliseconds(entry.time.unwrap_or_default()),
            outcome: outcome_of(status),
            fault: status.is_none().then(|| Fault {
                kind: "other".to_owned(),
                message: fault,
            }),
            verdict: None,
            size: request.body.len() as u64,
            answered: None,
        },
        exchange: Exchange {
            request,
            http,
            exact: false,
            peer: None,
            response,
        },
        left_out: sieve.left_out,
    })
}

fn request(request: Request, target: String, sieve: &mut Sieve) -> Result<Message, String> {
    let headers = request.headers.unwrap_or_default();
    let has_host = headers.iter().any(|header| is_named(header, "host"));
    for header in headers {
        match header.name.as_deref() {
            // What HTTP/2 has in the place of the request line and of `Host`.
            Some(":authority") if !has_host => {
                sieve.push("Host", header.value.unwrap_or_default().as_bytes());
            }
            Some(name) if name.starts_with(':') => {}
            _ => push(header, sieve)?,
        }
    }
    Ok(Message {
        method: request.method.unwrap_or_else(|| "POST".to_owned()),
        target,
        headers: std::mem::take(&mut sieve.headers),
        body: request.post.map_or(Ok(Vec::new()), body)?.into(),
    })
}

fn response(answer: Answer, sieve: &mut Sieve) -> Result<Response, String> {
    for header in answer.headers.unwrap_or_default() {
        if header
            .name
            .as_deref()
            .is_none_or(|name| !name.starts_with(':'))
        {
            push(header, sieve)?;
        }
    }
    let Content { text, encoding } = answer.content.unwrap_or_default();
    Ok(Response {
        headers: std::mem::take(&mut sieve.headers),
        body: decoded(text.unwrap_or_default(), encoding.as_deref())?.into(),
        truncated: false,
    })
}

fn cut(mut response: Response) -> Response {
    if response.body.len() > LONGEST_ANSWER {
        response.body.truncate(LONGEST_ANSWER);
        response.truncated = true;
    }
    response
}

fn is_named(header: &Header, name: &str) -> bool {
    let is = |known: &String| known.eq_ignore_ascii_case(name);
    header.name.as_ref().is_some_and(is)
}

fn push(header: Header, sieve: &mut Sieve) -> Result<(), String> {
    let name = header.name.as_deref().unwrap_or_default();
    let value = header.value.unwrap_or_default();
    match header.bytes {
        Some(bytes) => {
            let bytes = STANDARD
                .decode(bytes)
                .map_err(|_| "the `_b64` of a header is not base64")?;
            sieve.push(name, &bytes);
        }
        // Browsers write several lines of this name as one.
        None if name.eq_ignore_ascii_case("set-cookie") => {
            for line in value.split('\n') {
                sieve.push(name, line.as_bytes());
            }
        }
        None => sieve.push(name, value.as_bytes()),
    }
    Ok(())
}

/// The body of a request: its text, or the fields of a form.
fn body(post: Post) -> Result<Vec<u8>, String> {
    if let Some(text) = post.text {
        return decoded(text, post.encoding.as_deref());
    }
    let mime = post.mime.unwrap_or_default().to_ascii_lowercase();
    let params = post.params.unwrap_or_default();
    if params.is_empty() || mime.starts_with("multipart/") {
        return Ok(Vec::new());
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for param in params {
        let name = param.name.unwrap_or_default();
        form.append_pair(&name, &param.value.unwrap_or_default());
    }
    Ok(form.finish().into_bytes())
}

fn decoded(text: String, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    match encoding {
        Some("base64") => STANDARD
            .decode(text)
            .map_err(|_| "a body is not base64".to_owned()),
        _ => Ok(text.into_bytes()),
    }
}

fn status_of(status: f64) -> Option<u16> {
    let is_status = (100.0..1000.0).contains(&status) && status.fract() == 0.0;
    is_status.then(|| format!("{status:.0}").parse().ok())?
}

/// The version of HTTP, as `wh` writes it.
fn version(text: &str) -> String {
    let text = text.to_ascii_uppercase();
    let number = text
        .strip_prefix("HTTP/")
        .or_else(|| text.strip_prefix('H'));
    match number {
        Some(number @ ("1.0" | "1.1")) => format!("HTTP/{number}"),
        Some("2" | "2.0") => "HTTP/2".to_owned(),
        Some("3" | "3.0") => "HTTP/3".to_owned(),
        _ => String::new(),
    }
}
