//! The forms that a secret takes on its way through files, variables and settings.

mod keys;
mod texts;

use std::collections::HashSet;

use crate::signature::key::decode;
use crate::signature::{Key, Scheme, Secret};

use super::method::sha256;
use super::{Cause, Kind};

/// A form of the secret: its cause, and how it is made. Nothing of the secret is in its words.
struct Row {
    id: &'static str,
    /// A condition, after "matches if".
    words: &'static str,
    fix: &'static str,
    make: Make,
}

/// How a form is made of a secret; `None` where it has no such form.
enum Make {
    /// Another text, of which the scheme then makes its key.
    Text(fn(&[u8]) -> Option<Secret>),
    /// A key, whatever the scheme makes of its secrets.
    Key(fn(&[u8], &Scheme) -> Option<Secret>),
    /// This key, whatever the secret is.
    Fixed(&'static str),
}

/// Every form, in the order of its likelihood.
const ROWS: [&[Row]; 3] = [texts::COMMON, keys::ROWS, texts::RARE];

/// The bytes that may have been the key in the place of those that the scheme makes of the secret,
/// each made when it is asked for, and each once.
pub(crate) fn secret_forms<'s>(
    scheme: &'s Scheme,
    secret: &'s Secret,
) -> impl Iterator<Item = (Cause, Secret)> + 's {
    let own = decode(&scheme.key, secret.expose()).into_iter();
    let mut seen: HashSet<_> = own.map(|key| sha256(key.expose())).collect();
    let rows = ROWS.iter().flat_map(|rows| rows.iter());
    rows.filter_map(move |row| {
        let key = row.key(scheme, secret)?;
        let is_new = seen.insert(sha256(key.expose()));
        is_new.then(|| (row.cause(), key))
    })
}

/// Whether a cause is a form that says nothing of the secret: everybody has it, and a request may hold
/// it for reasons of its own (`Origin: null`).
pub(super) fn is_fixed(cause: &Cause) -> bool {
    let mut rows = ROWS.iter().flat_map(|rows| rows.iter());
    rows.any(|row| row.id == cause.id && matches!(row.make, Make::Fixed(_)))
}

impl Key {
    /// What the key may be where the secret has been changed on its way to a receiver, each with how.
    pub(crate) fn forms<'k>(
        &'k self,
        scheme: &'k Scheme,
    ) -> impl Iterator<Item = (Cause, Self)> + 'k {
        let forms = secret_forms(scheme, self.secret());
        forms.map(|(cause, secret)| (cause, Self::of_bytes(scheme, secret.expose())))
    }
}

impl Row {
    fn key(&self, scheme: &Scheme, secret: &Secret) -> Option<Secret> {
        match self.make {
            Make::Text(make) => decode(&scheme.key, make(secret.expose())?.expose()).ok(),
            Make::Key(make) => make(secret.expose(), scheme),
            Make::Fixed(text) => Some(Secret::new(text)),
        }
    }

    fn cause(&self) -> Cause {
        Cause {
            id: self.id,
            kind: Kind::Condition,
            words: self.words.to_owned(),
            fix: self.fix.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
