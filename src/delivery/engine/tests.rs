//! The engine by a clock that moves only when nothing else is left to do.

mod order;
mod resumed;
mod schedules;
mod troubles;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use crate::delivery::{
    Client, ClientOptions, Ended, Engine, Failure, FailureKind, Job, Journal, Limits, Response,
    Route, Terms, Update,
};
use crate::message::{Headers, Message};
use crate::provider::{Provider, builtin};
use crate::signature::{Key, Secret, Verdict, verify};

/// One request that came in.
#[derive(Clone, Debug)]
struct Came {
    /// How long after the start.
    at: Duration,
    /// Its webhook id.
    id: String,
    /// Its header lines.
    headers: Vec<(String, String)>,
    /// Its body.
    body: Bytes,
}

impl Came {
    /// The value of a header line.
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter();
        lines
            .find(|line| line.0 == name)
            .map(|line| line.1.as_str())
    }

    /// What a receiver with the secret would find.
    fn verdict(&self, provider: &Provider) -> Verdict {
        let scheme = provider.signing_scheme();
        let key = Key::new(scheme, &Secret::new("s3cret")).expect("a key");
        let message = Message {
            method: "POST".to_owned(),
            target: "/hooks".to_owned(),
            headers: self
                .headers
                .iter()
                .map(|(name, value)| (name, value))
                .collect(),
            body: self.body.clone(),
        };
        verify(scheme, &[key], &message, Timestamp::now())
    }
}

/// A receiver that notes what comes and answers by a script.
struct Receiver {
    start: Instant,
    came: Arc<Mutex<Vec<Came>>>,
}

/// What is answered to the n-th request, from 0.
type Answer = fn(usize, &str) -> Reply;

impl Receiver {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            came: Arc::default(),
        }
    }

    fn client(&self, answer: Answer) -> Client {
        let options = ClientOptions {
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            insecure: false,
            tls: false,
            lower_case: false,
            fresh: false,
        };
        let (start, came) = (self.start, Arc::clone(&self.came));
        let script = move |request: &reqwest::Request| {
            let text = |value: &reqwest::header::HeaderValue| {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            let headers: Vec<_> = request
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect();
            let body = request.body().and_then(reqwest::Body::as_bytes);
            let id = request.headers().get("x-webhook-id");
            let id = id.map(text).unwrap_or_default();
            let mut came = came.lock().expect("nobody panics with it");
            let result = answer(came.len(), &id);
            came.push(Came {
                at: start.elapsed(),
                id,
                headers,
                body: Bytes::copy_from_slice(body.unwrap_or_default()),
            });
            result.into()
        };
        let client = Client::new(&options).expect("a client");
        client.scripted(Arc::new(script))
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().expect("nobody panics with it").clone()
    }

    /// When each request came, in milliseconds from the start.
    fn times(&self) -> Vec<u128> {
        self.came().iter().map(|came| came.at.as_millis()).collect()
    }

    /// The ids of what came, in order.
    fn ids(&self) -> Vec<String> {
        self.came().into_iter().map(|came| came.id).collect()
    }
}

/// What the receiver does with a request.
enum Reply {
    Answered(Response),
    Refused,
}

impl From<Reply> for Result<Response, Failure> {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Answered(response) => Ok(response),
            Reply::Refused => Err(Failure {
                kind: FailureKind::Refused,
                detail: String::new(),
            }),
        }
    }
}

fn status(status: u16) -> Reply {
    answer(status, &[])
}

fn answer(status: u16, headers: &[(&str, &str)]) -> Reply {
    Reply::Answered(Response {
        status,
        headers: headers.iter().copied().collect(),
        body: Bytes::new(),
        truncated: false,
    })
}

fn refused() -> Reply {
    Reply::Refused
}

fn provider(id: &str) -> Provider {
    builtin(id).expect("a provider")
}

fn route(provider: Provider, client: Client, terms: Terms) -> Route {
    route_to("http://receiver.test/hooks", provider, client, terms)
}

fn route_to(url: &str, provider: Provider, client: Client, terms: Terms) -> Route {
    let key = Key::new(provider.signing_scheme(), &Secret::new("s3cret")).expect("a key");
    let url: Url = url.parse().expect("a URL");
    let shown = url.to_string();
    Route::new(provider, Some(key), (url, shown), client, terms)
}

/// A delivery with this webhook id.
fn job(route: &Arc<Route>, id: &str) -> Job {
    Job {
        number: None,
        id: Uuid::now_v7(),
        route: Arc::clone(route),
        event: "estimate.created".to_owned(),
        webhook_id: Some(id.to_owned()),
        headers: Headers::new(),
        body: Bytes::from_static(b"{}"),
        attempt: 1,
        made: 0,
        is_new: true,
        intended: None,
    }
}

/// The jobs of these ids.
fn jobs(route: Route, ids: &[&str]) -> Vec<Job> {
    let route = Arc::new(route);
    ids.iter().map(|id| job(&route, id)).collect()
}

/// One at a time to each endpoint.
const ORDERED: Limits = Limits {
    concurrency: 16,
    ordered: true,
};

/// Sends jobs to their end; what was told comes back in words.
async fn run(jobs: Vec<Job>, limits: Limits) -> (Ended, Vec<String>) {
    let mut told = Vec::new();
    let mut tell = |update: Update<'_>| -> io::Result<()> {
        match update {
            Update::Sending(_) => {}
            Update::Attempted { outgoing, next, .. } => {
                told.push(format!("{} {next:?}", outgoing.attempt));
            }
            Update::Disabled { failures, .. } => told.push(format!("disabled {failures:?}")),
            Update::Elsewhere { number } => told.push(format!("elsewhere {number}")),
        }
        Ok(())
    };
    let engine = Engine::new(Journal::nowhere(), limits, &mut tell);
    let mut source = jobs.into_iter();
    let ended = engine.run(&mut source, std::future::pending()).await;
    (ended.expect("nothing is in the way"), told)
}
