//! Attempts as entries of an archive.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use crate::message::{Headers, Record};
use crate::store::{Direction, Recorded};

use super::super::json_lines::Kept;
use super::super::{REDACTED, Redacting};

/// What stands before the first entry; entries are separated by commas.
pub(crate) fn har_start(version: &str, redacting: &Redacting) -> String {
    let creator = json!({"name": "wh", "version": version});
    let comment = if redacting.is_on() {
        "credentials are taken out: their values read (redacted)"
    } else {
        "nothing is taken out"
    };
    format!(
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"comment\":\"{comment}\",\"entries\":[\n"
    )
}

/// What stands after the last entry.
pub(crate) fn har_end() -> &'static str {
    "\n]}}\n"
}

/// An attempt as an entry of an archive.
#[derive(Serialize)]
pub(crate) struct HarEntry<'a> {
    #[serde(rename = "startedDateTime")]
    started: String,
    time: f64,
    request: Request<'a>,
    response: Answer<'a>,
    cache: Nothing,
    timings: Timings,
    #[serde(rename = "_wh")]
    ours: Kept<'a>,
    #[serde(rename = "_wh_message")]
    message: Ours<'a>,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

/// What an archive has no field for.
#[derive(Serialize)]
struct Ours<'a> {
    target: Cow<'a, str>,
    answered: bool,
    truncated: bool,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    url: String,
    #[serde(rename = "httpVersion")]
    http: &'a str,
    cookies: [Nothing; 0],
    headers: Vec<Header<'a>>,
    #[serde(rename = "queryString")]
    query: Vec<Value>,
    #[serde(rename = "postData", skip_serializing_if = "Option::is_none")]
    post: Option<Post<'a>>,
    #[serde(rename = "headersSize")]
    headers_size: i64,
    #[serde(rename = "bodySize")]
    body_size: usize,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: u16,
    #[serde(rename = "statusText")]
    status_text: &'static str,
    #[serde(rename = "httpVersion")]
    http: &'a str,
    cookies: [Nothing; 0],
    headers: Vec<Header<'a>>,
    content: Content<'a>,
    #[serde(rename = "redirectURL")]
    redirect: &'static str,
    #[serde(rename = "headersSize")]
    headers_size: i64,
    #[serde(rename = "bodySize")]
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Header<'a> {
    name: &'a str,
    value: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
    #[serde(rename = "_b64", skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

/// The format has an encoding for answers only.
#[derive(Serialize)]
struct Post<'a> {
    #[serde(rename = "mimeType")]
    mime: &'a str,
    text: Cow<'a, str>,
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Serialize)]
struct Content<'a> {
    size: usize,
    #[serde(rename = "mimeType")]
    mime: &'a str,
    text: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

impl<'a> HarEntry<'a> {
    /// The entry of an attempt.
    pub(crate) fn of(recorded: &'a Recorded, redacting: &Redacting) -> Self {
        let wait = recorded.attempt.took.as_secs_f64() * 1000.0;
        let response = recorded.exchange.response.as_ref();
        Self {
            started: format!("{:.6}", recorded.attempt.at),
            time: wait,
            request: request(recorded, redacting),
            response: answer(recorded, redacting),
            cache: Nothing {},
            timings: Timings {
                send: 0.0,
                wait,
                receive: 0.0,
            },
            ours: Kept::of(recorded),
            message: Ours {
                target: redacting.target(recorded),
                answered: response.is_some(),
                truncated: response.is_some_and(|response| response.truncated),
            },
        }
    }
}

fn request<'a>(recorded: &'a Recorded, redacting: &Redacting) -> Request<'a> {
    let exchange = &recorded.exchange;
    let message = &exchange.request;
    let (text, encoding) = coded(&message.body);
    let post = Post {
        mime: mime(&message.headers),
        text,
        encoding,
    };
    let target = redacting.target(recorded);
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    Request {
        method: &message.method,
        url: url(recorded, &target),
        http: &exchange.http,
        cookies: [],
        headers: headers(&message.headers, redacting),
        query: pairs
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect(),
        post: (!message.body.is_empty()).then_some(post),
        headers_size: -1,
        body_size: message.body.len(),
    }
}

/// Where the request went, as far as it is known: what was received names no scheme, and its host is
/// what the sender says.
fn url(recorded: &Recorded, target: &str) -> String {
    let message = &recorded.exchange.request;
    if recorded.attempt.direction == Direction::Sent {
        return recorded.attempt.endpoint.clone();
    }
    let is_plain = |host: &&str| {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(part)
    };
    let host = message.headers.text("host").filter(is_plain);
    let target = if target.starts_with('/') { target } else { "/" };
    format!("http://{}{target}", host.unwrap_or("localhost"))
}

fn answer<'a>(recorded: &'a Recorded, redacting: &Redacting) -> Answer<'a> {
    let response = recorded.exchange.response.as_ref();
    let body = response.map_or(&b""[..], |response| &response.body);
    let (text, encoding) = coded(body);
    Answer {
        // Browsers write 0 where there was no answer.
        status: recorded.attempt.status.unwrap_or_default(),
        status_text: "",
        http: &recorded.exchange.http,
        cookies: [],
        headers: response.map_or_else(Vec::new, |response| headers(&response.headers, redacting)),
        content: Content {
            size: body.len(),
            mime: response.map_or("", |response| mime(&response.headers)),
            text,
            encoding,
        },
        redirect: "",
        headers_size: -1,
        body_size: -1,
        error: recorded.attempt.fault.as_ref().map(|fault| &*fault.message),
    }
}

fn headers<'a>(headers: &'a Headers, redacting: &Redacting) -> Vec<Header<'a>> {
    let line = |(name, value): (&'a str, &'a [u8])| {
        let (value, comment, bytes) = match std::str::from_utf8(value) {
            _ if redacting.hides(name, value) => (REDACTED.into(), Some("redacted"), None),
            Ok(text) => (text.into(), None, None),
            Err(_) => (
                String::from_utf8_lossy(value),
                None,
                Some(Record::base64(value)),
            ),
        };
        Header {
            name,
            value,
            comment,
            bytes,
        }
    };
    headers.iter().map(line).collect()
}

fn mime(headers: &Headers) -> &str {
    headers.text("content-type").unwrap_or_default()
}

/// A body, and how it is written: as it is where it is text.
fn coded(body: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    match std::str::from_utf8(body) {
        Ok(text) => (text.into(), None),
        Err(_) => (Record::base64(body).into(), Some("base64")),
    }
}
