//! What a failed attempt usually means.

use crate::delivery::{Attempt, Failure, FailureKind, Outgoing};
use crate::term::duration;

/// What to look at after an attempt that did not succeed.
pub(crate) fn hint(outgoing: &Outgoing, attempt: &Attempt) -> Option<String> {
    if outgoing.succeeded(attempt) {
        return None;
    }
    match &attempt.outcome {
        Ok(response) => for_status(response.status, &outgoing.signing),
        Err(failure) => for_failure(failure, outgoing),
    }
}

fn for_status(status: u16, signing: &str) -> Option<String> {
    let text = match status {
        300..=399 => "senders do not follow redirects: give the final URL",
        400 => {
            "often the signature was checked on a parsed body: verify the raw bytes of the request"
        }
        401 | 403 if signing == "unsigned" => "nothing was signed",
        // Whoever tampers is refused for that.
        401 | 403 if signing != "signed" => return None,
        401 | 403 => {
            "the secret may differ, or a login guards the route: webhooks carry no session"
        }
        404 => "check the path of the URL",
        405 => "the path exists, but no handler takes POST there",
        413 => "the receiver limits the size of a body",
        415 => "the receiver wants another content type: -H 'Content-Type: …' tries one",
        500..=599 => "the handler failed: its own log says where",
        _ => return None,
    };
    Some(text.to_owned())
}

fn for_failure(failure: &Failure, outgoing: &Outgoing) -> Option<String> {
    Some(match failure.kind {
        FailureKind::Refused => {
            let host = outgoing.url.split('/').nth(2).unwrap_or(&outgoing.url);
            let family = if host.starts_with("localhost") {
                " (`localhost` is tried as ::1 and as 127.0.0.1)"
            } else {
                ""
            };
            format!("is your server running on {host}?{family}")
        }
        FailureKind::Dns => "check the host of the URL".to_owned(),
        FailureKind::Tls if failure.detail.contains("certificate") => {
            "-k takes any certificate, for a test".to_owned()
        }
        FailureKind::Tls => "does the port speak TLS? http:// is for one that does not".to_owned(),
        FailureKind::Files => {
            "`ulimit -n` says how many files may be open: a smaller -c needs fewer".to_owned()
        }
        FailureKind::Timeout => format!(
            "{} waits {}: answer first, do the work afterwards",
            outgoing.provider,
            duration(outgoing.timeout)
        ),
        FailureKind::Reset | FailureKind::ClosedEarly => {
            "the receiver, or a proxy before it, dropped the connection: its own log says why"
                .to_owned()
        }
        FailureKind::Unknown | FailureKind::Other => return None,
    })
}
