//! The answer that a step is.

use uuid::Uuid;

use crate::capture::{Manner, Scripted};
use crate::message::Headers;
use crate::store::Answered;

use super::plan::Step;

/// Where redirects lead: a request below it is one that was followed.
const ELSEWHERE: &str = "/.wh/redirected/";

/// The answer to the request of this id; `told` is what is said of it.
pub(super) fn answer(step: &Step, request: Uuid, told: String) -> Scripted {
    let mut headers = Headers::new();
    headers.push("Content-Type", "text/plain; charset=utf-8");
    let (status, text) = match step {
        Step::Fail(status) | Step::StopStatus(status) => (*status, "this fails on purpose\n"),
        Step::Later(status, after) => {
            headers.push("Retry-After", after.as_secs().to_string());
            (*status, "this fails on purpose, for a while\n")
        }
        Step::Redirect(status) => {
            headers.push("Location", format!("{ELSEWHERE}{}", request.simple()));
            (*status, "this leads elsewhere on purpose\n")
        }
        Step::Hang => (0, ""),
        Step::StopHeader(status, header) => {
            let value = header.value.as_deref().unwrap_or("1");
            headers.push(&header.name, value);
            (*status, "this fails on purpose, for good\n")
        }
        // It has no body.
        Step::Succeed(204) => (204, ""),
        Step::Succeed(status) => (*status, "ok\n"),
    };
    let manner = match step {
        Step::Hang => Manner::Hung(request),
        _ => Manner::Whole,
    };
    Scripted {
        status,
        headers,
        body: text.into(),
        manner,
        ..Scripted::by(Answered::Audit(told))
    }
}

/// The request whose redirect leads to this path.
pub(super) fn redirected(path: &str) -> Option<Uuid> {
    Uuid::try_parse(path.strip_prefix(ELSEWHERE)?).ok()
}
