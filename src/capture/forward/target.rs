//! One target: which deliveries go there, and as what request.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use crate::capture::EventFilter;
use crate::delivery::end_to_end;
use crate::message::{Headers, Message};

use super::host::Host;

/// A program that deliveries go to.
#[derive(Clone, Debug)]
pub(crate) struct TargetOptions {
    /// The events that it takes.
    pub(crate) events: EventFilter,
    /// Where it is. A path or a query of its own takes the place of the request's; user and password
    /// become an `Authorization` line.
    pub(crate) url: Url,
}

/// A program that deliveries go to, with the way there.
pub(super) struct Target {
    events: EventFilter,
    url: Url,
    /// The header lines that it gets in the place of the request's.
    extra: Headers,
    pub(super) host: Arc<Host>,
}

impl Target {
    /// A target on this host, whose requests get these header lines.
    pub(super) fn new(options: TargetOptions, headers: &Headers, host: Arc<Host>) -> Self {
        let mut extra = headers.clone();
        if let Some(value) = authorization(&options.url)
            && extra.first("authorization").is_none()
        {
            extra.push("Authorization", value);
        }
        Self {
            events: options.events,
            url: options.url,
            extra,
            host,
        }
    }

    /// Whether an event goes here.
    pub(super) fn takes(&self, event: Option<&str>) -> bool {
        self.events.takes(event)
    }

    /// The URL itself, with all that is in it.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Where a request to this target goes, for showing: without user and password, and without the
    /// request's own query, in which a sender may have put a secret.
    pub(super) fn shown(&self, shown_target: &str) -> String {
        let query = self.url.query().map(|query| format!("?{query}"));
        let path = self.path(shown_target);
        format!("{}{path}{}", self.host.shown(), query.unwrap_or_default())
    }

    /// The request as it goes out: its own method, body and header lines but for those that are
    /// replaced, and for `Host`.
    pub(super) fn message(&self, request: &Message) -> Message {
        let own = self.url.query();
        let query = own.or_else(|| {
            local(&request.target)
                .split_once('?')
                .map(|(_, query)| query)
        });
        let query = query.map(|query| format!("?{query}"));
        let is_replaced =
            |name: &str| name.eq_ignore_ascii_case("host") || self.extra.first(name).is_some();
        let has_length = ["content-length", "transfer-encoding"]
            .iter()
            .any(|name| request.headers.first(name).is_some());
        // Said of an empty body too: some servers answer 411 to a request that does not.
        let length = has_length.then(|| request.body.len().to_string());
        let length = length
            .iter()
            .map(|length| ("Content-Length", length.as_bytes()));
        let passed_on = end_to_end(&request.headers);
        let kept = passed_on.iter().filter(|(name, _)| !is_replaced(name));
        Message {
            method: request.method.clone(),
            target: format!(
                "{}{}",
                self.path(&request.target),
                query.unwrap_or_default()
            ),
            headers: kept.chain(self.extra.iter()).chain(length).collect(),
            body: request.body.clone(),
        }
    }

    fn path<'a>(&'a self, target: &'a str) -> &'a str {
        match self.url.path() {
            "" | "/" => {
                let target = local(target);
                target.split_once('?').map_or(target, |(path, _)| path)
            }
            own => own,
        }
    }
}

/// Path and query of a target as it is on the wire, which may name a host too (RFC 9112 §3.2).
fn local(target: &str) -> &str {
    match target.split_once("://") {
        _ if target.starts_with('/') || target == "*" => target,
        Some((_, rest)) => rest.find(['/', '?']).map_or("/", |at| &rest[at..]),
        None => "/",
    }
}

/// The line that user and password of a URL stand for (RFC 7617).
fn authorization(url: &Url) -> Option<String> {
    if url[Position::BeforeUsername..Position::BeforeHost].is_empty() {
        return None;
    }
    let password = url.password().unwrap_or_default();
    let pair: Vec<u8> = percent_decode_str(url.username())
        .chain([b':'])
        .chain(percent_decode_str(password))
        .collect();
    Some(format!("Basic {}", STANDARD.encode(pair)))
}
