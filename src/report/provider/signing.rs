//! How a provider signs.

use jiff::SignedDuration;

use crate::provider::Provider;
use crate::signature::{Algorithm, KeyDecoding, KeyRule, Scheme};
use crate::term::duration;

use super::rules::{Rule, mark};

/// The scheme that signs, the others that verify, the timestamp.
pub(super) fn signature_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key| mark(provider, key);
    let scheme = provider.signing_scheme();
    let assumed = mark("signature.algorithm");
    let mut rules = vec![("algorithm", format!("{}{assumed}", scheme.algorithm))];
    if scheme.algorithm != Algorithm::Token {
        let assumed = mark("signature.signs");
        rules.push(("signs", format!("{}{assumed}", scheme.signs)));
    }
    let assumed = mark("signature.header");
    rules.push(("signature", format!("{}{assumed}", line(scheme))));
    if !scheme.aliases.is_empty() {
        rules.push(("or named", scheme.aliases.join(", ")));
    }
    rules.push(("key", key(&scheme.key)));
    if scheme.refuses_query {
        let refused = "a secret in the query string alone is refused";
        rules.push(("query", refused.to_owned()));
    }
    let (_, others) = provider.schemes.split_at(1);
    rules.extend(others.iter().map(|other| ("or verifies", also(other))));
    rules.extend(timestamp_rules(provider));
    rules
}

/// The header line that carries the signature.
fn line(scheme: &Scheme) -> String {
    let Scheme { header, value, .. } = scheme;
    match scheme.algorithm {
        Algorithm::Token => format!("{header}: {value}"),
        _ => format!("{header}: {value}, {}", scheme.encoding.name()),
    }
}

/// How the secret becomes the key.
fn key(key: &KeyRule) -> String {
    let decoding = match key.decode {
        KeyDecoding::Utf8 => "the bytes of the secret",
        KeyDecoding::Base64 => "the secret, decoded from base64",
        KeyDecoding::Hex => "the secret, decoded from hexadecimal",
    };
    let prefix = key.strip.iter().map(|prefix| format!(" after `{prefix}`"));
    let optional = if key.required {
        ""
    } else {
        "; without a secret nothing is signed"
    };
    format!("{decoding}{}{optional}", prefix.collect::<String>())
}

/// A scheme that verifies and never signs.
fn also(scheme: &Scheme) -> String {
    match scheme.algorithm {
        Algorithm::Token => line(scheme),
        algorithm => format!("{}, {algorithm} of {}", line(scheme), scheme.signs),
    }
}

fn timestamp_rules(provider: &Provider) -> Vec<Rule> {
    let mark = |key| mark(provider, key);
    let Some(rule) = &provider.timestamp else {
        return Vec::new();
    };
    let signed = if provider.signing_scheme().signs_timestamp() {
        "signed"
    } else {
        "not signed"
    };
    let from = format!("{}{}", rule.from, mark("timestamp.from"));
    let form = format!("{}{}", rule.form, mark("timestamp.format"));
    let limit = |limit: Option<SignedDuration>| {
        limit.map_or_else(|| "any".to_owned(), |limit| duration(limit.unsigned_abs()))
    };
    let past = format!(
        "past {}{}",
        limit(rule.tolerance.past),
        mark("timestamp.tolerance.past")
    );
    let future = format!(
        "future {}{}",
        limit(rule.tolerance.future),
        mark("timestamp.tolerance.future")
    );
    vec![
        ("timestamp", format!("{from}, {form}, {signed}")),
        ("tolerance", format!("{past}, {future}")),
    ]
}
