//! What a receiver must not take: whatever the holder of the secret has not sent as it is.

use bytes::Bytes;
use url::form_urlencoded;

use crate::conformance::Rule;
use crate::delivery::Attempt;
use crate::message::Message;
use crate::provider::Tamper;
use crate::signature::{Field, Key, Source};

use super::bodies;
use super::catalogue::{Entry, Group};
use super::judge::{Judged, Seen, told};
use super::shot::{Plan, Shot, Wants};
use super::workshop::{Parcel, Workshop, each, raw};

/// The rules on who has signed what; those on how the signature is written, and when, stand beside
/// them.
pub(super) static RULES: &[Entry] = &[
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-no-signature",
            title: "A delivery without a signature is refused",
            why: "Anybody can send one.",
            page: None,
            fix: "Where the header is missing, answer 401 before anything else.",
        },
        no_signature,
    )
    .forging(),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-other-secret",
            title: "A delivery signed with another secret is refused",
            why: "Anybody can sign with a secret of their own.",
            page: None,
            fix: "Compare the signature with the one that your secret makes, and refuse where they differ.",
        },
        other_secret,
    )
    .forging(),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-empty-secret",
            title: "A delivery signed with no secret at all is refused",
            why: "A receiver that is started without its secret verifies with an empty one, or with the word `undefined`, which anybody can.",
            page: None,
            fix: "Do not start without the secret: an empty key is an error, not a key.",
        },
        empty_secret,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-other-body",
            title: "The signature of another body is refused",
            why: "Whoever has seen one delivery has a right signature, of that body.",
            page: None,
            fix: "Compute the signature over the body of this very request.",
        },
        other_body,
    )
    .forging(),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-changed-body",
            title: "A body with one byte changed is refused",
            why: "The signature is there to show it.",
            page: None,
            fix: "Compute the signature over all bytes of the body, as they came.",
        },
        changed_body,
    )
    .forging(),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-changed-spaces",
            title: "A body whose blanks were changed after signing is refused",
            why: "What takes it verifies something else than the bytes that came, and will refuse what the platform signs.",
            page: None,
            fix: "Verify the bytes as they came, before anything parses, trims or decodes them.",
        },
        changed_spaces,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-changed-id",
            title: "A signed id that was changed is refused",
            why: "Repeats are told by it: with a new one an old delivery is processed again.",
            page: None,
            fix: "Compute the signature over the id that came with the request.",
        },
        changed_id,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-query",
            title: "A signature in the query string alone is refused",
            why: "Logs, proxies and browsers keep query strings.",
            page: Some("Webhook Signing, 2026-03-16: query-string-only authentication is no longer accepted"),
            fix: "Read the signature, or the token, from its header only.",
        },
        query,
    ),
    Entry::should(
        Group::Refuses,
        Rule {
            id: "refuses-by-401",
            title: "What is refused is answered 401 or 403",
            why: "The status tells the sender's operators that the secret is wrong, and not the route or the body.",
            page: Some("RFC 9110 §15.5.2, §15.5.4; Quickstart: Webhooks for Developers"),
            fix: "Answer 401 where the signature is missing or wrong.",
        },
        by_status,
    )
    .judged_by(unauthorised)
    .uncounted(),
];

fn no_signature(workshop: &mut Workshop<'_>) -> Plan {
    each(vec![unsigned(workshop)?])
}

fn unsigned(workshop: &Workshop<'_>) -> Result<Shot, String> {
    let parcel = Parcel {
        key: None,
        ..workshop.signed()?
    };
    Ok(workshop.shot("no signature", &parcel, Wants::Refused))
}

fn other_secret(workshop: &mut Workshop<'_>) -> Plan {
    each(vec![by_another(workshop)?])
}

fn by_another(workshop: &Workshop<'_>) -> Result<Shot, String> {
    let parcel = workshop.signed()?;
    let message = workshop.message(&parcel);
    if workshop.scheme().value.has_secret() {
        // Of the same length: what is longer is another rule's affair.
        let token = turned(&workshop.tag(&message));
        let message = workshop.with_tag(&message, &token);
        return Ok(raw("another token", message, Wants::Refused));
    }
    let key = parcel.key.map(|key| key.another(workshop.scheme()));
    let parcel = Parcel {
        key,
        ..workshop.usual()
    };
    Ok(workshop.shot("another secret", &parcel, Wants::Refused))
}

/// A text of the same length with other letters and digits.
fn turned(text: &[u8]) -> Vec<u8> {
    let turned = |byte: &u8| match byte {
        b'z' => b'a',
        b'Z' => b'A',
        b'9' => b'0',
        byte if byte.is_ascii_alphanumeric() => byte + 1,
        _ => b'x',
    };
    text.iter().map(turned).collect()
}

