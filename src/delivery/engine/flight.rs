//! One attempt on its way: made, signed and sent beside the loop, on whatever thread is free.

use jiff::Timestamp;

use crate::delivery::client::Ready;
use crate::delivery::wire::lines;
use crate::delivery::{Attempt, Job};
use crate::message::{Headers, Message};
use crate::provider::ComposeError;

/// A request as it goes out.
pub(super) struct Request {
    pub(super) message: Message,
    /// The header lines as the client writes them; none where nothing is recorded.
    pub(super) lines: Headers,
}

/// A request that went out, and what came of it.
pub(super) struct Flown {
    pub(super) request: Request,
    pub(super) attempt: Attempt,
}

/// Makes the attempt of a job, which begins at `at`; `is_recorded` whether its header lines are kept.
pub(super) async fn fly(
    job: &Job,
    at: Timestamp,
    is_recorded: bool,
) -> Result<Flown, ComposeError> {
    let (ready, mut request) = make(job, at)?;
    if is_recorded {
        request.lines = lines(&ready, &job.route.url, &request.message);
    }
    Ok(Flown {
        attempt: job.route.client.send(ready).await,
        request,
    })
}

/// The request that a job's attempt went out with at a time.
pub(super) fn request(job: &Job, at: Timestamp) -> Result<Request, ComposeError> {
    let (ready, mut request) = make(job, at)?;
    request.lines = lines(&ready, &job.route.url, &request.message);
    Ok(request)
}

/// A job's request, without its lines.
fn make(job: &Job, at: Timestamp) -> Result<(Ready, Request), ComposeError> {
    let route = &job.route;
    let message = route.compose(job, at)?.message;
    let ready = route.client.ready(&route.url, &message);
    let lines = Headers::new();
    Ok((ready, Request { message, lines }))
}
