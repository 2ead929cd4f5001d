//! What tokens have that writers of JSON write in different ways.

/// A set of such things: those of one token, or of a whole text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits(u32);

impl Traits {
    /// Nothing.
    pub(super) const NONE: Self = Self(0);
    /// In a string: `/`.
    pub(super) const SLASH: Self = Self(1);
    /// In a string: `<`, `>` or `&`.
    pub(super) const MARKUP: Self = Self(1 << 1);
    /// In a string: an apostrophe.
    pub(super) const APOSTROPHE: Self = Self(1 << 2);
    /// In a string: `=`.
    pub(super) const EQUALS: Self = Self(1 << 3);
    /// In a string: `+` or a backtick.
    pub(super) const PLUS: Self = Self(1 << 4);
    /// In a string: a quote.
    pub(super) const QUOTE: Self = Self(1 << 5);
    /// In a string: U+007F.
    pub(super) const DELETE: Self = Self(1 << 6);
    /// In a string: anything above U+007F.
    pub(super) const NON_ASCII: Self = Self(1 << 7);
    /// In a string: U+2028 or U+2029, which end a line in JavaScript.
    pub(super) const SEPARATOR: Self = Self(1 << 8);
    /// In a string: an escape that need not be one, or is written otherwise than it usually is.
    pub(super) const ODD_ESCAPE: Self = Self(1 << 9);
    /// Of a byte of a string: it begins an escape.
    pub(super) const ESCAPE: Self = Self(1 << 10);
    /// Of a byte: it stands in a string as an escape only. In a string: an escape of such a byte that
    /// has digits, upper or lower case.
    pub(super) const CONTROL: Self = Self(1 << 11);
    /// A number of up to 15 digits, and nothing else.
    pub(super) const INTEGER: Self = Self(1 << 12);
    /// A number with nothing but zeros after the point.
    pub(super) const WHOLE: Self = Self(1 << 13);
    /// A number with a zero at its end that need not be there, beside the one of `1.0`.
    pub(super) const PADDED: Self = Self(1 << 14);
    /// A number with an exponent, or so large, small or long that its writers differ.
    pub(super) const ODD_NUMBER: Self = Self(1 << 15);
    /// A member of an object is `null`.
    pub(super) const NULL: Self = Self(1 << 16);
    /// An object without members.
    pub(super) const EMPTY_OBJECT: Self = Self(1 << 17);
    /// The empty string as a value.
    pub(super) const EMPTY_STRING: Self = Self(1 << 18);
    /// A key that is a position in an array: JavaScript puts these first.
    pub(super) const INDEX: Self = Self(1 << 19);
    /// An object or array with something in it.
    pub(super) const PARTS: Self = Self(1 << 20);
    /// White space between tokens.
    pub(super) const SPACE: Self = Self(1 << 21);

    /// What is in either.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this one alone.
    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    pub(super) const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether anything is in both.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
