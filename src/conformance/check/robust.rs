//! What must not break a receiver: requests that are no deliveries, and deliveries, well signed, that
//! no platform would make.

use bytes::Bytes;

use crate::conformance::Rule;
use crate::delivery::Attempt;

use super::bodies;
use super::catalogue::{Entry, Group};
use super::judge::{Judged, Seen, as_wanted};
use super::shot::{Plan, Shot, Wants};
use super::workshop::{Parcel, Workshop, each, raw};

/// What to change where a body breaks the receiver.
const CATCH: &str = "Catch whatever the parser may throw, and answer 400: a 5xx looks like an outage, and is sent again.";

/// Where it is stated that a broken request is not the server's error.
const STATUS: Option<&str> =
    Some("RFC 9110 §15.5: what the client got wrong is a 4xx; no platform's document states it");

/// The rules; the last one is to be the last of all.
pub(super) static RULES: &[Entry] = &[
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-method",
            title: "Another method breaks nothing",
            why: "Browsers, scanners and monitors ask with GET and HEAD.",
            page: Some("RFC 9110 §15.5.6"),
            fix: "Route POST alone, and answer anything else 405 or 404.",
        },
        methods,
    )
    .judged_by(unbroken_or_unknown),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-content-type",
            title: "Another content type breaks nothing",
            why: "Frameworks keep no raw body for types that they do not expect, and the code behind them finds none.",
            page: Some("RFC 9110 §15.5.16"),
            fix: "Read the raw body whatever its type is, or answer 415.",
        },
        content_types,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-empty-body",
            title: "An empty body breaks nothing",
            why: "Some frameworks have no body then, instead of an empty one.",
            page: STATUS,
            fix: CATCH,
        },
        empty_body,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-not-json",
            title: "A body that is no JSON breaks nothing",
            why: "A right signature says who has sent it, not that it can be parsed.",
            page: STATUS,
            fix: CATCH,
        },
        not_json,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-not-object",
            title: "JSON that is no object breaks nothing",
            why: "`null` and a list are JSON, and have no fields to look at.",
            page: STATUS,
            fix: "Check that what was parsed is an object before looking into it, and answer 400 where it is not.",
        },
        not_object,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-fields",
            title: "Fields that are missing, or of another type, break nothing",
            why: "Documents are not complete, and platforms change.",
            page: STATUS,
            fix: "Check that each field is there, and of its type, before using it.",
        },
        fields,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-deep-json",
            title: "JSON of 10,000 levels breaks nothing",
            why: "Parsers that call themselves for each level run out of stack: an exception at best, the end of the process at worst.",
            page: Some("RFC 8259 §9: a parser may set a limit"),
            fix: "Catch the parser's error for what is too deep as any other of its errors.",
        },
        deep,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-duplicate-keys",
            title: "Keys that stand twice break nothing",
            why: "Parsers take the last, the first, or throw.",
            page: Some("RFC 8259 §4"),
            fix: CATCH,
        },
        duplicate_keys,
    )
    .at_length(),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-control-characters",
            title: "NUL and halves of characters break nothing",
            why: "Databases and encoders throw at texts that JSON may hold.",
            page: Some("RFC 8259 §8.2"),
            fix: "Catch the errors of whatever takes the texts, or take such characters out before.",
        },
        control_characters,
    )
    .at_length(),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-invalid-utf8",
            title: "Bytes that are no UTF-8 break nothing",
            why: "Decoding before verifying throws, or verifies other bytes.",
            page: Some("RFC 8259 §8.1"),
            fix: "Verify bytes, decode afterwards, and answer 400 where that fails.",
        },
        invalid_utf8,
    ),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-numbers",
            title: "Numbers beyond all bounds break nothing",
            why: "JSON has no largest number; what reads it has one, or throws.",
            page: Some("RFC 8259 §6"),
            fix: CATCH,
        },
        numbers,
    )
    .at_length(),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-key-names",
            title: "Keys that are names of the language break nothing",
            why: "Code that copies objects key by key changes all objects by `__proto__`.",
            page: Some("CWE-1321"),
            fix: "Copy known fields only, or into objects without a prototype.",
        },
        key_names,
    )
    .at_length(),
    Entry::should(
        Group::Robust,
        Rule {
            id: "robust-many-headers",
            title: "A delivery of 100 header lines is taken",
            why: "Every proxy on the way adds some; Python's `http.server` reads 100 lines, the blank one among them.",
            page: Some("no document states it; servers have limits from 100 lines on"),
            fix: "Raise the limit of the server, and of the proxy in front: that of Python's `http.server` is `http.client._MAXHEADERS`.",
        },
        many_headers,
    )
    .at_length(),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-long-header",
            title: "A header line of 8 KiB breaks nothing",
            why: "Cookies and traces of proxies are that long.",
            page: Some("RFC 6585 §5"),
            fix: "Take it, or answer 431.",
        },
        long_header,
    )
    .at_length(),
    Entry::must(
        Group::Robust,
        Rule {
            id: "robust-goes-on",
            title: "After all that an ordinary delivery is still taken",
            why: "Whoever can break a receiver with one request can keep it broken.",
            page: None,
            fix: "Look into the receiver's log for what it died of, and catch it.",
        },
        goes_on,
    ),
];

