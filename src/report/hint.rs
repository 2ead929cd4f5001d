//! What a failed attempt usually means.

use std::time::Duration;

use crate::capture::Patience;
use crate::delivery::{Attempt, Failure, FailureKind, Outgoing, Response};
use crate::store::{Fault, Forwarded};
use crate::term::duration;

/// What to look at after an attempt that did not succeed.
pub(crate) fn hint(outgoing: &Outgoing, attempt: &Attempt) -> Option<String> {
    if outgoing.succeeded(attempt) {
        return None;
    }
    match &attempt.outcome {
        Ok(response) if wants_tls(response) => {
            Some("the port speaks TLS: https:// is for one that does".to_owned())
        }
        Ok(response) => for_status(response.status, &outgoing.signing),
        Err(failure) => match failure.kind {
            FailureKind::Timeout => Some(slow(&outgoing.provider, outgoing.timeout, false)),
            kind => for_failure(kind, &failure.detail, &outgoing.url),
        },
    }
}

/// Whether a receiver says that it was sent plain HTTP where it speaks TLS: in the words of Go and of
/// `wh listen`, or of nginx.
fn wants_tls(response: &Response) -> bool {
    const SAID: [&[u8]; 2] = [
        b"Client sent an HTTP request to an HTTPS server.",
        b"The plain HTTP request was sent to HTTPS port",
    ];
    let says = |said| memchr::memmem::find(&response.body, said).is_some();
    response.status == 400 && SAID.into_iter().any(says)
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

/// What to look at where a forward did not succeed, by a provider's patience; where its target cannot be
/// reached, [`fault_hint`] has told.
pub(crate) fn forward_hint(
    forwarded: &Forwarded,
    provider: &str,
    patience: Option<Patience>,
) -> Option<String> {
    if let Some(status) = forwarded.status {
        return for_status(status, "signed");
    }
    let kind = FailureKind::of_name(&forwarded.fault.as_ref()?.kind)?;
    match (kind, patience) {
        (FailureKind::Timeout, Some(patience)) if patience.is_provider => {
            Some(slow(provider, patience.length, patience.is_assumed))
        }
        (FailureKind::Timeout, _) => Some("--forward-timeout says how long is waited".to_owned()),
        (FailureKind::Reset | FailureKind::ClosedEarly, _) => for_failure(kind, "", ""),
        _ => None,
    }
}

/// What to look at where there is no connection to a URL.
pub(crate) fn fault_hint(fault: &Fault, url: &str) -> Option<String> {
    for_failure(FailureKind::of_name(&fault.kind)?, &fault.message, url)
}

/// What to look at where nothing at a URL answers.
pub(crate) fn silence_hint(failure: &Failure, url: &str) -> Option<String> {
    match failure.kind {
        FailureKind::Timeout => Some("--timeout says how long is waited".to_owned()),
        kind => for_failure(kind, &failure.detail, url),
    }
}

fn slow(provider: &str, timeout: Duration, is_assumed: bool) -> String {
    let assumed = if is_assumed { " (assumed)" } else { "" };
    let timeout = duration(timeout);
    format!("{provider} waits {timeout}{assumed}: answer first, do the work afterwards")
}

fn for_failure(kind: FailureKind, detail: &str, url: &str) -> Option<String> {
    Some(match kind {
        FailureKind::Refused => {
            let host = url.split('/').nth(2).unwrap_or(url);
            let family = if host.starts_with("localhost") {
                " (`localhost` is tried as ::1 and as 127.0.0.1)"
            } else {
                ""
            };
            format!("is your server running on {host}?{family}")
        }
        FailureKind::Dns => "check the host of the URL".to_owned(),
        FailureKind::Tls if detail.contains("CaUsedAsEndEntity") => {
            "the certificate is a CA's, used as a server's: make one with `-addext \
             basicConstraints=CA:FALSE`, or take any with -k"
                .to_owned()
        }
        FailureKind::Tls if detail.contains("certificate") => {
            "-k takes any certificate, for a test".to_owned()
        }
        FailureKind::Tls => "does the port speak TLS? http:// is for one that does not".to_owned(),
        FailureKind::Files => {
            "`ulimit -n` says how many files may be open: a smaller -c needs fewer".to_owned()
        }
        FailureKind::Reset | FailureKind::ClosedEarly => {
            let dropped =
                "the receiver, or a proxy before it, dropped the connection: its own log says why";
            // A port that speaks TLS drops what is none.
            if url.starts_with("http://") {
                format!("{dropped}; or is it https?")
            } else {
                dropped.to_owned()
            }
        }
        FailureKind::Timeout | FailureKind::Unknown | FailureKind::Other => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::capture::Patience;
    use crate::delivery::{Failure, FailureKind};
    use crate::store::{Fault, Forwarded};

    use super::{fault_hint, forward_hint, silence_hint};

    fn fault(kind: &str) -> Fault {
        Fault {
            kind: kind.to_owned(),
            message: "invalid peer certificate".to_owned(),
        }
    }

    #[test]
    fn what_a_forward_came_to_calls_for_this_or_that() {
        let slow = "cepro waits 10s (assumed): answer first, do the work afterwards";
        let dropped =
            "the receiver, or a proxy before it, dropped the connection: its own log says why";
        for (status, kind, is_provider, hint) in [
            (Some(200), "", true, None),
            (Some(404), "", true, Some("check the path of the URL")),
            (Some(200), "cut", true, None),
            (None, "timeout", true, Some(slow)),
            (
                None,
                "timeout",
                false,
                Some("--forward-timeout says how long is waited"),
            ),
            (None, "closed-early", true, Some(dropped)),
            (None, "reset", true, Some(dropped)),
            // Told of the target, once.
            (None, "refused", true, None),
            (None, "busy", true, None),
        ] {
            let forwarded = Forwarded {
                url: "http://h/".to_owned(),
                status,
                took: Duration::ZERO,
                fault: (!kind.is_empty()).then(|| fault(kind)),
            };
            let patience = Patience {
                length: Duration::from_secs(10),
                is_provider,
                is_assumed: is_provider,
            };
            let found = forward_hint(&forwarded, "cepro", Some(patience));
            assert_eq!(found.as_deref(), hint, "{status:?} {kind}");
        }
    }

    #[test]
    fn what_ends_a_connection_may_be_its_scheme_or_its_certificate() {
        let dropped =
            "the receiver, or a proxy before it, dropped the connection: its own log says why";
        let maybe = format!("{dropped}; or is it https?");
        let authority = "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))";
        for (kind, detail, url, hint) in [
            (FailureKind::Reset, "", "http://h:1/", &*maybe),
            (FailureKind::ClosedEarly, "", "http://h:1/", &*maybe),
            (FailureKind::ClosedEarly, "", "https://h:1/", dropped),
            (
                FailureKind::Tls,
                authority,
                "https://h/",
                "the certificate is a CA's, used as a server's: make one with `-addext \
                 basicConstraints=CA:FALSE`, or take any with -k",
            ),
            (
                FailureKind::Tls,
                "invalid peer certificate: UnknownIssuer",
                "https://h/",
                "-k takes any certificate, for a test",
            ),
        ] {
            let detail = detail.to_owned();
            let found = silence_hint(&Failure { kind, detail }, url);
            assert_eq!(found.as_deref(), Some(hint), "{kind:?} {url}");
        }
    }

    #[test]
    fn a_host_that_cannot_be_reached_calls_for_a_look_at_it() {
        for (kind, hint) in [
            (
                "refused",
                Some(
                    "is your server running on localhost:3000? (`localhost` is tried as ::1 and as \
                     127.0.0.1)",
                ),
            ),
            ("dns", Some("check the host of the URL")),
            ("tls", Some("-k takes any certificate, for a test")),
            ("other", None),
            ("no kind", None),
        ] {
            let found = fault_hint(&fault(kind), "http://localhost:3000");
            assert_eq!(found.as_deref(), hint, "{kind}");
        }
    }
}
