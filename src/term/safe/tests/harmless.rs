//! What harmless means, without asking the code under test: a table of characters, and a terminal.

use vte::{Params, Parser, Perform};

use crate::term::Safe;

/// The characters of the general category Format in Unicode 16 (`DerivedGeneralCategory.txt`), kept
/// apart from the crate that [`Safe`] asks.
const FORMAT: [(u32, u32); 21] = [
    (0xad, 0xad),
    (0x600, 0x605),
    (0x61c, 0x61c),
    (0x6dd, 0x6dd),
    (0x70f, 0x70f),
    (0x890, 0x891),
    (0x8e2, 0x8e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x2064),
    (0x2066, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0001, 0xe0001),
    (0xe0020, 0xe007f),
];

/// A terminal that fails the test when a text makes it do anything but show characters.
struct Terminal {
    /// The control characters that may be executed.
    layout: &'static [u8],
}

impl Perform for Terminal {
    fn execute(&mut self, byte: u8) {
        assert!(self.layout.contains(&byte), "executed {byte:#x}");
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        panic!("device control string {action:?}");
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        panic!("operating system command {params:?}");
    }

    fn csi_dispatch(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        panic!("control sequence {action:?}");
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        panic!("escape sequence {byte:#x}");
    }
}

/// Whether a terminal must not get the character.
pub(super) fn is_unsafe(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffd}')
        || FORMAT.iter().any(|&(from, to)| (from..=to).contains(&code))
}

/// Fails unless the text, in all its forms, holds nothing that acts and a terminal does nothing but
/// show it.
pub(super) fn assert_harmless(bytes: &[u8]) {
    let line = Safe::line(bytes).to_string();
    let cut = Safe::line(bytes).truncated(20);
    let block = Safe::block(bytes).to_string();
    let layout: &[(&str, &'static [u8])] = &[(&line, b""), (&cut, b""), (&block, b"\n\t")];
    for &(shown, layout) in layout {
        let plain = shown.replace(|c| layout.iter().any(|&byte| c == char::from(byte)), "");
        // What is U+FFFD itself, and not a byte that could not be read, is shown as it came.
        let found = plain.chars().find(|&c| is_unsafe(c) && c != '\u{fffd}');
        assert_eq!(found, None, "{shown:?}");
        Parser::new().advance(&mut Terminal { layout }, shown.as_bytes());
    }
    assert_eq!(
        Safe::line(&line).to_string(),
        line,
        "showing twice equals showing once"
    );
}
