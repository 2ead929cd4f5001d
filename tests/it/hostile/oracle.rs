//! What harmless output is, without asking the code under test: a table of characters, and a terminal.

use vte::{Params, Parser, Perform};

/// The characters of the general category Format in Unicode 16 (`DerivedGeneralCategory.txt`), and
/// the two separators that end a line.
const FORMAT: [(u32, u32); 22] = [
    (0xad, 0xad),
    (0x600, 0x605),
    (0x61c, 0x61c),
    (0x6dd, 0x6dd),
    (0x70f, 0x70f),
    (0x890, 0x891),
    (0x8e2, 0x8e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x2028, 0x2029),
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

/// The parameters of the SGR sequences that are ours.
const OURS: [u16; 7] = [0, 1, 2, 31, 32, 33, 36];

/// Whether our own colours are among what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Never,
    Always,
}

impl Colour {
    pub(super) const BOTH: [Self; 2] = [Self::Never, Self::Always];

    /// The flag that asks for it.
    pub(super) fn flag(self) -> &'static str {
        match self {
            Self::Never => "--color=never",
            Self::Always => "--color=always",
        }
    }
}

/// A terminal that fails the test when a text makes it do anything but show lines.
struct Terminal(Colour);

impl Perform for Terminal {
    fn execute(&mut self, byte: u8) {
        assert!(b"\n\t".contains(&byte), "executed {byte:#x}");
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        panic!("device control string {action:?}");
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        panic!("operating system command {params:?}");
    }

    fn csi_dispatch(&mut self, params: &Params, between: &[u8], _: bool, action: char) {
        let params: Vec<_> = params.iter().collect();
        let ours = self.0 == Colour::Always
            && action == 'm'
            && between.is_empty()
            && matches!(*params, [[code]] if OURS.contains(code));
        assert!(ours, "control sequence {params:?} {action:?}");
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        panic!("escape sequence {byte:#x}");
    }
}

/// Fails unless what was written does nothing to a terminal but show lines, in our own colours at most.
#[track_caller]
pub(super) fn assert_harmless(written: &[u8], colour: Colour) {
    let text = str::from_utf8(written).unwrap_or_else(|error| {
        let around = &written[error.valid_up_to().saturating_sub(80)..];
        panic!(
            "{error}: {}",
            String::from_utf8_lossy(&around[..around.len().min(160)])
        )
    });
    for line in text.lines() {
        let found = without_colour(line, colour).chars().find(|c| is_unsafe(*c));
        assert_eq!(found, None, "{line:?}");
    }
    Parser::new().advance(&mut Terminal(colour), written);
}

/// A line as it reads, without our own colours where there are any.
pub(super) fn without_colour(line: &str, colour: Colour) -> String {
    if colour == Colour::Never {
        return line.to_owned();
    }
    OURS.iter().fold(line.to_owned(), |line, code| {
        line.replace(&format!("\x1b[{code}m"), "")
    })
}

/// Whether a terminal must not get the character; `lines` leaves no line ends, and tabs are layout.
fn is_unsafe(c: char) -> bool {
    let code = u32::from(c);
    c != '\t' && c.is_control() || FORMAT.iter().any(|&(from, to)| (from..=to).contains(&code))
}

#[test]
fn harmless_text_passes() {
    assert_harmless("a\n\tb é 日本 🎉\n".as_bytes(), Colour::Never);
    assert_harmless(b"\x1b[32mok\x1b[0m\n", Colour::Always);
}

#[test]
fn what_acts_is_found() {
    let table: &[(&[u8], Colour)] = &[
        (b"\x1b[32mok\x1b[0m", Colour::Never),
        (b"\x1b[2J", Colour::Always),
        (b"\x1b[38;5;1m", Colour::Always),
        (b"\x1b]0;x\x07", Colour::Always),
        (b"\x1bPx\x1b\\", Colour::Always),
        (b"\x1bc", Colour::Always),
        ("\u{9b}31m".as_bytes(), Colour::Never),
        (b"\x9b31m", Colour::Never),
        ("\u{202e}".as_bytes(), Colour::Never),
        ("\u{2028}".as_bytes(), Colour::Never),
        ("\u{e0041}".as_bytes(), Colour::Never),
        (b"a\rb", Colour::Never),
        (b"\x7f", Colour::Never),
        (b"\0", Colour::Never),
    ];
    for (written, colour) in table {
        let checked = std::panic::catch_unwind(|| assert_harmless(written, *colour));
        assert!(checked.is_err(), "{written:?} passed");
    }
}
