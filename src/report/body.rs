//! A body on the screen.

use crate::message::json;
use crate::term::{Safe, bytes};

/// The longest body that is laid out on the screen, in bytes.
const LAID_OUT: usize = 64 * 1024;

/// The bytes that are shown of a body that is no text.
const DUMPED: usize = 32;

/// A body as lines of safe text, at most `most` bytes of it: JSON re-indented, other text as it is,
/// bytes that are no text as hexadecimal digits. Empty for an empty body.
pub(crate) fn preview(body: &[u8], most: usize) -> Vec<String> {
    let most = most.min(LAID_OUT);
    if body.is_empty() {
        return Vec::new();
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return vec![dump(body)];
    };
    let (shown, left) = if text.len() > most {
        (&text[..floor(text, most)], text.len() - floor(text, most))
    } else {
        (text, 0)
    };
    let laid_out = if left == 0 {
        json::pretty(shown.as_bytes())
    } else {
        None
    };
    let safe = Safe::block(laid_out.as_deref().unwrap_or(shown)).to_string();
    let mut lines: Vec<String> = safe.lines().map(str::to_owned).collect();
    if left > 0 {
        lines.push(format!("… {} more", bytes(left as u64)));
    }
    lines
}

/// The last place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// Bytes that are no text, as hexadecimal digits on one line.
pub(crate) fn dump(body: &[u8]) -> String {
    let shown = &body[..body.len().min(DUMPED)];
    let more = if body.len() > DUMPED { " …" } else { "" };
    let hex: Vec<String> = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "({} that are not text) {}{more}",
        bytes(body.len() as u64),
        hex.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::preview;

    #[test]
    fn bodies_become_lines() {
        for (body, want) in [
            (&b""[..], vec![]),
            (b"{\"a\":1.0}", vec!["{", "  \"a\": 1.0", "}"]),
            (b"a=b&c=d\n", vec!["a=b&c=d"]),
            (
                b"\x1f\x8b\x08\xff",
                vec!["(4 B that are not text) 1f 8b 08 ff"],
            ),
            (b"\x1b[2Jx", vec!["\\x1b[2Jx"]),
        ] {
            assert_eq!(preview(body, 1000), want);
        }
    }

    #[test]
    fn long_bodies_are_cut_between_characters() {
        assert_eq!(preview("äää".as_bytes(), 3), ["ä", "… 4 B more"]);
    }
}
