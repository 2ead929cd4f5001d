//! How writers of JSON write strings.

use std::borrow::Cow;

use memchr::memchr;

use super::traits::Traits;

/// The characters that a writer writes as escapes, beside those that must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Escapes {
    /// The strings that it writes in its own way; all others stay as they are.
    rewrites: Traits,
    /// Whether the digits of `\u00E9` are upper case.
    upper: bool,
}

impl Escapes {
    /// Every string stays as it is.
    pub(crate) const KEPT: Self = Self::of(Traits::NONE);
    /// None: as `JSON.stringify`, Jackson and Ruby write (ECMA-262 §25.5.2.3).
    pub(crate) const PLAIN: Self = Self::of(Traits::ODD_ESCAPE);
    /// All that is not printable ASCII: Python's `ensure_ascii`.
    pub(crate) const ASCII: Self =
        Self::of(Traits::ODD_ESCAPE.with(Traits::NON_ASCII.with(Traits::DELETE)));
    /// `/` and all that is not ASCII: PHP's `json_encode`.
    pub(crate) const PHP: Self =
        Self::of(Traits::ODD_ESCAPE.with(Traits::NON_ASCII.with(Traits::SLASH)));
    /// PHP's with `JSON_UNESCAPED_SLASHES`.
    pub(crate) const PHP_SLASHES: Self = Self::of(Traits::ODD_ESCAPE.with(Traits::NON_ASCII));
    /// PHP's with `JSON_UNESCAPED_UNICODE`.
    pub(crate) const PHP_UNICODE: Self =
        Self::of(Traits::ODD_ESCAPE.with(Traits::SLASH.with(Traits::SEPARATOR)));
    /// What could end a script in a page: Go's `encoding/json`, Rails' `to_json`.
    pub(crate) const HTML: Self =
        Self::of(Traits::ODD_ESCAPE.with(Traits::MARKUP.with(Traits::SEPARATOR)));
    /// Gson's, unless its HTML escaping is disabled.
    pub(crate) const GSON: Self = Self::of(
        Self::HTML
            .rewrites
            .with(Traits::EQUALS.with(Traits::APOSTROPHE)),
    );
    /// Those of .NET's `System.Text.Json`.
    pub(crate) const DOTNET: Self = Self {
        rewrites: Self::HTML
            .rewrites
            .with(Self::ASCII.rewrites)
            .with(Traits::APOSTROPHE.with(Traits::PLUS.with(Traits::QUOTE)))
            .with(Traits::CONTROL),
        upper: true,
    };

    const fn of(rewrites: Traits) -> Self {
        Self {
            rewrites,
            upper: false,
        }
    }

    /// The same for a text that has these traits, so that writers which write it alike are equal.
    pub(super) fn reduced(self, facts: Traits) -> Self {
        let rewrites = self.rewrites.within(facts);
        Self {
            rewrites,
            upper: self.upper && rewrites != Traits::NONE,
        }
    }

    /// Whether a string with these traits is written otherwise than it stands.
    pub(super) const fn change(self, traits: Traits) -> bool {
        self.rewrites.meets(traits)
    }

    /// Writes what stands between the quotes of a string of a JSON text.
    pub(super) fn rewrite(self, inner: &str, out: &mut Vec<u8>) {
        let special = self.rewrites.with(Traits::ESCAPE);
        self.write(inner, special, out, |rest| {
            if rest.starts_with('\\') {
                escape(rest.as_bytes())
            } else {
                first(rest)
            }
        });
    }

