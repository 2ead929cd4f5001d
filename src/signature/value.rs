//! The value of the signature header: how it is written and read back.

use std::fmt;

use thiserror::Error;

use super::template::Part;
use super::{Field, Template, TemplateError};

/// What the signature header's value looks like: one entry, or a list of entries.
///
/// `sha256={sig}` is one entry. `t={timestamp},v1={sig}` with the separator `,` is a list, in which
/// unknown entries are ignored and signatures may repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueForm {
    entries: Vec<Entry>,
    separator: Option<String>,
}

/// A field with the literal text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    before: String,
    field: Field,
    after: String,
}

/// Why a text is not the form of a signature header.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ValueError {
    /// It is not even a template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An entry must carry exactly one field.
    #[error("has the entry `{0}`, which does not have exactly one field")]
    Entry(String),
    /// There is nothing to verify in it.
    #[error("has neither `{{sig}}` nor `{{secret}}`")]
    NoSignature,
}

/// What was found in a header's value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found<'v> {
    /// The texts that stand where the signature or the secret does.
    pub(super) signatures: Vec<&'v [u8]>,
    /// The texts that stand where the timestamp does.
    pub(super) timestamps: Vec<&'v [u8]>,
    /// Whether the word before a secret is in another letter case than the form's.
    pub(super) folded: bool,
}

/// What stands around a signature in the form of a header's value.
pub(super) struct Literals<'f> {
    /// The text before the signature.
    pub(super) before: &'f str,
    /// The text before the timestamp, where it stands in the value.
    pub(super) timestamp: Option<&'f str>,
    /// What sets the entries apart; `None` where there is one entry.
    pub(super) separator: Option<&'f str>,
    /// The whole form as a user reads it.
    pub(super) whole: String,
}

impl ValueForm {
    /// Reads the form; `separator` makes it a list.
    pub fn parse(text: &str, separator: Option<&str>) -> Result<Self, ValueError> {
        let texts: Vec<&str> = match separator {
            Some(separator) => text.split(separator).collect(),
            None => vec![text],
        };
        let entries = texts
            .into_iter()
            .map(Entry::parse)
            .collect::<Result<Vec<_>, _>>()?;
        if entries.iter().any(Entry::is_signature) {
            Ok(Self {
                entries,
                separator: separator.map(str::to_owned),
            })
        } else {
            Err(ValueError::NoSignature)
        }
    }

    /// Whether the timestamp stands in the value.
    #[must_use]
    pub fn has_timestamp(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.field == Field::Timestamp)
    }

    /// Whether the secret itself stands in the value.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.field == Field::Secret)
    }

    /// Whether it is a list, in which one right signature of several is enough.
    pub(crate) fn is_list(&self) -> bool {
        self.separator.is_some()
    }

    /// What stands around a signature.
    pub(super) fn literals(&self) -> Literals<'_> {
        let before = |is_wanted: fn(&Entry) -> bool| {
            let entry = self.entries.iter().find(|entry| is_wanted(entry));
            entry.map(|entry| entry.before.as_str())
        };
        Literals {
            before: before(Entry::is_signature).unwrap_or_default(),
            timestamp: before(|entry| entry.field == Field::Timestamp),
            separator: self.separator.as_deref(),
            whole: format!("`{self}`"),
        }
    }

    /// Writes the value.
    pub(super) fn write(&self, signature: &[u8], timestamp: &str) -> Vec<u8> {
        self.write_entries(self.entries.iter(), signature, timestamp)
    }

    /// Writes the value without the entry of the timestamp.
    pub(crate) fn write_untimed(&self, signature: &[u8]) -> Vec<u8> {
        let entries = self.entries.iter().filter(|entry| entry.is_signature());
        self.write_entries(entries, signature, "")
    }

    fn write_entries<'e>(
        &self,
        entries: impl Iterator<Item = &'e Entry>,
        signature: &[u8],
        timestamp: &str,
    ) -> Vec<u8> {
        let mut out = Vec::new();
        for (nth, entry) in entries.enumerate() {
            if nth > 0 {
                out.extend_from_slice(self.separator.as_deref().unwrap_or_default().as_bytes());
            }
            out.extend_from_slice(entry.before.as_bytes());
            out.extend_from_slice(if entry.is_signature() {
                signature
            } else {
                timestamp.as_bytes()
            });
            out.extend_from_slice(entry.after.as_bytes());
        }
        out
    }

    /// The texts that stand in the signature's place in a value.
    pub(crate) fn texts<'v>(&self, value: &'v [u8]) -> Vec<&'v [u8]> {
        self.read(value).unwrap_or_default().signatures
    }

    /// Reads a value; `None` where it has no entry of the signature's form.
    pub(super) fn read<'v>(&self, value: &'v [u8]) -> Option<Found<'v>> {
        let mut found = Found::default();
        for text in split(value, self.separator.as_deref()) {
            // The first entry form that fits: a form without literals would otherwise take them all.
            let fit = self
                .entries
                .iter()
                .find_map(|entry| Some((entry, entry.strip(text)?)));
            match fit {
                Some((entry, inner)) if entry.is_signature() => {
                    found.signatures.push(inner);
                    found.folded |= !text.starts_with(entry.before.as_bytes());
                }
                Some((_, inner)) => found.timestamps.push(inner),
                None => {}
            }
        }
        (!found.signatures.is_empty()).then_some(found)
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, ValueError> {
        let template = Template::parse(text, &["sig", "secret", "timestamp"])?;
        let (before, field, after) = match template.parts() {
            [Part::Field(f)] => ("", f, ""),
            [Part::Literal(b), Part::Field(f)] => (b.as_str(), f, ""),
            [Part::Field(f), Part::Literal(a)] => ("", f, a.as_str()),
            [Part::Literal(b), Part::Field(f), Part::Literal(a)] => (b.as_str(), f, a.as_str()),
            _ => return Err(ValueError::Entry(text.to_owned())),
        };
        Ok(Self {
            before: before.to_owned(),
            field: field.clone(),
            after: after.to_owned(),
        })
    }

    fn is_signature(&self) -> bool {
        matches!(self.field, Field::Sig | Field::Secret)
    }

    /// What stands in the field's place. What stands before a secret is the name of an authentication
    /// scheme, whose letter case is of no account (RFC 9110 §11.1); any other literal is exact.
    fn strip<'v>(&self, text: &'v [u8]) -> Option<&'v [u8]> {
        let before = self.before.as_bytes();
        let (start, rest) = text.split_at_checked(before.len())?;
        let is_there = match self.field {
            Field::Secret => start.eq_ignore_ascii_case(before),
            _ => start == before,
        };
        rest.strip_suffix(self.after.as_bytes())
            .filter(|_| is_there)
    }
}

