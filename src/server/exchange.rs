//! One exchange: a request becomes an arrival, its answer a response.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
    TRANSFER_ENCODING,
};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode, Version};
use jiff::Timestamp;
use tokio::time::timeout;

use super::connection::{Running, Serving};
use super::content::{Content, CutShort};
use super::head::Head;
use super::wire::Tap;
use super::{Answer, Arrival, Handler, Manner, Refusal, Shutdown, Trouble, body, head};
use crate::message::Message;

/// An exchange that is not over: its end is told to the tap, and it counts as running until then.
#[derive(Debug)]
pub(super) struct Underway {
    tap: Arc<Tap>,
    _running: Running,
}

impl Underway {
    /// An exchange on this connection that has just begun.
    pub(super) fn begin(tap: &Arc<Tap>, running: Running) -> Self {
        Self {
            tap: Arc::clone(tap),
            _running: running,
        }
    }

    /// The connection ends in this manner, once what was answered so far has gone out.
    pub(super) fn cut(&self, manner: Manner) {
        self.tap.cut(manner);
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.tap.end_exchange();
    }
}

/// Handles one request whose head hyper has read.
///
/// Where the manner of the answer is that there is none, this never ends: the connection does.
pub(super) async fn exchange<H: Handler>(
    serving: &Serving<H>,
    tap: &Arc<Tap>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Content>, CutShort> {
    let underway = Underway::begin(tap, serving.run());
    let (parts, incoming) = request.into_parts();
    let head = tap.begin_exchange(|copy| head::read(copy, &parts));
    let mut arrival = arrive(parts, head, peer);
    let answer = match body::collect(incoming, 0, &serving.limits, &serving.budget).await {
        Ok((body, _hold)) => {
            arrival.message.body = body;
            serving.handler.answer(arrival).await
        }
        Err(refusal) => {
            tap.leave_unread();
            arrival.refused = Some(refusal);
            serving.handler.answer(arrival).await;
            return Ok(refuse(refusal));
        }
    };
    hold_back(answer.after, &serving.stops.let_go).await;
    match answer.manner {
        Manner::Whole | Manner::Drip(_) | Manner::Truncated => {
            Ok(respond(answer, false, serving, underway))
        }
        manner => {
            tap.cut(manner);
            pending().await
        }
    }
}

/// Waits so long, or until what is held back has to go.
pub(super) async fn hold_back(after: Duration, let_go: &Shutdown) {
    if !after.is_zero() {
        // Either way the answer is due.
        let _ = timeout(after, let_go.stopped()).await;
    }
}

/// What is known of a request when its head has just been read. Frees hyper's view of it, which
/// keeps the connection's read buffer from being used again.
pub(super) fn arrive(parts: Parts, head: Head, peer: SocketAddr) -> Arrival {
    let Parts {
        method, version, ..
    } = parts;
    Arrival {
        message: Message {
            method: method.as_str().to_owned(),
            target: head.target,
            headers: head.headers,
            body: Bytes::new(),
        },
        fidelity: head.fidelity,
        http: match version {
            Version::HTTP_10 => "HTTP/1.0",
            Version::HTTP_2 => "HTTP/2",
            _ => "HTTP/1.1",
        },
        peer,
        received_at: Timestamp::now(),
        refused: None,
    }
}

/// The response to a request that was taken; `has_streams` says that it is one of several at once on
/// its connection.
pub(super) fn respond<H: Handler>(
    answer: Answer,
    has_streams: bool,
    serving: &Serving<H>,
    underway: Underway,
) -> Response<Content> {
    let content = match answer.manner {
        Manner::Drip(rate) => {
            Content::drip(answer.body, rate, serving.stops.let_go.clone(), underway)
        }
        Manner::Truncated => Content::half(answer.body, has_streams, underway),
        _ => Content::whole(answer.body),
    };
    let mut response = Response::new(content);
    *response.status_mut() = StatusCode::from_u16(answer.status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers.iter() {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_bytes(value),
        ) {
            (Ok(CONTENT_LENGTH | TRANSFER_ENCODING), _) => {}
            (Ok(name), Ok(value)) => {
                response.headers_mut().append(name, value);
            }
            _ => serving.handler.trouble(Trouble::Unsendable {
                name: name.to_owned(),
            }),
        }
    }
    response
}

/// The response to a request whose body was not taken; the connection closes after it.
pub(super) fn refuse(refusal: Refusal) -> Response<Content> {
    let mut response = Response::new(Content::whole(format!("{refusal}\n").into()));
    *response.status_mut() =
        StatusCode::from_u16(refusal.status()).expect("every refusal has a status of three digits");
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    if refusal == Refusal::Overloaded {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