    /// Writes any text as a string of JSON.
    pub(crate) fn quote(self, text: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + text.len() / 4);
        out.push(b'"');
        let must = Traits::ESCAPE.with(Traits::CONTROL.with(Traits::QUOTE));
        self.write(text, self.rewrites.with(must), &mut out, first);
        out.push(b'"');
        out
    }

    /// Copies a text but for the characters that begin with `special` bytes; `read` gives the code
    /// point at the start of a text, and its length there.
    fn write(
        self,
        text: &str,
        special: Traits,
        out: &mut Vec<u8>,
        read: impl Fn(&str) -> (u32, usize),
    ) {
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|b| class(b).meets(special)) {
            out.extend_from_slice(&rest.as_bytes()[..at]);
            let (code, length) = read(&rest[at..]);
            self.put(code, out);
            rest = &rest[at + length..];
        }
        out.extend_from_slice(rest.as_bytes());
    }

    /// Writes one code point, or half of a pair that has no other.
    fn put(self, code: u32, out: &mut Vec<u8>) {
        let short = match code {
            0x80..0x1_0000 if self.rewrites.meets(Traits::NON_ASCII) => {
                return self.put_unit(code, out);
            }
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            0x22 if !self.rewrites.meets(Traits::QUOTE) => b'"',
            0x2f if self.rewrites.meets(Traits::SLASH) => b'/',
            0x5c => b'\\',
            _ => return self.put_long(code, out),
        };
        out.extend([b'\\', short]);
    }

    /// Writes what has no escape of two characters.
    fn put_long(self, code: u32, out: &mut Vec<u8>) {
        let is_escaped = code < 0x20 || self.rewrites.without(Traits::SLASH).meets(traits_of(code));
        match char::from_u32(code) {
            Some(c) if !is_escaped => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Some(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    self.put_unit(u32::from(*unit), out);
                }
            }
            None => self.put_unit(code, out),
        }
    }

    /// Writes `\u` and four digits.
    fn put_unit(self, unit: u32, out: &mut Vec<u8>) {
        let digits = if self.upper {
            b"0123456789ABCDEF"
        } else {
            b"0123456789abcdef"
        };
        let digit = |shift: u32| digits[(unit >> shift & 0xf) as usize];
        out.extend([b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
    }
}

/// The traits of each byte of a string.
const CLASSES: [Traits; 256] = {
    let mut classes = [Traits::NON_ASCII; 256];
    let mut byte = 0;
    while byte < 0x80 {
        classes[byte] = match byte {
            0..0x20 => Traits::CONTROL,
            0x22 => Traits::QUOTE,
            0x26 | 0x3c | 0x3e => Traits::MARKUP,
            0x27 => Traits::APOSTROPHE,
            0x2b | 0x60 => Traits::PLUS,
            0x2f => Traits::SLASH,
            0x3d => Traits::EQUALS,
            0x5c => Traits::ESCAPE,
            0x7f => Traits::DELETE,
            _ => Traits::NONE,
        };
        byte += 1;
    }
    // The first byte of U+2028 and U+2029, and of others.
    classes[0xe2] = Traits::NON_ASCII.with(Traits::SEPARATOR);
    classes
};

fn class(byte: u8) -> Traits {
    CLASSES[usize::from(byte)]
}

/// The traits that a code point gives to a string.
fn traits_of(code: u32) -> Traits {
    match u8::try_from(code) {
        Ok(byte @ 0..0x80) => class(byte).without(Traits::ESCAPE.with(Traits::CONTROL)),
        _ if code == 0x2028 || code == 0x2029 => Traits::NON_ASCII.with(Traits::SEPARATOR),
        _ => Traits::NON_ASCII,
    }
}

/// The traits of what stands between the quotes of a string.
pub(super) fn traits(inner: &str) -> Traits {
    let mut traits = inner
        .bytes()
        .fold(Traits::NONE, |traits, b| traits.with(class(b)));
    if traits.meets(Traits::SEPARATOR) && !inner.contains(['\u{2028}', '\u{2029}']) {
        traits = traits.without(Traits::SEPARATOR);
    }
    if !traits.meets(Traits::ESCAPE) {
        return traits;
    }
    let mut rest = inner.as_bytes();
    let mut usual = Vec::new();
    while let Some(at) = memchr(b'\\', rest) {
        let (code, length) = escape(&rest[at..]);
        usual.clear();
        Escapes::PLAIN.put(code, &mut usual);
        if rest[at..at + length] != usual {
            traits = traits.with(Traits::ODD_ESCAPE).with(traits_of(code));
        }
        if code < 0x20 && length > 2 {
            traits = traits.with(Traits::CONTROL);
        }
        rest = &rest[at + length..];
    }
    traits.without(Traits::ESCAPE)
}

/// What stands between the quotes of a string, with its escapes read; half of a pair is U+FFFD.
pub(super) fn decoded(inner: &str) -> Cow<'_, str> {
    let mut rest = inner;
    let mut text = String::new();
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        let (code, length) = escape(&rest.as_bytes()[at..]);
        text.push_str(&rest[..at]);
        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = &rest[at + length..];
    }
    if text.is_empty() {
        return Cow::Borrowed(rest);
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The first code point of a text, and its length in bytes.
fn first(text: &str) -> (u32, usize) {
    text.chars()
        .next()
        .map_or((0, text.len()), |c| (u32::from(c), c.len_utf8()))
}

/// The code point, or half of a pair that has no other, of the escape that a valid string goes on
/// with, and the length of the escape in bytes.
fn escape(text: &[u8]) -> (u32, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4).unwrap_or_default();
        digits.iter().fold(0, |unit, digit| {
            unit << 4 | char::from(*digit).to_digit(16).unwrap_or(0)
        })
    };
    let code = match text.get(1) {
        Some(b'b') => 0x08,
        Some(b't') => 0x09,
        Some(b'n') => 0x0a,
        Some(b'f') => 0x0c,
        Some(b'r') => 0x0d,
        Some(b'u') => {
            let high = unit(2);
            if (0xd800..0xdc00).contains(&high) && text.get(6..8) == Some(b"\\u") {
                let low = unit(8);
                if (0xdc00..0xe000).contains(&low) {
                    return (0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12);
                }
            }
            return (high, 6.min(text.len()));
        }
        Some(other) => u32::from(*other),
        None => return (0x5c, text.len()),
    };
    (code, 2)
}
