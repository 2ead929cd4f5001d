use std::fmt::Write as _;

use proptest::prelude::*;

use super::Safe;
use harmless::{assert_harmless, is_unsafe};

mod harmless;

/// Text that has acted on terminals or deceived their readers, and what a line shows of it.
const HOSTILE: &[(&[u8], &str)] = &[
    (b"", ""),
    (b"plain ~ text", "plain ~ text"),
    ("naïve 日本 🎉".as_bytes(), "naïve 日本 🎉"),
    (b"\x1b[31mred\x1b[m", r"\x1b[31mred\x1b[m"),
    (b"\x1b]0;title\x07", r"\x1b]0;title\x07"),
    (b"\x1b]8;;http://x\x1b\\link", r"\x1b]8;;http://x\x1b\link"),
    (
        b"\x1bP$q;open -a Calculator\r\x1b\\",
        r"\x1bP$q;open -a Calculator\r\x1b\",
    ),
    (b"a\nb\tc\rd", r"a\nb\tc\rd"),
    (b"\x00\x08\x0b\x0e\x7f", r"\x00\x08\x0b\x0e\x7f"),
    (
        "\u{80}\u{85}\u{9b}31m\u{9f}".as_bytes(),
        r"\u{80}\u{85}\u{9b}31m\u{9f}",
    ),
    (b"\x9b31m \x9d0;x\x9c \xff", r"\x9b31m \x9d0;x\x9c \xff"),
    (b"cut \xe2\x82", r"cut \xe2\x82"),
    (b"surrogate \xed\xa0\x80", r"surrogate \xed\xa0\x80"),
    (b"overlong \xc0\x9b", r"overlong \xc0\x9b"),
    (
        "user\u{202e}gpj.exe\u{2066}".as_bytes(),
        r"user\u{202e}gpj.exe\u{2066}",
    ),
    (
        "a\u{200b}b\u{200d}c\u{200f}d".as_bytes(),
        r"a\u{200b}b\u{200d}c\u{200f}d",
    ),
    ("\u{feff}bom\u{ad}".as_bytes(), r"\u{feff}bom\u{ad}"),
    ("\u{2028}\u{2029}".as_bytes(), r"\u{2028}\u{2029}"),
    ("\u{e0001}\u{e0041}".as_bytes(), r"\u{e0001}\u{e0041}"),
    ("\u{e000}\u{378}".as_bytes(), "\u{e000}\u{378}"),
    (br"\x1b \n \u{9b}", r"\x1b \n \u{9b}"),
];

/// The bytes that terminals' sequences begin and end with, and what stands between.
const ACTIVE: &[u8] = b"\x1b\x9b\x9d\x90\xc2[]P;m\\\x07 0a";

#[test]
fn a_line_shows_what_acts_as_escapes() {
    for (bytes, expected) in HOSTILE {
        assert_eq!(Safe::line(bytes).to_string(), *expected);
        assert_harmless(bytes);
    }
}

#[test]
fn a_block_keeps_its_lines_and_tabs_only() {
    let body = Safe::block("{\n\t\"a\": 1\r\n}\x1b[2J\u{202e}");
    assert_eq!(body.to_string(), "{\n\t\"a\": 1\\r\n}\\x1b[2J\\u{202e}");
}

#[test]
fn every_character_passes_or_is_shown_as_its_escape() {
    let mut shown = String::new();
    for c in '\0'..=char::MAX {
        shown.clear();
        let passes = !is_unsafe(c) || c == '\u{fffd}';
        let mut utf8 = [0; 4];
        let text = c.encode_utf8(&mut utf8);
        write!(shown, "{}", Safe::line(&*text)).expect("a string takes it");
        assert_eq!(shown == *text, passes, "{c:?} is shown as {shown}");
        assert!(
            passes || shown.starts_with('\\') && shown.is_ascii(),
            "{c:?}"
        );
    }
}

#[test]
fn a_cut_line_fits_and_says_so() {
    for (bytes, max_columns, expected) in [
        (&b"short"[..], 5, "short"),
        (b"longer", 5, "long…"),
        (b"longer", 1, "…"),
        (b"longer", 0, ""),
        (b"a\x1bb", 6, r"a\x1bb"),
        (b"a\x1bbc", 6, r"a\x1b…"),
        (b"ab\x1bc", 6, "ab…"),
        (b"a\nb", 9, r"a\nb"),
        (b"\x9b\x9b", 5, r"\x9b…"),
        ("日本語".as_bytes(), 6, "日本語"),
        ("日本語".as_bytes(), 5, "日本…"),
        ("日本語".as_bytes(), 4, "日…"),
        ("e\u{301}e\u{301}e\u{301}".as_bytes(), 2, "e\u{301}…"),
    ] {
        assert_eq!(
            Safe::line(bytes).truncated(max_columns),
            expected,
            "{max_columns}"
        );
    }
    assert_eq!(Safe::block("a\nb").truncated(9), r"a\nb");
    assert_eq!(Safe::line("all").truncated(usize::MAX), "all");
}

#[test]
fn a_cut_line_is_short_in_bytes_too() {
    let accents = format!("a{}", "\u{301}".repeat(10_000));
    for text in [accents, "日".repeat(10_000), "\u{9b}".repeat(10_000)] {
        let cut = Safe::line(&text).truncated(10);
        assert!(cut.len() <= 10 * 32 + '…'.len_utf8(), "{}", cut.len());
        assert!(cut.ends_with('…') && !cut.contains(r"\x"), "{cut}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_harmless(bytes: Vec<u8>) {
        assert_harmless(&bytes);
    }

    #[test]
    fn any_text_is_harmless(text: String) {
        assert_harmless(text.as_bytes());
    }

    #[test]
    fn any_mixture_of_hostile_parts_is_harmless(
        parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(HOSTILE).prop_map(|(bytes, _)| bytes.to_vec()),
                prop::collection::vec(prop::sample::select(ACTIVE), 1..6),
            ],
            0..8,
        )
    ) {
        assert_harmless(&parts.concat());
    }
}
