//! How a signature must not be written: a right one in another form, or a part of it.

use crate::conformance::Rule;
use crate::message::Message;
use crate::signature::{Algorithm, Encoding};

use super::catalogue::{Entry, Group};
use super::shot::{Plan, Shot, Wants};
use super::workshop::{Workshop, each, raw};

/// What to change where a part of the signature is enough, or breaks the comparison.
const WHOLE: &str = "Compare the whole of both texts in constant time, and refuse at once where their lengths differ.";

/// The rules.
pub(super) static RULES: &[Entry] = &[
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-empty",
            title: "An empty signature is refused",
            why: "Comparisons that end with the shorter text take it for equal, and decoders break at it.",
            page: None,
            fix: WHOLE,
        },
        empty,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-truncated",
            title: "A part of the right signature is refused",
            why: "What takes the beginning takes one character in the end; comparisons in constant time throw where lengths differ.",
            page: None,
            fix: WHOLE,
        },
        truncated,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-longer",
            title: "The right signature with more behind it is refused",
            why: "What takes it compares a part only; comparisons in constant time throw where lengths differ.",
            page: None,
            fix: WHOLE,
        },
        longer,
    ),
    Entry::must(
        Group::Refuses,
        Rule {
            id: "refuses-other-characters",
            title: "Characters that no signature has are refused",
            why: "Decoders throw at them or pass them over, and some comparisons throw at what is not ASCII.",
            page: None,
            fix: "Refuse what cannot be decoded as what does not match; compare bytes, not texts.",
        },
        other_characters,
    ),
    Entry::should(
        Group::Refuses,
        Rule {
            id: "refuses-upper-case",
            title: "A signature in upper-case hexadecimal digits is refused",
            why: "The platform writes lower case; who takes both has decoded before comparing, or compares without regard to case.",
            page: Some(
                "the platform's samples compare texts in lower case; no document says what else to do",
            ),
            fix: "Compare with the signature in lower case, as it is.",
        },
        upper_case,
    )
    .at_length(),
    Entry::should(
        Group::Refuses,
        Rule {
            id: "refuses-other-prefix",
            title: "A signature with another platform's prefix is refused",
            why: "Three platforms use one header name in different forms: a receiver that takes all of them does not know whose delivery it is.",
            page: None,
            fix: "Take the one form that the platform documents: `sha256=` and the digits, or the digits alone.",
        },
        other_prefix,
    )
    .at_length(),
    Entry::should(
        Group::Refuses,
        Rule {
            id: "refuses-two-signatures",
            title: "Two signature headers are refused",
            why: "A proxy may look at the one and the receiver at the other; the platform sends one.",
            page: Some("RFC 9110 §5.3: a sender must not repeat a header that is no list"),
            fix: "Read all lines of the header, and refuse where there is more than one, or a comma in it.",
        },
        two_signatures,
    )
    .at_length(),
];

/// A signed delivery, its signature's text, and the shot of it with another one.
struct Signed<'w, 'r> {
    workshop: &'w Workshop<'r>,
    message: Message,
    tag: Vec<u8>,
}

impl<'w, 'r> Signed<'w, 'r> {
    fn new(workshop: &'w Workshop<'r>) -> Result<Self, String> {
        let message = workshop.message(&workshop.signed()?);
        let tag = workshop.tag(&message);
        Ok(Self {
            workshop,
            message,
            tag,
        })
    }

    fn is_token(&self) -> bool {
        self.workshop.scheme().algorithm == Algorithm::Token
    }

    /// Whether it is read as base64, by decoders that may be lenient.
    fn is_base64(&self) -> bool {
        !self.is_token() && self.workshop.scheme().encoding == Encoding::Base64
    }

    /// With another text in the signature's place.
    fn written(&self, label: &str, tag: &[u8]) -> Shot {
        let message = self.workshop.with_tag(&self.message, tag);
        raw(label, message, Wants::Refused)
    }

    /// With another value of the header.
    fn carried(&self, label: impl Into<String>, value: impl AsRef<[u8]>) -> Shot {
        let message = self.workshop.with_value(&self.message, value);
        raw(label, message, Wants::Refused)
    }
}

