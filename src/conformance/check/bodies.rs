//! Bodies: what the platform's may look like, and what they never should.

use std::iter::repeat_n;

use bytes::Bytes;

use crate::message::json;

/// The name of the field that is added where something has to stand in a body.
const FIELD: &str = "wh_check";

/// The same tokens without a blank between them; a body that is no JSON stays.
pub(super) fn compact(body: &Bytes) -> Bytes {
    if json::pretty(body).is_none() {
        return body.clone();
    }
    let outside = outside_strings(body);
    let kept = outside.filter(|(byte, is_outside)| !(*is_outside && byte.is_ascii_whitespace()));
    kept.map(|(byte, _)| byte).collect()
}

/// A compact body with a blank after each comma and each colon, as Python writes JSON.
pub(super) fn spaced(body: &Bytes) -> Bytes {
    let spaced = outside_strings(body).flat_map(|(byte, is_outside)| {
        let blank = (is_outside && matches!(byte, b',' | b':')).then_some(b' ');
        std::iter::once(byte).chain(blank)
    });
    spaced.collect()
}

/// Each byte of a JSON text, and whether it stands outside of all strings.
fn outside_strings(body: &Bytes) -> impl Iterator<Item = (u8, bool)> {
    let mut in_string = false;
    let mut is_escaped = false;
    body.iter().map(move |byte| {
        let is_outside = !in_string;
        in_string ^= *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        (*byte, is_outside)
    })
}

/// The same tokens over lines, by two blanks a level.
pub(super) fn pretty(body: &Bytes) -> Bytes {
    json::pretty(body).map_or_else(|| body.clone(), Bytes::from)
}

/// The same tokens over lines as hardly any program writes them: indented by tabs, and the lines
/// ended as on Windows.
pub(super) fn tabbed(body: &Bytes) -> Bytes {
    let pretty = pretty(body);
    let lines = pretty.split(|byte| *byte == b'\n').map(|line| {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        [&b"\t".repeat(indent / 2), &line[indent..]].concat()
    });
    lines.collect::<Vec<_>>().join(&b"\r\n"[..]).into()
}

/// Whether it is an object.
pub(super) fn is_object(body: &Bytes) -> bool {
    body.starts_with(b"{") && json::pretty(body).is_some()
}

/// A compact object with these members more, as they are written.
pub(super) fn with_members(body: &Bytes, members: &[u8]) -> Bytes {
    let inner = inner(body);
    let comma: &[u8] = if inner.is_empty() { b"" } else { b"," };
    [b"{", inner, comma, members, b"}"].concat().into()
}

/// A compact object with one field more, as its value is written; where the body is none, an object of
/// that field alone.
pub(super) fn with_field(body: &Bytes, value: &[u8]) -> Bytes {
    let empty = Bytes::from_static(b"{}");
    let body = if is_object(body) { body } else { &empty };
    with_members(body, &[format!("\"{FIELD}\":").as_bytes(), value].concat())
}

/// A compact object with each of its members twice.
pub(super) fn doubled(body: &Bytes) -> Bytes {
    let inner = inner(body).to_vec();
    if inner.is_empty() {
        with_members(body, b"\"a\":1,\"a\":2")
    } else {
        with_members(body, &inner)
    }
}

/// A compact object with a text in it that makes it exactly so many bytes long, where it is shorter.
pub(super) fn padded(body: &Bytes, length: usize) -> Bytes {
    let least = with_field(body, b"\"\"").len();
    let text: Vec<u8> = repeat_n(b'x', length.saturating_sub(least)).collect();
    with_field(body, &[b"\"", &text[..], b"\""].concat())
}

/// So many of these, within each other.
pub(super) fn nested(open: &str, close: &str, levels: usize) -> Vec<u8> {
    [open.repeat(levels), close.repeat(levels)]
        .concat()
        .into_bytes()
}

/// What stands between the braces.
fn inner(body: &Bytes) -> &[u8] {
    let open = body.strip_prefix(b"{").unwrap_or(body);
    open.strip_suffix(b"}").unwrap_or(open)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{compact, doubled, padded, pretty, spaced, tabbed, with_field};

    const BODY: &[u8] = b"{\"a\":\"x \\\" y\\\\\",\"b\":[2500.00,{}]}";

    #[test]
    fn the_tokens_stay_and_the_blanks_between_them_do_not() {
        let body = Bytes::from_static(BODY);
        for other in [&body, &pretty(&body), &tabbed(&body), &spaced(&body)] {
            assert_eq!(compact(other), body);
        }
        assert!(tabbed(&body).starts_with(b"{\r\n\t\"a\": \"x \\\" y"));
        assert!(spaced(&body).ends_with(b", \"b\": [2500.00, {}]}"));
        let no_json = Bytes::from_static(b"a = b");
        assert_eq!(compact(&no_json), no_json);
    }

    #[test]
    fn what_is_added_leaves_an_object() {
        for (body, added, twice) in [
            ("{}", "{\"wh_check\":1.0}", "{\"a\":1,\"a\":2}"),
            (
                "{\"a\":1}",
                "{\"a\":1,\"wh_check\":1.0}",
                "{\"a\":1,\"a\":1}",
            ),
        ] {
            let body = Bytes::from_static(body.as_bytes());
            assert_eq!(with_field(&body, b"1.0"), added);
            assert_eq!(doubled(&body), twice);
            assert_eq!(padded(&body, 64).len(), 64);
        }
        let no_object = Bytes::from_static(b"[1]");
        assert_eq!(with_field(&no_object, b"1.0"), "{\"wh_check\":1.0}");
    }
}
