//! The least a receiver can do: reads the body, answers 200, keeps nothing.
//!
//! `bare-hyper PORT` listens on 127.0.0.1 (port 0: a free one) and prints a ready line as `wh listen --json` does.
//! `bare-hyper PORT verify SECRET-FILE` also checks `X-Webhook-Signature`, the hex HMAC-SHA256 of the body, and answers
//! 401 where it is wrong.

use std::convert::Infallible;
use std::error::Error;
use std::net::Ipv4Addr;

use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, server::conn::http1};
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use tokio::net::TcpListener;

type Key = Hmac<Sha256>;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (port, key) = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [port] => (port.parse()?, None),
        [port, "verify", file] => (
            port.parse()?,
            Some(Key::new_from_slice(&std::fs::read(file)?)?),
        ),
        _ => return Err("usage: bare-hyper PORT [verify SECRET-FILE]".into()),
    };
    // One thread, as `wh listen`: the load generator has the other core.
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?
        .block_on(serve(port, key))
}

/// Accepts until it is killed.
async fn serve(port: u16, key: Option<Key>) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!(
        r#"{{"type":"ready","url":"http://{}"}}"#,
        listener.local_addr()?
    );
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let key = key.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, key.as_ref()));
            // A peer that hangs up ends its connection, not the server.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    key: Option<&Key>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let mut response = Response::new(Empty::new());
    let accepted = match body.collect().await {
        Ok(body) => key.is_none_or(|key| {
            is_signed(
                key,
                head.headers.get("x-webhook-signature"),
                &body.to_bytes(),
            )
        }),
        Err(_) => false,
    };
    if !accepted {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
    }
    Ok(response)
}

fn is_signed(key: &Key, signature: Option<&hyper::header::HeaderValue>, body: &[u8]) -> bool {
    let Some(mac) = signature.and_then(|value| hex::decode(value).ok()) else {
        return false;
    };
    key.clone().chain_update(body).verify_slice(&mac).is_ok()
}