/// The entries of a value; without a separator it is one entry.
fn split<'v>(value: &'v [u8], separator: Option<&str>) -> Vec<&'v [u8]> {
    let Some(separator) = separator.map(str::as_bytes) else {
        return vec![value];
    };
    let mut entries = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.windows(separator.len()).position(|w| w == separator) {
        entries.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    entries.push(rest);
    entries
}

impl fmt::Display for ValueForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (
            nth,
            Entry {
                before,
                field,
                after,
            },
        ) in self.entries.iter().enumerate()
        {
            let separator = if nth > 0 {
                self.separator.as_deref().unwrap_or_default()
            } else {
                ""
            };
            write!(f, "{separator}{before}{{{field}}}{after}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, ValueForm};

    #[test]
    fn lists_ignore_what_they_do_not_know() {
        let form = ValueForm::parse("t={timestamp},v1={sig}", Some(",")).expect("a form");
        assert_eq!(
            form.read(b"t=1,v1=a,v0=b,v1=c,junk"),
            Some(Found {
                signatures: vec![b"a", b"c"],
                timestamps: vec![b"1"],
                folded: false,
            })
        );
        assert_eq!(form.read(b"t=1,v0=b"), None);
        assert_eq!(form.write(b"a", "1"), b"t=1,v1=a");
    }

    #[test]
    fn one_entry_is_the_whole_value() {
        let form = ValueForm::parse("sha256={sig}", None).expect("a form");
        assert_eq!(
            form.read(b"sha256=ab").map(|f| f.signatures),
            Some(vec![&b"ab"[..]])
        );
        for value in [&b"ab"[..], b"SHA256=ab", b" sha256=ab", b"sha1=ab", b""] {
            assert_eq!(form.read(value), None);
        }
    }

    #[test]
    fn the_word_before_a_secret_has_any_letter_case() {
        let form = ValueForm::parse("Bearer {secret}", None).expect("a form");
        for (value, expected) in [
            ("Bearer aB", Some(("aB", false))),
            ("bearer aB", Some(("aB", true))),
            ("BEARER aB", Some(("aB", true))),
            ("Bearer  aB", Some((" aB", false))),
            ("Bearer", None),
            ("BeareraB", None),
        ] {
            let found = form.read(value.as_bytes());
            let found = found.map(|found| (found.signatures[0], found.folded));
            let expected = expected.map(|(token, folded)| (token.as_bytes(), folded));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn an_entry_has_one_field() {
        for text in ["", "x", "{sig}{timestamp}", "t={timestamp}"] {
            assert!(ValueForm::parse(text, None).is_err(), "{text}");
        }
    }
}
