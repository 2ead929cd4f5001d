//! One exchange: a request becomes an arrival, its answer a response.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
    TRANSFER_ENCODING,
};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode, Version};
use jiff::Timestamp;

use super::connection::Serving;
use super::head::Head;
use super::wire::Tap;
use super::{Answer, Arrival, Handler, Refusal, Trouble, body, head};
use crate::message::Message;

/// Handles one request whose head hyper has read.
pub(super) async fn exchange<H: Handler>(
    serving: &Serving<H>,
    tap: &Tap,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let _running = serving.run();
    let (parts, incoming) = request.into_parts();
    let head = tap.begin_exchange(|copy| head::read(copy, &parts));
    let mut arrival = arrive(parts, head, peer);
    let response = match body::collect(incoming, &serving.limits, &serving.budget).await {
        Ok((body, _hold)) => {
            arrival.message.body = body;
            let answer = serving.handler.answer(arrival).await;
            respond(answer, &*serving.handler)
        }
        Err(refusal) => {
            tap.leave_unread();
            arrival.refused = Some(refusal);
            serving.handler.answer(arrival).await;
            refuse(refusal)
        }
    };
    tap.end_exchange();
    Ok(response)
}

/// What is known of a request when its head has just been read. Frees hyper's view of it, which
/// keeps the connection's read buffer from being used again.
fn arrive(parts: Parts, head: Head, peer: SocketAddr) -> Arrival {
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
        http: if version == Version::HTTP_10 {
            "HTTP/1.0"
        } else {
            "HTTP/1.1"
        },
        peer,
        received_at: Timestamp::now(),
        refused: None,
    }
}

/// The response to a request that was taken.
fn respond<H: Handler>(answer: Answer, handler: &H) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
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
            _ => handler.trouble(Trouble::Unsendable {
                name: name.to_owned(),
            }),
        }
    }
    response
}

/// The response to a request whose body was not taken; the connection closes after it.
fn refuse(refusal: Refusal) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("{refusal}\n")));
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