fn empty_secret(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = workshop.signed()?;
    let is_token = workshop.scheme().value.has_secret();
    let shot = |word: &&str| {
        let key = Some(Key::of_bytes(workshop.scheme(), word.as_bytes()));
        let parcel = Parcel {
            key,
            ..parcel.clone()
        };
        let label = match *word {
            "" => "an empty secret".to_owned(),
            word => format!("the secret `{word}`"),
        };
        workshop.shot(&label, &parcel, Wants::Refused)
    };
    let words = ["", "undefined", "null", "None"];
    // A token of nothing is no signature, which is another rule's affair.
    let words = words[usize::from(is_token)..].iter();
    workshop.or_few(words.map(shot).collect(), 2)
}

fn other_body(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = workshop.sealed()?;
    let signed = workshop.message(&parcel);
    let body = Bytes::from_static(b"[]");
    let other = workshop.message(&Parcel { body, ..parcel });
    let message = Message {
        headers: other.headers,
        ..signed
    };
    each(vec![raw("the signature of `[]`", message, Wants::Refused)])
}

fn changed_body(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = Parcel {
        tamper: Some(Tamper::Body),
        ..workshop.sealed()?
    };
    each(vec![workshop.shot(
        "one byte changed",
        &parcel,
        Wants::Refused,
    )])
}

fn changed_spaces(workshop: &mut Workshop<'_>) -> Plan {
    let signed = workshop.message(&workshop.sealed()?);
    let shot = |label, body| {
        let signed = signed.clone();
        raw(label, Message { body, ..signed }, Wants::Refused)
    };
    let newline = [&signed.body[..], b"\n"].concat();
    let mut shots = vec![shot("a newline added", newline.into())];
    if bodies::is_object(&signed.body) {
        shots.push(shot("laid out over lines", bodies::pretty(&signed.body)));
    }
    each(shots)
}

fn changed_id(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = workshop.signed()?;
    let scheme = workshop.scheme();
    let source = scheme.id.as_ref();
    let Some(Source::Header(name)) = source.filter(|_| scheme.signs.has(&Field::Id)) else {
        return Err("the id is not signed by itself".to_owned());
    };
    let mut message = workshop.message(&parcel);
    message.headers.set(name, format!("{}-1", parcel.id));
    each(vec![raw("another id", message, Wants::Refused)])
}

fn query(workshop: &mut Workshop<'_>) -> Plan {
    let parcel = workshop.signed()?;
    let scheme = workshop.scheme();
    let signed = workshop.message(&parcel);
    let tag = workshop.tag(&signed);
    let mut message = signed;
    message.headers.remove(&scheme.header);
    let shot = |name: &str| {
        let pair = form_urlencoded::byte_serialize(&tag).collect::<String>();
        let target = workshop.target();
        let joint = if target.contains('?') { '&' } else { '?' };
        let message = Message {
            target: format!("{target}{joint}{name}={pair}"),
            ..message.clone()
        };
        raw(format!("`?{name}=…`"), message, Wants::Refused)
    };
    let names: &[&str] = if scheme.value.has_secret() {
        &["token", "secret", "key", &scheme.header]
    } else {
        &["signature", &scheme.header]
    };
    each(names.iter().map(|name| shot(name)).collect())
}

fn by_status(workshop: &mut Workshop<'_>) -> Plan {
    each(vec![unsigned(workshop)?, by_another(workshop)?])
}

/// What is refused is refused as unauthorised; what is taken is other rules' affair. What breaks has
/// refused nothing, which others fail by: by that alone this rule cannot be told.
fn unauthorised(seen: &Seen<'_>) -> Judged {
    let success = |status| seen.provider.delivery.rules.success.contains(status);
    let status = |nth: &usize| seen.shots[*nth].1.as_ref().and_then(Attempt::status);
    let is_other = |nth: &usize| {
        status(nth)
            .is_some_and(|status| !success(status) && status < 500 && ![401, 403].contains(&status))
    };
    let is_taken = |nth: usize| status(&nth).is_some_and(success);
    let is_broken = |nth: usize| status(&nth).is_none_or(|status| status >= 500);
    let culprits: Vec<usize> = (0..seen.shots.len()).filter(is_other).collect();
    if let Some(first) = culprits.first() {
        let (shot, attempt) = &seen.shots[*first];
        let came = format!("{}: {}", shot.label, told(attempt.as_ref()));
        return Judged::fail(came, culprits);
    }
    if (0..seen.shots.len()).any(is_broken) {
        let answers = seen.answers();
        return Judged::not_seen(format!("{answers}: what breaks has refused nothing"));
    }
    if (0..seen.shots.len()).all(is_taken) {
        return Judged::not_seen("nothing was refused");
    }
    Judged::pass(seen.answers())
}
