//! Ways for a receiver to be wrong in one thing, and the rule that each fails by.

use crate::conformance::check::bodies::compact;
use crate::conformance::check::shot::Manner;
use crate::message::TimestampError;
use crate::provider::{Provider, builtin};
use crate::signature::{Direction, Invalid, Key, Valid, Verdict};

use super::lapses::OF_REPEATS_AND_TIME;
use super::model::Answer::{self, Ends, Status};
use super::model::{Fault, Seen};
use super::platforms::{acme, signed_id};

/// What a receiver does wrong, and the rule.
pub(super) type Row = (&'static str, &'static str, Fault);

fn if_so(is: bool, status: u16) -> Option<Answer> {
    is.then_some(Status(status))
}

/// Of a platform that has nearly every rule.
pub(super) const OF_ACME: &[Row] = &[
    ("accepts-event", "refuses an event", |seen| {
        if_so(seen.has("thing.sent"), 422)
    }),
    ("accepts-legacy-event", "refuses a legacy event", |seen| {
        if_so(seen.has("thing_made"), 404)
    }),
    ("accepts-test", "refuses the test", |seen| {
        if_so(seen.has("\"test\":true"), 400)
    }),
    ("accepts-unknown-event", "knows its events only", |seen| {
        let event = seen.receiver.provider.event_of(seen.message);
        let known = |name: String| seen.receiver.provider.event(&name).is_some();
        if_so(event.is_some_and(|name| !known(name)), 422)
    }),
    ("accepts-retry", "refuses the third attempt", |seen| {
        let number = seen.receiver.provider.attempt_of(seen.message);
        if_so(number >= Some(3), 409)
    }),
    ("accepts-header-case", "looks for `X-Sig` by case", |seen| {
        if_so(
            !seen.message.headers.iter().any(|line| line.0 == "X-Sig"),
            401,
        )
    }),
    ("accepts-charset", "compares the content type", |seen| {
        if_so(seen.header("Content-Type").contains("charset"), 415)
    }),
    (
        "accepts-clock-skew",
        "has a tolerance of a minute",
        |seen| {
            let Verdict::Valid(Valid { age, .. }) = seen.verdict else {
                return None;
            };
            if_so(age.is_some_and(|age| age.as_secs() > 60), 401)
        },
    ),
    (
        "accepts-clock-skew",
        "takes nothing from the future",
        |seen| {
            let Verdict::Valid(Valid { age, .. }) = seen.verdict else {
                return None;
            };
            if_so(age.is_some_and(|age| age.as_secs() < -2), 401)
        },
    ),
    ("accepts-unknown-fields", "knows its fields only", |seen| {
        if_so(seen.has("wh_check_"), 400)
    }),
    ("accepts-unicode", "escapes before verifying", |seen| {
        let text = str::from_utf8(&seen.message.body);
        if_so(text.is_ok_and(|text| !text.is_ascii()), 401)
    }),
    ("accepts-escapes", "unescapes before verifying", |seen| {
        if_so(seen.has("\\u00eb"), 401)
    }),
    (
        "accepts-numbers",
        "shortens numbers before verifying",
        |seen| if_so(seen.has("2500.00"), 401),
    ),
    (
        "accepts-compact",
        "takes blanks out before verifying",
        |seen| if_so(seen.has("\": \"") && !seen.has("\n"), 401),
    ),
    ("accepts-pretty", "joins lines before verifying", |seen| {
        let text = seen.text();
        if_so(text.starts_with("{\n") || text.starts_with("{\r\n"), 401)
    }),
    (
        "accepts-trailing-newline",
        "trims before verifying",
        |seen| if_so(seen.message.body.trim_ascii_end() != seen.message.body, 401),
    ),
    ("accepts-large", "has a limit of 100 kB", |seen| {
        if_so(seen.message.body.len() > 100_000, 413)
    }),
    (
        "refuses-no-signature",
        "verifies what is signed only",
        |seen| {
            let is_unsigned = matches!(seen.verdict, Verdict::Unsigned { .. });
            let is_plain = seen.message.method == "POST" && !seen.message.target.contains('&');
            if_so(is_unsigned && is_plain, 200)
        },
    ),
    (
        "refuses-no-signature",
        "throws without the header",
        |seen| {
            let is_unsigned = matches!(seen.verdict, Verdict::Unsigned { .. });
            let is_plain = seen.message.method == "POST" && !seen.message.target.contains('&');
            if_so(is_unsigned && is_plain, 500)
        },
    ),
    ("refuses-other-secret", "takes another secret", |seen| {
        let scheme = seen.receiver.provider.signing_scheme();
        let key = seen.receiver.key.as_ref().map(|key| key.another(scheme));
        if_so(
            key.is_some_and(|key| seen.tag() == seen.tag_by(seen.message, &key)),
            200,
        )
    }),
    ("refuses-empty-secret", "has no secret", |seen| {
        by_secret(seen, "")
    }),
    ("refuses-empty-secret", "has an undefined secret", |seen| {
        by_secret(seen, "undefined")
    }),
    ("refuses-other-body", "verifies an empty list", |seen| {
        let other = seen.tag_of(|message| message.body = "[]".into());
        if_so(seen.tag() == other && seen.tag() != seen.right_tag(), 200)
    }),
    (
        "refuses-changed-body",
        "does not see a byte changed",
        |seen| {
            let undone = seen.tag_of(|message| {
                let mut body = message.body.to_vec();
                match body
                    .iter_mut()
                    .rev()
                    .find(|byte| byte.is_ascii_alphanumeric())
                {
                    Some(byte) if byte.is_ascii_digit() => *byte = b'0' + (*byte - b'0' + 9) % 10,
                    Some(byte) => *byte ^= 0x20,
                    None => {}
                }
                message.body = body.into();
            });
            if_so(seen.tag() == undone, 200)
        },
    ),
    (
        "refuses-changed-spaces",
        "verifies what it has written anew, too",
        |seen| {
            let anew = seen.tag_of(|message| message.body = compact(&message.body));
            if_so(
                seen.tag() == anew && compact(&seen.message.body) != seen.message.body,
                200,
            )
        },
    ),
    (
        "refuses-query",
        "takes the signature from the query",
        |seen| {
            let right = format!("signature={}", seen.right_tag());
            if_so(seen.message.target.ends_with(&right), 200)
        },
    ),
    (
        "refuses-by-401",
        "answers 400 to a wrong signature",
        |seen| if_so(seen.right == 401, 400),
    ),
    ("refuses-empty", "takes an empty signature", |seen| {
        if_so(
            is_signed(seen) && ["", "sha256="].contains(&&*seen.value()),
            200,
        )
    }),
    ("refuses-empty", "throws at an empty signature", |seen| {
        if_so(is_signed(seen) && seen.value().is_empty(), 500)
    }),
    (
        "refuses-truncated",
        "compares as far as the shorter one goes",
        |seen| {
            let (tag, right) = (seen.tag(), seen.right_tag());
            if_so(
                !tag.is_empty() && tag != right && right.starts_with(&tag),
                200,
            )
        },
    ),
    (
        "refuses-truncated",
        "throws at a shorter signature",
        |seen| if_so((1..64).contains(&seen.tag().len()), 500),
    ),
    (
        "refuses-longer",
        "compares as far as its own goes",
        |seen| {
            let (tag, right) = (seen.tag(), seen.right_tag());
            if_so(
                tag != right && tag.starts_with(&right) && !tag.contains(','),
                200,
            )
        },
    ),
    (
        "refuses-other-characters",
        "throws at what is no digit",
        |seen| {
            let tag = seen.tag();
            if_so(
                tag.chars().count() > 60
                    && !tag
                        .bytes()
                        .next_back()
                        .is_some_and(|b| b.is_ascii_hexdigit()),
                500,
            )
        },
    ),
    ("refuses-upper-case", "decodes before comparing", |seen| {
        let (tag, right) = (seen.tag(), seen.right_tag());
        if_so(tag != right && tag.to_ascii_lowercase() == right, 200)
    }),
    ("refuses-other-prefix", "takes the digits alone", |seen| {
        if_so(seen.value() == seen.right_tag(), 200)
    }),
    ("refuses-other-prefix", "takes any prefix", |seen| {
        let value = seen.value();
        let is_right = value == format!("sha1={}", seen.right_tag());
        if_so(is_right, 200)
    }),
    ("refuses-two-signatures", "takes the first of two", |seen| {
        if_so(!is_single(seen) && seen.tag() == seen.right_tag(), 200)
    }),
    ("refuses-two-signatures", "splits at commas", |seen| {
        let right = format!("{},", seen.right_tag());
        if_so(seen.tag().starts_with(&right), 200)
    }),
    (
        "refuses-no-timestamp",
        "takes no timestamp for an empty one",
        |seen| {
            let is_missing = seen.message.headers.first("X-Time").is_none();
            if_so(is_missing && seen.tag() == seen.right_tag(), 200)
        },
    ),
    (
        "refuses-no-timestamp",
        "throws without the timestamp",
        |seen| {
            let is_missing = seen.message.headers.first("X-Time").is_none();
            if_so(is_missing && seen.message.method == "POST", 500)
        },
    ),
    ("refuses-stale", "does not look at the age", |seen| {
        let direction = Direction::Past;
        if_so(
            matches!(&seen.verdict, Verdict::Stale { direction: found, .. } if *found == direction),
            200,
        )
    }),
    ("refuses-future", "looks at the age only", |seen| {
        let direction = Direction::Future;
        if_so(
            matches!(&seen.verdict, Verdict::Stale { direction: found, .. } if *found == direction),
            200,
        )
    }),
    ("refuses-timestamp-form", "compares with NaN", |seen| {
        let is_form = matches!(
            seen.verdict,
            Verdict::Invalid(Invalid::Timestamp(TimestampError::Form(_)))
        );
        if_so(is_form, 200)
    }),
    ("refuses-milliseconds", "takes milliseconds", |seen| {
        let is_range = matches!(
            seen.verdict,
            Verdict::Invalid(Invalid::Timestamp(TimestampError::Range))
        );
        if_so(is_range, 200)
    }),
    (
        "refuses-changed-timestamp",
        "does not see a timestamp changed",
        |seen| {
            let before = seen.header("X-Time").parse::<i64>().ok()? - 1;
            let before = seen.tag_of(|message| message.headers.set("X-Time", before.to_string()));
            if_so(seen.tag() == before, 200)
        },
    ),
    ("robust-method", "throws at GET", |seen| {
        if_so(seen.message.method == "GET", 500)
    }),
    ("robust-method", "throws at HEAD", |seen| {
        if_so(seen.message.method == "HEAD", 500)
    }),
    ("robust-content-type", "has no raw body of text", |seen| {
        if_so(seen.header("Content-Type") == "text/plain", 500)
    }),
    (
        "robust-empty-body",
        "has no body where there is none",
        |seen| {
            if_so(
                seen.message.method == "POST" && seen.message.body.is_empty(),
                500,
            )
        },
    ),
    ("robust-not-json", "throws where it cannot parse", |seen| {
        if_so(seen.text() == "not json", 500)
    }),
    ("robust-not-object", "looks into null", |seen| {
        if_so(seen.text() == "null", 500)
    }),
    ("robust-fields", "looks into what is not there", |seen| {
        if_so(seen.text() == "{}", 500)
    }),
    ("robust-fields", "takes a number for a text", |seen| {
        if_so(seen.has("\"event\":42"), 500)
    }),
    ("robust-deep-json", "recurses", |seen| {
        if_so(seen.has(&"[".repeat(1_000)), 500)
    }),
    ("robust-deep-json", "ends over its stack", |seen| {
        seen.has(&"[".repeat(1_000)).then_some(Ends)
    }),
    (
        "robust-duplicate-keys",
        "throws at a key that stands twice",
        |seen| if_so(seen.text().matches("\"event\":").count() > 1, 500),
    ),
    ("robust-control-characters", "stores a NUL", |seen| {
        if_so(seen.has("\\u0000"), 500)
    }),
    (
        "robust-control-characters",
        "encodes half a character",
        |seen| if_so(seen.has("\\ud800b"), 500),
    ),
    ("robust-invalid-utf8", "decodes strictly", |seen| {
        if_so(str::from_utf8(&seen.message.body).is_err(), 500)
    }),
    ("robust-numbers", "rounds what is infinite", |seen| {
        if_so(seen.has("1e400"), 500)
    }),
    ("robust-key-names", "copies key by key", |seen| {
        if_so(seen.has("__proto__"), 500)
    }),
    ("robust-many-headers", "has a limit of 64 lines", |seen| {
        if_so(seen.message.headers.len() > 64, 431)
    }),
    ("robust-long-header", "throws at a long line", |seen| {
        if_so(seen.header("X-Wh-Check").len() > 4_096, 500)
    }),
    ("robust-goes-on", "refuses all after a long line", |seen| {
        if_so(seen.past.is_after_long_header, 401)
    }),
];