fn empty(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    let mut shots = vec![signed.carried("an empty header", "")];
    let value = workshop.value_of(&signed.message, b"");
    // The blank between a word and nothing would be taken off on the way.
    let value = value.trim_ascii();
    if !value.is_empty() {
        shots.push(signed.carried(format!("`{}`", String::from_utf8_lossy(value)), value));
    }
    each(shots)
}

fn truncated(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    let tag = &signed.tag;
    let (label, missing) = if signed.is_base64() {
        ("its last 4 characters missing", 4.min(tag.len()))
    } else {
        ("its last character missing", 1)
    };
    let mut shots = vec![
        signed.written(label, &tag[..tag.len() - missing]),
        signed.written("its first half", &tag[..tag.len() / 2]),
    ];
    if tag.len() > 1 {
        shots.push(signed.written("its second half", &tag[tag.len() / 2..]));
        shots.push(signed.written("its first character", &tag[..1]));
    }
    workshop.or_few(shots, 2)
}

fn longer(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    let tag = &signed.tag;
    if signed.is_base64() {
        // What stands behind the padding is passed over by decoders, which leaves the right bytes.
        let encoding = workshop.scheme().encoding;
        let bytes = encoding.decode(tag).unwrap_or_default();
        let written = |label, more: &[u8]| {
            let text = encoding.encode(&[&bytes, more].concat());
            signed.written(label, text.as_bytes())
        };
        return each(vec![
            written("one byte more", &[0]),
            written("twice in a row", &bytes),
        ]);
    }
    each(vec![
        signed.written("one character more", &[tag, &b"0"[..]].concat()),
        signed.written("twice in a row", &tag.repeat(2)),
    ])
}

fn other_characters(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    let mut shots = Vec::new();
    // A token may have any character, and this one would be just another.
    if !signed.is_token() {
        shots.push(signed.written("no digits at all", &b"!".repeat(signed.tag.len())));
    }
    let mut text = signed.tag.clone();
    text.truncate(signed.tag.len().saturating_sub(2));
    shots.push(signed.written("an accent in it", &[&text, "é".as_bytes()].concat()));
    shots.push(signed.written("no UTF-8", &[&text, &b"\xff\xfe"[..]].concat()));
    workshop.or_few(shots, 2)
}

fn upper_case(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    if signed.is_token() || workshop.scheme().encoding != Encoding::Hex {
        return Err("the platform's signatures are no hexadecimal digits".to_owned());
    }
    let text = signed.tag.to_ascii_uppercase();
    each(vec![signed.written("upper case", &text)])
}

fn other_prefix(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    let prefixes: &[&str] = if signed.is_token() {
        &["", "Bearer ", "Basic "]
    } else {
        &["", "sha256=", "sha1="]
    };
    let own = workshop.value(&signed.message);
    let shot = |prefix: &&str| {
        let value = [prefix.as_bytes(), &signed.tag].concat();
        let label = match *prefix {
            "" => "no prefix".to_owned(),
            prefix => format!("`{prefix}…`"),
        };
        (value != own).then(|| signed.carried(label, value))
    };
    each(prefixes.iter().filter_map(shot).collect())
}

fn two_signatures(workshop: &mut Workshop<'_>) -> Plan {
    let signed = Signed::new(workshop)?;
    let scheme = workshop.scheme();
    if scheme.value.is_list() {
        return Err("the header is a list, in which one right signature is enough".to_owned());
    }
    let right = workshop.value(&signed.message);
    let wrong = workshop.value_of(&signed.message, &b"0".repeat(signed.tag.len()));
    let twice = |label, [first, second]: [&Vec<u8>; 2]| {
        let mut message = workshop.with_value(&signed.message, first);
        message.headers.push(&scheme.header, second);
        raw(label, message, Wants::Refused)
    };
    each(vec![
        twice("right and wrong", [&right, &wrong]),
        twice("wrong and right", [&wrong, &right]),
        signed.carried("joined by a comma", [&right, &b", "[..], &wrong].concat()),
    ])
}
