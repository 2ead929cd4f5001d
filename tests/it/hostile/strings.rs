//! Strings that have acted on terminals, deceived their readers, or broken out of their place.

use std::fs;

use crate::support::corpus;

/// Ours, never skipped.
pub(crate) const OURS: &[&[u8]] = &[
    // Control sequences: colour, cursor, erasing, reports, bracketed paste.
    b"\x1b[31mred\x1b[0m",
    b"\x1b[2J\x1b[H",
    b"\x1b[1A\x1b[2K\x1b[32m14:02:11  <-- \xe2\x9c\x93 valid",
    b"\x1b[6n\x1b[c",
    b"\x1b[?1049h\x1b[201~",
    // Operating system commands: title, link, clipboard, file transfer; with either end, and without.
    b"\x1b]0;title\x07",
    b"\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    b"\x1b]52;c;ZXZpbA==\x07",
    b"\x1b]1337;File=name=eA==:eA==\x07",
    b"\x1b]unterminated",
    // Device control, application, privacy and other strings; charsets, reset, alignment.
    b"\x1bP$q\"p\x1b\\",
    b"\x1bP+q544e\x1b\\",
    b"\x1b_Gi=1;AAAA\x1b\\",
    b"\x1b^private\x1b\\",
    b"\x1bXstring\x1b\\",
    b"\x1b(0lqqk\x1b(B",
    b"\x1bc\x1b#8",
    // C1: as characters, and as bytes.
    "\u{9b}31mred\u{9b}m".as_bytes(),
    "\u{9d}0;title\u{9c}".as_bytes(),
    "\u{90}x\u{9c}\u{85}next".as_bytes(),
    b"\x9b31mred\x9bm",
    b"\x9d0;title\x9c",
    b"\x90x\x9c\x85next",
    // Direction, as in Trojan Source, and what else is not seen.
    "access = \"user\u{202e} \u{2066}// admins only\u{2069} \u{2066}\"".as_bytes(),
    "/*\u{202e} } \u{2066}if (admin)\u{2069} \u{2066} begin */".as_bytes(),
    "\u{202a}a\u{202b}b\u{202c}c\u{202d}d".as_bytes(),
    "\u{2067}a\u{2068}b\u{2069}\u{200e}c\u{200f}d\u{61c}".as_bytes(),
    "valid\u{200b}\u{200c}\u{200d}\u{2060}\u{180e}\u{ad}".as_bytes(),
    "\u{feff}bom\u{fffe}\u{fff9}x\u{fffb}".as_bytes(),
    "\u{e0001}\u{e0074}\u{e0065}\u{e0078}\u{e0074}\u{e007f}".as_bytes(),
    "two\u{2028}lines\u{2029}or three".as_bytes(),
    "v\u{430}lid \u{3164}\u{115f}\u{2800}\u{a0}".as_bytes(),
    "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} \u{1f3f4}\u{e0067}\u{e007f}".as_bytes(),
    // What is not UTF-8: stray, cut, overlong, a surrogate, beyond the end.
    b"\xff\xfe",
    b"cut \xe2\x82",
    b"overlong \xc0\x9b\xe0\x82\x9b",
    b"surrogate \xed\xa0\x80\xed\xb0\x80",
    b"beyond \xf4\x90\x80\x80\xf8\x88\x80\x80\x80",
    b"latin \xe9\xfc\xa0",
    // Single controls, and overwriting what stands before them.
    b"nul\0nul",
    b"bell\x07 bell",
    b"invalid\x08\x08\x08\x08\x08\x08\x08valid  ",
    b"vertical\x0b form\x0c shift\x0e out\x0f sub\x1a",
    b"del\x7f\x7f",
    b"\r14:02:11  <-- \xe2\x9c\x93 valid",
    // Line ends that begin something of their own.
    b"a\r\nX-Evil: 1",
    b"a\nX-Evil: 1",
    b"a\rX-Evil: 1",
    b"a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    b"\n14:02:11  <-- \xe2\x9c\x93 valid      cepro",
    b"\nhint: all is well",
    // Other languages' own ways out.
    b"%0d%0aX-Evil:%201",
    b"\\x1b[31m\\u202e",
    b"'\"`$(id);|&<script>{{7*7}}%n%s",
    b"../../../../etc/passwd",
    b"@/etc/passwd",
    b"-rf",
    b"--help",
    b"=1+1",
    b"\xf0\x9f\x8e\x89 ok",
    b"\t tab \t",
    b" ",
    b"",
];

/// Ours; and the corpora, where they stand.
pub(crate) fn all() -> Vec<Vec<u8>> {
    let ours = OURS.iter().map(|string| string.to_vec());
    ours.chain(naughty()).chain(attacks()).collect()
}

/// Ours, and those of the corpora several at a time: for what takes a process for each.
pub(crate) fn bundles() -> Vec<Vec<u8>> {
    let ours = OURS.iter().map(|string| string.to_vec());
    let others: Vec<_> = naughty().into_iter().chain(attacks()).collect();
    let bundles = others.chunks(50).map(|several| several.join(&b' '));
    ours.chain(bundles).collect()
}

/// Floods that are too long to be written out: one line, accents on one letter, brackets, escapes.
pub(super) fn floods() -> Vec<Vec<u8>> {
    const LONG: usize = 100_000;
    vec![
        b"a".repeat(LONG),
        [&b"e"[..], &"\u{301}".repeat(LONG / 2).into_bytes()].concat(),
        "日".repeat(LONG / 3).into_bytes(),
        b"[".repeat(LONG),
        [b"[".repeat(LONG / 2), b"]".repeat(LONG / 2)].concat(),
        "{\"a\":".repeat(LONG / 5).into_bytes(),
        b"\x1b[31m".repeat(LONG / 5),
        b"\n".repeat(LONG / 10),
        b"\x9b".repeat(LONG),
        "\u{202e}".repeat(LONG / 3).into_bytes(),
    ]
}

/// The big list of naughty strings: each of them, and all of them at once.
fn naughty() -> Vec<Vec<u8>> {
    let Some(folder) = corpus("blns") else {
        return Vec::new();
    };
    let text = fs::read(folder.join("blns.txt")).unwrap();
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
    lines.chain([text.clone()]).collect()
}

/// Attacks on terminals; they are written as `printf %b` reads them.
fn attacks() -> Vec<Vec<u8>> {
    let Some(folder) = corpus("ansi-attacks") else {
        return Vec::new();
    };
    let text = fs::read(folder.join("sequences.json")).unwrap();
    let escaped: Vec<String> = serde_json::from_slice(&text).unwrap();
    let bytes = |escaped: &String| {
        let (backslash, marked) = ("\u{e000}", escaped.replace(r"\\", "\u{e000}"));
        let raw = marked
            .replace(r"\e", "\x1b")
            .replace(r"\a", "\x07")
            .replace(r"\r", "\r");
        let bytes = raw.replace(backslash, r"\").into_bytes();
        assert!(bytes.contains(&0x1b), "{escaped:?} is no attack");
        bytes
    };
    escaped.iter().map(bytes).collect()
}