/// Of a token.
pub(super) const OF_TOKENS: &[Row] = &[
    ("accepts-scheme-case", "compares the word as text", |seen| {
        if_so(
            matches!(seen.verdict, Verdict::Valid(Valid { folded: true, .. })),
            401,
        )
    }),
    ("refuses-no-signature", "takes whoever has none", |seen| {
        if_so(matches!(seen.verdict, Verdict::Unsigned { .. }), 200)
    }),
    ("refuses-query", "takes the token from the query", |seen| {
        if_so(
            matches!(seen.verdict, Verdict::Invalid(Invalid::QueryOnly)),
            200,
        )
    }),
    ("refuses-other-secret", "looks at the length only", |seen| {
        let (tag, right) = (seen.tag(), seen.right_tag());
        let is_one = tag.is_ascii() && is_single(seen) && !tag.is_empty();
        if_so(
            is_one && tag.len() == right.len() && seen.value().starts_with("Bearer "),
            200,
        )
    }),
    ("refuses-empty-secret", "has an undefined token", |seen| {
        if_so(seen.tag() == "undefined", 200)
    }),
    ("refuses-truncated", "takes the end of the token", |seen| {
        let (tag, right) = (seen.tag(), seen.right_tag());
        if_so(
            !tag.is_empty() && tag != right && right.ends_with(&tag),
            200,
        )
    }),
    (
        "refuses-longer",
        "takes what begins with the token",
        |seen| {
            let (tag, right) = (seen.tag(), seen.right_tag());
            if_so(
                tag != right && tag.starts_with(&right) && !tag.contains(','),
                200,
            )
        },
    ),
    ("refuses-other-prefix", "takes any word", |seen| {
        let right = seen.right_tag();
        if_so(
            [right.clone(), format!("Basic {right}")].contains(&seen.value()),
            200,
        )
    }),
];

