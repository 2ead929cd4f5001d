//! The rules of the audit.

use std::time::Duration;

use crate::conformance::Rule;

use super::evidence::Judged;
use super::record::Record;
use super::{contents, endings, identity, timing};

/// A rule, and how it is judged.
pub(super) struct Entry {
    pub(super) rule: Rule,
    pub(super) judge: fn(&Record, Duration) -> Judged,
}

/// The rules, in the order in which they are told.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    CATALOGUE.iter().map(|entry| &entry.rule)
}

/// Every rule, in the order in which they are told: what each attempt is, what attempts have in
/// common, when they come, when they end.
pub(super) static CATALOGUE: [Entry; 17] = [
    Entry {
        rule: Rule {
            id: "method",
            title: "A delivery is a POST",
            why: "Receivers route by method: anything else is answered 404 or 405.",
            page: None,
            fix: "Send POST, on every attempt.",
        },
        judge: contents::method,
    },
    Entry {
        rule: Rule {
            id: "content-type",
            title: "The content type is the platform's",
            why: "Frameworks choose the parser by it, and some keep the raw body, which is signed, for one type only.",
            page: None,
            fix: "Send the `Content-Type` that is expected.",
        },
        judge: contents::content_type,
    },
    Entry {
        rule: Rule {
            id: "signature",
            title: "Every attempt is signed, with the secret that was given",
            why: "A receiver that verifies refuses everything else.",
            page: None,
            fix: "Sign the bytes that go out, after the last change to them; `wh verify` says what was signed instead.",
        },
        judge: contents::signature,
    },
    Entry {
        rule: Rule {
            id: "headers",
            title: "The platform's header lines are there, once, and in their form",
            why: "Receivers tell deliveries, events and attempts apart by them.",
            page: None,
            fix: "Send each line that is expected exactly once, on every attempt.",
        },
        judge: contents::headers,
    },
    Entry {
        rule: Rule {
            id: "id",
            title: "All attempts of a delivery have one id, and no other delivery has it",
            why: "Receivers drop repeats by it: with a new one each retry is processed again, with the old one a new delivery is dropped.",
            page: None,
            fix: "Make the id when the delivery is made, and keep it with the delivery.",
        },
        judge: identity::id,
    },
    Entry {
        rule: Rule {
            id: "attempt-number",
            title: "Attempts are numbered 1, 2, 3",
            why: "Receivers and people tell a retry from a first attempt by it.",
            page: None,
            fix: "Count the attempts of each delivery from 1.",
        },
        judge: identity::numbers,
    },
    Entry {
        rule: Rule {
            id: "body",
            title: "The body is the same on all attempts",
            why: "A retry is the same delivery: a body that is made anew may say something else, or the same in other bytes.",
            page: None,
            fix: "Keep the bytes of the body with the delivery, and send those.",
        },
        judge: identity::body,
    },
    Entry {
        rule: Rule {
            id: "timestamp",
            title: "The timestamp is that of the attempt",
            why: "Receivers refuse what is old: a retry with the time of the first attempt is lost once it is late enough.",
            page: None,
            fix: "Take the time when the attempt goes out, and sign with it.",
        },
        judge: identity::timestamp,
    },
    Entry {
        rule: Rule {
            id: "waits",
            title: "Attempts come when the schedule says",
            why: "Too early is no help to a receiver that is down, and too late is data that is missing.",
            page: None,
            fix: "Wait after each failure as the schedule says, counted from the failure; a tenth, or a second, more or less will do.",
        },
        judge: timing::waits,
    },
    Entry {
        rule: Rule {
            id: "timeout",
            title: "The client leaves when the time for an answer is up",
            why: "Who waits longer is stopped by one receiver that hangs; who waits less repeats what was taken.",
            page: None,
            fix: "Set the total timeout of the HTTP client, not only the one for connecting.",
        },
        judge: timing::timeout,
    },
    Entry {
        rule: Rule {
            id: "redirects",
            title: "Redirects are not followed",
            why: "A delivery must not go, signed, to where nobody has allowed it; after a 302 most clients send a GET without a body.",
            page: Some(
                "RFC 9110 §15.4: a redirect may be followed, it need not be; no document of a platform says that it is",
            ),
            fix: "Turn redirects off in the HTTP client: a 3xx is a failure like any other.",
        },
        judge: endings::redirects,
    },
    Entry {
        rule: Rule {
            id: "retries",
            title: "Every kind of failure is tried again, to the end of the schedule",
            why: "A status, a timeout, a redirect: to the receiver all of them are deliveries that it does not have.",
            page: None,
            fix: "Count whatever is not success as a failure, and keep what is due where a restart does not lose it.",
        },
        judge: endings::retries,
    },
    Entry {
        rule: Rule {
            id: "stops-at-last",
            title: "Nothing comes after the last attempt",
            why: "A receiver that is gone for good is left alone.",
            page: None,
            fix: "Mark the delivery as failed after the last attempt of the schedule.",
        },
        judge: endings::last,
    },
    Entry {
        rule: Rule {
            id: "stops-after-success",
            title: "Nothing comes after success",
            why: "What was taken must not come again.",
            page: None,
            fix: "Take the delivery off the queue as soon as an attempt is answered with success.",
        },
        judge: endings::success,
    },
    Entry {
        rule: Rule {
            id: "retry-after",
            title: "A receiver may ask for more patience",
            why: "A receiver that is overloaded says when it will not be.",
            page: Some("RFC 9110 §10.2.3"),
            fix: "Wait as long as `Retry-After` says where that is longer than the schedule: seconds, or an HTTP date.",
        },
        judge: timing::retry_after,
    },
    Entry {
        rule: Rule {
            id: "stop-status",
            title: "Nothing comes after a status that ends a delivery",
            why: "The receiver has said that it never wants it.",
            page: None,
            fix: "End the delivery at this status, as the platform does.",
        },
        judge: endings::stop_by_status,
    },
    Entry {
        rule: Rule {
            id: "stop-header",
            title: "Nothing comes after a header line that ends a delivery",
            why: "The receiver has said that it does not want it again.",
            page: None,
            fix: "Look for the line in every answer, and end the delivery at it.",
        },
        judge: endings::stop_by_header,
    },
];
