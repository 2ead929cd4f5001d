//! What bodies a receiver must take: all that are the platform's JSON, however they are written.

use bytes::Bytes;

use crate::conformance::Rule;

use super::bodies;
use super::catalogue::{Entry, Group};
use super::shot::{Plan, Shot, Wants};
use super::workshop::{Parcel, Workshop, each};

/// What to change where the same JSON is refused in other bytes.
const RAW: &str = "Verify the bytes as they came, before anything parses, trims or decodes them.";

/// The rules.
pub(super) static RULES: &[Entry] = &[
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-unknown-fields",
            title: "Fields that no document has are taken",
            why: "Platforms add fields without notice; who refuses them is cut off that day.",
            page: Some("no document states it"),
            fix: "Ignore the fields that you do not know: no `additionalProperties: false`, no `extra = forbid`.",
        },
        unknown_fields,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-unicode",
            title: "Text beyond ASCII is taken",
            why: "Names have it. Who verifies a text that was decoded, or escapes it anew, verifies other bytes.",
            page: Some("RFC 8259 §8.1"),
            fix: RAW,
        },
        unicode,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-escapes",
            title: "Escaped characters are taken",
            why: "A sender may write `é` as `\\u00e9`, and what is parsed and written again is no longer what was signed.",
            page: Some("RFC 8259 §7"),
            fix: RAW,
        },
        escapes,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-numbers",
            title: "Numbers are taken in the form in which they come",
            why: "The platforms' own examples have `2500.00` and `250.0`, which most programs write again as `2500` and `250`.",
            page: Some("Webhook Integrations, 2026-03-18; RFC 8259 §6"),
            fix: RAW,
        },
        numbers,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-compact",
            title: "A body on one line is taken, with blanks in it and without",
            why: "No document says how the JSON is laid out: the signature is over the bytes.",
            page: Some("RFC 8259 §2"),
            fix: RAW,
        },
        compact,
    )
    .at_length(),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-pretty",
            title: "A body over several lines is taken",
            why: "No document says how the JSON is laid out: the signature is over the bytes.",
            page: Some("RFC 8259 §2"),
            fix: RAW,
        },
        pretty,
    ),
    Entry::must(
        Group::Accepts,
        Rule {
            id: "accepts-trailing-newline",
            title: "A body that ends with a newline is taken",
            why: "Blanks after the JSON belong to the body, and are signed with it.",
            page: Some("RFC 8259 §2"),
            fix: RAW,
        },
        trailing_newline,
    ),
    Entry::should(
        Group::Accepts,
        Rule {
            id: "accepts-large",
            title: "A body of 1 MiB is taken",
            why: "Frameworks take 100 kB as they come; a delivery with a long list is more.",
            page: Some("no document states a limit"),
            fix: "Raise the limit of the body parser, and of the proxy in front, above 1 MiB.",
        },
        large,
    )
    .at_length(),
];

/// 1 MiB.
const LARGE: usize = 1 << 20;

/// A delivery with a body that is made of the usual one, which is an object.
fn shot(workshop: &Workshop<'_>, label: &str, body: impl Fn(&Bytes) -> Bytes) -> Shot {
    let parcel = workshop.usual();
    let body = body(&parcel.body);
    workshop.fresh_shot(label, &Parcel { body, ..parcel }, Wants::Accepted)
}

/// A body in a few words, and how it is made of the usual one.
type Variant<'v> = (&'v str, fn(&Bytes) -> Bytes);

/// The deliveries of these bodies, where the platform's are JSON.
fn shots(workshop: &Workshop<'_>, bodies: &[Variant<'_>]) -> Plan {
    if !bodies::is_object(&workshop.usual().body) {
        return Err("the platform's bodies are no JSON objects".to_owned());
    }
    let shots = bodies.iter();
    each(
        shots
            .map(|(label, body)| shot(workshop, label, body))
            .collect(),
    )
}

fn unknown_fields(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[
            ("a field more", |body| {
                bodies::with_members(body, br#""wh_check_new":"new""#)
            }),
            ("objects, lists and nothing", |body| {
                let members = br#""wh_check_object":{"a":{"b":[1,{"c":null}]}},"wh_check_list":[],"wh_check_null":null,"wh_check_empty":"","":{}"#;
                bodies::with_members(body, members)
            }),
        ],
    )
}

fn unicode(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[("accents, CJK, emoji, right to left", |body| {
            let text = "\"Zoë Müller, 東京 株式会社, 👩‍🔧🏽, e\u{301}, שלום, \u{2028}ﬁ\"";
            bodies::with_field(body, text.as_bytes())
        })],
    )
}

fn escapes(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[("`\\u` and `\\/`", |body| {
            let text = br#""Zo\u00eb M\u00FCller, \u6771\u4EAC, \ud83d\ude00, a\/b, \t\u0007, \u003Cb\u003e""#;
            bodies::with_field(body, text)
        })],
    )
}

fn numbers(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[
            ("2500.00 and 250.0", |body| {
                bodies::with_field(body, br#"{"total":2500.00,"tax":250.0}"#)
            }),
            ("1E3, -0, 20 digits", |body| {
                bodies::with_field(body, b"[1E3,-0,0.10,12345678901234567890,1.5e-7]")
            }),
        ],
    )
}

fn compact(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[
            ("no blanks", bodies::compact),
            ("a blank after commas and colons", bodies::spaced),
        ],
    )
}

fn pretty(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[
            ("two blanks a level", bodies::pretty),
            ("tabs and CRLF", bodies::tabbed),
        ],
    )
}

fn trailing_newline(workshop: &mut Workshop<'_>) -> Plan {
    shots(
        workshop,
        &[
            ("LF at the end", |body| [&body[..], b"\n"].concat().into()),
            ("CRLF and blanks at the end", |body| {
                [&body[..], b"\r\n  "].concat().into()
            }),
        ],
    )
}

fn large(workshop: &mut Workshop<'_>) -> Plan {
    shots(workshop, &[("1 MiB", |body| bodies::padded(body, LARGE))])
}