/// Of a signed id.
pub(super) const OF_SIGNED_IDS: &[Row] =
    &[
        ("refuses-changed-id", "does not see an id changed", |seen| {
            let id = seen.header("webhook-id").strip_suffix("-1")?;
            let before = seen.tag_of(|message| message.headers.set("webhook-id", id));
            if_so(seen.tag() == before, 200)
        }),
    ];

/// Each platform with its rows.
pub(super) fn tables() -> [(Provider, &'static [Row]); 4] {
    let tokens = builtin("cepro-inbound").expect("it is built in");
    [
        (acme(), OF_ACME),
        (acme(), OF_REPEATS_AND_TIME),
        (tokens, OF_TOKENS),
        (signed_id(), OF_SIGNED_IDS),
    ]
}

fn by_secret(seen: &Seen<'_>, secret: &str) -> Option<Answer> {
    let scheme = seen.receiver.provider.signing_scheme();
    let key = Key::of_bytes(scheme, secret.as_bytes());
    if_so(seen.tag() == seen.tag_by(seen.message, &key), 200)
}

/// Whether there is a signature header, be it empty.
fn is_signed(seen: &Seen<'_>) -> bool {
    seen.manner == Manner::Whole && !matches!(seen.verdict, Verdict::Unsigned { .. })
}

/// Whether there is no second one.
fn is_single(seen: &Seen<'_>) -> bool {
    !matches!(seen.verdict, Verdict::Ambiguous(_))
}