/// The levels that only a parser without a stack of calls goes down.
const DEEP: usize = 10_000;

/// More digits than Python's integers may be read from.
const DIGITS: usize = 5_000;

/// The header lines of a request in all.
const LINES: usize = 100;

/// The lines that the client adds.
const OWN_LINES: usize = 4;

/// Well-signed deliveries of these bodies, in a quick check of so many.
fn bodies_of(workshop: &Workshop<'_>, bodies: Vec<(&str, Bytes)>, few: usize) -> Plan {
    let shot = |(label, body)| {
        let parcel = Parcel {
            body,
            ..workshop.usual()
        };
        workshop.shot(label, &parcel, Wants::Unbroken)
    };
    workshop.or_few(bodies.into_iter().map(shot).collect(), few)
}

fn methods(workshop: &mut Workshop<'_>) -> Plan {
    let signed = workshop.message(&workshop.usual());
    let shot = |method: &str| {
        let mut message = signed.clone();
        method.clone_into(&mut message.method);
        if method != "PUT" {
            message.body = Bytes::new();
            message.headers.remove(&workshop.scheme().header);
        }
        raw(method, message, Wants::Unbroken)
    };
    workshop.or_few(["GET", "HEAD", "PUT"].map(shot).to_vec(), 1)
}

/// As wanted, but that 501 is an answer to a method that no route knows (RFC 9110 §15.6.2).
fn unbroken_or_unknown(seen: &Seen<'_>) -> Judged {
    let judged = as_wanted(seen);
    let is_unknown =
        |nth: &usize| seen.shots[*nth].1.as_ref().and_then(Attempt::status) == Some(501);
    if judged.culprits.iter().all(is_unknown) {
        return Judged::pass(seen.answers());
    }
    judged
}

fn content_types(workshop: &mut Workshop<'_>) -> Plan {
    let signed = workshop.message(&workshop.usual());
    let shot = |value: Option<&str>| {
        let mut message = signed.clone();
        message.headers.remove("Content-Type");
        if let Some(value) = value {
            message.headers.push("Content-Type", value);
        }
        let label = value.map_or_else(|| "no content type".to_owned(), str::to_owned);
        raw(label, message, Wants::Unbroken)
    };
    let values = [
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/octet-stream"),
        None,
    ];
    workshop.or_few(values.map(shot).to_vec(), 2)
}

fn empty_body(workshop: &mut Workshop<'_>) -> Plan {
    bodies_of(workshop, vec![("no body", Bytes::new())], 1)
}

fn not_json(workshop: &mut Workshop<'_>) -> Plan {
    let usual = workshop.usual().body;
    let half = usual.slice(..usual.len() / 2);
    let bodies = vec![
        ("half of a body", half),
        ("plain text", Bytes::from_static(b"not json")),
        ("a form", Bytes::from_static(b"event=a&data=b")),
        ("blanks", Bytes::from_static(b" \r\n")),
    ];
    bodies_of(workshop, bodies, 2)
}

fn not_object(workshop: &mut Workshop<'_>) -> Plan {
    let bodies = ["null", "[]", "\"text\"", "42", "true"];
    let bodies = bodies.map(|body| (body, Bytes::from_static(body.as_bytes())));
    bodies_of(workshop, bodies.to_vec(), 2)
}

