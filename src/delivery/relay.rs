//! Passes requests on as they came.
//!
//! Sends of our own go by [`Client`](super::Client); its library gives every request an `Accept` line
//! that has none, so what is passed on goes by the library below it, which adds `Host` and the length.

mod certificate;
mod hops;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Request, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Connections;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use thiserror::Error;
use url::Url;

use crate::message::{Headers, Message};

use super::client::header_map;
use super::{Failure, FailureKind, Response};
use certificate::AnyCertificate;
pub(crate) use hops::{end_to_end, hop_by_hop};

/// The most of an answer's body that is kept, in bytes: 1 MiB.
pub(crate) const PASSED_BACK: usize = 1024 * 1024;

/// The most of an answer's body that is read before the connection is dropped.
const READ: usize = 8 * 1024 * 1024;

/// How long a connection is kept for the next request. Servers close idle ones, from five seconds on
/// as a rule; a request that meets this has no answer.
const IDLE: Duration = Duration::from_secs(2);

/// Why no relay can be made.
#[derive(Debug, Error)]
#[error("cannot set up TLS: {0}")]
pub(crate) struct RelayError(#[from] rustls::Error);

/// Passes requests on; copies share their connections.
#[derive(Clone)]
pub(crate) struct Relay {
    http: Connections<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// A request that got no answer.
#[derive(Clone, Debug)]
pub(crate) struct Missed {
    /// Why.
    pub(crate) failure: Failure,
    /// Whether it never left, because there was no connection to be had.
    pub(crate) unconnected: bool,
}

impl Relay {
    /// A relay to `https` URLs too where `tls` is on, with certificates unchecked where `insecure` is.
    pub(crate) fn new(tls: bool, insecure: bool) -> Result<Self, RelayError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let http = Connections::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .http1_title_case_headers(true)
            .build(HttpsConnector::from((tcp, config(tls, insecure)?)));
        Ok(Self { http })
    }

    /// Passes a request on to the host of a URL and waits for the whole answer, however long.
    ///
    /// The message's target and header lines go out as they are; `Host`, and the length of a body that has
    /// any, are added where they are not among them.
    pub(crate) async fn pass(&self, host: &Url, message: &Message) -> Result<Response, Missed> {
        let request = request(host, message).map_err(unsendable)?;
        let response = self.http.request(request).await.map_err(|error| Missed {
            failure: Failure::of(&error),
            unconnected: error.is_connect(),
        })?;
        let lines = response.headers().iter();
        let headers: Headers = lines
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let status = response.status();
        if status.is_informational() {
            return Err(unsendable(format!("{status} is no answer")));
        }
        let body = read_body(response.into_body()).await;
        let (body, truncated) = body.map_err(|error| Missed {
            failure: Failure::of(&error),
            unconnected: false,
        })?;
        Ok(Response {
            status: status.as_u16(),
            headers,
            body,
            truncated,
        })
    }
}

/// How TLS is spoken. To read the system's certificates takes longer than a plain exchange.
fn config(tls: bool, insecure: bool) -> Result<ClientConfig, RelayError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let schemes = provider
        .signature_verification_algorithms
        .supported_schemes();
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = match (tls, insecure) {
        (false, _) => builder.with_root_certificates(RootCertStore::empty()),
        (true, false) => builder.with_platform_verifier()?,
        (true, true) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(schemes))),
    };
    Ok(builder.with_no_client_auth())
}

/// The request of a message, or what no request can have.
fn request(host: &Url, message: &Message) -> Result<Request<Full<Bytes>>, String> {
    let cannot = |error: &dyn std::fmt::Display| format!("it cannot be passed on: {error}");
    let authority = match (host.host_str().unwrap_or_default(), host.port()) {
        (name, Some(port)) => format!("{name}:{port}"),
        (name, None) => name.to_owned(),
    };
    let uri = Uri::builder()
        .scheme(host.scheme())
        .authority(authority)
        .path_and_query(message.target.as_str())
        .build()
        .map_err(|error| cannot(&error))?;
    let mut request = Request::new(Full::new(message.body.clone()));
    *request.method_mut() = message.method.parse().map_err(|error| cannot(&error))?;
    *request.uri_mut() = uri;
    *request.headers_mut() = header_map(&message.headers);
    Ok(request)
}

fn unsendable(detail: String) -> Missed {
    Missed {
        failure: Failure {
            kind: FailureKind::Other,
            detail,
        },
        unconnected: false,
    }
}

/// Reads a body; what comes after the first mebibyte is counted and dropped.
async fn read_body(mut body: Incoming) -> Result<(Bytes, bool), hyper::Error> {
    let mut kept = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        // Trailers are no part of the body.
        let Ok(piece) = frame?.into_data() else {
            continue;
        };
        length += piece.len();
        let room = PASSED_BACK - kept.len();
        kept.extend_from_slice(&piece[..piece.len().min(room)]);
        if length > READ {
            break;
        }
    }
    Ok((kept.freeze(), length > PASSED_BACK))
}
