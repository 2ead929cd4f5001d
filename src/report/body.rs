//! A body on the screen.

use crate::message::json;
use crate::term::{Safe, bytes};

/// The longest body that is laid out on the screen, in bytes.
const LAID_OUT: usize = 256 * 1024;

/// The bytes that are shown of a body that is no text, where there is room for several lines.
const DUMPED_WHOLE: usize = 256;

/// The bytes on one line of those.
const ROW: usize = 16;

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

/// The beginning of bytes that are no text, as lines of offset, hexadecimal digits and ASCII.
pub(crate) fn hex_dump(body: &[u8]) -> Vec<String> {
    let shown = &body[..body.len().min(DUMPED_WHOLE)];
    let size = bytes(body.len() as u64);
    let mut lines = vec![format!("({size} that are not text)")];
    for (nth, row) in shown.chunks(ROW).enumerate() {
        let digits: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        let (offset, digits) = (nth * ROW, digits.join(" "));
        let text: String = row
            .iter()
            .map(|byte| match byte {
                b' '..=b'~' => char::from(*byte),
                _ => '.',
            })
            .collect();
        lines.push(format!("{offset:08x}  {digits:<47}  |{text}|"));
    }
    if body.len() > shown.len() {
        let more = bytes((body.len() - shown.len()) as u64);
        lines.push(format!("… {more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{hex_dump, preview};

    #[test]
    fn what_is_no_text_becomes_lines_of_digits() {
        let body: Vec<u8> = (0xf0..=0xff).chain(*b"ab\x1b").collect();
        assert_eq!(
            hex_dump(&body),
            [
                "(19 B that are not text)",
                "00000000  f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff  |................|",
                "00000010  61 62 1b                                         |ab.|",
            ]
        );
        let long = hex_dump(&[0xff; 2048]);
        assert_eq!((long.len(), long[17].as_str()), (18, "… 1.8 KiB more"));
    }

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
