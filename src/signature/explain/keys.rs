//! The keys that may have made a signature.

use std::collections::HashSet;

use crate::signature::key::decode;
use crate::signature::{Scheme, Secret};

use super::method::sha256;
use super::{Cause, Question, secret_forms};

/// The keys of a question, in the order of their likelihood.
pub(super) struct Keys {
    /// The secrets that were given, as they were given.
    pub(super) secrets: Vec<Secret>,
    /// The keys that the scheme makes of them.
    pub(super) given: Vec<Secret>,
    /// The forms of the secrets that were given.
    pub(super) forms: Vec<(Cause, Secret)>,
    /// The other secrets, as the scheme takes them.
    pub(super) others: Vec<(Cause, Secret)>,
    /// The forms of the other secrets: two causes each.
    pub(super) other_forms: Vec<(Cause, Cause, Secret)>,
}

/// Of more secrets that were given no forms are tried, and with more of them no forms of the body.
pub(super) const MOST_GIVEN: usize = 8;

/// More other secrets are not tried.
const MOST_OTHERS: usize = 64;

impl Keys {
    /// The keys of a question.
    pub(super) fn of(question: &Question<'_>) -> Self {
        let scheme = question.scheme;
        let secrets: Vec<_> = question
            .keys
            .iter()
            .map(|key| key.secret().clone())
            .collect();
        let mut seen = HashSet::new();
        let given = secrets.iter().filter_map(|secret| own(scheme, secret));
        let given: Vec<_> = given.filter(|key| is_new(&mut seen, key)).collect();
        let forms = secrets.iter().take(MOST_GIVEN);
        let forms = forms.flat_map(|secret| secret_forms(scheme, secret));
        let forms: Vec<_> = forms.filter(|(_, key)| is_new(&mut seen, key)).collect();
        let named = question.others.iter().take(MOST_OTHERS);
        let named: Vec<_> = named.map(|(name, secret)| (other(name), secret)).collect();
        let others = named
            .iter()
            .filter_map(|(cause, secret)| Some((cause.clone(), own(scheme, secret)?)));
        let others: Vec<_> = others.filter(|(_, key)| is_new(&mut seen, key)).collect();
        let other_forms = named.iter().flat_map(|(cause, secret)| {
            let forms = secret_forms(scheme, secret);
            forms.map(|(form, key)| (cause.clone(), form, key))
        });
        let other_forms = other_forms
            .filter(|(_, _, key)| is_new(&mut seen, key))
            .collect();
        Self {
            secrets,
            given,
            forms,
            others,
            other_forms,
        }
    }

    /// The keys that are wrong in one way.
    pub(super) fn wrong(&self) -> impl Iterator<Item = &(Cause, Secret)> {
        self.forms.iter().chain(&self.others)
    }
}

/// The key that the scheme makes of a secret; for a token it is the secret.
fn own(scheme: &Scheme, secret: &Secret) -> Option<Secret> {
    decode(&scheme.key, secret.expose()).ok()
}

/// Whether a key has not come before, by the hashes of those that have.
fn is_new(seen: &mut HashSet<Vec<u8>>, key: &Secret) -> bool {
    seen.insert(sha256(key.expose()))
}

fn other(name: &str) -> Cause {
    Cause::condition(
        "secret-other",
        format!("the key is {name}"),
        format!("Verify with {name}, or sign with the secret that was given."),
    )
}
