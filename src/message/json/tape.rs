//! A JSON text that was read once, so that it can be written many times.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::rewrite::Base;
use super::tokens::Tokens;
use super::traits::Traits;
use super::{number, string};

/// The tokens of a JSON text, commas and colons left out.
pub(crate) struct Tape<'t> {
    pub(super) text: &'t str,
    pub(super) facts: Traits,
    tokens: Vec<Token<'t>>,
    unique: OnceCell<Vec<Token<'t>>>,
    java_script: OnceCell<Vec<Token<'t>>>,
    sorted: OnceCell<Arranged<'t>>,
    pub(super) bases: Vec<Base<'t>>,
}

/// A token, with what its writers want to know of it.
#[derive(Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) kind: Kind,
    pub(super) traits: Traits,
    /// The tokens that belong to it: of an object or array all of them, both brackets included.
    pub(super) span: usize,
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    End,
    Key,
    String,
    Number,
    Word,
}

/// In which order the members of an object are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// As they stand, repeated keys included.
    Kept,
    /// As they stand, each key once: it has its last value at its first place (Python, Ruby, PHP).
    Unique,
    /// As `Unique`, but positions of arrays come first, in rising order (ECMA-262 §10.1.11.1).
    JavaScript,
    /// By the code points of the keys, each key once with its last value.
    Sorted,
}

/// Tokens with their members in another order.
struct Arranged<'t> {
    tokens: Vec<Token<'t>>,
    /// Whether any member has another place.
    moved: bool,
    /// Whether any key was repeated.
    repeated: bool,
}

/// A member of an object.
struct Member<'a, 't> {
    /// Its place among the members.
    at: usize,
    name: Cow<'t, str>,
    /// The key, and then the value.
    tokens: &'a [Token<'t>],
}

/// The levels that a text may have. It is what other readers of JSON allow, and it bounds both the
/// recursion here and the white space of a text that is indented.
pub(super) const DEEPEST: usize = 128;

/// The tokens that a text may have: 64 MiB of them.
const MOST: usize = 2 * 1024 * 1024;

impl<'t> Tape<'t> {
    /// Reads a text, with or without a byte order mark.
    ///
    /// `None` where it is not JSON (RFC 8259), goes deeper than 128 levels, or has more than two
    /// million keys, values and brackets.
    pub(crate) fn read(body: &'t [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
        // A key, string or number of common texts has about so many bytes.
        let mut tokens: Vec<Token<'t>> = Vec::with_capacity(text.len() / 12);
        let mut open = Vec::new();
        let mut facts = Traits::NONE;
        let mut length = 0;
        for token in Tokens(text) {
            length += token.len();
            let (kind, traits) = match token.as_bytes()[0] {
                b',' => continue,
                b':' => {
                    facts = facts.with(become_key(&mut tokens));
                    continue;
                }
                b'{' => (Kind::Object, Traits::NONE),
                b'[' => (Kind::Array, Traits::NONE),
                b'}' | b']' => (Kind::End, Traits::NONE),
                b'"' => (Kind::String, string::traits(inner(token))),
                b'-' | b'0'..=b'9' => (Kind::Number, number::traits(token)),
                _ => (Kind::Word, Traits::NONE),
            };
            if tokens.len() == MOST {
                return None;
            }
            tokens.push(Token {
                text: token,
                kind,
                traits,
                span: 1,
            });
            facts = facts.with(traits).with(of_value(&tokens));
            match kind {
                Kind::Object | Kind::Array if open.len() == DEEPEST => return None,
                Kind::Object | Kind::Array => open.push(tokens.len() - 1),
                Kind::End => {
                    let at = open.pop()?;
                    tokens[at].span = tokens.len() - at;
                }
                _ => {}
            }
        }
        if length < text.len() {
            facts = facts.with(Traits::SPACE);
        }
        Some(Self {
            text,
            facts,
            tokens,
            unique: OnceCell::new(),
            java_script: OnceCell::new(),
            sorted: OnceCell::new(),
            bases: Vec::new(),
        })
    }

    /// The tokens in this order.
    pub(super) fn tokens(&self, order: Order) -> &[Token<'t>] {
        let arranged = || arrange(&self.tokens, order).tokens;
        match order {
            Order::Kept => &self.tokens,
            Order::Unique => self.unique.get_or_init(arranged),
            Order::JavaScript => self.java_script.get_or_init(arranged),
            Order::Sorted => &self.sorted().tokens,
        }
    }

    /// The same order for this text, so that orders which do not differ are equal.
    pub(super) fn reduced(&self, order: Order) -> Order {
        let same = match order {
            Order::Kept => true,
            Order::Unique => !self.sorted().repeated,
            Order::JavaScript => !self.sorted().repeated && !self.facts.meets(Traits::INDEX),
            Order::Sorted => !self.sorted().repeated && !self.sorted().moved,
        };
        if same { Order::Kept } else { order }
    }

