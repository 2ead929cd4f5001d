//! Lays JSON tokens out over lines.

use super::tokens::Tokens;

/// Re-indents a JSON text by two spaces a level; every token keeps its bytes.
///
/// `None` where the bytes are not JSON (RFC 8259): such a body is shown as it is.
///
/// ```
/// use wh::message::json;
/// let pretty = json::pretty(br#"{"total":2500.00,"tags":[]}"#).unwrap();
/// assert_eq!(pretty, "{\n  \"total\": 2500.00,\n  \"tags\": []\n}");
/// ```
#[must_use]
pub fn pretty(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0;
    let mut tokens = Tokens(text).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" if matches!(tokens.peek(), Some(&("}" | "]"))) => {
                out.push_str(token);
                out.extend(tokens.next());
            }
            "{" | "[" => {
                depth += 1;
                out.push_str(token);
                break_line(&mut out, depth);
            }
            "}" | "]" => {
                depth -= 1;
                break_line(&mut out, depth);
                out.push_str(token);
            }
            "," => {
                out.push(',');
                break_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            _ => out.push_str(token),
        }
    }
    Some(out)
}

/// Deeper levels are not indented further: a body of nothing but brackets would otherwise grow by
/// the square of its length.
const DEEPEST: usize = 40;

/// Starts a new line at this depth.
fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(DEEPEST)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Tokens, pretty};

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("2500.00".to_owned()),
            Just("-1E+400".to_owned()),
            Just(r#""\"}{\\""#.to_owned()),
            any::<String>().prop_map(|s| serde_json::to_string(&s).expect("strings serialise")),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5)
                    .prop_map(|v| format!("[{}]", v.join(" ,\n"))),
                prop::collection::vec(inner, 0..5).prop_map(|v| {
                    let fields: Vec<_> = v.iter().map(|x| format!("\"k\" :{x}")).collect();
                    format!("{{ {}\t}}", fields.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn tokens_are_kept(text in json()) {
            let laid_out = pretty(text.as_bytes()).expect("generated JSON is JSON");
            prop_assert_eq!(Tokens(&laid_out).collect::<Vec<_>>(), Tokens(&text).collect::<Vec<_>>());
            prop_assert_eq!(pretty(laid_out.as_bytes()), Some(laid_out));
        }
    }

    #[test]
    fn what_is_not_json_stays_out() {
        for body in [&b"{"[..], b"a=b", b"\xff", b"", b"{'a':1}", b"[1,]"] {
            assert_eq!(pretty(body), None);
        }
    }
}
