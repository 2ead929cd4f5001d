//! The HTTP client: no redirects, no proxy, the provider's timeouts.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use thiserror::Error;
use url::Url;

use crate::message::{Headers, Message};

use super::halves::Halves;
use super::{Attempt, Failure, Response};

/// What `wh` calls itself.
pub(crate) const USER_AGENT: &str = concat!("wh/", env!("CARGO_PKG_VERSION"));

/// The most of an answer's body that is kept.
const KEPT: usize = 64 * 1024;

/// The most of an answer's body that is read before the connection is dropped.
const READ: usize = 8 * 1024 * 1024;

/// How a client behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientOptions {
    /// How long an attempt may take in all.
    pub(crate) timeout: Duration,
    /// How long connecting may take.
    pub(crate) connect_timeout: Duration,
    /// Whether certificates go unchecked.
    pub(crate) insecure: bool,
    /// Whether the URL is `https`: setting TLS up costs more than a whole plain exchange.
    pub(crate) tls: bool,
    /// Whether the names of header lines go out in lower case.
    pub(crate) lower_case: bool,
    /// Whether each request has a connection of its own. One that is kept may be closed by the other
    /// side just when the next request goes out, which would then be without an answer.
    pub(crate) fresh: bool,
}

/// Why no client can be made.
#[derive(Debug, Error)]
#[error("cannot set up TLS: {0}")]
pub(crate) struct ClientError(#[from] reqwest::Error);

/// Makes attempts; copies share their connections.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    /// Answers in the place of a receiver: a clock that stands still would end every real exchange.
    #[cfg(test)]
    script: Option<Script>,
}

/// What is answered to a request.
#[cfg(test)]
pub(crate) type Script =
    std::sync::Arc<dyn Fn(&reqwest::Request) -> Result<Response, Failure> + Send + Sync>;

/// A request that is ready to go.
pub(crate) struct Ready(Result<reqwest::Request, reqwest::Error>);

impl Client {
    /// A client with these options.
    pub(crate) fn new(options: &ClientOptions) -> Result<Self, ClientError> {
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .http1_only()
            .tcp_nodelay(true)
            .timeout(options.timeout)
            .connect_timeout(options.connect_timeout);
        let builder = if options.lower_case {
            builder
        } else {
            builder.http1_title_case_headers()
        };
        let builder = if options.fresh {
            builder.pool_max_idle_per_host(0)
        } else {
            builder
        };
        // An error says that one is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = if options.tls {
            builder.tls_danger_accept_invalid_certs(options.insecure)
        } else {
            let nobody = rustls::RootCertStore::empty();
            let unused = rustls::ClientConfig::builder().with_root_certificates(nobody);
            builder.tls_backend_preconfigured(unused.with_no_client_auth())
        };
        Ok(Self {
            http: builder.build()?,
            #[cfg(test)]
            script: None,
        })
    }

    /// The same, with answers by a script.
    #[cfg(test)]
    pub(crate) fn scripted(self, script: Script) -> Self {
        let script = Some(script);
        Self { script, ..self }
    }

    /// Sends a message and waits for the whole answer.
    pub(crate) async fn attempt(&self, url: &Url, message: &Message) -> Attempt {
        self.send(self.ready(url, message)).await
    }

    /// The same with the head and half of the body at once, and the rest after a pause.
    pub(crate) async fn attempt_in_halves(
        &self,
        url: &Url,
        message: &Message,
        pause: Duration,
    ) -> Attempt {
        let halves = Halves::apart(&message.body, pause);
        self.send(self.ready_with(url, message, halves)).await
    }

    /// Sends the head of a message and half of its body, and then ends the connection. Whatever is
    /// answered to that, nobody waits for it.
    pub(crate) async fn leave_halfway(&self, url: &Url, message: &Message) {
        let halves = Halves::first(&message.body);
        self.send(self.ready_with(url, message, halves)).await;
    }

    /// The request of a message.
    pub(crate) fn ready(&self, url: &Url, message: &Message) -> Ready {
        Ready(self.request(url, message).build())
    }

    /// The same with its body in halves, whose length is stated.
    fn ready_with(&self, url: &Url, message: &Message, halves: Halves) -> Ready {
        let body = reqwest::Body::wrap(halves);
        Ready(self.request(url, message).body(body).build())
    }

    /// Sends a request and waits for the whole answer.
    pub(crate) async fn send(&self, ready: Ready) -> Attempt {
        let at = Timestamp::now();
        let begun = Instant::now();
        #[cfg(test)]
        if let (Some(script), Ok(request)) = (&self.script, &ready.0) {
            let outcome = script(request);
            return Attempt {
                at,
                elapsed: Duration::ZERO,
                outcome,
            };
        }
        let outcome = self
            .exchange(ready)
            .await
            .map_err(|error| Failure::of_client(&error));
        Attempt {
            at,
            elapsed: begun.elapsed(),
            outcome,
        }
    }

    fn request(&self, url: &Url, message: &Message) -> RequestBuilder {
        let method = message.method.parse().unwrap_or(reqwest::Method::POST);
        let mut headers = header_map(&message.headers);
        if message.body.is_empty() {
            // The client would leave it out, and some servers answer 411 to that.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        self.http
            .request(method, url.clone())
            .headers(headers)
            .body(message.body.clone())
    }

    async fn exchange(&self, ready: Ready) -> Result<Response, reqwest::Error> {
        let mut response = self.http.execute(ready.0?).await?;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let headers: Headers = headers.collect();
        let (body, truncated) = read_body(&mut response).await?;
        Ok(Response {
            status: response.status().as_u16(),
            headers,
            body,
            truncated,
        })
    }
}

impl Ready {
    /// The header lines, in the client's order; it adds some when it sends.
    pub(super) fn header_lines(&self) -> HeaderMap {
        // The URL was read before; nothing else can keep a request from being built.
        let request = self.0.as_ref();
        request.map_or_else(|_| HeaderMap::new(), |request| request.headers().clone())
    }
}

/// Reads the body; what comes after the first 64 KiB is counted and dropped.
async fn read_body(response: &mut reqwest::Response) -> Result<(Bytes, bool), reqwest::Error> {
    let mut kept = BytesMut::new();
    let mut length = 0;
    while let Some(piece) = response.chunk().await? {
        length += piece.len();
        let room = KEPT - kept.len();
        kept.extend_from_slice(&piece[..piece.len().min(room)]);
        if length > READ {
            break;
        }
    }
    Ok((kept.freeze(), length > KEPT))
}

/// The lines for the client; the command line has refused what is no header before.
pub(super) fn header_map(headers: &Headers) -> HeaderMap {
    let line = |(name, value): (&str, &[u8])| {
        Some((
            HeaderName::try_from(name).ok()?,
            HeaderValue::from_bytes(value).ok()?,
        ))
    };
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers.iter().filter_map(line) {
        map.append(name, value);
    }
    map
}