    fn sorted(&self) -> &Arranged<'t> {
        let sorted = || arrange(&self.tokens, Order::Sorted);
        self.sorted.get_or_init(sorted)
    }
}

impl<'t> Token<'t> {
    /// What stands between the quotes of a string.
    pub(super) fn inner(&self) -> &'t str {
        inner(self.text)
    }

    /// Whether some writers write it otherwise than it stands, beside those that make doubles of
    /// all numbers.
    pub(super) fn differs(&self) -> bool {
        self.traits.without(Traits::INTEGER) != Traits::NONE
            || self.is_empty_string()
            || self.kind == Kind::Object && self.span == 2
    }

    pub(super) fn is_empty_string(&self) -> bool {
        self.kind == Kind::String && self.text.len() == 2
    }

    /// Its length in bytes where it is compact; of an object or array the one with nothing in it.
    pub(super) fn length(&self) -> usize {
        match self.kind {
            Kind::Object | Kind::Array => 2,
            _ => self.text.len(),
        }
    }
}

fn inner(quoted: &str) -> &str {
    quoted.get(1..quoted.len() - 1).unwrap_or_default()
}

/// Makes a key of the string that is the last token.
fn become_key(tokens: &mut [Token<'_>]) -> Traits {
    let Some(last) = tokens.last_mut() else {
        return Traits::NONE;
    };
    last.kind = Kind::Key;
    let may_be_index = last
        .inner()
        .starts_with(|c: char| c.is_ascii_digit() || c == '\\');
    if may_be_index && index(&string::decoded(last.inner())).is_some() {
        Traits::INDEX
    } else {
        Traits::NONE
    }
}

/// The traits that the last token gives to the text by its place.
fn of_value(tokens: &[Token<'_>]) -> Traits {
    let [.., before, last] = tokens else {
        return Traits::NONE;
    };
    let is_opened = matches!(before.kind, Kind::Object | Kind::Array);
    match (before.kind, last.kind) {
        (Kind::Key, Kind::Word) if last.text == "null" => Traits::NULL,
        (Kind::Object, Kind::End) => Traits::EMPTY_OBJECT,
        (Kind::Array, Kind::End) => Traits::NONE,
        _ if is_opened => Traits::PARTS,
        _ => Traits::NONE,
    }
    .with(if last.text == "\"\"" {
        Traits::EMPTY_STRING
    } else {
        Traits::NONE
    })
}

/// The position in an array that a key is (ECMA-262 §6.1.7).
fn index(name: &str) -> Option<u32> {
    let is_canonical = name == "0" || name.starts_with(|c: char| matches!(c, '1'..='9'));
    let index = name.parse().ok().filter(|index| *index < u32::MAX)?;
    is_canonical.then_some(index)
}

/// Puts the members of every object into an order.
fn arrange<'t>(tokens: &[Token<'t>], order: Order) -> Arranged<'t> {
    let mut arranged = Arranged {
        tokens: Vec::with_capacity(tokens.len()),
        moved: false,
        repeated: false,
    };
    arrange_into(&mut arranged, tokens, order);
    arranged
}

fn arrange_into<'t>(arranged: &mut Arranged<'t>, tokens: &[Token<'t>], order: Order) {
    let mut rest = tokens;
    while let [token, ..] = rest {
        arranged.tokens.push(*token);
        if token.kind != Kind::Object {
            rest = &rest[1..];
            continue;
        }
        let end = token.span - 1;
        let mut members = members(&rest[1..end]);
        let before = members.len();
        members.sort_by(|one, other| one.name.cmp(&other.name));
        members.dedup_by(|later, first| {
            let same = later.name == first.name;
            if same {
                first.tokens = later.tokens;
            }
            same
        });
        arranged.repeated |= members.len() < before;
        match order {
            Order::Kept | Order::Unique => members.sort_by_key(|member| member.at),
            Order::JavaScript => members.sort_by_key(|member| {
                let index = index(&member.name);
                (index.is_none(), index, member.at)
            }),
            Order::Sorted => {}
        }
        arranged.moved |= !members.is_sorted_by_key(|member| member.at);
        let opened = arranged.tokens.len() - 1;
        for member in members {
            arranged.tokens.push(member.tokens[0]);
            arrange_into(arranged, &member.tokens[1..], order);
        }
        arranged.tokens.push(rest[end]);
        arranged.tokens[opened].span = arranged.tokens.len() - opened;
        rest = &rest[end + 1..];
    }
}

/// The members of the object that these tokens stand in.
fn members<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<Member<'a, 't>> {
    let mut members = Vec::with_capacity(16.min(tokens.len() / 2));
    let mut rest = tokens;
    while let [key, value, ..] = rest {
        let (tokens, after) = rest.split_at(1 + value.span);
        members.push(Member {
            at: members.len(),
            name: string::decoded(key.inner()),
            tokens,
        });
        rest = after;
    }
    members
}