fn fields(workshop: &mut Workshop<'_>) -> Plan {
    // The members of the platforms' bodies, each of a type that it never has.
    let types = br#"{"event":42,"type":[],"id":{},"timestamp":null,"createdUtc":7,"data":"x","payload":null,"job":[]}"#;
    let nulls = br#"{"event":null,"type":null,"id":null,"timestamp":null,"data":null,"payload":null,"job":null}"#;
    let bodies = vec![
        ("`{}`", Bytes::from_static(b"{}")),
        ("other types", Bytes::from_static(types)),
        ("nothing but null", Bytes::from_static(nulls)),
    ];
    bodies_of(workshop, bodies, 2)
}

fn deep(workshop: &mut Workshop<'_>) -> Plan {
    let usual = &workshop.usual().body;
    let lists = bodies::nested("[", "]", DEEP);
    let objects = bodies::nested("{\"a\":", "}", DEEP);
    let objects = String::from_utf8_lossy(&objects).replacen(":}", ":1}", 1);
    let bodies = vec![
        ("lists in a field", bodies::with_field(usual, &lists)),
        (
            "objects in a field",
            bodies::with_field(usual, objects.as_bytes()),
        ),
        ("nothing but lists", lists.into()),
    ];
    bodies_of(workshop, bodies, 1)
}

fn duplicate_keys(workshop: &mut Workshop<'_>) -> Plan {
    let usual = workshop.usual().body;
    let bodies = vec![("every key twice", bodies::doubled(&usual))];
    bodies_of(workshop, bodies, 1)
}

fn control_characters(workshop: &mut Workshop<'_>) -> Plan {
    let usual = &workshop.usual().body;
    let with = |value: &[u8]| bodies::with_field(usual, value);
    let bodies = vec![
        ("`\\u0000`", with(br#""a\u0000b""#)),
        ("half a surrogate pair", with(br#""a\ud800b""#)),
        ("a NUL byte", with(b"\"a\0b\"")),
    ];
    bodies_of(workshop, bodies, 1)
}

fn invalid_utf8(workshop: &mut Workshop<'_>) -> Plan {
    let usual = &workshop.usual().body;
    let utf16 = "{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes);
    let bodies = vec![
        ("no UTF-8", bodies::with_field(usual, b"\"a\xff\xfeb\"")),
        ("Latin-1", bodies::with_field(usual, b"\"Zo\xeb\"")),
        ("UTF-16", utf16.collect()),
    ];
    bodies_of(workshop, bodies, 1)
}

fn numbers(workshop: &mut Workshop<'_>) -> Plan {
    let usual = &workshop.usual().body;
    let digits = "9".repeat(DIGITS);
    let bodies = vec![
        ("1e400", bodies::with_field(usual, b"[1e400,-1e400]")),
        (
            "a number of 5,000 digits",
            bodies::with_field(usual, digits.as_bytes()),
        ),
    ];
    bodies_of(workshop, bodies, 1)
}

fn key_names(workshop: &mut Workshop<'_>) -> Plan {
    let usual = &workshop.usual().body;
    let value = br#"{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"toString":1,"__class__":"x","$where":"1"}"#;
    let bodies = vec![("`__proto__` and others", bodies::with_field(usual, value))];
    bodies_of(workshop, bodies, 1)
}

fn many_headers(workshop: &mut Workshop<'_>) -> Plan {
    let mut message = workshop.message(&workshop.usual());
    let missing = LINES.saturating_sub(message.headers.len() + OWN_LINES);
    for nth in 1..=missing {
        message.headers.push(format!("X-Wh-Check-{nth}"), "1");
    }
    each(vec![raw("100 header lines", message, Wants::Accepted)])
}

fn long_header(workshop: &mut Workshop<'_>) -> Plan {
    let mut message = workshop.message(&workshop.usual());
    message.headers.push("X-Wh-Check", "x".repeat(8 * 1024));
    each(vec![raw(
        "a header line of 8 KiB",
        message,
        Wants::Unbroken,
    )])
}

fn goes_on(workshop: &mut Workshop<'_>) -> Plan {
    let shot: Shot = workshop.shot("ordinary delivery", &workshop.usual(), Wants::Accepted);
    each(vec![shot])
}
