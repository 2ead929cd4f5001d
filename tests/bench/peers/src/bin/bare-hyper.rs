//! The least a receiver can do: reads the body, answers 200, keeps nothing.
//!
//! `bare-hyper PORT` listens on 127.0.0.1 (port 0: a free one) and prints a ready line as `wh listen --json` does.
//! `bare-hyper PORT verify SECRET-FILE` also checks `X-Webhook-Signature`, the hex HMAC-SHA256 of the body, and answers
//! 401 where it is wrong. `bare-hyper PORT append SECRET-FILE FILE` then appends the body to a file and answers once it
//! is on disk, as many at once as have come in: what a durable receiver cannot beat.

use std::convert::Infallible;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::mpsc;

use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, server::conn::http1};
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use tokio::net::TcpListener;

type Key = Hmac<Sha256>;

/// What is to be appended, and who waits for it.
type Append = (Bytes, tokio::sync::oneshot::Sender<()>);

/// What a receiver does with a delivery.
#[derive(Clone, Default)]
struct Work {
    key: Option<Key>,
    log: Option<mpsc::Sender<Append>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let key = |file| -> Result<_, Box<dyn Error>> {
        Ok(Some(Key::new_from_slice(&std::fs::read(file)?)?))
    };
    let (port, work) = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [port] => (port.parse()?, Work::default()),
        [port, "verify", file] => (
            port.parse()?,
            Work {
                key: key(file)?,
                log: None,
            },
        ),
        [port, "append", file, log] => {
            let log = Some(append_to(File::create(log)?));
            (
                port.parse()?,
                Work {
                    key: key(file)?,
                    log,
                },
            )
        }
        _ => {
            return Err(
                "usage: bare-hyper PORT [verify SECRET-FILE | append SECRET-FILE FILE]".into(),
            );
        }
    };
    // One thread, as `wh listen`: the load generator has the other core.
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?
        .block_on(serve(port, work))
}

/// Accepts until it is killed.
async fn serve(port: u16, work: Work) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!(
        r#"{{"type":"ready","url":"http://{}"}}"#,
        listener.local_addr()?
    );
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let work = work.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &work));
            // A peer that hangs up ends its connection, not the server.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// A thread that appends what has queued up, flushes it to the disk, and says so.
fn append_to(mut file: File) -> mpsc::Sender<Append> {
    let (log, queue) = mpsc::channel::<Append>();
    std::thread::spawn(move || {
        while let Ok(first) = queue.recv() {
            let batch: Vec<_> = std::iter::once(first)
                .chain(queue.try_iter().take(255))
                .collect();
            let bytes: Vec<u8> = batch
                .iter()
                .flat_map(|(body, _)| body.iter().copied())
                .collect();
            file.write_all(&bytes)
                .and_then(|()| file.sync_data())
                .expect("the file takes it");
            for (_, done) in batch {
                // A peer that hung up does not wait.
                let _ = done.send(());
            }
        }
    });
    log
}

/// Waits until a body is on disk.
async fn append(log: &mpsc::Sender<Append>, body: Bytes) -> bool {
    let (done, is_done) = tokio::sync::oneshot::channel();
    log.send((body, done)).is_ok() && is_done.await.is_ok()
}

async fn answer(
    request: Request<Incoming>,
    work: &Work,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let mut response = Response::new(Empty::new());
    let accepted = match body.collect().await {
        Ok(body) => {
            let (body, signature) = (body.to_bytes(), head.headers.get("x-webhook-signature"));
            let signed = |key| is_signed(key, signature, &body);
            work.key.as_ref().is_none_or(signed)
                && match &work.log {
                    Some(log) => append(log, body).await,
                    None => true,
                }
        }
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
